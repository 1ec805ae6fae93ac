//! `/admin/provisioning/tokens`: the provisioning services of an organization (X09). A token is shown once, when it is made.

use axum::Json;
use axum::extract::{Path, State};
use directory::{list_provisioning_tokens, revoke_provisioning_token};
use graph_types::Collection;
use http::StatusCode;
use model::{ProvisioningToken, ProvisioningTokenId};
use serde::{Deserialize, Serialize};

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

/// Days a token lasts when none are asked for, and at most.
const DAYS: u16 = 365;
const MOST_DAYS: u16 = 730;

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const TOKENS: &str = "/v1.0/admin/provisioning/tokens";
    routes.get(TOKENS, Admits::Token, list_tokens).post(TOKENS, Admits::Token, create_token).delete(
        "/v1.0/admin/provisioning/tokens/{token}",
        Admits::Token,
        revoke_token,
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    display_name: String,
    days: Option<u16>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    display_name: String,
    created_date_time: String,
    expires_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_url: Option<String>,
}

impl Shown {
    fn of(token: &ProvisioningToken) -> Self {
        Self {
            id: token.id.to_string(),
            display_name: token.display_name.clone(),
            created_date_time: token.created.to_string(),
            expires_date_time: token.expires.to_string(),
            token: None,
            tenant_url: None,
        }
    }
}

async fn list_tokens(Authenticated { call, .. }: Authenticated) -> Result<Json<Collection<Shown>>, ApiError> {
    let found = list_provisioning_tokens(&call).await?;
    Ok(Json(Collection::last(found.iter().map(Shown::of).collect())))
}

async fn create_token(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let days = asked.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ApiError::invalid(format!("days must be between 1 and {MOST_DAYS}")));
    }
    let (token, secret) = app.identity.create_provisioning_token(&call, &asked.display_name, days).await?;
    let shown = Shown {
        token: Some(secret.as_str().to_owned()),
        tenant_url: Some(format!("{}/scim/v2", app.settings.origin)),
        ..Shown::of(&token)
    };
    Ok((StatusCode::CREATED, Json(shown)))
}

async fn revoke_token(
    Authenticated { call, .. }: Authenticated,
    Path(token): Path<String>,
) -> Result<StatusCode, ApiError> {
    // Who may not see tokens is refused before anything about the id is told.
    list_provisioning_tokens(&call).await?;
    let token: ProvisioningTokenId = token.parse().map_err(|_| ApiError::NotFound)?;
    revoke_provisioning_token(&call, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
