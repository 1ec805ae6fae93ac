//! Sharing a place: facts, decision, then permission, guest, audit record and mail in one commit (B01, B03, B05, B06).

use directory::mail::{self, MailKind, MailRequest};
use directory::{
    GuestInvitation, Notify, authority_of, event, invite_in, log_access_changes, record, renew_link,
};
use model::{
    Actor, AuditEvent, Caller, GuestState, ItemStamp, Permission, PermissionId, PermissionScope, Principal,
    Role, Timestamp, User, UserKind,
};
use policy::{Administration, Recipient, ShareFacts, ShareTarget, may_administer, may_share};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Unaudited, Writing};

use super::list::{Holder, PermissionView};
use super::place::OpenPlace;
use super::recipient::{Who, resolve};
use super::{Place, RecipientName, ShareRefusal, SharingError};

/// Most recipients of one request.
const MOST_RECIPIENTS: usize = 50;
/// Longest message, in characters.
const LONGEST_MESSAGE: usize = 2_000;

/// What to share with whom.
#[derive(Debug, Clone)]
pub struct ShareRequest {
    /// The place.
    pub place: Place,
    /// The people and groups.
    pub recipients: Vec<RecipientName>,
    /// The role they get.
    pub role: Role,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// What the sharer writes.
    pub message: Option<String>,
    /// Whether recipients are told by mail.
    pub notify: Notify,
    /// This cloud's origin, for links.
    pub origin: String,
}

/// What came of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareOutcome {
    /// The recipient as named.
    pub recipient: RecipientName,
    /// The permission they have now, or why they got none.
    pub result: Result<PermissionView, ShareRefusal>,
}

/// Shares a place. Every recipient gets an outcome; those refused harm nobody else.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller; [`SharingError::Recipients`] or
/// [`SharingError::Message`] when the request is malformed; a storage error undoes everything.
pub async fn share(
    call: &Call,
    caller: Caller,
    request: ShareRequest,
) -> Result<Vec<ShareOutcome>, SharingError> {
    if !(1..=MOST_RECIPIENTS).contains(&request.recipients.len()) {
        return Err(SharingError::Recipients);
    }
    if request.message.as_ref().is_some_and(|message| !is_message(message)) {
        return Err(SharingError::Message);
    }
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let now = runtime.now();
        let place = request.place.open(scope, &caller, now)?.ok_or(SharingError::NotFound)?;
        let mut sharing = Sharing::begin(scope, &runtime, caller, &request, place)?;
        let mut outcomes = Vec::with_capacity(request.recipients.len());
        for recipient in &request.recipients {
            let result = sharing.with(scope, recipient)?;
            outcomes.push(ShareOutcome { recipient: recipient.clone(), result });
        }
        let stamp = ItemStamp { at: now, by: Some(caller.user) };
        log_access_changes(scope, &sharing.changed, stamp)?;
        if sharing.events.is_empty() {
            return Ok(Commit::unaudited(outcomes, Unaudited::NothingChanged));
        }
        let proof = record(scope, &runtime, &sharing.events)?;
        Ok(Commit::new(outcomes, proof))
    })
    .await
}

/// What a person writes may have lines, and no NUL, which no database keeps.
fn is_message(text: &str) -> bool {
    text.chars().count() <= LONGEST_MESSAGE && !text.contains('\0')
}

/// One request being carried out.
struct Sharing<'r> {
    runtime: &'r Runtime,
    request: &'r ShareRequest,
    caller: Caller,
    facts: ShareFacts,
    place: OpenPlace,
    sharer: User,
    organization: String,
    link: String,
    changed: Vec<Permission>,
    events: Vec<AuditEvent>,
}

impl<'r> Sharing<'r> {
    fn begin(
        scope: &mut Scope<'_, Writing>,
        runtime: &'r Runtime,
        caller: Caller,
        request: &'r ShareRequest,
        place: OpenPlace,
    ) -> Result<Self, SharingError> {
        let sharer = scope.users().find(caller.user)?.ok_or(SharingError::NotFound)?;
        let authority = authority_of(scope, Actor::Person(caller.user))?;
        let facts = ShareFacts {
            actor: sharer.kind,
            actor_role: place.role,
            actor_may_invite: may_administer(&authority, Administration::InviteGuest).allows(),
            target: match place.scope {
                PermissionScope::Site(_) => ShareTarget::Site,
                PermissionScope::Item { .. } => ShareTarget::Item,
            },
            role: request.role,
            level: place.level,
        };
        let organization = scope.tenants().load()?.display_name;
        let link = place.address.url(&request.origin);
        let (changed, events) = (Vec::new(), Vec::new());
        Ok(Self { runtime, request, caller, facts, place, sharer, organization, link, changed, events })
    }

