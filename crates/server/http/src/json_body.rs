//! JSON bodies: read whatever the content type says, because clients differ; a bad one is answered in the envelope.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::{ApiError, App};

/// Longest JSON body, in bytes.
const LONGEST: usize = 1024 * 1024;

/// A request's JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A request's JSON body that may be left out.
pub(crate) struct MaybeJsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequest<App> for MaybeJsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let bytes = read(request, app).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
}

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        parse(&read(request, app).await?).map(Self)
    }
}

async fn read(request: Request, app: &App) -> Result<Bytes, ApiError> {
    let bytes = Bytes::from_request(request, app).await.map_err(|_| ApiError::TooLarge(LONGEST))?;
    if bytes.len() > LONGEST { Err(ApiError::TooLarge(LONGEST)) } else { Ok(bytes) }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ApiError::invalid(format!("the body is not the JSON expected here: {error}")))
}
