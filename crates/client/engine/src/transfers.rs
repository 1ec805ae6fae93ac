//! Transfers: large contents on their way, beside the loop. A transfer only prepares (chunks at the server, or a
//! finished stage); the step that changes anything is planned again and taken by the loop, with all its checks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use runtime::{Runtime, Task};
use sync_core::{Fingerprint, ItemId, LocalId};
use tokio::sync::mpsc;
use transfer::{ChunkHash, ChunkList, ContentId, Manifest, OperationBatch, UploadOffer};

use crate::{Brought, Direction, LocalError, LocalRef, Ports, RemoteError, StageId, UploadSession};

/// Which transfer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TransferKey {
    Up(LocalId),
    Down(ItemId),
}

/// A content whose chunks are all at the server.
#[derive(Debug, Clone)]
pub(crate) struct ReadyUpload {
    pub(crate) upload: String,
    pub(crate) content: ContentId,
    pub(crate) size: u64,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) modified: Timestamp,
}

/// What a transfer tells the loop.
#[derive(Debug)]
pub(crate) enum Report {
    Offered(UploadSession),
    Uploaded(LocalId, ReadyUpload),
    /// Reading showed which content the file has, and that nothing needs to be sent.
    Hashed(LocalId, Fingerprint, ContentId),
    Staged(Brought, StageId),
    Failed(TransferKey, Failure),
}

/// Why a transfer ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    Local(LocalError),
    Remote(RemoteError),
}

impl From<LocalError> for Failure {
    fn from(error: LocalError) -> Self {
        Self::Local(error)
    }
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self::Remote(error)
    }
}

#[derive(Debug)]
struct Running {
    _task: Task,
    done: Arc<AtomicU64>,
    total: u64,
}

/// What to upload.
#[derive(Debug)]
pub(crate) struct UploadJob {
    pub(crate) file: LocalRef,
    pub(crate) fingerprint: Fingerprint,
    /// The item whose chunks may be reused.
    pub(crate) base: Option<ItemId>,
    /// The content that would mean that nothing changed.
    pub(crate) known: Option<ContentId>,
}

/// What to download.
#[derive(Debug)]
pub(crate) struct DownloadJob {
    pub(crate) item: ItemId,
    pub(crate) content: ContentId,
    pub(crate) size: u64,
    pub(crate) modified: Timestamp,
    /// The file it replaces, which may have most of its chunks.
    pub(crate) base: Option<LocalRef>,
}

/// All transfers of one life. Dropping it ends them.
#[derive(Debug)]
pub(crate) struct Transfers {
    sender: mpsc::UnboundedSender<Report>,
    reports: mpsc::UnboundedReceiver<Report>,
    running: BTreeMap<TransferKey, Running>,
    uploads: BTreeMap<LocalId, ReadyUpload>,
    staged: BTreeMap<ItemId, (Brought, StageId)>,
    sessions: BTreeMap<LocalId, UploadSession>,
}

impl Transfers {
    pub(crate) fn new(sessions: Vec<UploadSession>) -> Self {
        let (sender, reports) = mpsc::unbounded_channel();
        Self {
            sender,
            reports,
            running: BTreeMap::new(),
            uploads: BTreeMap::new(),
            staged: BTreeMap::new(),
            sessions: sessions.into_iter().map(|session| (session.local, session)).collect(),
        }
    }

    pub(crate) async fn next(&mut self) -> Option<Report> {
        self.reports.recv().await
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.staged.is_empty() && self.uploads.is_empty()
    }

    pub(crate) fn ready_upload(&self, local: &LocalId) -> Option<&ReadyUpload> {
        self.uploads.get(local)
    }

    pub(crate) fn put_ready(&mut self, local: LocalId, ready: ReadyUpload) {
        self.uploads.insert(local, ready);
    }

    pub(crate) fn put_session(&mut self, session: UploadSession) {
        self.sessions.insert(session.local, session);
    }

    /// Forgets an upload that was used, or is of no use.
    pub(crate) fn drop_upload(&mut self, local: &LocalId) {
        self.uploads.remove(local);
        self.sessions.remove(local);
    }

    pub(crate) fn staged(&self, item: &ItemId, content: &ContentId) -> Option<&(Brought, StageId)> {
        self.staged.get(item).filter(|(brought, _)| brought.content == *content)
    }

    pub(crate) fn put_staged(&mut self, brought: Brought, stage: StageId) {
        self.staged.insert(brought.item.clone(), (brought, stage));
    }

    pub(crate) fn drop_staged(&mut self, item: &ItemId) {
        self.staged.remove(item);
    }

