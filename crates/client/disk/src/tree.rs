//! Disk tree: the engine's port on a real folder. It attaches the root when it is there, lets go of it when it is
//! not, and runs every step where blocking is allowed.

use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use engine::{
    Applied, HashedFile, Intent, LocalChange, LocalError, LocalHint, LocalRef, LocalTree, OpenedStage,
    ParkedChange, Recovered, RootHealth, Scan, StageId, StageRequest,
};
use jiff::Timestamp;
use runtime::{Runtime, Task};
use rustix::fs::{AtFlags, OFlags, unlinkat};
use sync_core::{Fingerprint, LocalId};
use tokio::io::unix::AsyncFd;
use transfer::{ContentId, Manifest};

use crate::beneath::open_beneath;
use crate::control::private_file;
use crate::failure::local_error;
use crate::options::{DiskOptions, RootIdentity};
use crate::raw_name::c_name;
use crate::read::Attempt;
use crate::root::Root;
use crate::watch::drain;
use crate::{batch, read, recover, root, scan, stage, trash};

/// A file that changes while it is read is tried this often.
const READ_ATTEMPTS: u32 = 4;
/// While the root is not there, it is looked for this often.
const ABSENT_PERIOD: Duration = Duration::from_secs(10);
/// A cookie is heard at once or not at all.
const COOKIE_LIMIT: Duration = Duration::from_secs(10);

/// The folder of one sync root on a real file system.
#[derive(Debug)]
pub struct DiskTree {
    runtime: Runtime,
    options: DiskOptions,
    identity: RootIdentity,
    attached: Mutex<Option<Attached>>,
    attaching: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Attached {
    root: Arc<Root>,
    _pump: Option<Task>,
}

impl DiskTree {
    /// Makes a folder a sync root, once; a folder linked before keeps its identity. What is in it is not touched.
    ///
    /// # Errors
    /// [`LocalError`] when there is no folder at the place, or its marker cannot be read or written.
    pub async fn link(runtime: &Runtime, options: &DiskOptions) -> Result<RootIdentity, LocalError> {
        let (inner, path) = (runtime.clone(), options.root.clone());
        runtime.blocking(move || root::link(&inner, &path)).await.map_err(|_| stopped())?
    }

    /// Makes the tree of a linked root. The folder need not be there now; every call looks for it.
    #[must_use]
    pub fn new(runtime: Runtime, options: DiskOptions, identity: RootIdentity) -> Self {
        let (attached, attaching) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { runtime, options, identity, attached, attaching }
    }

    /// Tells why changes on this computer may go unheard for a while, for people; none when all is well.
    #[must_use]
    pub fn watch_gap(&self) -> Option<String> {
        self.current().and_then(|root| root.watch.gap())
    }

    fn current(&self) -> Option<Arc<Root>> {
        let attached = self.attached.lock().unwrap_or_else(PoisonError::into_inner);
        attached.as_ref().map(|attached| Arc::clone(&attached.root))
    }

    fn set(&self, attached: Option<Attached>) {
        // What was there is dropped outside of the lock.
        let before = {
            let mut slot = self.attached.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *slot, attached)
        };
        drop(before);
    }

    async fn root(&self) -> Result<Arc<Root>, LocalError> {
        if let Some(root) = self.current() {
            return Ok(root);
        }
        let _one_at_a_time = self.attaching.lock().await;
        if let Some(root) = self.current() {
            return Ok(root);
        }
        let (runtime, options, identity) =
            (self.runtime.clone(), self.options.clone(), self.identity.clone());
        let root = self
            .runtime
            .blocking(move || Root::attach(runtime, options, &identity))
            .await
            .map_err(|_| stopped())??;
        let root = Arc::new(root);
        let pump = root
            .watch
            .handle()
            .map(|handle| self.runtime.spawn("watch", pump(handle, Arc::downgrade(&root))));
        self.set(Some(Attached { root: Arc::clone(&root), _pump: pump }));
        Ok(root)
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Root) -> Result<T, LocalError> + Send + 'static,
    ) -> Result<T, LocalError> {
        let root = self.root().await?;
        self.runtime.blocking(move || work(&root)).await.map_err(|_| stopped())?
    }

    async fn with_each<T: Send + 'static>(
        &self,
        count: usize,
        work: impl FnOnce(&Root) -> Vec<Result<T, LocalError>> + Send + 'static,
    ) -> Vec<Result<T, LocalError>> {
        match self.with(|root| Ok(work(root))).await {
            Ok(results) => results,
            Err(error) => (0..count).map(|_| Err(error.clone())).collect(),
        }
    }
}

