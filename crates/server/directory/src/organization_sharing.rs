//! The organization's sharing settings: its levels (B05), whether sharing with people outside makes guests (A05), whom its
//! lists and groups admit (B07, B08), and what links and guests are worth. One setting each, reached from the admin
//! center, the CLI and the API alike. They take effect with the next request of everybody (L-22).

use std::collections::BTreeSet;

use model::{
    AnyoneLinkCaps, AuditEvent, DefaultLink, DomainList, DomainMode, DomainName, GroupKind, GuestIntegration,
    Lifetime, LinkKind, OwnerChoice, Resharing, Role, SharerGroup, Sharers, SharingLevel, SharingPolicy,
};
use policy::{
    Administration, may_set_anyone_caps, may_set_domains, may_set_guest_life, may_set_sharers, personal_level,
};
use storage::{Call, Commit, ListPlace, Scope, StorageError, Unaudited, Writing};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// The organization's external sharing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingSettings {
    /// Level for sites.
    pub sites: SharingLevel,
    /// Level for personal drives as it was set; what is in effect is [`Self::personal_in_effect`].
    pub personal: SharingLevel,
    /// Whether sharing with people outside makes guests.
    pub integration: GuestIntegration,
    /// What is set beside the levels.
    pub policy: SharingPolicy,
    /// The organization's list of domains; `policy` says what it means.
    pub domains: BTreeSet<DomainName>,
    /// The groups that share with people outside, where not everybody does.
    pub groups: Vec<SharerGroup>,
}

/// A change of the settings; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SharingChange {
    /// Level for sites.
    pub sites: Option<SharingLevel>,
    /// Level for personal drives.
    pub personal: Option<SharingLevel>,
    /// Whether sharing with people outside makes guests.
    pub integration: Option<GuestIntegration>,
    /// The list of domains.
    pub domains: Option<DomainList>,
    /// Who shares with people outside.
    pub sharers: Option<Sharers>,
    /// The groups that do.
    pub groups: Option<Vec<SharerGroup>>,
    /// Whether guests share on.
    pub resharing: Option<Resharing>,
    /// Whether members share on what they edit of a personal drive.
    pub personal_resharing: Option<OwnerChoice>,
    /// Whether requests for access to a personal drive go to its owner.
    pub personal_requests: Option<OwnerChoice>,
    /// How long a guest keeps what they are given in a site.
    pub guest_life: Option<Lifetime>,
    /// How long a link without sign-in lasts.
    pub anyone_life: Option<Lifetime>,
    /// What such a link lets do with a file.
    pub anyone_file_role: Option<Role>,
    /// What such a link lets do with a folder.
    pub anyone_folder_role: Option<Role>,
    /// Whom the default link opens for.
    pub default_kind: Option<LinkKind>,
    /// What the default link lets do.
    pub default_role: Option<Role>,
}

impl SharingSettings {
    /// Returns the level in effect for personal drives; never looser than the one for sites (L-1).
    #[must_use]
    pub fn personal_in_effect(&self) -> SharingLevel {
        personal_level(self.sites, self.personal)
    }

    /// Returns the settings as a change would make them.
    #[must_use]
    pub fn with(&self, change: &SharingChange) -> Self {
        let before = &self.policy;
        let (mode, domains) = match &change.domains {
            Some(list) => (list.mode, list.domains.clone()),
            None => (before.domains, self.domains.clone()),
        };
        let listed = if mode == DomainMode::Unrestricted { BTreeSet::new() } else { domains };
        Self {
            sites: change.sites.unwrap_or(self.sites),
            personal: change.personal.unwrap_or(self.personal),
            integration: change.integration.unwrap_or(self.integration),
            policy: SharingPolicy {
                domains: mode,
                sharers: change.sharers.unwrap_or(before.sharers),
                resharing: change.resharing.unwrap_or(before.resharing),
                personal_resharing: change.personal_resharing.unwrap_or(before.personal_resharing),
                personal_requests: change.personal_requests.unwrap_or(before.personal_requests),
                guest_life: change.guest_life.unwrap_or(before.guest_life),
                anyone_links: AnyoneLinkCaps {
                    life: change.anyone_life.unwrap_or(before.anyone_links.life),
                    file_role: change.anyone_file_role.unwrap_or(before.anyone_links.file_role),
                    folder_role: change.anyone_folder_role.unwrap_or(before.anyone_links.folder_role),
                },
                default_link: DefaultLink {
                    kind: change.default_kind.unwrap_or(before.default_link.kind),
                    role: change.default_role.unwrap_or(before.default_link.role),
                },
            },
            domains: listed,
            groups: change.groups.clone().unwrap_or_else(|| self.groups.clone()),
        }
    }

    /// Reads the settings within another read. Decides nothing.
    ///
    /// # Errors
    /// A storage error.
    pub fn load<M>(scope: &mut Scope<'_, M>) -> Result<Self, StorageError> {
        let tenant = scope.tenants().load()?;
        Ok(Self {
            sites: tenant.site_sharing,
            personal: tenant.personal_sharing,
            integration: scope.tenants().guest_integration()?,
            policy: scope.sharing_policies().load()?,
            domains: scope.listed_domains().list(ListPlace::Sharing)?,
            groups: scope.sharing_policies().list_sharer_groups()?,
        })
    }

