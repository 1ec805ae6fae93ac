//! Cross-tenant access settings of an organization (4.10). A change counts with the next token and request of everybody.

use std::collections::BTreeMap;

use model::{CrossTenantSettings, Partner};
use policy::{Administration, may_set_cross_tenant};
use storage::{Call, Commit};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// Returns all settings, by whom they are about. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn list_cross_tenant(
    call: &Call,
) -> Result<BTreeMap<Partner, CrossTenantSettings>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        Ok(scope.cross_tenant().list()?)
    })
    .await
}

/// Keeps settings in the place of those there were.
///
/// # Errors
/// [`DirectoryError::Refused`] when they contradict themselves, and [`DirectoryError::OwnOrganization`].
pub async fn put_cross_tenant(
    call: &Call,
    partner: Partner,
    settings: CrossTenantSettings,
) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if partner == Partner::Tenant(scope.tenant()) {
            return Err(DirectoryError::OwnOrganization);
        }
        may_set_cross_tenant(&settings).into_result()?;
        scope.cross_tenant().put(partner, &settings)?;
        let done = event(&runtime, actor, "UpdateCrossTenantAccessSetting").detail("Partner", name(partner));
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Removes the settings about one organization: the default counts for it again.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn delete_cross_tenant(call: &Call, partner: Partner) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if !scope.cross_tenant().delete(partner)? {
            return Err(DirectoryError::NotFound);
        }
        let done = event(&runtime, actor, "DeletePartnerCrossTenantAccess").detail("Partner", name(partner));
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

fn name(partner: Partner) -> String {
    match partner {
        Partner::Default => "default".to_owned(),
        Partner::Tenant(tenant) => tenant.to_string(),
    }
}