    pub(crate) fn finished(&mut self, key: &TransferKey) {
        self.running.remove(key);
    }

    /// Ends transfers nobody wants any more.
    pub(crate) fn keep(&mut self, wanted: impl Fn(&TransferKey) -> bool) {
        self.running.retain(|key, _| wanted(key));
        self.uploads.retain(|local, _| wanted(&TransferKey::Up(*local)));
        self.staged.retain(|item, _| wanted(&TransferKey::Down(item.clone())));
    }

    /// Lists what runs: direction, bytes done, bytes altogether.
    pub(crate) fn running(&self) -> impl Iterator<Item = (&TransferKey, Direction, u64, u64)> {
        self.running.iter().map(|(key, running)| {
            let direction = match key {
                TransferKey::Up(_) => Direction::Up,
                TransferKey::Down(_) => Direction::Down,
            };
            (key, direction, running.done.load(Ordering::Relaxed), running.total)
        })
    }

    fn free(&self, key: &TransferKey, most: usize) -> bool {
        let same =
            |other: &&TransferKey| matches!(other, TransferKey::Up(_)) == matches!(key, TransferKey::Up(_));
        !self.running.contains_key(key) && self.running.keys().filter(same).count() < most
    }

    /// Starts an upload, unless it runs or enough others do.
    pub(crate) fn start_upload(&mut self, runtime: &Runtime, ports: &Ports, job: UploadJob, most: usize) {
        let local = job.file.id;
        let key = TransferKey::Up(local);
        if !self.free(&key, most) {
            return;
        }
        let (sender, ports) = (self.sender.clone(), ports.clone());
        let session = self.sessions.get(&local).cloned();
        let (done, total) = (Arc::new(AtomicU64::new(0)), job.fingerprint.size);
        let counter = Arc::clone(&done);
        let task = runtime.spawn("upload", async move {
            let report = match upload(&ports, job, session, &sender, &counter).await {
                Ok(report) => report,
                Err(failure) => Report::Failed(TransferKey::Up(local), failure),
            };
            let _engine_gone = sender.send(report);
        });
        self.running.insert(key, Running { _task: task, done, total });
    }

    /// Starts a download, unless it runs or enough others do.
    pub(crate) fn start_download(&mut self, runtime: &Runtime, ports: &Ports, job: DownloadJob, most: usize) {
        let key = TransferKey::Down(job.item.clone());
        if !self.free(&key, most) {
            return;
        }
        let (sender, ports) = (self.sender.clone(), ports.clone());
        let (done, total) = (Arc::new(AtomicU64::new(0)), job.size);
        let counter = Arc::clone(&done);
        let failed = key.clone();
        let task = runtime.spawn("download", async move {
            let report = match download(&ports, &job, &counter).await {
                Ok((file, stage)) => {
                    Report::Staged(Brought { item: job.item, content: job.content, file }, stage)
                }
                Err(failure) => Report::Failed(failed, failure),
            };
            let _engine_gone = sender.send(report);
        });
        self.running.insert(key, Running { _task: task, done, total });
    }
}

/// Names the stage of an item's content. The server's id is hashed, because it would be a file name.
pub(crate) fn stage_of(item: &ItemId, content: &ContentId) -> StageId {
    let item = ChunkHash::of(item.as_str().as_bytes()).to_string();
    StageId(format!("{:.16}-{:.32}", item, content.to_string()))
}

/// Cuts a list of chunks into groups that fit one request.
fn groups<T: Clone>(parts: &[T], length: impl Fn(&T) -> u32) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    let mut room = 0_usize;
    for part in parts {
        let needs = length(part) as usize;
        let full = groups.last().is_none_or(|group| group.len() >= ChunkList::MAX_CHUNKS);
        if full || needs > room {
            groups.push(Vec::new());
            room = OperationBatch::MAX_BYTES;
        }
        room -= needs.min(room);
        if let Some(last) = groups.last_mut() {
            last.push(part.clone());
        }
    }
    groups
}

