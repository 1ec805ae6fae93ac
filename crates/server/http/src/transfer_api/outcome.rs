//! `GET drives/{drive}/operations/{operation}`: the answer an operation got, for who never heard it.

use axum::Json;
use axum::extract::Path;
use drive::operations::find_outcome;
use serde::Deserialize;
use transfer::{OperationId, Outcome};

use crate::ApiError;
use crate::named_drive::NamedDrive;

#[derive(Deserialize)]
pub(super) struct OperationName {
    operation: String,
}

pub(super) async fn get_outcome(
    at: NamedDrive,
    Path(name): Path<OperationName>,
) -> Result<Json<Outcome>, ApiError> {
    let operation = OperationId(name.operation);
    if operation.0.len() > OperationId::MAX_LENGTH || operation.0.chars().any(char::is_control) {
        return Err(ApiError::NotFound);
    }
    let (call, caller) = (&at.caller.call, at.caller.caller);
    Ok(Json(find_outcome(call, caller, at.app.runtime.clone(), at.drive, operation).await?))
}
