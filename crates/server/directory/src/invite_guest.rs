//! Inviting a guest (A07): one object per person, whichever known address is used; the ticket goes to the recipient only.

use model::{
    Actor, Address, AuditEvent, GroupId, GuestState, Invitation, InvitationId, Timestamp, User, UserId,
    UserKind,
};
use policy::{Reason, may_come_in, may_invite, may_redeem};
use runtime::Runtime;
use storage::{Call, Commit, NewUser, Scope, StorageError, Writing};

use crate::authority::authority_of;
use crate::error::check_text;
use crate::groups::{MembershipChange, change_in};
use crate::join_group::welcome;
use crate::mail::{self, MailKind, MailRequest};
use crate::{AccessRules, DirectoryError, Ticket, acting_person, directory_standing, event, record};

/// Whether the recipient is told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notify {
    /// A mail is sent.
    Mail,
    /// Nobody is told.
    Nobody,
}

/// A guest to be invited.
#[derive(Debug, Clone)]
pub struct GuestInvitation {
    /// The person's address at home.
    pub address: Address,
    /// Name shown to people; the address when none.
    pub display_name: Option<String>,
    /// Where the browser goes after accepting; must belong to `origin`.
    pub redirect_url: String,
    /// What the inviter writes.
    pub message: Option<String>,
    /// This cloud's origin, for links.
    pub origin: String,
}

/// Whether the directory knew the guest before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The guest object was made now.
    New,
    /// There was one; it is the same object.
    Before,
}

/// What came of an invitation.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    /// The guest object.
    pub guest: User,
    /// Whether it is new.
    pub known: Known,
    /// The invitation.
    pub invitation: InvitationId,
    /// The link that accepts it. It is shown to the inviter once and never again.
    pub redeem_url: String,
}

/// Invites a guest, with or without a mail. A person known by any address is returned as they are, with a fresh link.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::AddressOfMember`], [`DirectoryError::ForeignRedirect`].
pub async fn invite_guest(
    call: &Call,
    new: GuestInvitation,
    notify: Notify,
) -> Result<Invited, DirectoryError> {
    invite_into_group(call, new, notify, None).await
}

/// Invites a guest and puts them into a group, in one commit; who is in it already stays in it (A08). The group greets
/// whoever is new in it.
///
/// # Errors
/// As [`invite_guest`] and [`change_membership`](crate::change_membership).
pub async fn invite_into_group(
    call: &Call,
    new: GuestInvitation,
    notify: Notify,
    group: Option<GroupId>,
) -> Result<Invited, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        decide(scope, actor, &new.address)?;
        let (invited, done) = invite_in(scope, &runtime, actor, &new)?;
        let mut events = vec![done];
        if notify == Notify::Mail {
            let mail = invitation_mail(scope, actor, &new, &invited)?;
            mail::queue(scope, &runtime, &mail)?;
        }
        if let Some(group) = group
            && let Some((group, guest, joined)) =
                change_in(scope, &runtime, actor, group, invited.guest.id, MembershipChange::Add)?
        {
            welcome(scope, &runtime, actor, &group, &guest, &new.origin)?;
            events.push(joined);
        }
        let proof = record(scope, &runtime, &events)?;
        Ok(Commit::new(invited, proof))
    })
    .await
}

/// Fails unless the caller may invite at all; whom, is decided for each.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn require_inviter(call: &Call) -> Result<(), DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        let from = scope.sharing_policies().load_collaboration()?.invites_from;
        Ok(may_invite(&authority_of(scope, actor)?, from).into_result()?)
    })
    .await
}

/// Fails unless the actor may invite, and the directory takes new guests of the address's domain (4.9).
fn decide(scope: &mut Scope<'_, Writing>, actor: Actor, address: &Address) -> Result<(), DirectoryError> {
    let from = scope.sharing_policies().load_collaboration()?.invites_from;
    may_invite(&authority_of(scope, actor)?, from).into_result()?;
    if scope.users().find_by_address(address)?.is_none() {
        let domain = address.domain().parse().ok();
        may_redeem(directory_standing(scope, domain.as_ref())?).into_result()?;
    }
    Ok(())
}

/// Makes the guest and the invitation within a change that records and mails for itself. Decides nothing.
///
/// # Errors
/// As [`invite_guest`].
pub fn invite_in(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    new: &GuestInvitation,
) -> Result<(Invited, AuditEvent), DirectoryError> {
    let (guest, known) = match scope.users().find_by_address(&new.address)? {
        Some(person) if person.kind == UserKind::Member => return Err(DirectoryError::AddressOfMember),
        Some(person) if !person.enabled => return Err(Reason::RecipientBlocked.into()),
        Some(person) => (person, Known::Before),
        None => (create_guest(scope, runtime, new)?, Known::New),
    };
    let (invitation, redeem_url) = write_invitation(scope, runtime, actor, &guest, new)?;
    let operation = match known {
        Known::New => "SharingInvitationCreated",
        Known::Before => "SharingInvitationUpdated",
    };
    let done = event(runtime, actor, operation).target(guest.id).detail("Invitation", invitation.to_string());
    Ok((Invited { guest, known, invitation, redeem_url }, done))
}