async fn upload(
    ports: &Ports,
    job: UploadJob,
    session: Option<UploadSession>,
    sender: &mpsc::UnboundedSender<Report>,
    done: &AtomicU64,
) -> Result<Report, Failure> {
    let local = job.file.id;
    let read = ports.local.read(std::slice::from_ref(&job.file)).await;
    let hashed = read.into_iter().next().unwrap_or(Err(LocalError::Changed))?;
    let content = hashed.manifest.content_id();
    if Some(content) == job.known {
        return Ok(Report::Hashed(local, hashed.fingerprint, content));
    }
    let same =
        session.filter(|session| session.content == content && session.fingerprint == hashed.fingerprint);
    let resumed = match &same {
        Some(session) => match ports.remote.upload_state(&session.upload).await {
            Err(RemoteError::UploadGone) => None,
            state => Some(state?),
        },
        None => None,
    };
    let plan = match resumed {
        Some(plan) => plan,
        None => {
            let base_items = job.base.iter().map(ToString::to_string).collect();
            ports.remote.offer(UploadOffer { manifest: hashed.manifest.clone(), base_items }).await?
        }
    };
    let upload = plan.upload.clone();
    let session = UploadSession { upload: upload.clone(), local, fingerprint: hashed.fingerprint, content };
    let _engine_gone = sender.send(Report::Offered(session));
    let places = places(&hashed.manifest);
    let needed: Vec<(u64, u32)> = plan.need.iter().filter_map(|hash| places.get(hash).copied()).collect();
    let missing: u64 = needed.iter().map(|(_, length)| u64::from(*length)).sum();
    done.store(hashed.manifest.size().saturating_sub(missing), Ordering::Relaxed);
    let (file, expected) = (&job.file, &hashed.fingerprint);
    let sends = groups(&needed, |(_, length)| *length).into_iter().map(|group| {
        let upload = &upload;
        async move {
            let mut chunks: Vec<Bytes> = Vec::with_capacity(group.len());
            for (offset, length) in group {
                chunks.push(ports.local.read_part(file, expected, offset, length).await?);
            }
            let sent: usize = chunks.iter().map(Bytes::len).sum();
            ports.remote.send_chunks(upload, chunks).await?;
            done.fetch_add(sent as u64, Ordering::Relaxed);
            Ok::<(), Failure>(())
        }
    });
    stream::iter(sends).buffered(2).try_collect::<Vec<()>>().await?;
    let ready = ReadyUpload {
        upload,
        content,
        size: hashed.manifest.size(),
        fingerprint: hashed.fingerprint,
        modified: hashed.modified,
    };
    Ok(Report::Uploaded(local, ready))
}

/// Where each chunk is in the file; the first place of those that repeat.
fn places(manifest: &Manifest) -> BTreeMap<ChunkHash, (u64, u32)> {
    let mut places = BTreeMap::new();
    let mut offset = 0;
    for chunk in &manifest.chunks {
        places.entry(chunk.hash).or_insert((offset, chunk.length));
        offset += u64::from(chunk.length);
    }
    places
}

async fn download(ports: &Ports, job: &DownloadJob, done: &AtomicU64) -> Result<(LocalId, StageId), Failure> {
    let manifest = ports.remote.manifest(job.item.as_str(), &job.content).await?;
    let stage = stage_of(&job.item, &job.content);
    let opened = ports.local.open_stage(&stage, &manifest).await?;
    let mut offsets = Vec::with_capacity(manifest.chunks.len());
    let mut offset = 0_u64;
    for chunk in &manifest.chunks {
        offsets.push(offset);
        offset += u64::from(chunk.length);
    }
    let missing = match &job.base {
        // What cannot be found here comes from the server.
        Some(base) if !opened.missing.is_empty() => {
            let filled = ports.local.fill_stage(&stage, base, opened.missing.clone()).await;
            filled.unwrap_or(opened.missing)
        }
        _ => opened.missing,
    };
    let missing: Vec<(u64, ChunkHash, u32)> = missing
        .iter()
        .filter_map(|at| Some((*offsets.get(*at)?, manifest.chunks.get(*at)?)))
        .map(|(offset, chunk)| (offset, chunk.hash, chunk.length))
        .collect();
    let wanted: u64 = missing.iter().map(|(_, _, length)| u64::from(*length)).sum();
    done.store(manifest.size().saturating_sub(wanted), Ordering::Relaxed);
    for group in groups(&missing, |(_, _, length)| *length) {
        let chunks = group.iter().map(|(_, hash, _)| *hash).collect();
        let list = ChunkList { item: job.item.as_str().to_owned(), content: job.content, chunks };
        let mut arriving = ports.remote.chunks(list).await?;
        for (offset, _, length) in group {
            let bytes =
                arriving.next().await.unwrap_or(Err(RemoteError::Transport("it broke off".to_owned())))?;
            ports.local.write_stage(&stage, offset, bytes).await?;
            done.fetch_add(u64::from(length), Ordering::Relaxed);
        }
    }
    let file = ports.local.finish_stage(&stage, &job.content, job.modified).await?;
    Ok((file, stage))
}
