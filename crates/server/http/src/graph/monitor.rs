//! `GET /monitor/{key}`: how far a copy is (graph-surface.md 3.10). Clients ask without a token, so the key is a secret.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use drive::copy::load_copy;
use graph_types::CopyStatus;
use http::{HeaderValue, StatusCode, header};
use model::CopyState;

use crate::{Admits, ApiError, App, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.get("/v1.0/monitor/{key}", Admits::Anyone, get_monitor)
}

async fn get_monitor(State(app): State<App>, Path(key): Path<String>) -> Result<Response, ApiError> {
    let key = key.parse().map_err(|_| ApiError::NotFound)?;
    let copy = load_copy(&app.store, key).await?;
    let mut told = CopyStatus {
        operation: "itemCopy".to_owned(),
        percentage_complete: copy.percentage(),
        ..CopyStatus::default()
    };
    // A redirect at the end would be followed and its answer taken for a status.
    let (status, word) = match copy.state {
        CopyState::Running => (StatusCode::ACCEPTED, "inProgress"),
        CopyState::Completed => {
            told.resource_id = Some(copy.target.to_string());
            (StatusCode::OK, "completed")
        }
        CopyState::Failed { code, message } => {
            told.error_code = Some(code);
            told.status_description = Some(message);
            (StatusCode::OK, "failed")
        }
    };
    told.status = word.to_owned();
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((status, [no_store], Json(told)).into_response())
}
