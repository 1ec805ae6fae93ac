//! `GET /{organization}/v2.0/.well-known/openid-configuration`

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use identity::Authority;
use serde_json::json;

use super::refused::refuse;
use crate::App;

pub(super) async fn get_configuration(
    State(app): State<App>,
    Path(organization): Path<String>,
    headers: HeaderMap,
) -> Response {
    let issuer = match app.identity.authority(&organization).await {
        Ok(Authority::Tenant(tenant)) => app.identity.issuer(tenant),
        // Who signs in is not known yet; clients fill in the tenant of the token.
        Ok(Authority::Home) => format!("{}/{{tenantid}}/v2.0", app.identity.origin()),
        Err(error) => return refuse(&app, &headers, error),
    };
    let base = format!("{}/{organization}", app.identity.origin());
    let origin = app.identity.origin();
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
        "end_session_endpoint": format!("{base}/oauth2/v2.0/logout"),
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"
        ],
        "scopes_supported": ["openid", "profile", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nbf", "nonce", "oid", "tid", "preferred_username", "name", "ver"
        ],
        "tenant_region_scope": null,
        "cloud_instance_name": host,
        "cloud_graph_host_name": host,
        "msgraph_host": host,
    }))
    .into_response()
}
