//! Preview: what a change of the sharing settings would end, before it is made. The functions that decide at every request
//! are asked twice, with the settings as they are and as they would be; what only the first allows is told.

use std::collections::{BTreeMap, BTreeSet};

use directory::{
    Grants, SharingChange, SharingSettings, domain_of, person_facts, proposed_sharing, widest_level,
};
use model::{
    Address, DomainList, GuestState, HomeAccount, Link, LinkId, LinkKind, LinkRecipient, Permission,
    Principal, Road, Role, Site, SiteGate, SiteId, Timestamp, User, UserId, UserKind,
};
use policy::{
    Decision, DomainFacts, DomainStanding, LinkFacts, LinkPassword, LinkUser, OpenFacts, Reason,
    anyone_link_caps, effective_level, link_end, may_change_at, may_download, may_open, may_use_link,
};
use storage::{Call, Scope, StorageError};

use super::SharingError;
use crate::sites::{SiteError, SiteSharing, SiteSharingChange, proposed_site_sharing, require_administrator};

/// Most losses that [`preview`] tells.
const MOST: usize = 1_000;

/// Who or what would lose access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loser {
    /// A guest, or a member where the site's own gate is the reason.
    Person(Box<User>),
    /// Whoever uses a link, or those of a link who prove their address by a code.
    Link(LinkId),
}

/// What a change would end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The site.
    pub site: Site,
    /// Who or what.
    pub loser: Loser,
    /// What they would be told.
    pub reason: Reason,
}

/// A change that somebody thinks of making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// Of the organization's settings.
    Organization(SharingChange),
    /// Of one site's.
    Site(SiteId, SiteSharingChange),
}

/// What a change would end, counted to the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// The first of them, by site.
    pub losses: Vec<Loss>,
    /// How many there are.
    pub total: usize,
}

/// Tells what a change would end; the first 1,000 by site. Nothing is changed.
///
/// # Errors
/// As [`foresee`].
pub async fn preview(call: &Call, proposal: Proposal) -> Result<Vec<Loss>, SharingError> {
    Ok(foresee(call, proposal, MOST).await?.losses)
}

/// Tells what a change would end: the first `most` by site, and how many in all. Nothing is changed.
///
/// # Errors
/// [`SharingError::Refused`] when the caller may not make the change or the change may not be made,
/// [`SharingError::NotFound`] for a site that does not exist.
pub async fn foresee(call: &Call, proposal: Proposal, most: usize) -> Result<Foreseen, SharingError> {
    let (actor, now) = (call.actor(), call.store().runtime().now());
    call.read(move |scope| {
        require_administrator(scope, actor).map_err(of_site)?;
        let before = SharingSettings::load(scope)?;
        let (after, sites) = match &proposal {
            Proposal::Organization(change) => {
                (proposed_sharing(scope, &before, change)?, scope.sites().list()?)
            }
            Proposal::Site(site, _) => {
                (before.clone(), vec![scope.sites().find(*site)?.ok_or(SharingError::NotFound)?])
            }
        };
        let lists = [before.domain_list(), after.domain_list()];
        let mut people = People::default();
        let mut foreseen = Foreseen::default();
        for site in sites {
            let Some(stored) = SiteSharing::load(scope, site.id)? else { continue };
            let then = match &proposal {
                Proposal::Organization(_) => stored.clone(),
                Proposal::Site(_, change) => {
                    proposed_site_sharing(scope, &stored, change).map_err(of_site)?
                }
            };
            let rules = [Rules::of(&before, &lists[0], &stored), Rules::of(&after, &lists[1], &then)];
            let mut here = lost_people(scope, &mut people, &rules, now)?;
            here.extend(lost_links(scope, &rules, now)?);
            foreseen.total += here.len();
            here.truncate(most - foreseen.losses.len());
            foreseen.losses.extend(here);
        }
        Ok(foreseen)
    })
    .await
}

fn of_site(error: SiteError) -> SharingError {
    match error {
        SiteError::Refused(reason) => SharingError::Refused(reason),
        SiteError::Storage(error) => SharingError::Storage(error),
        SiteError::NotFound | SiteError::Name | SiteError::LibraryName | SiteError::Taken => {
            SharingError::NotFound
        }
    }
}

/// The settings at one site, as they are or would be.
struct Rules<'a> {
    organization: &'a SharingSettings,
    site: &'a SiteSharing,
    organization_list: &'a DomainList,
    site_list: DomainList,
}

impl<'a> Rules<'a> {
    fn of(
        organization: &'a SharingSettings,
        organization_list: &'a DomainList,
        site: &'a SiteSharing,
    ) -> Self {
        Self { organization, site, organization_list, site_list: site.domain_list() }
    }

    fn level(&self) -> model::SharingLevel {
        let (site, set) = (&self.site.site, self.organization);
        effective_level(widest_level(site, set.sites, set.personal), site.sharing)
    }

    fn gate(&self) -> SiteGate {
        self.site.policy.gate
    }

    fn standing(&self, domain: Option<&str>) -> DomainFacts {
        DomainFacts {
            organization: DomainStanding::of(self.organization_list, domain),
            site: DomainStanding::of(&self.site_list, domain),
        }
    }
}

/// People that were loaded before: one is in many sites.
#[derive(Default)]
struct People(BTreeMap<UserId, Option<User>>);

impl People {
    /// Returns somebody who is a member, or a guest who has accepted.
    fn active<M>(&mut self, scope: &mut Scope<'_, M>, user: UserId) -> Result<Option<User>, StorageError> {
        if let Some(known) = self.0.get(&user) {
            return Ok(known.clone());
        }
        let person = scope.users().find(user)?.filter(|person| {
            person.kind == UserKind::Member || person.guest_state == Some(GuestState::Accepted)
        });
        self.0.insert(user, person.clone());
        Ok(person)
    }
}

