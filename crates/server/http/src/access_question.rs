//! `POST /transfer/v1/access`: whether a root is still open, as a signed statement, for somebody who had it (flow 5).
//!
//! The question comes with the credential of the home account, because who lost the guest account has no other. To
//! everybody who never had the root it does not exist.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use drive::access::root_state;
use http::header;
use model::{DriveId, ItemId, TenantId};
use storage::System;
use transfer::{AccessQuestion, AccessReport};

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

/// Longest nonce, in bytes.
const NONCE: usize = 256;

/// Adds the route.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    routes.post("/transfer/v1/access", Admits::Token, post_access)
}

async fn post_access(
    State(app): State<App>,
    caller: Authenticated,
    JsonBody(question): JsonBody<AccessQuestion>,
) -> Result<Response, ApiError> {
    if question.nonce.is_empty() || question.nonce.len() > NONCE {
        return Err(ApiError::invalid("a nonce has 1 to 256 bytes"));
    }
    let hidden = |_| ApiError::NotFound;
    let tenant: TenantId = question.tenant.parse().map_err(hidden)?;
    let drive: DriveId = question.drive.parse().map_err(hidden)?;
    let item: ItemId = question.item.parse().map_err(hidden)?;
    let (home, now) = (caller.caller.home, app.runtime.now());
    let state = System::new(app.store.clone(), tenant, "access question")
        .read(move |scope| root_state(scope, home, now, drive, item))
        .await?
        .ok_or(ApiError::NotFound)?;
    let report = AccessReport {
        drive: question.drive,
        item: question.item,
        person: format!("{}.{}", home.tenant, home.user),
        nonce: question.nonce,
        iat: now.as_second(),
        state: state.state,
        reason: state.reason,
        message: state.message.to_owned(),
        remedy: state.remedy.to_owned(),
    };
    let statement = app.identity.sign_statement(&report).map_err(ApiError::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/jose")], statement).into_response())
}
