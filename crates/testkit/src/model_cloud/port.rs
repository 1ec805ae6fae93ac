//! Port: the engine's [`RemoteTree`] towards the model cloud, over a network that delays, loses and repeats.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use engine::{ChunkStream, ContentStream, FetchedContent, Outgoing, RemoteError, RemoteTree, VerifiedAccess};
use futures_util::StreamExt as _;
use futures_util::stream;
use jiff::Timestamp;
use transfer::{
    AccessReport, AccessState, ChunkList, ContentId, ContentRequest, DeltaPage, Manifest, OperationError,
    OperationId, Outcome, UploadOffer, UploadPlan,
};

use super::ModelCloud;
use super::cloud::TOP;
use crate::simulation::{Process, Signal, Tape, TapeKind};

/// Which faults the network has now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemoteFaults {
    /// Of a thousand requests, how many are lost on the way there.
    pub lost_request_per_mille: u32,
    /// Of a thousand requests, how many are done and their answers lost.
    pub lost_answer_per_mille: u32,
    /// Of a thousand requests, how many arrive twice.
    pub twice_per_mille: u32,
    /// Of a thousand requests, how many are answered 503 with a wait.
    pub throttled_per_mille: u32,
    /// Of a thousand streams, how many break off.
    pub truncated_per_mille: u32,
    /// Nothing gets through.
    pub partition: bool,
}

/// The port for one life of the client.
#[derive(Debug, Clone)]
pub struct ModelRemote {
    cloud: ModelCloud,
    process: Process,
    tape: Tape,
    faults: Signal<RemoteFaults>,
    seen: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl ModelRemote {
    /// Connects a life of the client to the cloud.
    #[must_use]
    pub fn connect(cloud: &ModelCloud, process: &Process, faults: Signal<RemoteFaults>) -> Self {
        Self {
            cloud: cloud.clone(),
            process: process.clone(),
            tape: process.world().tape(TapeKind::Network, process.name()),
            faults,
            seen: std::sync::Arc::new(std::sync::atomic::AtomicU64::new(cloud.listen().get())),
        }
    }

    /// Carries one request there and its answer back.
    async fn exchange<T>(&self, what: &str, mut request: impl FnMut() -> T) -> Result<T, RemoteError> {
        let faults = self.faults.get();
        let lost = |per_mille| self.tape.per_mille(per_mille);
        self.pass(1 + self.tape.below(30)).await;
        if faults.partition || lost(faults.lost_request_per_mille) {
            self.pass(1000 + self.tape.below(4000)).await;
            self.process.note(format_args!("net: {what} is lost"));
            return Err(RemoteError::Transport("lost".into()));
        }
        if lost(faults.throttled_per_mille) {
            return Err(RemoteError::Throttled { after: Duration::from_secs(1 + self.tape.below(5)) });
        }
        let mut answer = request();
        if lost(faults.twice_per_mille) {
            self.pass(self.tape.below(200)).await;
            answer = request();
        }
        self.process.note(format_args!("net: {what}"));
        self.pass(1 + self.tape.below(30)).await;
        if self.faults.get().partition || lost(faults.lost_answer_per_mille) {
            self.pass(1000 + self.tape.below(4000)).await;
            self.process.note(format_args!("net: the answer to {what} is lost"));
            return Err(RemoteError::Transport("answer lost".into()));
        }
        Ok(answer)
    }

    async fn pass(&self, milliseconds: u64) {
        self.process.world().sleep(Duration::from_millis(milliseconds)).await;
        if !self.process.is_alive() {
            std::future::pending::<()>().await;
        }
    }

    /// Returns after how many parts a stream breaks off.
    fn breaks_after(&self, parts: usize) -> Option<usize> {
        self.tape.per_mille(self.faults.get().truncated_per_mille).then(|| self.tape.index(parts + 1))
    }

    fn plan(&self, upload: &str) -> Result<UploadPlan, RemoteError> {
        let inner = self.cloud.inner();
        let (manifest, chunks) = inner.uploads.get(upload).ok_or(RemoteError::UploadGone)?;
        let mut need = Vec::new();
        for chunk in &manifest.chunks {
            if !chunks.contains_key(&chunk.hash) && !need.contains(&chunk.hash) {
                need.push(chunk.hash);
            }
        }
        Ok(UploadPlan { upload: upload.to_owned(), need, expires: Timestamp::MAX })
    }
}

fn broken<T>() -> Result<T, RemoteError> {
    Err(RemoteError::Transport("broke off".into()))
}

/// Cuts a stream's parts off where the network breaks.
fn cut<T>(mut parts: Vec<Result<T, RemoteError>>, after: Option<usize>) -> Vec<Result<T, RemoteError>> {
    if let Some(after) = after {
        parts.truncate(after);
        parts.push(broken());
    }
    parts
}

fn item_refused(error: OperationError) -> RemoteError {
    RemoteError::ItemRefused(Box::new(error))
}

fn modified() -> OperationError {
    OperationError { status: 409, code: "resourceModified".into(), message: String::new(), current: None }
}

#[async_trait]
impl RemoteTree for ModelRemote {
    async fn delta(&self, cursor: Option<&str>) -> Result<DeltaPage, RemoteError> {
        self.exchange("delta", || self.cloud.delta(cursor)).await
    }

