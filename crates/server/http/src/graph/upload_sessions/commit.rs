//! `POST uploadUrl`: writes the file of a session whose sender wanted to say when.

use axum::Json;
use axum::response::{IntoResponse, Response};
use drive::items::Written;
use drive::upload_sessions::{OpenSession, commit_session};
use http::StatusCode;

use super::address::{NamedSession, refusal};
use crate::ApiError;
use crate::graph::items::answer;

pub(super) async fn commit(at: NamedSession) -> Result<Response, ApiError> {
    let open = at.find().await?;
    write_file(&at, &open).await
}

/// Writes the file of a complete session and answers with it, the same at every repeat.
pub(super) async fn write_file(at: &NamedSession, open: &OpenSession) -> Result<Response, ApiError> {
    let drive = at.drive(open);
    let written = commit_session(&at.caller.call, drive.edit(), open.session.id, None).await;
    let (seen, written) = written.map_err(refusal)?;
    let status = if written == Written::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(answer(&drive, seen).await?)).into_response())
}
