//! Remote tree: the engine's port over the transfer API. Every answer is checked before the engine sees it.

use async_trait::async_trait;
use bytes::Bytes;
use engine::{ChunkStream, ContentStream, Outgoing, RemoteError, RemoteTree, VerifiedAccess};
use http::{Method, StatusCode};
use transfer::{
    ChunkFrame, ChunkHash, ChunkList, ContentId, ContentRequest, DeltaPage, Manifest, OperationId, Outcome,
    OutcomeBatch, PACK_MEDIA_TYPE, RootInfo, UploadOffer, UploadPlan,
};

use crate::access_question::ask_access;
use crate::api_client::{ApiFailure, ApiRequest};
use crate::download::{chunk_stream, content_stream};
use crate::packed_body::{FrameReader, pack};
use crate::refusals::{Subject, to_remote_error};
use crate::{ApiClient, HintHub, HintSubscription};

/// Which root of which tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootAddress {
    /// The tenant that owns it.
    pub tenant: String,
    /// The drive.
    pub drive: String,
    /// The root item of the scope.
    pub item: String,
}

/// One sync root on a server, as one account sees it.
pub struct HttpRemoteTree {
    api: ApiClient,
    root: RootAddress,
    hints: HintSubscription,
}

impl HttpRemoteTree {
    /// Makes the port for a root; `hub` must be of the same account and tenant.
    #[must_use]
    pub fn new(api: ApiClient, root: RootAddress, hub: &HintHub) -> Self {
        let hints = hub.subscribe(&root.drive);
        Self { api: api.for_tenant(&root.tenant), root, hints }
    }

    fn address(&self, rest: &[&str]) -> String {
        let mut segments = vec!["transfer", "v1", "drives", self.root.drive.as_str()];
        segments.extend_from_slice(rest);
        self.api.origin().path(&segments)
    }

    /// Asks what the root is called and whether it is there.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn info(&self) -> Result<RootInfo, RemoteError> {
        let request = ApiRequest::get(self.address(&["items", &self.root.item, "root"]));
        self.api.json(&request).await.map_err(|failure| to_remote_error(failure, Subject::Root))
    }

    async fn outcome(&self, operation: &OperationId) -> Result<Option<Outcome>, RemoteError> {
        let request = ApiRequest::get(self.address(&["operations", &operation.0]));
        match self.api.json(&request).await {
            Ok(outcome) => Ok(Some(outcome)),
            Err(ApiFailure::Refused(refusal)) if refusal.status == StatusCode::NOT_FOUND => {
                // A hidden drive answers 404 as well; only a drive that answers knows that it never saw the operation.
                self.info().await.map(|_visible| None)
            }
            Err(failure) => Err(to_remote_error(failure, Subject::Root)),
        }
    }
}

#[async_trait]
impl RemoteTree for HttpRemoteTree {
    async fn delta(&self, cursor: Option<&str>) -> Result<DeltaPage, RemoteError> {
        let mut address = self.address(&["items", &self.root.item, "delta"]);
        if let Some(cursor) = cursor {
            let query = serde_urlencoded::to_string([("cursor", cursor)])
                .map_err(|error| RemoteError::Transport(error.to_string()))?;
            address = format!("{address}?{query}");
        }
        let page: DeltaPage = self
            .api
            .json(&ApiRequest::get(address))
            .await
            .map_err(|failure| to_remote_error(failure, Subject::Root))?;
        if page.cursor.is_empty() || page.epoch.is_empty() {
            return Err(RemoteError::Transport("a page of the feed is incomplete".to_owned()));
        }
        Ok(page)
    }

    async fn apply(&self, operations: Vec<Outgoing>) -> Result<Vec<Outcome>, RemoteError> {
        let wanted = operations.len();
        let body = pack(operations.iter().map(|outgoing| (&outgoing.operation, &outgoing.body)))
            .map_err(|failure| to_remote_error(failure, Subject::Root))?;
        drop(operations);
        let request =
            ApiRequest::with_body(Method::POST, self.address(&["operations"]), PACK_MEDIA_TYPE, body);
        let batch: OutcomeBatch =
            self.api.json(&request).await.map_err(|failure| to_remote_error(failure, Subject::Root))?;
        if batch.outcomes.len() != wanted {
            return Err(RemoteError::Transport("the answer does not speak of every change sent".to_owned()));
        }
        Ok(batch.outcomes)
    }

