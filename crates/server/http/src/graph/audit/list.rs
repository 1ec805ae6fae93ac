//! `GET /admin/audit`: ours; the audit trail by time, operation, person, site and item, newest first.

use axum::Json;
use axum::extract::State;
use drive::audit_trail::search_audit;
use graph_types::{AuditEntry, Collection};

use super::question::{read, write_token};
use super::shape::entry;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError, App};

/// Records of a page when nothing is asked.
const USUAL: i64 = 100;
/// Most records of a page.
const MOST: i64 = 1_000;

pub(super) async fn list_audit(
    State(app): State<App>,
    Administering { call, person }: Administering,
    query: GraphQuery,
) -> Result<Json<Collection<AuditEntry>>, ApiError> {
    let question = read(&app, &query)?;
    let page = search_audit(&call, person, question, query.top(USUAL, MOST)?).await?;
    let origin = &app.settings.origin;
    let next = page.next.map(|place| query.next_link(origin, "/v1.0/admin/audit", &write_token(place)));
    let value = page.records.into_iter().map(|view| entry(origin, view)).collect();
    Ok(Json(Collection { context: None, value, next_link: next }))
}