    /// Shares with one recipient.
    fn with(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        recipient: &RecipientName,
    ) -> Result<Result<PermissionView, ShareRefusal>, SharingError> {
        let who = match resolve(scope, recipient)? {
            Ok(who) => who,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let class = who.class();
        if let Some(reason) = may_share(&self.facts, class).refusal() {
            if matches!(class, Recipient::Guest | Recipient::Unknown | Recipient::Blocked) {
                let blocked = self.event("SharingInvitationBlocked").detail("Reason", reason.code());
                // Nobody in the directory stands for the address; without it the record would name nobody.
                let blocked = match &who {
                    Who::New(address) => blocked.detail("Recipient", address.as_str()),
                    _ => blocked,
                };
                self.events.push(with_target(blocked, who.principal()));
            }
            return Ok(Err(ShareRefusal::Policy(reason)));
        }
        let (holder, link) = match who {
            Who::Group(group) => (Holder::Group(group), None),
            Who::Person(person) => {
                let link = self.link_for(scope, &person)?;
                (Holder::Person(person), Some(link))
            }
            Who::New(address) => {
                let new = self.invitation(address);
                let (invited, done) = invite_in(scope, self.runtime, Actor::Person(self.caller.user), &new)?;
                self.events.push(self.at_place(done));
                (Holder::Person(invited.guest), Some(invited.redeem_url))
            }
            Who::Nobody => return Ok(Err(ShareRefusal::Policy(policy::Reason::NoSuchMember))),
        };
        let permission = self.grant(scope, holder.principal())?;
        if let (Holder::Person(person), Some(link), Notify::Mail) = (&holder, link, self.request.notify) {
            self.mail(scope, person, link)?;
        }
        Ok(Ok(PermissionView { permission, holder, inherited: false }))
    }

    /// Gives the role, or raises the one that stands.
    fn grant(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        principal: Principal,
    ) -> Result<Permission, StorageError> {
        let (now, role, expires) = (self.runtime.now(), self.request.role, self.request.expires);
        let standing = scope.permissions().find_at(self.place.scope, principal)?;
        let raised = standing.map(|standing| {
            let ended = standing.expires.is_some_and(|end| end <= now);
            let role = if ended { role } else { role.max(standing.role) };
            // Who may share may not shorten or prolong what somebody else gave; its giver and owners change it.
            let theirs = !ended && standing.created_by != Some(self.caller.user);
            let expires = if theirs { standing.expires } else { expires };
            (Permission { role, expires, ..standing.clone() }, standing)
        });
        let permission = match raised {
            Some((raised, standing)) if raised == standing => return Ok(standing),
            // It may have been taken away since it was read; then a new one is given.
            Some((raised, _)) if scope.permissions().update(raised.id, raised.role, raised.expires)? => {
                raised
            }
            _ => self.create(scope, principal)?,
        };
        let done = self.event("SharingSet").detail("Role", permission.role.graph_name());
        self.events.push(with_target(done.detail("Permission", permission.id.to_string()), Some(principal)));
        self.changed.push(permission.clone());
        Ok(permission)
    }

    fn create(
        &self,
        scope: &mut Scope<'_, Writing>,
        principal: Principal,
    ) -> Result<Permission, StorageError> {
        let permission = Permission {
            id: PermissionId::from_random(self.runtime.random()),
            tenant: scope.tenant(),
            scope: self.place.scope,
            principal,
            role: self.request.role,
            created_by: Some(self.caller.user),
            created: self.runtime.now(),
            expires: self.request.expires,
            revoked: None,
        };
        scope.permissions().create(&permission)?;
        Ok(permission)
    }

    /// Returns where a known person goes: a guest who has not accepted yet accepts on the way.
    fn link_for(&self, scope: &mut Scope<'_, Writing>, person: &User) -> Result<String, SharingError> {
        let pending = person.kind == UserKind::Guest && person.guest_state != Some(GuestState::Accepted);
        let address = person.mail.as_deref().and_then(|mail| mail.parse().ok());
        match address {
            Some(address) if pending && self.request.notify == Notify::Mail => {
                let new = self.invitation(address);
                let actor = Actor::Person(self.caller.user);
                Ok(renew_link(scope, self.runtime, actor, person, &new)?)
            }
            _ => Ok(self.link.clone()),
        }
    }

    fn invitation(&self, address: model::Address) -> GuestInvitation {
        GuestInvitation {
            address,
            display_name: None,
            redirect_url: self.link.clone(),
            message: self.request.message.clone(),
            origin: self.request.origin.clone(),
        }
    }

    fn mail(&self, scope: &mut Scope<'_, Writing>, person: &User, link: String) -> Result<(), StorageError> {
        let Some(recipient) = person.mail.clone() else { return Ok(()) };
        let request = MailRequest {
            kind: MailKind::Share,
            recipient,
            recipient_name: Some(person.display_name.clone()),
            sharer_name: self.sharer.display_name.clone(),
            sharer_address: self.sharer.mail.clone(),
            organization: self.organization.clone(),
            item: Some(self.place.name.clone()),
            message: self.request.message.clone(),
            link,
        };
        mail::queue(scope, self.runtime, &request)
    }

    fn event(&self, operation: &'static str) -> AuditEvent {
        self.at_place(event(self.runtime, Actor::Person(self.caller.user), operation))
    }

    fn at_place(&self, event: AuditEvent) -> AuditEvent {
        let event = event.site(self.place.scope.site());
        match self.place.scope {
            PermissionScope::Item { item, .. } => event.item(item),
            PermissionScope::Site(_) => event,
        }
    }
}

/// Names whom a record is about: a person as its target, a group as a fact.
pub(super) fn with_target(event: AuditEvent, principal: Option<Principal>) -> AuditEvent {
    match principal {
        Some(Principal::User(user)) => event.target(user),
        Some(Principal::Group(group)) => event.detail("Group", group.to_string()),
        None => event,
    }
}