/// Takes events as they come, so that the kernel's queue stays short and new folders are watched at once. It does not
/// hold the root while it waits, so that letting go of the root frees its lock at once.
#[expect(deprecated, reason = "the constructor that replaces it is unsafe, and a handle of ours stays open")]
async fn pump(handle: Arc<OwnedFd>, root: Weak<Root>) {
    let Ok(readable) = AsyncFd::with_interest(handle, tokio::io::Interest::READABLE) else {
        tracing::warn!("changes on this computer are found by scanning only");
        return;
    };
    loop {
        match readable.readable().await {
            Ok(mut ready) => ready.clear_ready(),
            Err(_) => return,
        }
        let Some(worker) = root.upgrade() else { return };
        let runtime = worker.runtime.clone();
        if runtime.blocking(move || drain(&worker)).await.is_err() {
            return;
        }
    }
}

#[async_trait]
impl LocalTree for DiskTree {
    async fn health(&self) -> Result<RootHealth, LocalError> {
        match self.with(Root::health).await {
            Err(LocalError::Unavailable(why)) => {
                // Another handle may find it again: after a return of the medium the old one stays dead.
                self.set(None);
                self.with(Root::health).await.map_err(|again| match again {
                    LocalError::Unavailable(_) => LocalError::Unavailable(why),
                    other => other,
                })
            }
            other => other,
        }
    }

    async fn scan(&self) -> Result<Scan, LocalError> {
        self.with(scan::scan).await
    }

    async fn list(&self, folder: &LocalRef) -> Result<Scan, LocalError> {
        let folder = folder.clone();
        self.with(move |root| scan::list_folder(root, &folder)).await
    }

    async fn barrier(&self) -> Result<(), LocalError> {
        let root = self.root().await?;
        let Some(cookie) = root.watch.next_cookie() else { return Ok(()) };
        self.with(move |root| leave_cookie(root, cookie)).await?;
        if self.runtime.timeout(COOKIE_LIMIT, root.watch.cookie_heard(cookie)).await.is_err() {
            root.watch.doubt_everything();
        }
        Ok(())
    }

    async fn hint(&self) -> LocalHint {
        loop {
            let Ok(root) = self.root().await else {
                self.runtime.sleep(ABSENT_PERIOD).await;
                return LocalHint::Everything;
            };
            if let Some(hint) = root.watch.ready(self.runtime.elapsed()) {
                return hint;
            }
            let patience = root.watch.patience(self.runtime.elapsed());
            // Whether an event came or time passed: what is ready is asked for next.
            let _either = self.runtime.timeout(patience, root.watch.changed()).await;
        }
    }

    fn ready_hint(&self) -> Option<LocalHint> {
        self.current()?.watch.ready(self.runtime.elapsed())
    }

