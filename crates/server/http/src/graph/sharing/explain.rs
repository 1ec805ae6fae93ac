//! `POST …/explain` of a site, library, folder or file: ours; will it sync for this person? (X02)
//!
//! A question by `POST`, so that no address stands in an address.

use axum::Json;
use drive::explain::{Condition, Standing, explain_sync};
use drive::sharing::RecipientName;
use graph_types::{SyncCondition, SyncExplanation, SyncQuestion};

use super::place::NamedPlace;
use crate::json_body::MaybeJsonBody;
use crate::{ApiError, Authenticated};

pub(super) async fn post_explain(
    caller: Authenticated,
    place: NamedPlace,
    MaybeJsonBody(asked): MaybeJsonBody<SyncQuestion>,
) -> Result<Json<SyncExplanation>, ApiError> {
    let place = place.place(&caller).await?;
    let person = asked.person.map(|person| person.trim().to_owned()).filter(|person| !person.is_empty());
    if person.as_ref().is_some_and(|person| person.len() > 320 || person.contains('\0')) {
        return Err(ApiError::invalid("person is an address or an id"));
    }
    let person = person.map(|person| match person.contains('@') {
        true => RecipientName::Address(person),
        false => RecipientName::Object(person),
    });
    let found = explain_sync(&caller.call, caller.caller, place, person).await?;
    Ok(Json(SyncExplanation {
        will_sync: found.will_sync(),
        person_id: found.person.map(|person| person.id.to_string()),
        person: found.named,
        conditions: found.conditions.into_iter().map(condition).collect(),
    }))
}

fn condition(condition: Condition) -> SyncCondition {
    let state = match condition.standing {
        Standing::Passed => "passed",
        Standing::Asked => "asked",
        Standing::Failed => "failed",
    };
    SyncCondition {
        code: condition.code.to_owned(),
        text: condition.text,
        state: state.to_owned(),
        remedy: condition.remedy,
    }
}