    async fn outcomes(&self, operations: &[OperationId]) -> Result<Vec<Option<Outcome>>, RemoteError> {
        let mut outcomes = Vec::with_capacity(operations.len());
        for operation in operations {
            outcomes.push(self.outcome(operation).await?);
        }
        Ok(outcomes)
    }

    async fn offer(&self, offer: UploadOffer) -> Result<UploadPlan, RemoteError> {
        let request = ApiRequest::post_json(self.address(&["uploads"]), &offer)
            .map_err(|failure| to_remote_error(failure, Subject::Root))?;
        self.api.json(&request).await.map_err(|failure| to_remote_error(failure, Subject::Root))
    }

    async fn upload_state(&self, upload: &str) -> Result<UploadPlan, RemoteError> {
        let request = ApiRequest::get(self.address(&["uploads", upload]));
        self.api.json(&request).await.map_err(|failure| to_remote_error(failure, Subject::Upload))
    }

    async fn send_chunks(&self, upload: &str, chunks: Vec<Bytes>) -> Result<(), RemoteError> {
        let frames = chunks.iter().map(|chunk| (ChunkFrame { hash: ChunkHash::of(chunk) }, chunk));
        let body = pack(frames).map_err(|failure| to_remote_error(failure, Subject::Upload))?;
        drop(chunks);
        let address = self.address(&["uploads", upload]);
        let request = ApiRequest::with_body(Method::PUT, address, PACK_MEDIA_TYPE, body);
        self.api.done(&request).await.map_err(|failure| to_remote_error(failure, Subject::Upload))
    }

    async fn contents(&self, requests: Vec<ContentRequest>) -> Result<ContentStream, RemoteError> {
        let request = ApiRequest::post_json(self.address(&["contents"]), &requests)
            .map_err(|failure| to_remote_error(failure, Subject::Root))?
            .accepting(PACK_MEDIA_TYPE);
        let body =
            self.api.open(&request).await.map_err(|failure| to_remote_error(failure, Subject::Root))?;
        let limit = transfer::OperationBatch::MAX_INLINE as u64;
        Ok(content_stream(FrameReader::new(self.api.runtime().clone(), body, limit), requests))
    }

    async fn manifest(&self, item: &str, content: &ContentId) -> Result<Manifest, RemoteError> {
        let request = ApiRequest::get(self.address(&["items", item, "manifest"]));
        let manifest: Manifest =
            self.api.json(&request).await.map_err(|failure| to_remote_error(failure, Subject::Item))?;
        manifest.check().map_err(|error| RemoteError::Transport(error.to_string()))?;
        if manifest.content_id() != *content {
            return Err(RemoteError::ItemRefused(Box::new(transfer::OperationError {
                status: StatusCode::PRECONDITION_FAILED.as_u16(),
                code: "resourceModified".to_owned(),
                message: "the file has another content by now".to_owned(),
                current: None,
            })));
        }
        Ok(manifest)
    }

    async fn chunks(&self, list: ChunkList) -> Result<ChunkStream, RemoteError> {
        let request = ApiRequest::post_json(self.address(&["chunks"]), &list)
            .map_err(|failure| to_remote_error(failure, Subject::Item))?
            .accepting(PACK_MEDIA_TYPE);
        let body =
            self.api.open(&request).await.map_err(|failure| to_remote_error(failure, Subject::Item))?;
        let limit = u64::from(Manifest::MAX_CHUNK);
        Ok(chunk_stream(FrameReader::new(self.api.runtime().clone(), body, limit), list.chunks))
    }

    async fn access(&self) -> Result<VerifiedAccess, RemoteError> {
        ask_access(&self.api, &self.root).await.map_err(|failure| to_remote_error(failure, Subject::Root))
    }

    async fn hint(&self) {
        self.hints.next().await;
    }
}
