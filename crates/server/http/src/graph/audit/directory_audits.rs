//! `GET /auditLogs/directoryAudits`: the audit trail in Graph's shape. The original tells the directory's records alone
//! here; ours tells every record.

use axum::Json;
use axum::extract::State;
use drive::audit_trail::search_audit;
use graph_types::{Collection, DirectoryAudit};

use super::question::{read_filter, write_token};
use super::shape::directory_audit;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError, App};

/// Records of a page when nothing is asked.
const USUAL: i64 = 100;
/// Most records of a page.
const MOST: i64 = 1_000;
const PATH: &str = "/v1.0/auditLogs/directoryAudits";

pub(super) async fn list_directory_audits(
    State(app): State<App>,
    Administering { call, person }: Administering,
    query: GraphQuery,
) -> Result<Json<Collection<DirectoryAudit>>, ApiError> {
    let question = read_filter(&query)?;
    let page = search_audit(&call, person, question, query.top(USUAL, MOST)?).await?;
    let next = page.next.map(|place| query.next_link(&app.settings.origin, PATH, &write_token(place)));
    let value = page.records.into_iter().map(directory_audit).collect();
    Ok(Json(Collection { context: None, value, next_link: next }))
}
