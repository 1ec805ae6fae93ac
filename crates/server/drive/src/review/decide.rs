//! Deciding about one access: it stays, or it is taken away. Either is recorded. Owners of the site decide, and administrators
//! of sharing, who need no right to see what is in the site.

use directory::{authority_of, event, log_access_changes, record};
use model::{
    Actor, AuditEvent, Caller, GroupKind, ItemStamp, Permission, PermissionScope, Principal, ReviewDecision,
    ReviewSubject, Reviewed, Role, SiteId,
};
use policy::{Administration, Reason, may_administer};
use storage::{Call, Commit, Scope, StorageError, Writing};

use super::require_reviewer;
use crate::links::about_link;
use crate::sites::SiteError;

/// Keeps or removes an access in a site.
///
/// # Errors
/// [`SiteError::NotFound`] when the site is hidden or has no such access, [`SiteError::Refused`] to whoever may not decide,
/// and for what the site's owners have: they are taken out of their group.
pub async fn decide_access(
    call: &Call,
    caller: Caller,
    site: SiteId,
    subject: ReviewSubject,
    decision: ReviewDecision,
) -> Result<Reviewed, SiteError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let (now, actor) = (runtime.now(), Actor::Person(caller.user));
        require_reviewer(scope, &caller, now, Some(site))?;
        if !owns(scope, &caller, now, site)? {
            may_administer(&authority_of(scope, actor)?, Administration::SetSharing).into_result()?;
        }
        let reviewed = Reviewed { decision, by: caller.user, at: now };
        let stamp = ItemStamp { at: now, by: Some(caller.user) };
        let mut events = Vec::new();
        let done =
            event(&runtime, actor, "AccessReviewDecision").site(site).detail("Decision", decision.name());
        match subject {
            ReviewSubject::Permission(id) => {
                let permission = scope.permissions().find(id)?.filter(|one| one.scope.site() == site);
                let permission = permission.ok_or(SiteError::NotFound)?;
                events.push(about(done, &permission));
                if decision == ReviewDecision::Remove {
                    refuse_owners(scope, &permission)?;
                    scope.permissions().revoke(id, now)?;
                    log_access_changes(scope, std::slice::from_ref(&permission), stamp)?;
                    events.push(about(event(&runtime, actor, "SharingRevoked").site(site), &permission));
                }
            }
            ReviewSubject::Link(id) => {
                let link = scope
                    .links()
                    .find(id)?
                    .filter(|link| link.scope.site() == site && link.revoked.is_none());
                let link = link.ok_or(SiteError::NotFound)?;
                events.push(about_link(done, &link));
                if decision == ReviewDecision::Remove {
                    let held = scope.permissions().list_of_link(id)?;
                    scope.links().revoke(id, now)?;
                    scope.permissions().revoke_of_link(id, now)?;
                    log_access_changes(scope, &held, stamp)?;
                    events.push(about_link(event(&runtime, actor, link_removed(&link)), &link));
                }
            }
        }
        scope.access_decisions().put(subject, reviewed)?;
        let proof = record(scope, &runtime, &events)?;
        Ok(Commit::new(reviewed, proof))
    })
    .await
}

fn owns(
    scope: &mut Scope<'_, Writing>,
    caller: &Caller,
    now: model::Timestamp,
    site: SiteId,
) -> Result<bool, StorageError> {
    let open = crate::access::site_access(scope, caller, now, site)?;
    Ok(open.is_some_and(|open| open.role >= Some(Role::Owner)))
}

/// A site never loses its owners by a review.
fn refuse_owners(scope: &mut Scope<'_, Writing>, permission: &Permission) -> Result<(), SiteError> {
    let of_owners = match permission.principal {
        Principal::Group(group) => {
            scope.groups().find(group)?.is_some_and(|group| group.kind == GroupKind::SiteOwners)
        }
        Principal::User(_) => false,
    };
    let of_site = matches!(permission.scope, PermissionScope::Site(_));
    if of_site && (of_owners || permission.role == Role::Owner) {
        Err(Reason::LastOwner.into())
    } else {
        Ok(())
    }
}

fn about(event: AuditEvent, permission: &Permission) -> AuditEvent {
    let event = event.detail("Permission", permission.id.to_string());
    let event = match permission.principal {
        Principal::User(user) => event.target(user),
        Principal::Group(group) => event.detail("Group", group.to_string()),
    };
    match permission.scope {
        PermissionScope::Item { item, .. } => event.item(item),
        PermissionScope::Site(_) => event,
    }
}

const fn link_removed(link: &model::Link) -> &'static str {
    match link.kind {
        model::LinkKind::Anyone => "AnonymousLinkRemoved",
        model::LinkKind::Organization => "CompanyLinkRemoved",
        model::LinkKind::SpecificPeople => "SecureLinkDeleted",
        model::LinkKind::ExistingAccess => "SharingLinkDeleted",
    }
}
