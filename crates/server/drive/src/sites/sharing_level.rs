//! What a site sets about sharing: its own level (B06), list of domains (B07), and what it sets apart from the organization.
//! Administrators do; owners cannot (L-11).

use std::collections::BTreeSet;

use directory::{acting_person, authority_of, event, log_site_change, record, widest_level};
use model::{
    Actor, AuditEvent, DefaultLink, DeviceAccess, DomainList, DomainMode, DomainName, Downloads, ItemStamp,
    Lifetime, LockState, OrganizationLinks, SharingLevel, Site, SiteGate, SiteId, SitePolicy,
};
use policy::{
    Administration, may_administer, may_set_anyone_caps, may_set_guest_life, may_set_site_domains,
    may_set_site_level,
};
use storage::{Call, Commit, ListPlace, Scope, StorageError, Unaudited};

use super::SiteError;
use crate::links::Setting;

/// What a site sets about sharing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSharing {
    /// The site, with its own level.
    pub site: Site,
    /// What it sets apart.
    pub policy: SitePolicy,
    /// Its list of domains; `policy` says what it means.
    pub domains: BTreeSet<DomainName>,
}

/// A change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSharingChange {
    /// Its own level; none keeps it.
    pub level: Option<SharingLevel>,
    /// Its list of domains; none keeps it.
    pub domains: Option<DomainList>,
    /// How long a guest keeps what they are given.
    pub guest_life: Setting<Lifetime>,
    /// How long a link without sign-in lasts.
    pub anyone_life: Setting<Lifetime>,
    /// The default link.
    pub default_link: Setting<DefaultLink>,
    /// Its lock; none keeps it.
    pub lock: Option<LockState>,
    /// From which devices it opens; none keeps it.
    pub devices: Option<DeviceAccess>,
    /// Whether its files may be taken along; none keeps it.
    pub downloads: Option<Downloads>,
    /// Whether it has links for the organization; none keeps it.
    pub organization_links: Option<OrganizationLinks>,
}

impl SiteSharingChange {
    /// A change of nothing.
    pub const NONE: Self = Self {
        level: None,
        domains: None,
        guest_life: Setting::Keep,
        anyone_life: Setting::Keep,
        default_link: Setting::Keep,
        lock: None,
        devices: None,
        downloads: None,
        organization_links: None,
    };
}

impl SiteSharing {
    /// Reads it within another read; none when there is no such site. Decides nothing.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) fn load<M>(scope: &mut Scope<'_, M>, site: SiteId) -> Result<Option<Self>, StorageError> {
        let Some(site) = scope.sites().find(site)? else { return Ok(None) };
        let policy = scope.sharing_policies().load_of_site(site.id)?;
        let domains = scope.listed_domains().list(ListPlace::Site(site.id))?;
        Ok(Some(Self { site, policy, domains }))
    }

    /// Returns it as a change would make it.
    #[must_use]
    pub fn with(&self, change: &SiteSharingChange) -> Self {
        let (mode, domains) = match &change.domains {
            Some(list) => (list.mode, list.domains.clone()),
            None => (self.policy.domains, self.domains.clone()),
        };
        Self {
            site: Site { sharing: change.level.unwrap_or(self.site.sharing), ..self.site.clone() },
            policy: SitePolicy {
                domains: mode,
                guest_life: change.guest_life.clone().apply(self.policy.guest_life),
                anyone_life: change.anyone_life.clone().apply(self.policy.anyone_life),
                default_link: change.default_link.clone().apply(self.policy.default_link),
                gate: SiteGate {
                    lock: change.lock.unwrap_or(self.policy.gate.lock),
                    devices: change.devices.unwrap_or(self.policy.gate.devices),
                    downloads: change.downloads.unwrap_or(self.policy.gate.downloads),
                },
                organization_links: change.organization_links.unwrap_or(self.policy.organization_links),
            },
            domains: if mode == DomainMode::Unrestricted { BTreeSet::new() } else { domains },
        }
    }

    /// Returns its list of domains with what it means.
    #[must_use]
    pub fn domain_list(&self) -> DomainList {
        DomainList { mode: self.policy.domains, domains: self.domains.clone() }
    }
}

