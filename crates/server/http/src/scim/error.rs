//! Errors in SCIM's shape (RFC 7644 3.12). What is not the caller's doing goes through [`ApiError`], which logs it.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use directory::DirectoryError;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use storage::StorageError;

use crate::ApiError;

/// The media type of everything SCIM.
pub(super) const MEDIA_TYPE: &str = "application/scim+json";

/// A refused or failed request.
#[derive(Debug)]
pub(crate) struct ScimError {
    status: StatusCode,
    kind: Option<&'static str>,
    detail: String,
    failure: Option<StorageError>,
}

impl ScimError {
    fn new(status: StatusCode, kind: Option<&'static str>, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into(), failure: None }
    }

    /// Says that the request is malformed.
    pub(super) fn bad(kind: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Some(kind), detail)
    }

    /// Says that there is no such resource, or none that provisioning may touch.
    pub(super) fn absent() -> Self {
        Self::new(StatusCode::NOT_FOUND, None, "there is no such resource")
    }

    /// Says that the body is too long.
    pub(super) fn too_long() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, None, "the body is longer than 1 MiB")
    }

    /// Says that no valid token was sent.
    pub(super) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            None,
            "send a provisioning token of the organization as bearer token",
        )
    }

    /// Says that a list is longer than can be searched.
    pub(super) fn too_many() -> Self {
        Self::bad(
            "tooMany",
            "too many resources would have to be searched; filter by userName, externalId or emails with eq",
        )
    }
}

impl From<StorageError> for ScimError {
    fn from(failure: StorageError) -> Self {
        Self {
            failure: Some(failure),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, None, "the server failed; try again")
        }
    }
}

impl From<DirectoryError> for ScimError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Storage(failure) => failure.into(),
            DirectoryError::NotFound => Self::absent(),
            DirectoryError::Taken => Self::new(StatusCode::CONFLICT, Some("uniqueness"), error.to_string()),
            DirectoryError::Refused(reason) => {
                Self::new(StatusCode::FORBIDDEN, None, format!("{} {}", reason.message(), reason.remedy()))
            }
            other => Self::bad("invalidValue", other.to_string()),
        }
    }
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        if let Some(failure) = self.failure {
            // Logged there, once; the body is ours.
            let _logged = ApiError::from(failure).into_response();
        }
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_u16().to_string(),
            "detail": self.detail,
        });
        if let Some(kind) = self.kind {
            body["scimType"] = kind.into();
        }
        let mut response = (self.status, Body::from(body.to_string())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
