//! The organization's sharing settings: its levels (B05), and whether sharing with people outside makes guests (A05). One
//! setting each, reached from the admin center, the CLI and the API alike.

use model::{GuestIntegration, SharingLevel};
use policy::{Administration, personal_level};
use storage::{Call, Commit, Unaudited};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// The organization's external sharing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharingSettings {
    /// Level for sites.
    pub sites: SharingLevel,
    /// Level in effect for personal drives; never looser than the one for sites.
    pub personal: SharingLevel,
    /// Whether sharing with people outside makes guests.
    pub integration: GuestIntegration,
}

/// Reads the settings. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn organization_sharing(call: &Call) -> Result<SharingSettings, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        let tenant = scope.tenants().load()?;
        let personal = personal_level(tenant.site_sharing, tenant.personal_sharing);
        let integration = scope.tenants().guest_integration()?;
        Ok(SharingSettings { sites: tenant.site_sharing, personal, integration })
    })
    .await
}

/// Sets one or both levels; what is none stays. What sites have set is kept and takes effect again when this loosens.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn set_organization_sharing(
    call: &Call,
    sites: Option<SharingLevel>,
    personal: Option<SharingLevel>,
) -> Result<SharingSettings, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        let before = scope.tenants().load()?;
        let sites = sites.unwrap_or(before.site_sharing);
        let personal = personal.unwrap_or(before.personal_sharing);
        let integration = scope.tenants().guest_integration()?;
        let now = SharingSettings { sites, personal: personal_level(sites, personal), integration };
        if (sites, personal) == (before.site_sharing, before.personal_sharing) {
            return Ok(Commit::unaudited(now, Unaudited::NothingChanged));
        }
        scope.tenants().update_sharing(sites, personal)?;
        let done = event(&runtime, actor, "SharingPolicyChanged")
            .detail("Before", before.site_sharing.graph_name())
            .detail("After", sites.graph_name())
            .detail("PersonalAfter", personal.graph_name());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(now, proof))
    })
    .await
}

/// Sets whether sharing with people outside makes guests (A05). Guests who are there stay guests; whoever was named by
/// address alone stays that until they are shared with again.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn set_guest_integration(
    call: &Call,
    integration: GuestIntegration,
) -> Result<SharingSettings, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        let tenant = scope.tenants().load()?;
        let personal = personal_level(tenant.site_sharing, tenant.personal_sharing);
        let now = SharingSettings { sites: tenant.site_sharing, personal, integration };
        if scope.tenants().guest_integration()? == integration {
            return Ok(Commit::unaudited(now, Unaudited::NothingChanged));
        }
        scope.tenants().update_guest_integration(integration)?;
        let after = match integration {
            GuestIntegration::On => "on",
            GuestIntegration::Off => "off",
        };
        let done = event(&runtime, actor, "SharingPolicyChanged").detail("GuestIntegrationAfter", after);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(now, proof))
    })
    .await
}
