//! Owners are told when people outside get into what is theirs: invited or given more by somebody else, accepted, a link
//! for anyone made or changed (B10, sharing-and-guests.md 7.5); and before guests' time in their sites ends (E-5).
//!
//! Who did it is never told about it. One change is one mail to each owner, queued in the change's own commit.

use model::{
    Address, GroupKind, OwnerNotifications, Principal, Role, SiteId, Timestamp, User, UserId, UserKind,
};
use policy::Administration;
use runtime::Runtime;
use storage::{Call, Commit, Held, Scope, StorageError, System, Unaudited, Writing};

use crate::authority::require;
use crate::mail::{self, MailKind, MailRequest};
use crate::{DirectoryError, event, record};

/// Most owners of a site that are told.
const OWNERS: usize = 20;
/// Most mailboxes that are told of every invitation.
const MAILBOXES: usize = 20;
/// Most sites whose owners hear of one acceptance.
const SITES: usize = 20;
/// How often owners are warned, and the span of ends that one warning covers: so that each end is in one.
const WEEK_S: i64 = 7 * 24 * 3_600;

/// What owners are told.
#[derive(Debug, Clone)]
pub struct OwnerNotice {
    /// What happened: one of the kinds for owners.
    pub kind: MailKind,
    /// The site it happened in.
    pub site: SiteId,
    /// Who did it.
    pub by: UserId,
    /// Whom it is about, a line each.
    pub lines: Vec<String>,
    /// Name of the shared site, library, folder or file.
    pub item: Option<String>,
    /// Where it is looked at.
    pub link: String,
}

/// Lists those who own a site: the person whose drive it is, or who is an owner by the site's group or by name.
///
/// # Errors
/// A storage error.
pub fn site_owners<M>(scope: &mut Scope<'_, M>, site: SiteId) -> Result<Vec<User>, StorageError> {
    let mut owners = Vec::new();
    if let Some(person) = scope.sites().find(site)?.and_then(|site| site.personal_of) {
        owners.extend(scope.users().find(person)?);
        return Ok(owners);
    }
    for group in scope.groups().list_of_site(site)? {
        if group.kind == GroupKind::SiteOwners {
            owners.extend(scope.groups().list_members(group.id)?);
        }
    }
    for permission in scope.permissions().list_of_site(site)? {
        if let (Principal::User(user), Role::Owner) = (permission.principal, permission.role) {
            owners.extend(scope.users().find(user)?);
        }
    }
    owners.retain(|owner| owner.enabled && owner.kind == UserKind::Member);
    owners.sort_by_key(|owner| owner.id);
    owners.dedup_by_key(|owner| owner.id);
    owners.truncate(OWNERS);
    Ok(owners)
}

/// Tells a site's owners, as far as the organization wants it and they did not do it themselves.
///
/// # Errors
/// A storage error.
pub fn tell_owners(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    notice: &OwnerNotice,
) -> Result<(), StorageError> {
    let settings = scope.owner_notifications().load()?;
    let on = match notice.kind {
        MailKind::OwnerShared => settings.reshared,
        MailKind::OwnerAccepted => settings.accepted,
        _ => settings.anyone_links,
    };
    let mut to: Vec<(String, Option<String>)> = Vec::new();
    if on.is_on() {
        let owners = site_owners(scope, notice.site)?.into_iter().filter(|owner| owner.id != notice.by);
        to.extend(owners.filter_map(|owner| Some((owner.mail?, Some(owner.display_name)))));
    }
    if notice.kind == MailKind::OwnerShared {
        let others = settings.mailboxes.iter().map(ToString::to_string);
        let others: Vec<String> = others.filter(|other| to.iter().all(|(known, _)| known != other)).collect();
        to.extend(others.into_iter().map(|other| (other, None)));
    }
    if to.is_empty() {
        return Ok(());
    }
    let Some(by) = scope.users().find(notice.by)? else { return Ok(()) };
    let organization = scope.tenants().load()?.display_name;
    for (recipient, recipient_name) in to {
        let request = MailRequest {
            kind: notice.kind,
            recipient,
            recipient_name,
            sharer_name: by.display_name.clone(),
            sharer_address: by.mail.clone(),
            organization: organization.clone(),
            item: notice.item.clone(),
            message: Some(notice.lines.join("\n")),
            link: notice.link.clone(),
        };
        mail::queue(scope, runtime, &request)?;
    }
    Ok(())
}

