//! The organization's sharing levels: one setting, reached from the admin center, the CLI and the API alike (B05).

use model::SharingLevel;
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
        Ok(SharingSettings { sites: tenant.site_sharing, personal })
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
        let now = SharingSettings { sites, personal: personal_level(sites, personal) };
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
