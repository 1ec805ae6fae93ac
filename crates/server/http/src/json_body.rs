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
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::invalid(format!("the body is not the JSON expected here: {error}")))
    }
}