/// Makes a fresh link for a guest who has not accepted yet, within another change.
///
/// # Errors
/// [`DirectoryError::ForeignRedirect`] or a storage error.
pub fn renew_link(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    guest: &User,
    new: &GuestInvitation,
) -> Result<String, DirectoryError> {
    Ok(write_invitation(scope, runtime, actor, guest, new)?.1)
}

fn write_invitation(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    guest: &User,
    new: &GuestInvitation,
) -> Result<(InvitationId, String), DirectoryError> {
    check_redirect(&new.origin, &new.redirect_url)?;
    let ticket = Ticket::fresh(runtime, scope.tenant());
    let invitation = Invitation {
        id: InvitationId::from_random(runtime.random()),
        tenant: scope.tenant(),
        guest: guest.id,
        email: new.address.to_string(),
        ticket_hash: ticket.hash(),
        redirect_url: new.redirect_url.clone(),
        message: new.message.clone(),
        created_by: acting_person(actor),
        created: runtime.now(),
        redeemed: None,
    };
    scope.invitations().create(&invitation)?;
    Ok((invitation.id, ticket.redeem_url(&new.origin)))
}

/// The browser is never sent to a foreign place from our own pages.
fn check_redirect(origin: &str, redirect: &str) -> Result<(), DirectoryError> {
    let rest = redirect.strip_prefix(origin).ok_or(DirectoryError::ForeignRedirect)?;
    let ours = rest.is_empty() || rest.starts_with(['/', '?']);
    if ours && !rest.contains(|c: char| c == '\\' || c.is_control()) {
        Ok(())
    } else {
        Err(DirectoryError::ForeignRedirect)
    }
}

fn create_guest(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    new: &GuestInvitation,
) -> Result<User, DirectoryError> {
    if scope.tenants().list_domains()?.contains(&new.address.domain()) {
        return Err(Reason::NoSuchMember.into());
    }
    // Whether the home organization lets them out is asked when they accept: nothing of it is known here.
    if let Some(home) = scope.tenants().find_owner_of_domain(&new.address.domain())? {
        may_come_in(&AccessRules::load(scope)?.toward(home).inbound, None).into_result()?;
    }
    let display_name = match &new.display_name {
        Some(name) => check_text("the name", name)?,
        None => new.address.to_string(),
    };
    let now: Timestamp = runtime.now();
    let user = User {
        id: UserId::from_random(runtime.random()),
        tenant: scope.tenant(),
        kind: UserKind::Guest,
        principal_name: free_principal_name(scope, runtime, &new.address)?,
        display_name,
        mail: Some(new.address.to_string()),
        enabled: true,
        guest_state: Some(GuestState::PendingAcceptance),
        home: None,
        created: now,
        deleted: None,
        tokens_valid_from: now,
    };
    let stored = NewUser { user: user.clone(), addresses: vec![new.address.clone()], password_hash: None };
    scope.users().create(&stored).map_err(DirectoryError::taken)?;
    Ok(user)
}

/// Makes the guest's sign-in name of section 4.2. Two addresses can give the same name; the second gets a suffix.
fn free_principal_name(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    address: &Address,
) -> Result<String, StorageError> {
    let initial = scope.tenants().load()?.initial_domain;
    let stem = address.as_str().replace('@', "_");
    let name = format!("{stem}#EXT#@{initial}");
    if scope.users().find_by_principal_name(&name)?.is_none() {
        return Ok(name);
    }
    let suffix = data_encoding::HEXLOWER.encode(&runtime.random::<4>());
    Ok(format!("{stem}_{suffix}#EXT#@{initial}"))
}

/// Writes down the facts of an invitation's mail.
///
/// # Errors
/// A storage error.
pub(crate) fn invitation_mail(
    scope: &mut Scope<'_, Writing>,
    actor: Actor,
    new: &GuestInvitation,
    invited: &Invited,
) -> Result<MailRequest, StorageError> {
    let organization = scope.tenants().load()?.display_name;
    let inviter = match acting_person(actor) {
        Some(person) => scope.users().find(person)?,
        None => None,
    };
    Ok(MailRequest {
        kind: MailKind::Invitation,
        recipient: new.address.to_string(),
        recipient_name: new.display_name.clone(),
        sharer_name: inviter.as_ref().map_or_else(|| organization.clone(), |user| user.display_name.clone()),
        sharer_address: inviter.and_then(|user| user.mail),
        organization,
        item: None,
        message: new.message.clone(),
        link: invited.redeem_url.clone(),
    })
}
