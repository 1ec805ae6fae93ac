//! Authenticated: the extractor that turns a bearer token into a call. It is a handler's only road to a tenant's data.

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use identity::Bearer;
use model::Caller;
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

impl FromRequestParts<App> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let token = bearer(parts).ok_or(ApiError::TokenMissing)?;
        let Bearer { call, caller } = app.identity.authenticate(token).await?;
        Ok(Self { call, caller })
    }
}

/// Returns the bearer token; the scheme is read in any case, because clients write it in any case.
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
