//! `GET /common/discovery/instance`: tells an identity library that this host is an authority of its own.

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::App;

#[derive(Deserialize)]
pub(super) struct InstanceQuery {
    #[serde(default)]
    authorization_endpoint: String,
}

pub(super) async fn get_instance(State(app): State<App>, Query(query): Query<InstanceQuery>) -> Response {
    let origin = app.identity.origin();
    let asked = Url::parse(&query.authorization_endpoint).ok();
    let ours = Url::parse(origin).ok();
    let tenant = asked
        .as_ref()
        .filter(|asked| ours.as_ref().is_some_and(|ours| ours.origin() == asked.origin()))
        .and_then(|asked| asked.path_segments()?.next())
        .filter(|segment| !segment.is_empty());
    let Some(tenant) = tenant else {
        let text = "AADSTS50049: Unknown or invalid instance.";
        let body = json!({ "error": "invalid_instance", "error_description": text, "error_codes": [50049] });
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    };
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    Json(json!({
        "tenant_discovery_endpoint": format!("{origin}/{tenant}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    }))
    .into_response()
}
