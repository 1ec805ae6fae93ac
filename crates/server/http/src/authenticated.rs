//! Authenticated: the extractor that turns a person's bearer token into a call. With `Administering` it is a handler's
//! only road to a tenant's data.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::{AUTHORIZATION, USER_AGENT};
use http::request::Parts;
use identity::{Authentication, Bearer};
use model::{Caller, FamilyId, Road};
use policy::Reason;
use storage::Call;

use crate::presence::presence_of;
use crate::{ApiError, App};

/// Who calls, and the context bound to their tenant.
#[derive(Clone)]
pub struct Authenticated {
    /// The context.
    pub call: Call,
    /// The person.
    pub caller: Caller,
    /// The client's line of tokens.
    pub line: Option<FamilyId>,
}

impl FromRequestParts<App> for Authenticated {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        match authenticate(parts, app).await? {
            Authentication::Person(Bearer { call, caller, line }) => {
                let road = road_of(parts);
                Ok(Self { call, caller: Caller { road, ..caller }, line })
            }
            Authentication::Application(_) => Err(ApiError::Refused(Reason::PersonRequired)),
        }
    }
}

/// Reads the bearer token and returns whose it is.
pub(crate) async fn authenticate(parts: &Parts, app: &App) -> Result<Authentication, ApiError> {
    let token = bearer(parts).ok_or(ApiError::TokenMissing)?;
    let program = program_of(&parts.headers);
    Ok(match app.identity.meeting(presence_of(parts)).authenticate(token).await? {
        Authentication::Person(bearer) => {
            let call = bearer.call.with_program(program);
            Authentication::Person(Bearer { call, ..bearer })
        }
        Authentication::Application(call) => Authentication::Application(call.with_program(program)),
    })
}

/// Longest name of a program that a record keeps, in characters.
const PROGRAM: usize = 200;

/// Says with which program a request was made, for the records of what it does.
pub(crate) fn program_of(headers: &HeaderMap) -> Option<Arc<str>> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(PROGRAM).collect::<String>().into())
}

/// Says by which road a request with a token came: the transfer API is what syncs.
fn road_of(parts: &Parts) -> Road {
    if parts.uri.path().starts_with("/transfer/") { Road::Sync } else { Road::Program }
}

/// Returns the bearer token; the scheme is read in any case, because clients write it in any case.
pub(crate) fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
