//! Uploads and downloads in chunks: have/need, and which bytes are wanted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ChunkHash, ContentId, Manifest};

/// What a client wants to upload. The server answers what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadOffer {
    /// The whole content.
    pub manifest: Manifest,
    /// Items the caller may read whose chunks may be reused; others are never told to exist.
    pub base_items: Vec<String>,
}

/// The server's answer to an [`UploadOffer`], and to asking for an upload's state later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadPlan {
    /// The upload.
    pub upload: String,
    /// Chunks still wanted, each once, in the manifest's order.
    pub need: Vec<ChunkHash>,
    /// Until when what arrived is kept.
    pub expires: Timestamp,
}

/// Asks for contents, many small files in one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentRequest {
    /// The item to read, which is what the caller's right is judged by.
    pub item: String,
    /// The content expected; another present content is answered as `resourceModified`.
    pub content: ContentId,
}

/// Asks for chunks of one item's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChunkList {
    /// The item to read.
    pub item: String,
    /// The content the chunks belong to.
    pub content: ContentId,
    /// The chunks wanted, in the order they shall arrive.
    pub chunks: Vec<ChunkHash>,
}

impl ContentRequest {
    /// Most contents asked for at once.
    pub const MAX_REQUESTS: usize = 500;
    /// Most bytes of one answer; what would exceed it is refused with status 413, to be asked for apart or in chunks.
    pub const MAX_BYTES: u64 = 64 * 1024 * 1024;
}

impl ChunkList {
    /// Most chunks asked for at once.
    pub const MAX_CHUNKS: usize = 256;
}
