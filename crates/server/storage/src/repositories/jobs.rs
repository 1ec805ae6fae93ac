//! The queue of jobs. Jobs are queued in the commit that makes them necessary and claimed by one worker at a time.

use diesel::prelude::*;
use model::{Job, JobId, JobKind, Timestamp};

use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::{code, code_of, id, micros, time};
use crate::schema::directory::jobs;
use crate::{Scope, StorageError, Writing};

const KINDS: [JobKind; 2] = [JobKind::Mail, JobKind::Copy];
const PENDING: i64 = 0;
const DONE: i64 = 1;
const FAILED: i64 = 2;

/// The jobs of a scope's tenant.
pub struct Jobs<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's jobs.
    pub fn jobs(&mut self) -> Jobs<'_, M> {
        Jobs(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs)]
struct Row {
    id: String,
    tenant_id: String,
    kind: i64,
    payload: String,
    state: i64,
    run_at: i64,
    attempts: i64,
    created_at: i64,
}

impl Row {
    fn into_job(self) -> Result<Job, StorageError> {
        Ok(Job {
            id: id("jobs", "id", &self.id)?,
            tenant: id("jobs", "tenant_id", &self.tenant_id)?,
            kind: code("jobs", "kind", &KINDS, self.kind)?,
            payload: self.payload,
            run_at: time("jobs", "run_at", self.run_at)?,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
        })
    }
}

impl Jobs<'_, Writing> {
    /// Queues a job.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(
        &mut self,
        job: JobId,
        kind: JobKind,
        payload: String,
        run_at: Timestamp,
    ) -> Result<(), StorageError> {
        let row = Row {
            id: job.to_string(),
            tenant_id: self.0.tenant.to_string(),
            kind: code_of(&KINDS, &kind),
            payload,
            state: PENDING,
            run_at: micros(run_at),
            attempts: 0,
            created_at: micros(run_at),
        };
        on!(self.0, connection => diesel::insert_into(jobs::table).values(&row).execute(connection))?;
        Ok(())
    }
}

impl<M> OperatorScope<'_, M> {
    /// Lists jobs of all tenants that are due, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_due_jobs(&mut self, now: Timestamp, most: i64) -> Result<Vec<Job>, StorageError> {
        let query = jobs::table
            .filter(jobs::state.eq(PENDING))
            .filter(jobs::run_at.le(micros(now)))
            .order((jobs::run_at, jobs::id))
            .limit(most);
        let rows: Vec<Row> = on!(self, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_job).collect()
    }
}

impl<M> OperatorScope<'_, M> {
    /// Finds a job's payload, whatever its state; empty once the job is done.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_job_payload(&mut self, job: JobId) -> Result<Option<String>, StorageError> {
        let query = jobs::table.find(job.to_string()).select(jobs::payload);
        Ok(on!(self, connection => query.first(connection).optional())?)
    }
}

impl OperatorScope<'_, Writing> {
    /// Claims due jobs for one worker: nobody else gets them before `until`.
    ///
    /// # Errors
    /// A storage error.
    pub fn claim_due_jobs(
        &mut self,
        now: Timestamp,
        until: Timestamp,
        most: i64,
    ) -> Result<Vec<Job>, StorageError> {
        let mut claimed = self.list_due_jobs(now, most)?;
        let mut failure = None;
        claimed.retain(|job| {
            // Another worker that was faster has moved the time already.
            let update = diesel::update(jobs::table.find(job.id.to_string()))
                .filter(jobs::state.eq(PENDING))
                .filter(jobs::run_at.eq(micros(job.run_at)))
                .set(jobs::run_at.eq(micros(until)));
            match on!(self, connection => update.execute(connection)) {
                Ok(count) => count == 1,
                Err(error) => {
                    failure = Some(error);
                    false
                }
            }
        });
        failure.map_or(Ok(claimed), |error| Err(error.into()))
    }

    /// Marks a job as done and forgets its payload, which may carry a link that opens something.
    ///
    /// # Errors
    /// A storage error.
    pub fn finish_job(&mut self, job: JobId) -> Result<(), StorageError> {
        let update = diesel::update(jobs::table.find(job.to_string()))
            .set((jobs::state.eq(DONE), jobs::payload.eq("")));
        on!(self, connection => update.execute(connection))?;
        Ok(())
    }

    /// Gives a job back that is not done yet and has not failed: it goes on at a time.
    ///
    /// # Errors
    /// A storage error.
    pub fn postpone_job(&mut self, job: JobId, to: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(jobs::table.find(job.to_string())).set(jobs::run_at.eq(micros(to)));
        on!(self, connection => update.execute(connection))?;
        Ok(())
    }

    /// Records a failed attempt; without a next time the job is given up.
    ///
    /// # Errors
    /// A storage error.
    pub fn fail_job(
        &mut self,
        job: JobId,
        error: &str,
        again: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        let state = if again.is_some() { PENDING } else { FAILED };
        let update = diesel::update(jobs::table.find(job.to_string())).set((
            jobs::state.eq(state),
            jobs::attempts.eq(jobs::attempts + 1),
            jobs::last_error.eq(error),
            again.map(|again| jobs::run_at.eq(micros(again))),
        ));
        on!(self, connection => update.execute(connection))?;
        Ok(())
    }
}
