//! Errors: the one place where failures become answers. Public and internal message are separate.
//!
//! An [`ApiError`] says what the caller may know. Its body is written by the `envelope` layer, which knows the
//! request's id. Internal causes are logged here, once, and told to nobody.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use directory::DirectoryError;
use drive::links::LinkError;
use drive::sharing::SharingError;
use drive::sites::SiteError;
use http::{HeaderValue, StatusCode, header};
use identity::AuthenticationFault;
use policy::Reason;
use storage::StorageError;

/// A refused or failed request.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No bearer token was sent.
    #[error("an access token is needed")]
    TokenMissing,
    /// The token was refused.
    #[error(transparent)]
    Authentication(#[from] AuthenticationFault),
    /// The token is of another organization than the one that owns the link.
    #[error("this link belongs to another organization; get a token for it at {authority}")]
    OtherTenant {
        /// Where a token of that organization is had.
        authority: String,
    },
    /// The request is malformed or breaks a rule.
    #[error("{message}")]
    Invalid {
        /// Graph's code, such as `invalidRequest`.
        code: &'static str,
        /// A finer code, such as `invalidPath`.
        inner: Option<&'static str>,
        /// What is wrong, and how to mend it.
        message: String,
    },
    /// The caller sees the thing but may not do this with it.
    #[error("{0}")]
    Forbidden(String),
    /// A rule of the organization refuses it; the caller sees the thing and is told the reason.
    #[error("{} {}", .0.message(), .0.remedy())]
    Refused(Reason),
    /// Somebody to share with is refused, so nothing was done.
    #[error("{message}")]
    Recipient {
        /// The refusal's code.
        inner: &'static str,
        /// Who, by position, and why.
        message: String,
    },
    /// It does not exist, or the caller may not know of it. The two are never told apart.
    #[error("the requested item was not found")]
    NotFound,
    /// The caller has no drive of their own.
    #[error("you have no personal drive in this organization")]
    NoPersonalDrive,
    /// The name is taken, or another rule of the tree refuses the change.
    #[error("{message}")]
    Conflict {
        /// Graph's code, such as `nameAlreadyExists`.
        code: &'static str,
        /// What is in the way, and how to mend it.
        message: String,
    },
    /// The condition of `If-Match` does not hold.
    #[error("the item has changed since it was read; read it again and repeat the change")]
    PreconditionFailed,
    /// The range lies outside the content of this length, in bytes.
    #[error("the requested range lies outside the file, which has {0} bytes")]
    RangeNotSatisfiable(u64),
    /// A fragment does not go on where its upload session stands.
    #[error("{message}")]
    FragmentMisplaced {
        /// `fragmentOutOfOrder` or `fragmentOverlap`.
        inner: &'static str,
        /// Where to go on.
        message: String,
    },
    /// The upload session is over, or never was this caller's.
    #[error("the upload session does not exist or has ended; make a new one")]
    UploadSessionNotFound,
    /// The fragment is longer than one request may carry.
    #[error("a fragment may have {0} bytes at most; send the file in more of them")]
    FragmentTooLong(u64),
    /// The delta token is of another time or place; start over.
    #[error("the delta token can no longer be used; list everything again")]
    ResyncRequired {
        /// `resyncApplyDifferences`, `resyncUploadDifferences` or `epochChanged`.
        inner: &'static str,
        /// Where to start over.
        location: Option<String>,
    },
    /// The body is larger than allowed.
    #[error("the request's body is larger than the {0} bytes allowed here")]
    TooLarge(usize),
    /// The space of the drive is used up.
    #[error("the library has no space left; delete something or ask its owner for more")]
    QuotaReached,
    /// The operation id was used for something else.
    #[error("this operation id was already used for another change")]
    OperationReused,
    /// Too many of these were asked for; it is to be repeated later.
    #[error("too many requests of this kind; repeat it after the time that Retry-After names")]
    Throttled {
        /// When to come back.
        after: Duration,
    },
    /// Known, and not built yet.
    #[error("{0} is not supported by this server yet")]
    NotSupported(&'static str),
    /// The method does not exist at this address.
    #[error("this address does not take that method")]
    MethodNotAllowed,
    /// Something failed that is not the caller's doing.
    #[error("the server failed; try again, and tell the operator the request id if it stays")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the `envelope` layer writes into the body.
#[derive(Debug, Clone)]
pub(crate) struct ErrorBody {
    pub(crate) code: &'static str,
    pub(crate) inner: Option<&'static str>,
    pub(crate) message: String,
}

impl ApiError {
    /// Says that the request is malformed.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid { code: "invalidRequest", inner: None, message: message.into() }
    }

    /// Wraps a failure that is not the caller's doing.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }

    /// Returns the status and the finest code, for an outcome that stands among others in one answer.
    pub(crate) fn told(&self) -> (StatusCode, &'static str) {
        let (status, code, inner) = self.status_and_codes();
        (status, inner.unwrap_or(code))
    }

    fn status_and_codes(&self) -> (StatusCode, &'static str, Option<&'static str>) {
        match self {
            Self::TokenMissing
            | Self::Authentication(AuthenticationFault::Invalid | AuthenticationFault::Refused(_)) => {
                (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", None)
            }
            Self::OtherTenant { .. } => {
                (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", Some("otherTenant"))
            }
            Self::Authentication(AuthenticationFault::Expired) => {
                (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", Some("expired_token"))
            }
            Self::Invalid { code, inner, .. } => (StatusCode::BAD_REQUEST, code, *inner),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, "accessDenied", None),
            Self::Refused(reason) => (StatusCode::FORBIDDEN, "accessDenied", Some(reason.code())),
            Self::Recipient { inner, .. } => (StatusCode::FORBIDDEN, "accessDenied", Some(inner)),
            Self::NotFound => (StatusCode::NOT_FOUND, "itemNotFound", None),
            Self::NoPersonalDrive => (StatusCode::NOT_FOUND, "ResourceNotFound", None),
            Self::Conflict { code, .. } => (StatusCode::CONFLICT, code, None),
            Self::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, "resourceModified", None),
            Self::RangeNotSatisfiable(_) => (StatusCode::RANGE_NOT_SATISFIABLE, "invalidRange", None),
            Self::FragmentMisplaced { inner, .. } => {
                (StatusCode::RANGE_NOT_SATISFIABLE, "invalidRange", Some(inner))
            }
            Self::UploadSessionNotFound => {
                (StatusCode::NOT_FOUND, "itemNotFound", Some("uploadSessionNotFound"))
            }
            Self::FragmentTooLong(_) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "invalidRequest", Some("maxFragmentLengthExceeded"))
            }
            Self::ResyncRequired { inner, .. } => (StatusCode::GONE, "resyncRequired", Some(inner)),
            Self::TooLarge(_) => {
                (StatusCode::PAYLOAD_TOO_LARGE, "invalidRequest", Some("maxFileSizeExceeded"))
            }
            Self::QuotaReached => (StatusCode::INSUFFICIENT_STORAGE, "quotaLimitReached", None),
            Self::OperationReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalidRequest", Some("operationReused"))
            }
            Self::Throttled { .. } => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", None),
            Self::NotSupported(_) => (StatusCode::NOT_IMPLEMENTED, "notSupported", None),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "notAllowed", None),
            Self::Authentication(AuthenticationFault::Storage(_)) | Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "generalException", None)
            }
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        Self::internal(error)
    }
}

