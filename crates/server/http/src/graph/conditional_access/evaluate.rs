//! `POST /identity/conditionalAccess/evaluate`: what every policy would say to a sign-in, in the shape of Graph's beta; and
//! `POST …/policies/preview`, ours: which guests a policy would stop from syncing (C07). One file, because both put the same
//! answers of policies into words.

use axum::Json;
use axum::extract::State;
use directory::{Arrival, Stopped, WhatIf, list_access_policies, preview_access_policy, what_if};
use graph_types::Collection;
use model::{AccessPolicyId, ClientApp, Platform, Presence};
use policy::{Considered, Demand, Missed};
use serde::Deserialize;
use serde_json::{Value, json};

use super::shape;
use crate::json_body::JsonBody;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.post("/v1.0/identity/conditionalAccess/evaluate", Admits::Token, evaluate).post(
        "/v1.0/identity/conditionalAccess/policies/preview",
        Admits::Token,
        preview,
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    sign_in_identity: Identity,
    #[serde(default)]
    sign_in_context: Context,
    #[serde(default)]
    sign_in_conditions: Conditions,
    #[serde(default)]
    applied_policies_only: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    user_id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    include_applications: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Conditions {
    device_platform: Option<String>,
    client_app_type: Option<String>,
    ip_address: Option<String>,
}

async fn evaluate(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<Json<Collection<Value>>, ApiError> {
    let on = asked.sign_in_conditions;
    let address = on
        .ip_address
        .map(|text| text.parse().map_err(|_| ApiError::invalid("ipAddress is an address such as 192.0.2.7")));
    let platform = on.device_platform.map(|name| {
        Platform::from_graph_name(&name).ok_or_else(|| ApiError::invalid("devicePlatform is not known"))
    });
    let client_app = on.client_app_type.map(|name| {
        ClientApp::from_graph_name(&name).ok_or_else(|| ApiError::invalid("clientAppType is not known"))
    });
    let presence = Presence { address: address.transpose()?, platform: platform.transpose()? };
    let client_app = client_app.transpose()?.unwrap_or(ClientApp::MobileAndDesktop);
    let countries = app.identity.countries().clone();
    let asked_of = WhatIf {
        user: asked.sign_in_identity.user_id.parse().map_err(|_| ApiError::invalid("userId is no id"))?,
        arrival: Arrival { presence, client_app, countries },
        applications: asked.sign_in_context.include_applications,
    };
    let mut answers = Vec::new();
    for (policy, considered) in what_if(&call, asked_of).await? {
        let applies = !matches!(considered, Considered::NotApplied(_));
        if asked.applied_policies_only && !applies {
            continue;
        }
        let mut answer = serde_json::to_value(shape::write(&policy)).map_err(ApiError::internal)?;
        answer["policyApplies"] = applies.into();
        answer["analysisReasons"] = reason(&considered).into();
        answer["footbridge"] = words(&considered);
        answers.push(answer);
    }
    Ok(Json(Collection::last(answers)))
}

async fn preview(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Value>,
) -> Result<Json<Collection<Value>>, ApiError> {
    let known = list_access_policies(&call).await?;
    let named = asked.get("id").and_then(Value::as_str);
    let before = match named {
        Some(id) => known.into_iter().find(|policy| policy.id.to_string() == id).ok_or(ApiError::NotFound)?,
        None => {
            let id = AccessPolicyId::from_random(call.store().runtime().random());
            shape::empty(id, call.tenant(), call.store().runtime().now())
        }
    };
    let policy = shape::read(asked, before)?;
    let stopped = preview_access_policy(&call, policy, app.identity.countries().clone()).await?;
    Ok(Json(Collection::last(stopped.iter().map(write_stopped).collect())))
}

fn write_stopped(stopped: &Stopped) -> Value {
    let last = stopped.last.as_ref();
    json!({
        "id": stopped.guest.id.to_string(),
        "displayName": stopped.guest.display_name,
        "mail": stopped.guest.mail,
        "footbridge": words(&stopped.considered),
        "lastSignInDateTime": last.map(|last| graph_types::GraphTime::from(last.at)),
        "ipAddress": last.and_then(|last| last.presence.address).map(|address| address.to_string()),
        "devicePlatform": last.and_then(|last| last.presence.platform).map(Platform::graph_name),
    })
}

/// Graph's word for why a policy does not apply.
fn reason(considered: &Considered) -> &'static str {
    match considered {
        Considered::NotApplied(Missed::State) => "policyNotEnabled",
        Considered::NotApplied(Missed::Users) => "users",
        Considered::NotApplied(Missed::Applications) => "application",
        Considered::NotApplied(Missed::Locations) => "location",
        Considered::NotApplied(Missed::Platforms) => "devicePlatform",
        Considered::NotApplied(Missed::ClientApps) => "clientApps",
        _ => "notSet",
    }
}

/// Says what a policy that applies does with the sign-in.
fn words(considered: &Considered) -> Value {
    match considered {
        Considered::NotApplied(_) => json!({ "result": "notApplied" }),
        Considered::Satisfied => json!({ "result": "success" }),
        Considered::Refuses(barrier) => json!({ "result": "failure", "code": barrier.code() }),
        Considered::Asks { demands, .. } => {
            let code = demands.iter().min().map(|demand| demand.code());
            let asks: Vec<String> = demands.iter().map(demand).collect();
            json!({ "result": "userActionRequired", "code": code, "asks": asks })
        }
    }
}

fn demand(demand: &Demand) -> String {
    match demand {
        Demand::Mfa => "mfa".to_owned(),
        Demand::Terms(terms) => format!("termsOfUse:{terms}"),
        Demand::SignInAgain => "signInAgain".to_owned(),
    }
}
