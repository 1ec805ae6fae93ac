//! `GET /auditLogs/signIns`: who came in or was kept out by policies, and what each policy said (P-3), the newest first. For
//! administrators; remembered for 30 days.

use axum::Json;
use axum::extract::State;
use directory::list_sign_ins;
use graph_types::{Collection, GraphTime};
use model::{AppliedPolicy, ClientApp, Platform, PolicyResult, PolicyState, SignInRecord, User};
use serde_json::{Value, json};

use crate::graph_query::GraphQuery;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

const PATH: &str = "/v1.0/auditLogs/signIns";
/// Sign-ins in a page when the caller does not say.
const PAGE: i64 = 100;
/// Most sign-ins in a page.
const LARGEST_PAGE: i64 = 1_000;

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.get(PATH, Admits::Token, get_sign_ins)
}

async fn get_sign_ins(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    query: GraphQuery,
) -> Result<Json<Collection<Value>>, ApiError> {
    query.refuse("filter", "$filter of sign-ins")?;
    query.refuse("orderby", "an order of sign-ins other than the newest first")?;
    let most = query.top(PAGE, LARGEST_PAGE)?;
    let before = query
        .get("skiptoken")
        .map(|text| text.parse().map_err(|_| ApiError::invalid("Invalid paging token; list from the start")));
    let found = list_sign_ins(&call, before.transpose()?, most).await?;
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) == most;
    let last = found.last().filter(|_| full).map(|(record, _)| record.id.to_string());
    let next_link = last.map(|last| query.next_link(&app.settings.origin, PATH, &last));
    let value = found.iter().map(|(record, user)| write(record, user.as_ref())).collect();
    Ok(Json(Collection { context: None, value, next_link }))
}

fn write(record: &SignInRecord, user: Option<&User>) -> Value {
    let enforced =
        record.policies.iter().filter(|applied| applied.state == PolicyState::Enabled).collect::<Vec<_>>();
    let status = match record.refused {
        Some(_) => "failure",
        None if enforced.is_empty() => "notApplied",
        None => "success",
    };
    json!({
        "id": record.id.to_string(),
        "createdDateTime": GraphTime::from(record.at),
        "userId": record.user.to_string(),
        "userDisplayName": user.map(|user| &user.display_name),
        "userPrincipalName": user.map(|user| &user.principal_name),
        "ipAddress": record.presence.address.map(|address| address.to_string()),
        "clientAppUsed": match record.client_app {
            ClientApp::Browser => "Browser",
            ClientApp::MobileAndDesktop => "Mobile Apps and Desktop clients",
            ClientApp::ExchangeActiveSync => "Exchange ActiveSync",
            ClientApp::Other => "Other clients",
        },
        "deviceDetail": { "operatingSystem": record.presence.platform.map(Platform::graph_name) },
        "status": { "errorCode": record.refused.unwrap_or_default() },
        "conditionalAccessStatus": status,
        "appliedConditionalAccessPolicies": record.policies.iter().map(applied).collect::<Vec<_>>(),
    })
}

fn applied(applied: &AppliedPolicy) -> Value {
    let result = match (applied.state, applied.result) {
        (PolicyState::Enabled, PolicyResult::Success) => "success",
        (PolicyState::Enabled, PolicyResult::Failure | PolicyResult::ActionRequired) => "failure",
        (PolicyState::Enabled, PolicyResult::NotApplied) => "notApplied",
        (PolicyState::ReportOnly, PolicyResult::Success) => "reportOnlySuccess",
        (PolicyState::ReportOnly, PolicyResult::Failure) => "reportOnlyFailure",
        (PolicyState::ReportOnly, PolicyResult::ActionRequired) => "reportOnlyInterrupted",
        (PolicyState::ReportOnly, PolicyResult::NotApplied) => "reportOnlyNotApplied",
        (PolicyState::Disabled, _) => "notEnabled",
    };
    json!({ "id": applied.policy.to_string(), "displayName": applied.display_name, "result": result })
}
