//! `POST /sites/{id}/accessReview/decisions`: ours; one access stays or is taken away.

use axum::Json;
use axum::extract::{Path, State};
use drive::review::decide_access;
use graph_types::AccessDecision;
use model::{ReviewDecision, ReviewSubject};

use crate::graph::SiteName;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn post_decision(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    Path(name): Path<String>,
    JsonBody(asked): JsonBody<AccessDecision>,
) -> Result<Json<AccessDecision>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    let subject = match (&asked.permission_id, &asked.link_id) {
        (Some(id), None) => ReviewSubject::Permission(id.parse().map_err(|_| ApiError::NotFound)?),
        (None, Some(id)) => ReviewSubject::Link(id.parse().map_err(|_| ApiError::NotFound)?),
        _ => return Err(ApiError::invalid("name permissionId or linkId, one of them")),
    };
    let decision = match asked.decision.as_str() {
        "keep" => ReviewDecision::Keep,
        "remove" => ReviewDecision::Remove,
        _ => return Err(ApiError::invalid("decision is keep or remove")),
    };
    let reviewed = decide_access(&call, caller, site, subject, decision).await?;
    Ok(Json(AccessDecision { decided: Some(reviewed.at.into()), ..asked }))
}
