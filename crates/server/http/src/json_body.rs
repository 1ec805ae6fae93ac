//! JSON bodies: read whatever the content type says, because clients differ; a bad one is answered in the envelope.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::{ApiError, App};

/// Longest JSON body, in bytes.
const LONGEST: usize = 1024 * 1024;

/// A request's JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, app).await.map_err(|_| ApiError::TooLarge(LONGEST))?;
        if bytes.len() > LONGEST {
            return Err(ApiError::TooLarge(LONGEST));
        }
        refuse_nul(&bytes)?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::invalid(format!("the body is not the JSON expected here: {error}")))
    }
}

/// Refuses JSON with a NUL in a text, which PostgreSQL cannot keep.
pub(crate) fn refuse_nul(json: &[u8]) -> Result<(), ApiError> {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"u0000") {
            return Err(ApiError::invalid("a text must not contain the character U+0000"));
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse_nul;

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_none() {
        assert!(refuse_nul(br#"{"a":"x\\u0000"}"#).is_ok());
        assert!(refuse_nul(br#"{"a":"\\\u0000"}"#).is_err());
        assert!(refuse_nul(br#"{"a":"x\u0000"}"#).is_err());
        assert!(refuse_nul(br"\").is_ok());
    }
}
