//! `DELETE uploadUrl`: ends a session without a file. One that became a file has nothing left to cancel.

use drive::upload_sessions::cancel_session;
use http::StatusCode;

use super::address::{NamedSession, refusal};
use crate::ApiError;

pub(super) async fn cancel(at: NamedSession) -> Result<StatusCode, ApiError> {
    cancel_session(&at.caller.call, at.who()).await.map_err(refusal)?;
    Ok(StatusCode::NO_CONTENT)
}
