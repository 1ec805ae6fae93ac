//! `GET` and `PATCH /admin/audit/settings`: ours; how long records are kept.

use axum::Json;
use drive::audit_trail::{audit_retention, set_audit_retention};
use graph_types::AuditSettings;

use crate::json_body::JsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn get_audit_settings(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<AuditSettings>, ApiError> {
    Ok(Json(AuditSettings { retention_in_days: audit_retention(&call).await? }))
}

pub(super) async fn update_audit_settings(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<AuditSettings>,
) -> Result<Json<AuditSettings>, ApiError> {
    let days = set_audit_retention(&call, asked.retention_in_days).await?;
    Ok(Json(AuditSettings { retention_in_days: days }))
}