    async fn apply(&self, operations: Vec<Outgoing>) -> Result<Vec<Outcome>, RemoteError> {
        let what = operations.iter().map(describe).collect::<Vec<_>>().join("; ");
        let apply = || {
            operations
                .iter()
                .map(|sent| self.cloud.apply(&sent.operation.op, &sent.operation.change, &sent.body))
                .collect::<Vec<_>>()
        };
        let outcomes = self.exchange(&what, apply).await?;
        for (sent, outcome) in operations.iter().zip(&outcomes) {
            if let Outcome::Refused { error } = outcome {
                self.process.note(format_args!("net: refused {} ({})", describe(sent), error.code));
            }
        }
        Ok(outcomes)
    }

    async fn outcomes(&self, operations: &[OperationId]) -> Result<Vec<Option<Outcome>>, RemoteError> {
        let look = || {
            let inner = self.cloud.inner();
            operations.iter().map(|op| inner.outcomes.get(op).cloned()).collect()
        };
        self.exchange("outcomes", look).await
    }

    async fn offer(&self, offer: UploadOffer) -> Result<UploadPlan, RemoteError> {
        let open = || {
            let mut inner = self.cloud.inner();
            let upload = format!("u{}", inner.next_upload);
            inner.next_upload += 1;
            inner.uploads.insert(upload.clone(), (offer.manifest.clone(), Default::default()));
            drop(inner);
            self.plan(&upload)
        };
        self.exchange("offer", open).await?
    }

    async fn upload_state(&self, upload: &str) -> Result<UploadPlan, RemoteError> {
        self.exchange("upload state", || self.plan(upload)).await?
    }

    async fn send_chunks(&self, upload: &str, chunks: Vec<Bytes>) -> Result<(), RemoteError> {
        let put = || {
            let mut inner = self.cloud.inner();
            let (_, held) = inner.uploads.get_mut(upload).ok_or(RemoteError::UploadGone)?;
            held.extend(chunks.iter().map(|chunk| (transfer::ChunkHash::of(chunk), chunk.clone())));
            Ok(())
        };
        self.exchange("chunks", put).await?
    }

    async fn contents(&self, requests: Vec<ContentRequest>) -> Result<ContentStream, RemoteError> {
        let read = || {
            let inner = self.cloud.inner();
            let one = |request: &ContentRequest| {
                let item = inner.live(&request.item)?;
                let held =
                    inner.contents.get(&request.content).filter(|_| item.content == Some(request.content));
                held.map(|(_, bytes)| bytes.clone()).ok_or_else(modified)
            };
            let answer = |(index, request)| Ok(FetchedContent { index, bytes: one(request) });
            requests.iter().enumerate().map(answer).collect::<Vec<_>>()
        };
        let parts = self.exchange("contents", read).await?;
        let after = self.breaks_after(parts.len());
        Ok(stream::iter(cut(parts, after)).boxed())
    }

    async fn manifest(&self, item: &str, content: &ContentId) -> Result<Manifest, RemoteError> {
        let read = || {
            let inner = self.cloud.inner();
            let present = inner.live(item).map_err(item_refused)?;
            let held = inner.contents.get(content).filter(|_| present.content == Some(*content));
            held.map(|(manifest, _)| manifest.clone()).ok_or_else(|| item_refused(modified()))
        };
        self.exchange("manifest", read).await?
    }

    async fn chunks(&self, list: ChunkList) -> Result<ChunkStream, RemoteError> {
        let read = || {
            let inner = self.cloud.inner();
            inner.live(&list.item).map_err(item_refused)?;
            let (manifest, bytes) =
                inner.contents.get(&list.content).ok_or_else(|| item_refused(modified()))?;
            let mut at = 0;
            let mut held = std::collections::BTreeMap::new();
            for chunk in &manifest.chunks {
                held.insert(chunk.hash, bytes.slice(at..at + chunk.length as usize));
                at += chunk.length as usize;
            }
            let one = |hash| held.get(hash).cloned().map_or_else(broken, Ok);
            Ok::<_, RemoteError>(list.chunks.iter().map(one).collect::<Vec<_>>())
        };
        let parts = self.exchange("chunk download", read).await??;
        let after = self.breaks_after(parts.len());
        Ok(stream::iter(cut(parts, after)).boxed())
    }

    async fn access(&self) -> Result<VerifiedAccess, RemoteError> {
        let report = || AccessReport {
            drive: "drive".into(),
            item: TOP.into(),
            person: "person".into(),
            nonce: String::new(),
            iat: 0,
            state: AccessState::Active,
            reason: None,
            message: String::new(),
            remedy: String::new(),
        };
        self.exchange("access", report).await.map(VerifiedAccess)
    }

    async fn hint(&self) {
        let (changed, seen) = (self.cloud.listen(), self.seen.load(Ordering::Relaxed));
        changed.wait_for(|sequence| *sequence != seen).await;
        self.pass(1 + self.tape.below(50)).await;
        // Taken only at the end: who drops this wait before loses no hint.
        self.seen.store(changed.get(), Ordering::Relaxed);
    }
}

fn describe(sent: &Outgoing) -> String {
    use transfer::{OperationChange as Change, PutTarget};
    let what = match &sent.operation.change {
        Change::CreateFolder { parent, name } => format!("folder {parent}/{name}"),
        Change::PutFile { target: PutTarget::New { parent, name }, .. } => format!("put {parent}/{name}"),
        Change::PutFile { target: PutTarget::Existing { item, .. }, .. } => format!("put {item}"),
        Change::Move { item, parent, name, .. } => format!("move {item} to {parent}/{name}"),
        Change::Delete { item, .. } => format!("delete {item}"),
        Change::Restore { item, parent, name } => format!("restore {item} to {parent}/{name}"),
    };
    format!("{} {what}", sent.operation.op)
}
