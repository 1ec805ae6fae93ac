//! Rows of a review: a permission or a link with the names of what it is about.

use std::collections::BTreeMap;

use model::{
    Address, Group, GroupId, Item, ItemId, Link, LinkId, LinkKind, LinkRecipient, Permission,
    PermissionScope, Principal, ReviewSubject, Reviewed, Role, Site, SiteId, Timestamp, User, UserId,
    UserKind,
};
use storage::{Scope, StorageError};

/// Who has the access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowWho {
    /// A person.
    Person(Box<User>),
    /// A group, with the number of its members and of those from outside.
    Group(Box<Group>, usize, usize),
    /// Whoever has the link.
    Anyone,
    /// Everybody of the organization who has the link.
    Organization,
    /// Those whom the link names, by name or address.
    Named(Vec<String>),
}

/// Through what somebody has access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Through {
    /// By name.
    Direct,
    /// By a group.
    Group(String),
    /// By a link.
    Link(LinkId, LinkKind),
}

/// One access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRow {
    /// What is decided about.
    pub subject: ReviewSubject,
    /// The site.
    pub site: Option<Site>,
    /// The item; none for the whole site.
    pub item: Option<Item>,
    /// Who.
    pub who: RowWho,
    /// Through what.
    pub through: Through,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub since: Timestamp,
    /// Until when: the permission's or link's end, or that of a guest's time in the site, whichever is first.
    pub until: Option<Timestamp>,
    /// When the person last did something in the site, as the audit trail tells.
    pub last_used: Option<Timestamp>,
    /// What was decided about it last.
    pub reviewed: Option<Reviewed>,
}

/// What is looked up once for many rows.
pub(super) struct Rows {
    now: Timestamp,
    sites: BTreeMap<SiteId, Option<Site>>,
    people: BTreeMap<UserId, Option<User>>,
    groups: BTreeMap<GroupId, Option<(Group, usize, usize)>>,
    links: BTreeMap<LinkId, Option<Link>>,
}

