//! Joining a group: a guest who is put into one gets its welcome mail, which says where the group leads (A09).

use model::{Actor, Group, GroupId, PermissionScope, User, UserId, UserKind};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Unaudited, Writing};

use crate::groups::{MembershipChange, change_in};
use crate::mail::{self, MailKind, MailRequest};
use crate::{DirectoryError, acting_person, record};

/// Puts a person into a group, and greets a guest. Returns whether they were not in it before; nobody is greeted twice.
/// `origin` is this cloud's, for the mail's link.
///
/// # Errors
/// As [`change_membership`](crate::change_membership).
pub async fn join_group(
    call: &Call,
    group: GroupId,
    person: UserId,
    origin: &str,
) -> Result<bool, DirectoryError> {
    let (runtime, actor, origin) = (call.store().runtime().clone(), call.actor(), origin.to_owned());
    call.write(move |scope| {
        let Some((group, person, done)) =
            change_in(scope, &runtime, actor, group, person, MembershipChange::Add)?
        else {
            return Ok(Commit::unaudited(false, Unaudited::NothingChanged));
        };
        welcome(scope, &runtime, actor, &group, &person, &origin)?;
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(true, proof))
    })
    .await
}

/// Queues the welcome mail of a group to a guest, within another change; members get none.
pub(crate) fn welcome(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    group: &Group,
    guest: &User,
    origin: &str,
) -> Result<(), StorageError> {
    let Some(recipient) = guest.mail.clone().filter(|_| guest.kind == UserKind::Guest) else {
        return Ok(());
    };
    let organization = scope.tenants().load()?;
    let by = match acting_person(actor) {
        Some(person) => scope.users().find(person)?,
        None => None,
    };
    let request = MailRequest {
        kind: MailKind::Welcome,
        recipient,
        recipient_name: Some(guest.display_name.clone()),
        sharer_name: by
            .as_ref()
            .map_or_else(|| organization.display_name.clone(), |person| person.display_name.clone()),
        sharer_address: by.and_then(|person| person.mail),
        link: leads_to(scope, group, origin, &organization.initial_domain)?,
        organization: organization.display_name,
        item: Some(group.display_name.clone()),
        message: None,
    };
    mail::queue(scope, runtime, &request)
}

/// Returns the address of the site a group belongs to or was given, else the cloud's own.
fn leads_to<M>(
    scope: &mut Scope<'_, M>,
    group: &Group,
    origin: &str,
    organization: &str,
) -> Result<String, StorageError> {
    let given = scope.permissions().list_of_group(group.id)?;
    let places = given.iter().filter_map(|permission| match permission.scope {
        PermissionScope::Site(site) => Some(site),
        PermissionScope::Item { .. } => None,
    });
    for site in group.site.into_iter().chain(places) {
        if let Some(site) = scope.sites().find(site)? {
            return Ok(format!("{origin}/{organization}/sites/{}", site.name));
        }
    }
    Ok(format!("{origin}/"))
}
