//! The worker: claims jobs that are due, does them one after another, and stops in order between two of them.

use std::sync::Arc;
use std::time::Duration;

use directory::mail::MailRequest;
use drive::copy::{Advance, advance_copy};
use futures_util::future::{Either, select};
use model::{Job, JobKind, Timestamp};
use runtime::Runtime;
use storage::{Commit, Operator, OperatorScope, StorageError, Store, Unaudited, Writing};
use tokio::sync::watch;

use crate::clean_up::clean_up;
use crate::{Letter, MailError, Mailer, Sender};

/// How often the queue is looked at. A mail leaves at most this long after its commit.
const LOOK: Duration = Duration::from_millis(500);
/// How long a claimed job is kept from other workers; a worker that died leaves it to the next one then.
const CLAIM: Duration = Duration::from_secs(300);
/// Most jobs claimed at once.
const AT_ONCE: i64 = 16;
/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3_600);
/// A job is given up after so many failures: about three days.
const TRIES: u32 = 20;
/// How often ended sign-in state is removed, and what the recycle bins have kept long enough.
const CLEAN_UP: Duration = Duration::from_secs(3_600);
/// How long ended sign-in state is kept, so that a replayed code or token is still recognised.
const KEPT: Duration = Duration::from_secs(24 * 3_600);

/// Does the queue's jobs.
pub struct Worker {
    operator: Operator,
    runtime: Runtime,
    mailer: Arc<dyn Mailer>,
    sender: Sender,
}

/// Why a job failed. The text is stored and logged, so it holds no address.
#[derive(Debug, thiserror::Error)]
enum JobError {
    #[error("the job's payload cannot be used")]
    Payload,
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error("a copy could not go on")]
    Copy(#[source] drive::ItemError),
}

/// Whether a job is done.
enum Done {
    /// Yes.
    Done,
    /// It goes on after the others that are due.
    More,
}

/// Batches of a copy between two looks at the other jobs.
const BATCHES: usize = 10;

impl Worker {
    /// Makes a worker; [`Self::run`] starts it.
    #[must_use]
    pub fn new(store: Store, runtime: Runtime, mailer: Arc<dyn Mailer>, sender: Sender) -> Self {
        Self { operator: Operator::new(store), runtime, mailer, sender }
    }

