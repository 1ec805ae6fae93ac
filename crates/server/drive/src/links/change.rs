//! Changing and taking away a link. Whoever opened it loses what they got by it with the next request.

use directory::mail::MailKind;
use directory::{event, log_access_changes, record};
use model::{Actor, Caller, ItemKind, ItemStamp, Link, LinkId, LinkKind, Role, Timestamp};
use policy::{ChangeFacts, LinkDraft, Whose, link_end, may_change_at, may_change_permission, may_make_link};
use storage::{Call, Commit, Scope, Writing};

use super::create::{about, tell_anyone_link};
use super::list::views;
use super::{LinkView, view_of};
use crate::sharing::{OpenPlace, Place, PlacePolicy, SharingError};

/// What becomes of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting<T> {
    /// It stays.
    Keep,
    /// It is taken away.
    Clear,
    /// It becomes this.
    Set(T),
}

impl<T> Setting<T> {
    pub(crate) fn apply(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A change of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    /// Another role.
    pub role: Option<Role>,
    /// When it ends by itself.
    pub expires: Setting<Timestamp>,
    /// Argon2id hash of its password.
    pub password: Setting<String>,
}

/// Changes a link, and with it what everybody holds who opened it.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Inherited`], [`SharingError::Refused`] or [`SharingError::Options`].
pub async fn update_link(
    call: &Call,
    caller: Caller,
    place: Place,
    link: LinkId,
    change: LinkChange,
) -> Result<LinkView, SharingError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let (open, opens, before) = changeable(scope, &caller, now, place, link, change.role)?;
        let mut after = Link {
            role: change.role.unwrap_or(before.role),
            expires: change.expires.apply(before.expires),
            password: change.password.apply(before.password.clone()),
            ..before.clone()
        };
        if after.password.is_some() && after.kind != LinkKind::Anyone {
            return Err(SharingError::Options("only a link for anyone has a password"));
        }
        if widens(&before, &after) {
            may_change_at(open.lock).into_result()?;
        }
        if after.kind == LinkKind::Anyone && widens(&before, &after) {
            let policy = PlacePolicy::load(scope, &caller, after.scope.site())?;
            may_make_link(&draft(&caller, &open, opens, &after, &policy)).into_result()?;
            let caps = policy.anyone_links();
            after.expires = link_end(after.kind, after.created, after.expires, &caps);
        }
        if !scope.links().update(&after)? {
            return Err(SharingError::NotFound);
        }
        scope.permissions().update_of_link(link, after.role, after.expires)?;
        let held = scope.permissions().list_of_link(link)?;
        log_access_changes(scope, &held, ItemStamp { at: now, by: Some(caller.user) })?;
        tell_anyone_link(scope, &runtime, &caller, &after, MailKind::OwnerAnyoneLinkChanged, None)?;
        let operation = match after.kind {
            LinkKind::Anyone => "AnonymousLinkUpdated",
            _ => "SecureLinkUpdated",
        };
        let done = about(event(&runtime, Actor::Person(caller.user), operation), &after)
            .detail("Role", after.role.graph_name());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(view_of(scope, after)?, proof))
    })
    .await
}

/// Returns whether a change gives more or gives it longer.
fn widens(before: &Link, after: &Link) -> bool {
    let longer = match (before.expires, after.expires) {
        (Some(before), Some(after)) => after > before,
        (Some(_), None) => true,
        (None, _) => false,
    };
    after.role > before.role || longer
}

/// Describes a link as one to be made: to widen it needs what making it needs.
fn draft(caller: &Caller, open: &OpenPlace, opens: ItemKind, link: &Link, policy: &PlacePolicy) -> LinkDraft {
    LinkDraft {
        actor: caller.kind,
        actor_role: open.role,
        kind: link.kind,
        role: link.role,
        // Which it is was judged when it was made; a library stays one.
        library: false,
        level: open.level,
        reach: policy.reach,
        lock: open.lock,
        organization_links: policy.organization_links(),
        resharers: policy.resharers,
        item: opens,
        caps: policy.anyone_links(),
        created: link.created,
        expires: link.expires,
    }
}

/// Takes a link away.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Inherited`] or [`SharingError::Refused`].
pub async fn delete_link(
    call: &Call,
    caller: Caller,
    place: Place,
    link: LinkId,
) -> Result<(), SharingError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let (_, _, taken) = changeable(scope, &caller, now, place, link, None)?;
        let held = scope.permissions().list_of_link(link)?;
        scope.links().revoke(link, now)?;
        scope.permissions().revoke_of_link(link, now)?;
        log_access_changes(scope, &held, ItemStamp { at: now, by: Some(caller.user) })?;
        let operation = match taken.kind {
            LinkKind::Anyone => "AnonymousLinkRemoved",
            LinkKind::Organization => "CompanyLinkRemoved",
            LinkKind::SpecificPeople => "SecureLinkDeleted",
            LinkKind::ExistingAccess => "SharingLinkDeleted",
        };
        let done = about(event(&runtime, Actor::Person(caller.user), operation), &taken);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Finds a link made for exactly this place that the caller may change as wanted.
fn changeable(
    scope: &mut Scope<'_, Writing>,
    caller: &Caller,
    now: Timestamp,
    place: Place,
    link: LinkId,
    wanted: Option<Role>,
) -> Result<(OpenPlace, ItemKind, Link), SharingError> {
    let (open, views) = views(scope, caller, now, place)?;
    let view = views.into_iter().find(|view| view.link.id == link).ok_or(SharingError::NotFound)?;
    let made = view.link.created_by == Some(caller.user);
    let facts = ChangeFacts {
        actor: caller.kind,
        actor_role: open.role,
        whose: if made { Whose::Given } else { Whose::Other },
        wanted,
        of_site_owners: false,
    };
    may_change_permission(&facts).into_result()?;
    if view.inherited {
        return Err(SharingError::Inherited);
    }
    Ok((open, view.opens, view.link))
}
