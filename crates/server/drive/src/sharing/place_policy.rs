//! Place policy: what organization and site set about sharing at a place, and how far the one who shares there may reach
//! outside. Loaded once for a request; what follows from it is decided by `policy`.

use directory::{SharingLists, authority_of, directory_standing, domain_of, sharing_standing};
use model::{
    Actor, AnyoneLinkCaps, Caller, DomainName, LinkKind, OrganizationLinks, OwnerChoice, PermissionScope,
    Resharing, Role, SharerReach, Sharers, SharingPolicy, SiteId, SitePolicy, User,
};
use policy::{
    DomainFacts, DomainStanding, Recipient, RecipientFacts, Resharers, ShareFacts, ShareTarget,
    anyone_link_caps, default_link, may_invite, sharer_reach,
};
use storage::{Scope, StorageError};

use super::place::OpenPlace;
use super::recipient::Who;

/// What is set about sharing at a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacePolicy {
    pub(crate) organization: SharingPolicy,
    of_site: SitePolicy,
    site: SiteId,
    pub(crate) reach: SharerReach,
    /// Who shares on there.
    pub(crate) resharers: Resharers,
}

impl PlacePolicy {
    /// Loads it for somebody who shares in a site.
    pub(crate) fn load<M>(
        scope: &mut Scope<'_, M>,
        caller: &Caller,
        site: SiteId,
    ) -> Result<Self, StorageError> {
        let organization = scope.sharing_policies().load()?;
        let of_site = scope.sharing_policies().load_of_site(site)?;
        let groups = match organization.sharers {
            Sharers::Everybody => Vec::new(),
            Sharers::Groups => scope.sharing_policies().list_sharer_groups_of(caller.user)?,
        };
        let reach = sharer_reach(organization.sharers, &groups);
        let resharers = Resharers {
            guests: organization.resharing,
            members: members_resharing(scope, &organization, site)?,
        };
        Ok(Self { organization, of_site, site, reach, resharers })
    }

    /// Returns whether the site has links for the organization.
    pub(crate) fn organization_links(&self) -> OrganizationLinks {
        self.of_site.organization_links
    }

    /// Returns what links without sign-in are worth at most.
    pub(crate) fn anyone_links(&self) -> AnyoneLinkCaps {
        anyone_link_caps(&self.organization, &self.of_site)
    }

    /// Puts together what [`policy::may_share`] asks about whoever gives a role at a place.
    pub(crate) fn share_facts<M>(
        &self,
        scope: &mut Scope<'_, M>,
        caller: &Caller,
        place: &OpenPlace,
        role: Role,
    ) -> Result<ShareFacts, StorageError> {
        let authority = authority_of(scope, Actor::Person(caller.user))?;
        let invites_from = scope.sharing_policies().load_collaboration()?.invites_from;
        Ok(ShareFacts {
            actor: caller.kind,
            actor_role: place.role,
            actor_may_invite: may_invite(&authority, invites_from).allows(),
            target: match place.scope {
                PermissionScope::Site(_) => ShareTarget::Site,
                PermissionScope::Item { .. } => ShareTarget::Item,
            },
            role,
            level: place.level,
            reach: self.reach,
            lock: place.lock,
            resharers: self.resharers,
        })
    }

    /// Puts together what it asks about a recipient.
    pub(crate) fn recipient_facts<M>(
        &self,
        scope: &mut Scope<'_, M>,
        who: &Who,
    ) -> Result<RecipientFacts, StorageError> {
        let class = who.class();
        let domain = match who {
            Who::Person(person) => domain_of(person),
            Who::New(address) | Who::ByCode(address) => address.domain().parse().ok(),
            Who::Group(_) | Who::Nobody => None,
        };
        let outside = matches!(class, Recipient::Guest | Recipient::Unknown | Recipient::ByCode);
        let domains = if outside { self.standing(scope, domain.as_ref())? } else { DomainFacts::FREE };
        let directory = match class {
            Recipient::Unknown => directory_standing(scope, domain.as_ref())?,
            _ => DomainStanding::FREE,
        };
        Ok(RecipientFacts { class, domains, directory })
    }

    /// Puts together what it asks about a guest who is known.
    pub(super) fn guest_facts<M>(
        &self,
        scope: &mut Scope<'_, M>,
        guest: &User,
    ) -> Result<RecipientFacts, StorageError> {
        self.recipient_facts(scope, &Who::Person(guest.clone()))
    }

    fn standing<M>(
        &self,
        scope: &mut Scope<'_, M>,
        domain: Option<&DomainName>,
    ) -> Result<DomainFacts, StorageError> {
        let lists = SharingLists {
            organization: self.organization.domains,
            of_site: self.of_site.domains,
            site: self.site,
        };
        sharing_standing(scope, lists, domain)
    }

    /// Returns the kind of link that is made when nobody says which.
    pub(crate) fn default_kind(&self, place: &OpenPlace) -> LinkKind {
        default_link(&self.organization, &self.of_site, place.level).kind
    }
}

/// Returns whether members share on what they edit: in a personal drive its owner alone may where the organization says so
///
fn members_resharing<M>(
    scope: &mut Scope<'_, M>,
    organization: &SharingPolicy,
    site: SiteId,
) -> Result<Resharing, StorageError> {
    if organization.personal_resharing != OwnerChoice::Off {
        return Ok(Resharing::Editors);
    }
    let personal = scope.sites().find(site)?.is_some_and(|site| site.personal_of.is_some());
    Ok(if personal { Resharing::OwnersOnly } else { Resharing::Editors })
}
