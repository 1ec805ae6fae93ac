//! The error envelope of every API of the server (graph-surface.md 1.5).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `{"error": {...}}`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphError {
    /// What went wrong.
    pub error: GraphErrorBody,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphErrorBody {
    /// Machine-readable, such as `itemNotFound`.
    pub code: String,
    /// For people: what, and how to mend it.
    pub message: String,
    /// Details.
    #[serde(default, alias = "innererror", skip_serializing_if = "Option::is_none")]
    pub inner_error: Option<GraphInnerError>,
}

/// Details of an error. Foreign servers leave out what they like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphInnerError {
    /// A finer code, such as `pathIsTooLong`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// The server's id of the request, for support.
    #[serde(default, rename = "request-id", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The client's id of the request, echoed.
    #[serde(default, rename = "client-request-id", skip_serializing_if = "Option::is_none")]
    pub client_request_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::GraphError;

    #[test]
    fn both_spellings_of_the_inner_error_are_read() {
        for name in ["innerError", "innererror"] {
            let text =
                format!(r#"{{"error":{{"code":"itemNotFound","message":"gone","{name}":{{"code":"x"}}}}}}"#);
            let error: GraphError = serde_json::from_str(&text).expect("reads");
            assert_eq!(error.error.inner_error.and_then(|inner| inner.code).as_deref(), Some("x"));
        }
    }
}
