//! Administering: the extractor of routes that a program of the organization may use as well as a person. What either may
//! do there is decided by roles and permissions (`policy`); every other route takes [`Authenticated`] and refuses programs.

use axum::extract::FromRequestParts;
use http::request::Parts;
use identity::Authentication;
use model::Caller;
use storage::Call;

use crate::authenticated::authenticate;
use crate::{ApiError, App};

/// Who calls, and the context bound to their tenant.
#[derive(Clone)]
pub struct Administering {
    /// The context.
    pub call: Call,
    /// The person; none when a program calls.
    pub person: Option<Caller>,
}

impl FromRequestParts<App> for Administering {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Ok(match authenticate(parts, app).await? {
            Authentication::Person(bearer) => Self { call: bearer.call, person: Some(bearer.caller) },
            Authentication::Application(call) => Self { call, person: None },
        })
    }
}
