//! Authenticated: the extractor that turns a bearer token into a call. It is a handler's only road to a tenant's data.

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use model::Caller;
use runtime::BoxFuture;
use storage::Call;

use crate::{ApiError, App};

/// Who calls, and the context bound to their tenant.
#[derive(Clone)]
pub struct Authenticated {
    /// The context.
    pub call: Call,
    /// The person.
    pub caller: Caller,
}

/// Why a token was not accepted. The caller is told no more than this.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// Not a token of this cloud, or its person may no longer use it.
    #[error("the access token is not valid")]
    Invalid,
    /// It was valid once; a fresh one will do.
    #[error("the access token has expired")]
    Expired,
    /// The token could not be checked.
    #[error("the access token could not be checked")]
    Storage(#[from] storage::StorageError),
}

/// Checks a bearer token against the stored truth.
pub trait Authenticate: Send + Sync + 'static {
    /// Returns who calls.
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
    ) -> BoxFuture<'a, Result<Authenticated, AuthenticationError>>;
}

impl FromRequestParts<App> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = bearer(parts).ok_or(ApiError::TokenMissing)?;
        Ok(app.authenticate.authenticate(token).await?)
    }
}

/// Returns the bearer token; the scheme is read in any case, because clients write it in any case.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