fn lost_people<M>(
    scope: &mut Scope<'_, M>,
    people: &mut People,
    rules: &[Rules<'_>; 2],
    now: Timestamp,
) -> Result<Vec<Loss>, StorageError> {
    let site = &rules[0].site.site;
    let mut held: BTreeMap<UserId, Vec<Permission>> = BTreeMap::new();
    for permission in scope.permissions().list_in_site(site.id)? {
        let holders: BTreeSet<UserId> = match permission.principal {
            Principal::User(user) => BTreeSet::from([user]),
            Principal::Group(group) => {
                scope.groups().list_members(group)?.into_iter().map(|member| member.id).collect()
            }
        };
        for holder in holders {
            held.entry(holder).or_default().push(permission.clone());
        }
    }
    let mut losses = Vec::new();
    for (user, permissions) in held {
        let Some(person) = people.active(scope, user)? else { continue };
        let own = HomeAccount { tenant: person.tenant, user: person.id };
        let home = if person.kind == UserKind::Member { Some(own) } else { person.home };
        let Some(home) = home else { continue };
        let grants = Grants::of(&permissions, scope.guest_stays().find(site.id, user)?, now);
        if let Some(reason) = loss_of(rules, &person, home, &grants) {
            losses.push(Loss { site: site.clone(), loser: Loser::Person(Box::new(person)), reason });
        }
    }
    Ok(losses)
}

/// Says what somebody would lose first: to come in at all, to sync, or to change anything.
fn loss_of(rules: &[Rules<'_>; 2], person: &User, home: HomeAccount, grants: &Grants) -> Option<Reason> {
    // Who does not come in as it is has nothing to lose.
    if !judge_person(&rules[0], person, home, grants, Road::Page).allows() {
        return None;
    }
    let opened = [Road::Page, Road::Program, Road::Sync].into_iter().find_map(|road| {
        let [before, after] = rules.each_ref().map(|rules| judge_person(rules, person, home, grants, road));
        after.newly_refused(&before)
    });
    let lost_bytes = || {
        let [before, after] = rules.each_ref().map(|rules| may_download(&rules.gate()));
        after.newly_refused(&before)
    };
    let lost_change = || {
        let [before, after] = rules.each_ref().map(|rules| may_change_at(rules.gate().lock));
        after.newly_refused(&before).filter(|_| grants.best() >= Some(Role::Write))
    };
    opened.or_else(lost_bytes).or_else(lost_change)
}

fn judge_person(
    rules: &Rules<'_>,
    person: &User,
    home: HomeAccount,
    grants: &Grants,
    road: Road,
) -> Decision {
    may_open(&OpenFacts {
        person: person_facts(person, home),
        level: rules.level(),
        root_deleted: false,
        gate: rules.gate(),
        road,
        role: grants.best(),
        expired: grants.expired,
        domains: rules.standing(domain_of(person).as_ref().map(model::DomainName::as_str)),
        stay_over: grants.stay_over,
    })
}

fn lost_links<M>(
    scope: &mut Scope<'_, M>,
    rules: &[Rules<'_>; 2],
    now: Timestamp,
) -> Result<Vec<Loss>, StorageError> {
    let site = &rules[0].site.site;
    let mut losses = Vec::new();
    for link in scope.links().list_of_site(site.id)? {
        let users: Vec<(LinkUser, Option<String>)> = match link.kind {
            LinkKind::Anyone => vec![(LinkUser::Bearer, None)],
            LinkKind::SpecificPeople => by_code(scope, &link)?,
            LinkKind::Organization => vec![(LinkUser::Member, None)],
            LinkKind::ExistingAccess => Vec::new(),
        };
        for (user, domain) in users {
            let [before, after] =
                rules.each_ref().map(|rules| judge_link(rules, &link, user, domain.as_deref(), now));
            if let Some(reason) = after.newly_refused(&before) {
                losses.push(Loss { site: site.clone(), loser: Loser::Link(link.id), reason });
                break;
            }
        }
    }
    Ok(losses)
}

/// Lists the domains of those who prove their address; people of the directory are judged as guests.
fn by_code<M>(
    scope: &mut Scope<'_, M>,
    link: &Link,
) -> Result<Vec<(LinkUser, Option<String>)>, StorageError> {
    let domain = |key: String| key.parse::<Address>().ok().map(|address| address.domain());
    let named = scope.link_recipients().list(link.id)?.into_iter();
    Ok(named
        .filter_map(|recipient| match recipient {
            LinkRecipient::Address(key) => Some((LinkUser::ByCode, domain(key))),
            LinkRecipient::Person(_) => None,
        })
        .collect())
}

fn judge_link(
    rules: &Rules<'_>,
    link: &Link,
    user: LinkUser,
    domain: Option<&str>,
    now: Timestamp,
) -> Decision {
    let caps = anyone_link_caps(&rules.organization.policy, &rules.site.policy);
    let end = link_end(link.kind, link.created, link.expires, &caps);
    may_use_link(&LinkFacts {
        kind: link.kind,
        level: rules.level(),
        user,
        named: true,
        has_access: false,
        gone: false,
        expired: end.is_some_and(|end| end <= now),
        password: LinkPassword::Settled,
        domains: rules.standing(domain),
        stay_over: false,
        gate: rules.gate(),
        road: Road::Page,
        organization_links: rules.site.policy.organization_links,
    })
}