impl Rows {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            now,
            sites: BTreeMap::new(),
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            links: BTreeMap::new(),
        }
    }

    /// Tells permissions; those of somebody who is gone, or that are over, are left out. Where the rows are about one
    /// guest, `guest` is told as the holder of what groups have.
    pub(super) fn of_permissions<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        found: Vec<Permission>,
        guest: Option<&User>,
    ) -> Result<Vec<AccessRow>, StorageError> {
        let items: Vec<ItemId> = found.iter().filter_map(item_of).collect();
        let items = scope.items().list_anywhere(&items)?;
        let mut rows = Vec::with_capacity(found.len());
        for permission in found {
            if permission.expires.is_some_and(|end| end <= self.now) {
                continue;
            }
            let Some((who, through)) = self.holder(scope, &permission, guest)? else { continue };
            let site = self.site(scope, permission.scope.site())?;
            let stay = match (&who, permission.principal) {
                (RowWho::Person(person), Principal::User(_)) if person.kind == UserKind::Guest => {
                    scope.guest_stays().find(permission.scope.site(), person.id)?.and_then(|stay| stay.ends)
                }
                _ => None,
            };
            rows.push(AccessRow {
                subject: ReviewSubject::Permission(permission.id),
                item: item_of(&permission).and_then(|item| items.get(&item).cloned()),
                site,
                who,
                through,
                role: permission.role,
                since: permission.created,
                until: permission.expires.into_iter().chain(stay).min(),
                last_used: None,
                reviewed: None,
            });
        }
        self.finish(scope, rows)
    }

    /// Tells links; `outward` leaves out those that open nothing to people outside.
    pub(super) fn of_links<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        found: Vec<Link>,
        outward: bool,
    ) -> Result<Vec<AccessRow>, StorageError> {
        let items: Vec<ItemId> = found
            .iter()
            .filter_map(|link| match link.scope {
                PermissionScope::Item { item, .. } => Some(item),
                PermissionScope::Site(_) => None,
            })
            .collect();
        let items = scope.items().list_anywhere(&items)?;
        let mut rows = Vec::with_capacity(found.len());
        for link in found {
            if link.expires.is_some_and(|end| end <= self.now) {
                continue;
            }
            let (who, outside) = match link.kind {
                LinkKind::Anyone => (RowWho::Anyone, true),
                LinkKind::Organization => (RowWho::Organization, false),
                LinkKind::ExistingAccess => continue,
                LinkKind::SpecificPeople => self.named(scope, link.id)?,
            };
            if outward && !outside {
                continue;
            }
            let item = match link.scope {
                PermissionScope::Item { item, .. } => items.get(&item).cloned(),
                PermissionScope::Site(_) => None,
            };
            rows.push(AccessRow {
                subject: ReviewSubject::Link(link.id),
                site: self.site(scope, link.scope.site())?,
                item,
                who,
                through: Through::Link(link.id, link.kind),
                role: link.role,
                since: link.created,
                until: link.expires,
                last_used: None,
                reviewed: None,
            });
        }
        self.finish(scope, rows)
    }

    /// Adds when it was last used and what was decided.
    fn finish<M>(
        &self,
        scope: &mut Scope<'_, M>,
        mut rows: Vec<AccessRow>,
    ) -> Result<Vec<AccessRow>, StorageError> {
        let mut people: BTreeMap<SiteId, Vec<UserId>> = BTreeMap::new();
        for row in &rows {
            if let (Some(site), RowWho::Person(person)) = (&row.site, &row.who) {
                people.entry(site.id).or_default().push(person.id);
            }
        }
        let mut used = BTreeMap::new();
        for (site, people) in people {
            for (person, at) in scope.audit().last_acts_in_site(site, &people)? {
                used.insert((site, person), at);
            }
        }
        let subjects: Vec<ReviewSubject> = rows.iter().map(|row| row.subject).collect();
        let reviewed = scope.access_decisions().list(&subjects)?;
        for row in &mut rows {
            if let (Some(site), RowWho::Person(person)) = (&row.site, &row.who) {
                row.last_used = used.get(&(site.id, person.id)).copied();
            }
            row.reviewed = reviewed.get(&row.subject).copied();
        }
        Ok(rows)
    }

    fn holder<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        permission: &Permission,
        guest: Option<&User>,
    ) -> Result<Option<(RowWho, Through)>, StorageError> {
        match permission.principal {
            Principal::User(user) => {
                let Some(person) = self.person(scope, user)? else { return Ok(None) };
                let through = match permission.link {
                    Some(link) => {
                        let kind = self.link(scope, link)?.map_or(LinkKind::SpecificPeople, |link| link.kind);
                        Through::Link(link, kind)
                    }
                    None => Through::Direct,
                };
                Ok(Some((RowWho::Person(Box::new(person)), through)))
            }
            Principal::Group(group) => {
                let Some((group, members, outside)) = self.group(scope, group)? else { return Ok(None) };
                Ok(Some(match guest {
                    Some(guest) => {
                        (RowWho::Person(Box::new(guest.clone())), Through::Group(group.display_name))
                    }
                    None => (RowWho::Group(Box::new(group), members, outside), Through::Direct),
                }))
            }
        }
    }

    fn named<M>(&mut self, scope: &mut Scope<'_, M>, link: LinkId) -> Result<(RowWho, bool), StorageError> {
        let (mut named, mut outside) = (Vec::new(), false);
        for recipient in scope.link_recipients().list(link)? {
            match recipient {
                LinkRecipient::Address(key) => {
                    outside = true;
                    named.push(key.parse::<Address>().map_or(key, |address| address.to_string()));
                }
                LinkRecipient::Person(user) => {
                    let Some(person) = self.person(scope, user)? else { continue };
                    outside |= person.kind == UserKind::Guest;
                    named.push(person.mail.unwrap_or(person.display_name));
                }
            }
        }
        Ok((RowWho::Named(named), outside))
    }

    fn site<M>(&mut self, scope: &mut Scope<'_, M>, site: SiteId) -> Result<Option<Site>, StorageError> {
        if let Some(known) = self.sites.get(&site) {
            return Ok(known.clone());
        }
        let found = scope.sites().find(site)?;
        self.sites.insert(site, found.clone());
        Ok(found)
    }

    fn person<M>(&mut self, scope: &mut Scope<'_, M>, user: UserId) -> Result<Option<User>, StorageError> {
        if let Some(known) = self.people.get(&user) {
            return Ok(known.clone());
        }
        let found = scope.users().find(user)?;
        self.people.insert(user, found.clone());
        Ok(found)
    }

    fn link<M>(&mut self, scope: &mut Scope<'_, M>, link: LinkId) -> Result<Option<Link>, StorageError> {
        if let Some(known) = self.links.get(&link) {
            return Ok(known.clone());
        }
        let found = scope.links().find(link)?;
        self.links.insert(link, found.clone());
        Ok(found)
    }

    fn group<M>(
        &mut self,
        scope: &mut Scope<'_, M>,
        group: GroupId,
    ) -> Result<Option<(Group, usize, usize)>, StorageError> {
        if let Some(known) = self.groups.get(&group) {
            return Ok(known.clone());
        }
        let mut found = None;
        if let Some(known) = scope.groups().find(group)? {
            let members = scope.groups().list_members(group)?;
            let outside = members.iter().filter(|member| member.kind == UserKind::Guest).count();
            found = Some((known, members.len(), outside));
        }
        self.groups.insert(group, found.clone());
        Ok(found)
    }
}

fn item_of(permission: &Permission) -> Option<ItemId> {
    match permission.scope {
        PermissionScope::Item { item, .. } => Some(item),
        PermissionScope::Site(_) => None,
    }
}
