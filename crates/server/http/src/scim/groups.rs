//! `/scim/v2/Groups`: the organization's security groups with the members among its people.

use axum::extract::{Path, Query, State};
use directory::{
    ProvisionedGroup, change_provisioned_group, deprovision_group, find_provisioned_group,
    list_provisioned_groups, provision_group,
};
use http::StatusCode;
use model::GroupId;
use serde_json::Value;

use super::door::{Provisioner, Resource, ScimBody};
use super::error::ScimError;
use super::group_shape::{read, write};
use super::list::ListQuery;
use super::patch::Patch;
use crate::App;

pub(super) async fn list(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Query(query): Query<ListQuery>,
) -> Result<Resource, ScimError> {
    let filter = query.filter()?;
    let groups = list_provisioned_groups(&call).await?;
    let written = groups.iter().map(|group| write(&app.settings.origin, group));
    let fitting: Vec<Value> =
        written.filter(|group| filter.as_ref().is_none_or(|filter| filter.fits(group))).collect();
    let mut page = query.page(fitting)?;
    if query.leaves_out("members")
        && let Some(groups) = page["Resources"].as_array_mut()
    {
        groups.iter_mut().filter_map(Value::as_object_mut).for_each(|group| {
            group.remove("members");
        });
    }
    Ok(Resource(StatusCode::OK, page))
}

pub(super) async fn create(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    ScimBody(group): ScimBody<Value>,
) -> Result<Resource, ScimError> {
    let group = provision_group(&call, read(&group)?).await?;
    Ok(Resource(StatusCode::CREATED, write(&app.settings.origin, &group)))
}

pub(super) async fn get(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Resource, ScimError> {
    let group = find_provisioned_group(&call, parse(&id)?).await?.ok_or_else(ScimError::absent)?;
    let mut written = write(&app.settings.origin, &group);
    if query.leaves_out("members")
        && let Some(written) = written.as_object_mut()
    {
        written.remove("members");
    }
    Ok(Resource(StatusCode::OK, written))
}

pub(super) async fn replace(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
    ScimBody(group): ScimBody<Value>,
) -> Result<Resource, ScimError> {
    let wanted = read(&group)?;
    let group = change_provisioned_group(&call, parse(&id)?, move |_| Ok::<_, ScimError>(wanted)).await?;
    Ok(Resource(StatusCode::OK, write(&app.settings.origin, &group)))
}

pub(super) async fn change(
    State(app): State<App>,
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
    ScimBody(patch): ScimBody<Patch>,
) -> Result<Resource, ScimError> {
    let changed = change_provisioned_group(&call, parse(&id)?, move |before: &ProvisionedGroup| {
        let mut group = write("", before);
        patch.apply(&mut group)?;
        read(&group)
    })
    .await?;
    Ok(Resource(StatusCode::OK, write(&app.settings.origin, &changed)))
}

pub(super) async fn delete(
    Provisioner(call): Provisioner,
    Path(id): Path<String>,
) -> Result<StatusCode, ScimError> {
    deprovision_group(&call, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn parse(id: &str) -> Result<GroupId, ScimError> {
    id.parse().map_err(|_| ScimError::absent())
}
