//! Conditional access policies: `/identity/conditionalAccess/policies` (C05, C06). One file for its few endpoints, which
//! share how a policy is found and written; what they read and write stands in `shape`.

mod evaluate;
mod locations;
mod shape;

use axum::Json;
use axum::extract::{Path, State};
use directory::{delete_access_policy, list_access_policies, put_access_policy};
use graph_types::{Collection, ConditionalAccessPolicy};
use http::StatusCode;
use model::{AccessPolicy, AccessPolicyId};
use serde_json::Value;

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";
    const POLICY: &str = "/v1.0/identity/conditionalAccess/policies/{policy}";
    evaluate::add(locations::add(routes))
        .get(POLICIES, Admits::Token, list_policies)
        .post(POLICIES, Admits::Token, create_policy)
        .get(POLICY, Admits::Token, get_policy)
        .patch(POLICY, Admits::Token, update_policy)
        .delete(POLICY, Admits::Token, delete_policy)
}

async fn list_policies(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<Collection<ConditionalAccessPolicy>>, ApiError> {
    let found = list_access_policies(&call).await?;
    Ok(Json(Collection::last(found.iter().map(shape::write).collect())))
}

async fn create_policy(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Value>,
) -> Result<(StatusCode, Json<ConditionalAccessPolicy>), ApiError> {
    let id = AccessPolicyId::from_random(call.store().runtime().random());
    let fresh = shape::empty(id, call.tenant(), call.store().runtime().now());
    let policy = shape::read(asked, fresh)?;
    let kept = put_access_policy(&call, policy, app.identity.countries().clone()).await?;
    Ok((StatusCode::CREATED, Json(shape::write(&kept))))
}

async fn get_policy(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<Json<ConditionalAccessPolicy>, ApiError> {
    Ok(Json(shape::write(&find(list_access_policies(&call).await?, &id)?)))
}

async fn update_policy(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<Value>,
) -> Result<Json<ConditionalAccessPolicy>, ApiError> {
    let before = find(list_access_policies(&call).await?, &id)?;
    let countries = app.identity.countries().clone();
    let kept = put_access_policy(&call, shape::read(asked, before)?, countries).await?;
    Ok(Json(shape::write(&kept)))
}

async fn delete_policy(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    // Who may not see policies is refused before anything about the id is told.
    let found = find(list_access_policies(&call).await?, &id)?;
    delete_access_policy(&call, found.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn find(policies: Vec<AccessPolicy>, id: &str) -> Result<AccessPolicy, ApiError> {
    let id: AccessPolicyId = id.parse().map_err(|_| ApiError::NotFound)?;
    policies.into_iter().find(|policy| policy.id == id).ok_or(ApiError::NotFound)
}
