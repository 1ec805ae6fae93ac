//! What a batch says and what it answers.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A batch.
#[derive(Deserialize)]
pub(super) struct Batch {
    pub(super) requests: Vec<BatchRequest>,
}

/// One request of a batch.
#[derive(Deserialize)]
pub(super) struct BatchRequest {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) url: String,
    #[serde(default)]
    pub(super) headers: Map<String, Value>,
    #[serde(default)]
    pub(super) body: Option<Value>,
    /// Requests that must have succeeded before. One SDK writes it in its own spelling.
    #[serde(default, rename = "dependsOn", alias = "depends_on")]
    pub(super) depends_on: Vec<String>,
}

/// The answer to one request of a batch.
#[derive(Serialize)]
pub(super) struct BatchAnswer {
    pub(super) id: String,
    pub(super) status: u16,
    pub(super) headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Value>,
}