/// Tells the owners of every site that was shared with a guest that they accepted.
pub(crate) fn tell_acceptance(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    guest: &User,
) -> Result<(), StorageError> {
    let held = scope.permissions().list_held_by(guest.id, None, Held::Now)?;
    let mut sites: Vec<SiteId> = held.iter().map(|permission| permission.scope.site()).collect();
    sites.sort_unstable();
    sites.dedup();
    for site in sites.into_iter().take(SITES) {
        let Some(found) = scope.sites().find(site)? else { continue };
        let notice = OwnerNotice {
            kind: MailKind::OwnerAccepted,
            site,
            by: guest.id,
            lines: vec![guest.mail.clone().unwrap_or_else(|| guest.principal_name.clone())],
            item: Some(found.display_name),
            link: String::new(),
        };
        tell_owners(scope, runtime, &notice)?;
    }
    Ok(())
}

/// Tells what the organization set. Administrators may ask.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn owner_notifications(call: &Call) -> Result<OwnerNotifications, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        Ok(scope.owner_notifications().load()?)
    })
    .await
}

/// Sets whom the organization tells.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::Text`] for too many mailboxes.
pub async fn set_owner_notifications(
    call: &Call,
    settings: OwnerNotifications,
) -> Result<OwnerNotifications, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::SetSharing)?;
        if settings.mailboxes.len() > MAILBOXES {
            return Err(DirectoryError::Text("the list of up to 20 mailboxes"));
        }
        let before = scope.owner_notifications().load()?;
        if before == settings {
            return Ok(Commit::unaudited(settings, Unaudited::NothingChanged));
        }
        scope.owner_notifications().update(&settings)?;
        let mailboxes: Vec<&str> = settings.mailboxes.iter().map(Address::as_str).collect();
        let done = event(&runtime, actor, "SharingPolicyChanged")
            .detail("NotifyOwnersWhenItemsReshared", settings.reshared.is_on().to_string())
            .detail("NotifyOwnersWhenInvitationsAccepted", settings.accepted.is_on().to_string())
            .detail("OwnerAnonymousNotification", settings.anyone_links.is_on().to_string())
            .detail("BccExternalSharingInvitationsList", mailboxes.join(" "));
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(settings, proof))
    })
    .await
}

/// Warns site owners once a week of guests whose time ends in two to three weeks (E-5). Guests are told nothing. Returns how
/// many sites' owners were told.
///
/// # Errors
/// A storage error.
pub async fn warn_of_ending_stays(system: &System, origin: &str) -> Result<usize, StorageError> {
    let (runtime, origin) = (system.store().runtime().clone(), origin.to_owned());
    let warned = system.read(|scope| scope.owner_notifications().warned()).await?;
    let now = runtime.now();
    if now.as_second() - warned.as_second() < WEEK_S {
        return Ok(0);
    }
    system
        .write(move |scope| -> Result<_, StorageError> {
            if !scope.owner_notifications().set_warned(warned, now)? {
                return Ok(Commit::unaudited(0, Unaudited::NothingChanged));
            }
            let (from, until) = (later(now, 2 * WEEK_S), later(now, 3 * WEEK_S));
            let mut by_site: std::collections::BTreeMap<SiteId, Vec<(UserId, Timestamp)>> =
                Default::default();
            for (site, guest, end) in scope.permissions().list_ending_stays(from, until)? {
                by_site.entry(site).or_default().push((guest, end));
            }
            let tenant = scope.tenants().load()?;
            let told = by_site.len();
            for (site, guests) in by_site {
                let Some(found) = scope.sites().find(site)? else { continue };
                let mut lines = Vec::new();
                for (guest, end) in guests {
                    if let Some(guest) = scope.users().find(guest)? {
                        let name = guest.mail.unwrap_or(guest.principal_name);
                        lines.push(format!("{name} until {}", end.strftime("%Y-%m-%d")));
                    }
                }
                let link = format!("{origin}/{}/sites/{}/access", tenant.initial_domain, found.name);
                for owner in site_owners(scope, site)? {
                    let Some(recipient) = owner.mail else { continue };
                    let request = MailRequest {
                        kind: MailKind::StaysEnding,
                        recipient,
                        recipient_name: Some(owner.display_name),
                        sharer_name: tenant.display_name.clone(),
                        sharer_address: None,
                        organization: tenant.display_name.clone(),
                        item: Some(found.display_name.clone()),
                        message: Some(lines.join("\n")),
                        link: link.clone(),
                    };
                    mail::queue(scope, &runtime, &request)?;
                }
            }
            Ok(Commit::unaudited(told, Unaudited::Housekeeping))
        })
        .await
}

fn later(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(time.as_second().saturating_add(seconds)).unwrap_or(time)
}
