//! `GET /admin/audit/verification?head=`: ours; whether the audit trail is as the server wrote it. `head` is what an earlier
//! answer told and was kept elsewhere.

use axum::Json;
use axum::extract::State;
use drive::audit_trail::require_audit_reader;
use graph_types::{AuditFinding, AuditVerification};
use identity::AuditHead;

use crate::graph_query::GraphQuery;
use crate::{ApiError, App, Authenticated};

pub(super) async fn verify_audit(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    query: GraphQuery,
) -> Result<Json<AuditVerification>, ApiError> {
    require_audit_reader(&call, Some(caller), None).await?;
    let head =
        query.get("head").map(|text| text.parse::<AuditHead>().map_err(ApiError::invalid)).transpose()?;
    let verdict = app.identity.verify_audit(call.tenant(), head).await.map_err(ApiError::internal)?;
    let findings = verdict
        .tampering
        .iter()
        .map(|sign| AuditFinding { code: sign.code().to_owned(), message: sign.to_string() })
        .collect::<Vec<_>>();
    Ok(Json(AuditVerification {
        intact: findings.is_empty(),
        records: verdict.records,
        seals: verdict.seals,
        unsealed: verdict.unsealed,
        head: verdict.head.to_string(),
        findings,
    }))
}