    /// Returns the list of domains with its meaning.
    #[must_use]
    pub fn domain_list(&self) -> DomainList {
        DomainList { mode: self.policy.domains, domains: self.domains.clone() }
    }
}

/// Reads the settings. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn organization_sharing(call: &Call) -> Result<SharingSettings, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        Ok(SharingSettings::load(scope)?)
    })
    .await
}

/// Says what the settings would be after a change, if it may be made.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::NotFound`] for a group that is no security group here.
pub fn proposed_sharing<M>(
    scope: &mut Scope<'_, M>,
    before: &SharingSettings,
    change: &SharingChange,
) -> Result<SharingSettings, DirectoryError> {
    let after = before.with(change);
    may_set_domains(&after.domain_list())
        .and(may_set_sharers(&after.groups))
        .and(may_set_guest_life(after.policy.guest_life))
        .and(may_set_anyone_caps(&after.policy.anyone_links))
        .into_result()?;
    for chosen in change.groups.iter().flatten() {
        let group = scope.groups().find(chosen.group)?;
        group.filter(|group| group.kind == GroupKind::Security).ok_or(DirectoryError::NotFound)?;
    }
    Ok(after)
}

/// Changes the settings. What sites have set is kept and takes effect again when this loosens; links, permissions and
/// guests are kept too (L-20, L-21).
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::NotFound`] for a group that is no security group here.
pub async fn change_sharing(call: &Call, change: SharingChange) -> Result<SharingSettings, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        let before = SharingSettings::load(scope)?;
        let after = proposed_sharing(scope, &before, &change)?;
        if after == before {
            return Ok(Commit::unaudited(after, Unaudited::NothingChanged));
        }
        store(scope, &before, &after)?;
        let done = describe(event(&runtime, actor, "SharingPolicyChanged"), &before, &after);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(after, proof))
    })
    .await
}

/// Sets one or both levels; what is none stays.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn set_organization_sharing(
    call: &Call,
    sites: Option<SharingLevel>,
    personal: Option<SharingLevel>,
) -> Result<SharingSettings, DirectoryError> {
    change_sharing(call, SharingChange { sites, personal, ..SharingChange::default() }).await
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
    change_sharing(call, SharingChange { integration: Some(integration), ..SharingChange::default() }).await
}

fn store(
    scope: &mut Scope<'_, Writing>,
    before: &SharingSettings,
    after: &SharingSettings,
) -> Result<(), StorageError> {
    scope.tenants().update_sharing(after.sites, after.personal)?;
    scope.tenants().update_guest_integration(after.integration)?;
    scope.sharing_policies().update(&after.policy)?;
    if before.domains != after.domains {
        scope.listed_domains().replace(ListPlace::Sharing, &after.domains)?;
    }
    if before.groups != after.groups {
        scope.sharing_policies().replace_sharer_groups(&after.groups)?;
    }
    Ok(())
}

/// Describes a change for the audit trail: each setting that is another now.
fn describe(event: AuditEvent, before: &SharingSettings, after: &SharingSettings) -> AuditEvent {
    let (old, new) = (&before.policy, &after.policy);
    let integration = |settings: &SharingSettings| match settings.integration {
        GuestIntegration::On => "on".to_owned(),
        GuestIntegration::Off => "off".to_owned(),
    };
    let groups = |settings: &SharingSettings| match settings.policy.sharers {
        Sharers::Everybody => "everybody".to_owned(),
        Sharers::Groups => format!("{:?}", settings.groups),
    };
    let domains = |settings: &SharingSettings| {
        settings.domains.iter().map(DomainName::as_str).collect::<Vec<_>>().join(" ")
    };
    let level = |level: SharingLevel| level.graph_name().to_owned();
    let settings = [
        ("After", level(before.sites), level(after.sites)),
        ("PersonalAfter", level(before.personal), level(after.personal)),
        ("GuestIntegrationAfter", integration(before), integration(after)),
        ("DomainModeAfter", old.domains.graph_name().to_owned(), new.domains.graph_name().to_owned()),
        ("DomainsAfter", domains(before), domains(after)),
        ("SharersAfter", groups(before), groups(after)),
        ("ResharingAfter", format!("{:?}", old.resharing), format!("{:?}", new.resharing)),
        (
            "PersonalResharingAfter",
            old.personal_resharing.name().to_owned(),
            new.personal_resharing.name().to_owned(),
        ),
        (
            "PersonalRequestsAfter",
            old.personal_requests.name().to_owned(),
            new.personal_requests.name().to_owned(),
        ),
        ("GuestDaysAfter", old.guest_life.days().to_string(), new.guest_life.days().to_string()),
        ("AnyoneLinksAfter", format!("{:?}", old.anyone_links), format!("{:?}", new.anyone_links)),
        ("DefaultLinkAfter", format!("{:?}", old.default_link), format!("{:?}", new.default_link)),
    ];
    let event = event.detail("Before", level(before.sites));
    let changed = settings.into_iter().filter(|(_, before, after)| before != after);
    changed.fold(event, |event, (name, _, after)| event.detail(name, after))
}
