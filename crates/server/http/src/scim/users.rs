//! `/scim/v2/Users`: the organization's members. Guests are not there.

use axum::extract::{Path, Query, State};
use directory::{
    PersonKey, ProvisionedPerson, change_provisioned, deprovision_person, find_provisioned, list_provisioned,
    provision_person,
};
use http::StatusCode;
use model::UserId;
use serde_json::Value;
use storage::{Call, SignIn};

use super::door::{Provisioner, Resource, ScimBody};
use super::error::ScimError;
use super::filter::{Filter, member};
use super::list::{ListQuery, SEARCHED};
use super::patch::Patch;
use super::user_shape::{read, write};
use crate::App;

/// People read at once while a list is searched.
const PAGE: i64 = 1_000;

pub(super) async fn list(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Query(query): Query<ListQuery>,
) -> Result<Resource, ScimError> {
    let filter = query.filter()?;
    let found = match filter.as_ref().and_then(looked_up) {
        Some(key) => find_provisioned(&call, key).await?.into_iter().collect(),
        None => every(&call).await?,
    };
    let written = found.iter().map(|person| write(&app.settings.origin, person));
    let fitting = written.filter(|user| filter.as_ref().is_none_or(|filter| filter.fits(user))).collect();
    Ok(Resource(StatusCode::OK, query.page(fitting)?))
}

pub(super) async fn create(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    ScimBody(user): ScimBody<Value>,
) -> Result<Resource, ScimError> {
    let person = provision_person(&call, read(&user)?).await?;
    Ok(Resource(StatusCode::CREATED, write(&app.settings.origin, &person)))
}

pub(super) async fn get(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
) -> Result<Resource, ScimError> {
    let person = find_provisioned(&call, PersonKey::Id(parse(&id)?)).await?.ok_or_else(ScimError::absent)?;
    Ok(Resource(StatusCode::OK, write(&app.settings.origin, &person)))
}

pub(super) async fn replace(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
    ScimBody(user): ScimBody<Value>,
) -> Result<Resource, ScimError> {
    let mut wanted = read(&user)?;
    let person = change_provisioned(&call, parse(&id)?, move |before| {
        // What a service does not speak of stays: nobody is let in again, or loses an address, by an omission.
        if member(&user, "active").is_none() {
            wanted.sign_in = if before.user.enabled { SignIn::Allowed } else { SignIn::Blocked };
        }
        if member(&user, "emails").is_none() {
            wanted.addresses = before.addresses.iter().filter_map(|address| address.parse().ok()).collect();
        }
        Ok::<_, ScimError>(wanted)
    })
    .await?;
    Ok(Resource(StatusCode::OK, write(&app.settings.origin, &person)))
}

pub(super) async fn change(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
    ScimBody(patch): ScimBody<Patch>,
) -> Result<Resource, ScimError> {
    let changed = change_provisioned(&call, parse(&id)?, move |before: &ProvisionedPerson| {
        let mut user = write("", before);
        let own = before.user.principal_name.clone();
        patch.apply(&mut user)?;
        follow_renaming(&mut user, &own);
        read(&user)
    })
    .await?;
    Ok(Resource(StatusCode::OK, write(&app.settings.origin, &changed)))
}

pub(super) async fn delete(
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
) -> Result<StatusCode, ScimError> {
    deprovision_person(&call, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn parse(id: &str) -> Result<UserId, ScimError> {
    id.parse().map_err(|_| ScimError::absent())
}

/// Returns what a filter lets one person be found by, without looking at all of them.
fn looked_up(filter: &Filter) -> Option<PersonKey> {
    let id = filter.must_equal("id").and_then(|text| text.parse().ok()).map(PersonKey::Id);
    let name = || filter.must_equal("userName").map(|text| PersonKey::UserName(text.to_owned()));
    let external = || filter.must_equal("externalId").map(|text| PersonKey::ExternalId(text.to_owned()));
    let address = || filter.must_equal("emails").and_then(|text| text.parse().ok()).map(PersonKey::Address);
    id.or_else(name).or_else(external).or_else(address)
}

async fn every(call: &Call) -> Result<Vec<ProvisionedPerson>, ScimError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = list_provisioned(call, after, PAGE).await?;
        all.extend(page);
        match next {
            None => return Ok(all),
            Some(_) if all.len() > SEARCHED => return Err(ScimError::too_many()),
            Some(next) => after = Some(next),
        }
    }
}

/// Drops the old sign-in name from the addresses when it changed and the service did not name it anew: it is shown as an
/// address, and nobody asked to keep it.
fn follow_renaming(user: &mut Value, own: &str) {
    let renamed = user["userName"].as_str().is_some_and(|name| !name.eq_ignore_ascii_case(own));
    if renamed && let Some(emails) = user["emails"].as_array_mut() {
        emails.retain(|email| !email["value"].as_str().is_some_and(|text| text.eq_ignore_ascii_case(own)));
    }
}