    async fn read(&self, files: &[LocalRef]) -> Vec<Result<HashedFile, LocalError>> {
        let mut results: Vec<Result<HashedFile, LocalError>> = Vec::new();
        results.resize(files.len(), Err(LocalError::Busy));
        let mut left: Vec<usize> = (0..files.len()).collect();
        for attempt in 0..READ_ATTEMPTS {
            if attempt > 0 {
                // Longer than the step of any file system's clock, so that a further change would show.
                self.runtime.sleep(Duration::from_millis(30) * attempt).await;
            }
            let batch: Vec<LocalRef> = left.iter().map(|at| files[*at].clone()).collect();
            let attempts = match self.with(move |root| Ok(read::read(root, &batch))).await {
                Ok(attempts) => attempts,
                Err(error) => left.iter().map(|_| Attempt::Failed(error.clone())).collect(),
            };
            let tried = std::mem::take(&mut left);
            for (at, attempt) in tried.into_iter().zip(attempts) {
                match attempt {
                    Attempt::Done(file) => results[at] = Ok(*file),
                    Attempt::Failed(error) => results[at] = Err(error),
                    Attempt::Unsettled => left.push(at),
                }
            }
            if left.is_empty() {
                break;
            }
        }
        results
    }

    async fn read_part(
        &self,
        file: &LocalRef,
        expected: &Fingerprint,
        offset: u64,
        length: u32,
    ) -> Result<Bytes, LocalError> {
        let (file, expected) = (file.clone(), *expected);
        self.with(move |root| read::read_part(root, &file, &expected, offset, length)).await
    }

    async fn stage(&self, files: Vec<StageRequest>) -> Vec<Result<LocalId, LocalError>> {
        self.with_each(files.len(), move |root| stage::stage(root, &files)).await
    }

    async fn open_stage(&self, stage: &StageId, manifest: &Manifest) -> Result<OpenedStage, LocalError> {
        let (stage, manifest) = (stage.clone(), manifest.clone());
        self.with(move |root| stage::open_stage(root, &stage, &manifest)).await
    }

    async fn fill_stage(
        &self,
        stage: &StageId,
        from: &LocalRef,
        missing: Vec<usize>,
    ) -> Result<Vec<usize>, LocalError> {
        let (stage, from) = (stage.clone(), from.clone());
        self.with(move |root| stage::fill_stage(root, &stage, &from, missing)).await
    }

    async fn write_stage(&self, stage: &StageId, offset: u64, bytes: Bytes) -> Result<(), LocalError> {
        let stage = stage.clone();
        self.with(move |root| stage::write_stage(root, &stage, offset, &bytes)).await
    }

    async fn finish_stage(
        &self,
        stage: &StageId,
        content: &ContentId,
        modified: Timestamp,
    ) -> Result<LocalId, LocalError> {
        let (stage, content) = (stage.clone(), *content);
        self.with(move |root| stage::finish_stage(root, &stage, &content, modified)).await
    }

    async fn keep_stages(&self, needed: &[StageId]) -> Result<(), LocalError> {
        let needed = needed.to_vec();
        self.with(move |root| stage::keep_stages(root, &needed)).await
    }

    async fn apply(&self, changes: &[LocalChange]) -> Vec<Result<Applied, LocalError>> {
        let changes = changes.to_vec();
        self.with_each(changes.len(), move |root| batch::apply(root, &changes)).await
    }

    async fn recover(&self, intents: &[Intent]) -> Result<Vec<Recovered>, LocalError> {
        let intents = intents.to_vec();
        self.with(move |root| recover::recover(root, &intents)).await
    }

    async fn parked_changes(&self) -> Result<Vec<ParkedChange>, LocalError> {
        self.with(trash::parked_changes).await
    }
}

/// A cookie is a file of ours that is made and removed at once; only its event matters.
fn leave_cookie(root: &Root, cookie: u64) -> Result<(), LocalError> {
    let name = c_name(cookie.to_string().as_bytes())?;
    let flags = OFlags::WRONLY | OFlags::CREATE;
    open_beneath(&root.control.cookies, &name, flags, private_file()).map_err(local_error)?;
    unlinkat(&root.control.cookies, &name, AtFlags::empty()).map_err(local_error)
}

fn stopped() -> LocalError {
    LocalError::Io("the work ended without a result".to_owned())
}