impl From<DirectoryError> for ApiError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Refused(reason) => Self::Refused(reason),
            DirectoryError::NotFound => Self::NotFound,
            DirectoryError::CountriesUnknown => Self::Forbidden(error.to_string()),
            DirectoryError::InUse(_) => Self::Conflict { code: "conflict", message: error.to_string() },
            DirectoryError::Taken => Self::Conflict { code: "nameAlreadyExists", message: error.to_string() },
            DirectoryError::OtherRecipient | DirectoryError::AlreadyAccepted => {
                Self::Forbidden(error.to_string())
            }
            DirectoryError::Address(_)
            | DirectoryError::AddressOfMember
            | DirectoryError::ForeignDomain
            | DirectoryError::ForeignRedirect
            | DirectoryError::Member
            | DirectoryError::SecretMissing
            | DirectoryError::ForeignAddress
            | DirectoryError::NotMergeable
            | DirectoryError::UnknownLocation(_)
            | DirectoryError::OwnOrganization
            | DirectoryError::Text(_) => Self::invalid(error.to_string()),
            DirectoryError::Storage(error) => error.into(),
        }
    }
}

impl From<SiteError> for ApiError {
    fn from(error: SiteError) -> Self {
        match error {
            SiteError::Refused(reason) => Self::Refused(reason),
            SiteError::NotFound => Self::NotFound,
            SiteError::Name | SiteError::LibraryName => Self::invalid(error.to_string()),
            SiteError::Taken => Self::Conflict { code: "nameAlreadyExists", message: error.to_string() },
            SiteError::Storage(error) => error.into(),
        }
    }
}

impl From<SharingError> for ApiError {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Refused(reason) => Self::Refused(reason),
            SharingError::NotFound => Self::NotFound,
            SharingError::Recipients
            | SharingError::Message
            | SharingError::Options(_)
            | SharingError::Inherited
            | SharingError::TooManyBreaks => Self::invalid(error.to_string()),
            SharingError::Recipient { refusal, .. } => {
                Self::Recipient { inner: refusal.code(), message: error.to_string() }
            }
            SharingError::Directory(error) => error.into(),
            SharingError::Storage(error) if error.is_duplicate() => Self::Conflict {
                code: "resourceModified",
                message: "somebody shared the same at the same moment; look and repeat".to_owned(),
            },
            SharingError::Storage(error) => error.into(),
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::NotFound => Self::NotFound,
            LinkError::Refused(reason) => Self::Refused(reason),
            LinkError::Item(error) => error.into(),
            LinkError::Storage(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, inner) = self.status_and_codes();
        if status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED {
            tracing::error!(error = &self as &dyn std::error::Error, "a request failed");
        }
        let mut response = status.into_response();
        let headers = response.headers_mut();
        match &self {
            Self::TokenMissing
            | Self::Authentication(AuthenticationFault::Invalid | AuthenticationFault::Refused(_)) => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    HeaderValue::from_static("Bearer error=\"invalid_token\""),
                );
            }
            // rclone refreshes its token only when it reads this word.
            Self::Authentication(AuthenticationFault::Expired) => {
                let value = "Bearer error=\"invalid_token\", error_description=\"expired_token\"";
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(value));
            }
            Self::OtherTenant { authority } => {
                let value = format!("Bearer realm=\"\", authorization_uri=\"{authority}\"");
                if let Ok(value) = HeaderValue::try_from(value) {
                    headers.insert(header::WWW_AUTHENTICATE, value);
                }
            }
            Self::Throttled { after } => {
                // In whole seconds, never too early.
                let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
                headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
            }
            Self::RangeNotSatisfiable(length) => {
                if let Ok(value) = HeaderValue::try_from(format!("bytes */{length}")) {
                    headers.insert(header::CONTENT_RANGE, value);
                }
            }
            Self::ResyncRequired { location: Some(location), .. } => {
                if let Ok(value) = HeaderValue::try_from(location) {
                    headers.insert(header::LOCATION, value);
                }
            }
            _ => {}
        }
        response.extensions_mut().insert(ErrorBody { code, inner, message: self.to_string() });
        response
    }
}