/// Reads what a site sets about sharing. Administrators alone may.
///
/// # Errors
/// [`SiteError::Refused`] or [`SiteError::NotFound`].
pub async fn site_sharing(call: &Call, site: SiteId) -> Result<SiteSharing, SiteError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor)?;
        SiteSharing::load(scope, site)?.ok_or(SiteError::NotFound)
    })
    .await
}

/// Says what a site would set after a change, if it may be made.
pub(crate) fn proposed<M>(
    scope: &mut Scope<'_, M>,
    before: &SiteSharing,
    change: &SiteSharingChange,
) -> Result<SiteSharing, SiteError> {
    let after = before.with(change);
    let tenant = scope.tenants().load()?;
    let organization = scope.sharing_policies().load()?;
    if let Some(level) = change.level {
        let widest = widest_level(&before.site, tenant.site_sharing, tenant.personal_sharing);
        may_set_site_level(widest, level).into_result()?;
    }
    if change.domains.is_some() {
        let there = scope.listed_domains().list(ListPlace::Sharing)?;
        may_set_site_domains(organization.domains, &there, &after.domain_list()).into_result()?;
    }
    let caps = policy::anyone_link_caps(&organization, &after.policy);
    let life = after.policy.guest_life.unwrap_or(organization.guest_life);
    may_set_guest_life(life).and(may_set_anyone_caps(&caps)).into_result()?;
    Ok(after)
}

/// Changes what a site sets about sharing. Permissions and links are kept: a stricter setting masks them (L-21).
///
/// # Errors
/// [`SiteError::Refused`] or [`SiteError::NotFound`].
pub async fn change_site_sharing(
    call: &Call,
    site: SiteId,
    change: SiteSharingChange,
) -> Result<SiteSharing, SiteError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor)?;
        let before = SiteSharing::load(scope, site)?.ok_or(SiteError::NotFound)?;
        let after = proposed(scope, &before, &change)?;
        if after == before {
            return Ok(Commit::unaudited(after, Unaudited::NothingChanged));
        }
        scope.sites().update_sharing(site, after.site.sharing)?;
        scope.sharing_policies().update_of_site(site, &after.policy)?;
        if before.policy.gate != after.policy.gate {
            let by = acting_person(actor);
            log_site_change(scope, site, ItemStamp { at: runtime.now(), by })?;
        }
        if before.domains != after.domains {
            scope.listed_domains().replace(ListPlace::Site(site), &after.domains)?;
        }
        let done = describe(event(&runtime, actor, "SharingPolicyChanged").site(site), &before, &after);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(after, proof))
    })
    .await
}

/// Sets a site's own level, as strict as the organization's or stricter.
///
/// # Errors
/// [`SiteError::Refused`] or [`SiteError::NotFound`].
pub async fn set_site_sharing(call: &Call, site: SiteId, level: SharingLevel) -> Result<Site, SiteError> {
    let change = SiteSharingChange { level: Some(level), ..SiteSharingChange::NONE };
    Ok(change_site_sharing(call, site, change).await?.site)
}

pub(crate) fn require<M>(scope: &mut Scope<'_, M>, actor: Actor) -> Result<(), SiteError> {
    let authority = authority_of(scope, actor)?;
    Ok(may_administer(&authority, Administration::SetSharing).into_result()?)
}

fn describe(event: AuditEvent, before: &SiteSharing, after: &SiteSharing) -> AuditEvent {
    let mut event = event
        .detail("Before", before.site.sharing.graph_name())
        .detail("After", after.site.sharing.graph_name());
    if before.policy != after.policy {
        let (old, new) = (before.policy.gate, after.policy.gate);
        if old.lock != new.lock {
            event = event.detail("LockStateAfter", new.lock.name());
        }
        if old.devices != new.devices {
            event = event.detail("ConditionalAccessPolicyAfter", new.devices.name());
        }
        event = event.detail("PolicyAfter", format!("{:?}", after.policy));
    }
    if before.domains != after.domains {
        let listed: Vec<&str> = after.domains.iter().map(DomainName::as_str).collect();
        event = event.detail("DomainsAfter", listed.join(" "));
    }
    event
}