    /// Works until `stop` becomes true or its sender is gone. A job that is being done is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut next_clean_up = self.runtime.elapsed();
        while !*stop.borrow() {
            if let Err(error) = self.work_off(&stop).await {
                tracing::error!(error = &error as &dyn std::error::Error, "the queue of jobs cannot be read");
            }
            if self.runtime.elapsed() >= next_clean_up {
                next_clean_up = self.runtime.elapsed() + CLEAN_UP;
                self.clean_up().await;
            }
            let stopping = Box::pin(stop.wait_for(|stop| *stop));
            if let Either::Left((_stopped_or_gone, _)) = select(stopping, self.runtime.sleep(LOOK)).await {
                return;
            }
        }
    }

    /// Does everything that is due now. Returns how many jobs were tried.
    ///
    /// # Errors
    /// A storage error; claimed jobs come back after a while.
    pub async fn work_off_now(&self) -> Result<usize, StorageError> {
        let (_keep, never) = watch::channel(false);
        self.work_off(&never).await
    }

    async fn work_off(&self, stop: &watch::Receiver<bool>) -> Result<usize, StorageError> {
        let mut tried = 0;
        loop {
            let jobs = self.claim().await?;
            if jobs.is_empty() {
                return Ok(tried);
            }
            for job in jobs {
                if *stop.borrow() {
                    return Ok(tried);
                }
                tried += 1;
                let done = self.perform(&job).await;
                self.settle(&job, done).await?;
            }
        }
    }

    /// Claims what is due. An idle queue costs a read, not a write.
    async fn claim(&self) -> Result<Vec<Job>, StorageError> {
        let now = self.runtime.now();
        let due = self.operator.read(move |cloud| cloud.list_due_jobs(now, 1)).await?;
        if due.is_empty() {
            return Ok(due);
        }
        let until = later(now, CLAIM);
        self.operator
            .write(move |cloud| {
                let claimed = cloud.claim_due_jobs(now, until, AT_ONCE)?;
                Ok(Commit::unaudited(claimed, Unaudited::Housekeeping))
            })
            .await
    }

    async fn perform(&self, job: &Job) -> Result<Done, JobError> {
        match job.kind {
            JobKind::Mail => {
                let request: MailRequest =
                    serde_json::from_str(&job.payload).map_err(|_| JobError::Payload)?;
                let letter = Letter::write(job.id, &request, &self.sender, self.runtime.now())
                    .map_err(|_| JobError::Payload)?;
                self.mailer.send(&letter).await?;
                Ok(Done::Done)
            }
            JobKind::Copy => self.copy(job).await,
        }
    }

    async fn copy(&self, job: &Job) -> Result<Done, JobError> {
        let copy = job.payload.parse().map_err(|_| JobError::Payload)?;
        for _ in 0..BATCHES {
            let advance = advance_copy(self.operator.store(), job.tenant, copy).await;
            if advance.map_err(JobError::Copy)? == Advance::Over {
                return Ok(Done::Done);
            }
        }
        Ok(Done::More)
    }

    async fn settle(&self, job: &Job, done: Result<Done, JobError>) -> Result<(), StorageError> {
        let id = job.id;
        let error = match done {
            Ok(Done::Done) => {
                tracing::info!(job = %id, kind = ?job.kind, "a job was done");
                return self.change(move |cloud| cloud.finish_job(id)).await;
            }
            Ok(Done::More) => {
                let now = self.runtime.now();
                return self.change(move |cloud| cloud.postpone_job(id, now)).await;
            }
            Err(error) => error,
        };
        let again = match &error {
            JobError::Payload | JobError::Mail(MailError::Permanent(_)) => None,
            JobError::Mail(MailError::Transient(_)) | JobError::Copy(_) => {
                (job.attempts + 1 < TRIES).then(|| later(self.runtime.now(), pause(job.attempts)))
            }
        };
        // The cause may name an address, so only its kind is said.
        tracing::warn!(job = %id, attempts = job.attempts + 1, given_up = again.is_none(), error = %error, "a job failed");
        let text = error.to_string();
        self.change(move |cloud| cloud.fail_job(id, &text, again)).await
    }

    async fn change(
        &self,
        work: impl FnOnce(&mut OperatorScope<'_, Writing>) -> Result<(), StorageError> + Send + 'static,
    ) -> Result<(), StorageError> {
        let change = move |cloud: &mut OperatorScope<'_, Writing>| {
            work(cloud)?;
            Ok(Commit::unaudited((), Unaudited::Housekeeping))
        };
        self.operator.write(change).await
    }

    async fn clean_up(&self) {
        let kept = i64::try_from(KEPT.as_micros()).unwrap_or(i64::MAX);
        let before = self.runtime.now().as_microsecond().saturating_sub(kept);
        let Ok(before) = Timestamp::from_microsecond(before) else { return };
        if let Err(error) = clean_up(&self.operator, before).await {
            tracing::error!(error = &error as &dyn std::error::Error, "ended sign-ins could not be removed");
        }
        match directory::purge_deleted_guests(&self.operator).await {
            Ok(0) => {}
            Ok(purged) => tracing::info!(purged, "guests deleted long ago are gone for good"),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "deleted guests could not be ended"
                );
            }
        }
        match drive::recycle_bin::purge_expired(&self.operator).await {
            Ok(0) => {}
            Ok(purged) => tracing::info!(purged, "recycle bins were emptied of what was kept long enough"),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "recycle bins could not be emptied"
                );
            }
        }
    }
}

fn pause(attempts: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(1_u32.checked_shl(attempts.min(20)).unwrap_or(u32::MAX)).min(LONGEST_PAUSE)
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_microsecond(time.as_microsecond().saturating_add(micros)).unwrap_or(time)
}
