//! Setting a site's own sharing level (B06). Administrators do; owners cannot (L-11).

use directory::{authority_of, event, record, widest_level};
use model::{SharingLevel, Site, SiteId};
use policy::{Administration, may_administer, may_set_site_level};
use storage::{Call, Commit, Unaudited};

use super::SiteError;

/// Sets a site's own level, as strict as the organization's or stricter. Permissions and links are kept: a stricter
/// level masks them (L-21).
///
/// # Errors
/// [`SiteError::Refused`] or [`SiteError::NotFound`].
pub async fn set_site_sharing(call: &Call, site: SiteId, level: SharingLevel) -> Result<Site, SiteError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let authority = authority_of(scope, actor)?;
        may_administer(&authority, Administration::SetSharing).into_result()?;
        let site = scope.sites().find(site)?.ok_or(SiteError::NotFound)?;
        let tenant = scope.tenants().load()?;
        let organization = widest_level(&site, tenant.site_sharing, tenant.personal_sharing);
        may_set_site_level(organization, level).into_result()?;
        if site.sharing == level {
            return Ok(Commit::unaudited(site, Unaudited::NothingChanged));
        }
        scope.sites().update_sharing(site.id, level)?;
        let done = event(&runtime, actor, "SharingPolicyChanged")
            .site(site.id)
            .detail("Before", site.sharing.graph_name())
            .detail("After", level.graph_name());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(Site { sharing: level, ..site }, proof))
    })
    .await
}
