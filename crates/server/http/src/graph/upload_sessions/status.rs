//! `GET uploadUrl`: how far a session is.

use axum::Json;
use graph_types::UploadSession;

use super::address::NamedSession;
use super::progress::progress;
use crate::ApiError;

pub(super) async fn get_status(at: NamedSession) -> Result<Json<UploadSession>, ApiError> {
    let open = at.find().await?;
    // A file that was written has nothing left to ask for, and clients read the first range without looking.
    if open.session.finished.is_some() {
        return Err(ApiError::UploadSessionNotFound);
    }
    Ok(Json(progress(&open)))
}
