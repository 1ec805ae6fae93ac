//! Door: who calls with a provisioning token, what they send, and answers in SCIM's media type.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use storage::Call;

use super::error::{MEDIA_TYPE, ScimError};
use crate::App;
use crate::authenticated::bearer;
use crate::presence::presence_of;

/// Longest body, in bytes.
const LONGEST: usize = 1024 * 1024;

/// A provisioning service of an organization.
pub(super) struct Provisioner(pub(super) Call);

impl FromRequestParts<App> for Provisioner {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ScimError> {
        let token = bearer(parts).ok_or_else(ScimError::unauthenticated)?;
        let call = app.identity.meeting(presence_of(parts)).provisioning(token).await?;
        call.map(Self).ok_or_else(ScimError::unauthenticated)
    }
}

/// A request's JSON body.
pub(super) struct ScimBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for ScimBody<T> {
    type Rejection = ScimError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ScimError> {
        let bytes = Bytes::from_request(request, app).await.map_err(|_| ScimError::too_long())?;
        if bytes.len() > LONGEST {
            return Err(ScimError::too_long());
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ScimError::bad("invalidSyntax", format!("the body cannot be read: {error}")))
    }
}

/// An answer with a resource.
pub(super) struct Resource(pub(super) StatusCode, pub(super) Value);

impl IntoResponse for Resource {
    fn into_response(self) -> Response {
        let Self(status, value) = self;
        let location = value["meta"]["location"].as_str().and_then(|text| HeaderValue::try_from(text).ok());
        let mut response = (status, Body::from(value.to_string())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(location) = location {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}
