//! Carrying out a share: facts, decision, then permission or name in a link, guest, audit record and mail, recipient by
//! recipient within one transaction.
//!
//! The file is long because one recipient is judged, let in, recorded, told and told of in one place: what is said to whom
//! follows from what was given, and taking them apart would pass every fact from hand to hand.

use directory::mail::{self, MailKind, MailRequest};
use directory::{
    GuestInvitation, Joined, Known, Notify, OwnerNotice, event, invite_in, note_stay, renew_link, tell_owners,
};
use model::{
    Actor, Address, AuditEvent, Caller, GuestIntegration, GuestState, Link, LinkKind, LinkRecipient,
    Permission, PermissionId, PermissionScope, Principal, Role, User, UserKind,
};
use policy::{Recipient, ShareFacts, ShareTarget, may_share};
use runtime::Runtime;
use storage::{Scope, StorageError, Writing};

use super::list::{Holder, PermissionView};
use super::place::OpenPlace;
use super::place_policy::PlacePolicy;
use super::recipient::{Who, resolve};
use super::share::{ShareRequest, Shared};
use super::{RecipientName, ShareRefusal, SharingError};
use crate::links::{self, LinkAddress, NewLink, view_of};

/// One request being carried out.
pub(crate) struct Sharing<'r> {
    runtime: &'r Runtime,
    request: &'r ShareRequest,
    caller: Caller,
    facts: ShareFacts,
    policy: PlacePolicy,
    place: OpenPlace,
    sharer: User,
    organization: String,
    link: String,
    changed: Vec<Permission>,
    events: Vec<AuditEvent>,
    /// People outside who got something by this request, with what.
    outside: Vec<String>,
}

impl<'r> Sharing<'r> {
    /// Loads what every recipient is judged by.
    pub(crate) fn begin(
        scope: &mut Scope<'_, Writing>,
        runtime: &'r Runtime,
        caller: Caller,
        request: &'r ShareRequest,
        place: OpenPlace,
    ) -> Result<Self, SharingError> {
        let sharer = scope.users().find(caller.user)?.ok_or(SharingError::NotFound)?;
        let policy = PlacePolicy::load(scope, &caller, place.scope.site())?;
        let facts = policy.share_facts(scope, &caller, &place, request.role)?;
        let organization = scope.tenants().load()?.display_name;
        let link = place.address.url(&request.origin);
        let (changed, events, outside) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self {
            runtime,
            request,
            caller,
            facts,
            policy,
            place,
            sharer,
            organization,
            link,
            changed,
            events,
            outside,
        })
    }

    /// Sends those who are told elsewhere than to the place itself: to a link.
    pub(crate) fn leads_to(&mut self, address: String) {
        self.link = address;
    }

    /// Returns the permissions that were given or changed.
    pub(super) fn changed(&self) -> &[Permission] {
        &self.changed
    }

    /// Tells the owners whom this let in from outside.
    pub(crate) fn tell_owners(&self, scope: &mut Scope<'_, Writing>) -> Result<(), StorageError> {
        if self.outside.is_empty() {
            return Ok(());
        }
        let notice = OwnerNotice {
            kind: MailKind::OwnerShared,
            site: self.place.scope.site(),
            by: self.caller.user,
            lines: self.outside.clone(),
            item: Some(self.place.name.clone()),
            link: format!("{}/access", self.place.address.url(&self.request.origin)),
        };
        tell_owners(scope, self.runtime, &notice)
    }

    /// Notes somebody outside who got something new.
    fn let_in(&mut self, address: &str, role: Role) {
        let what = if role >= Role::Write { "can edit" } else { "can view" };
        self.outside.push(format!("{address} {what}"));
    }

    /// Ends it and returns what is to be recorded.
    pub(crate) fn into_events(self) -> Vec<AuditEvent> {
        self.events
    }

    /// Shares with one recipient.
    pub(super) fn with(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        recipient: &RecipientName,
    ) -> Result<Result<Shared, ShareRefusal>, SharingError> {
        let who = match self.admit(scope, recipient)? {
            Ok(who) => who,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (holder, link) = match who {
            Who::Group(group) => (Holder::Group(group), None),
            Who::ByCode(address) => {
                return Ok(Ok(Shared::Link(Box::new(self.by_code(scope, &address)?))));
            }
            who => {
                let (person, link) = self.reach(scope, who)?;
                (Holder::Person(person), Some(link))
            }
        };
        let recorded = self.events.len();
        let permission = self.grant(scope, holder.principal())?;
        if let Holder::Person(person) = &holder {
            if self.events.len() > recorded && person.kind == UserKind::Guest {
                let address = person.mail.as_deref().unwrap_or(&person.principal_name);
                self.let_in(address, permission.role);
            }
            let joined = note_stay(scope, self.place.scope.site(), person, self.runtime.now())?;
            if joined == Joined::Again {
                self.events.push(self.event("GuestAccessExtended").target(person.id));
                self.changed.push(permission.clone());
            }
        }
        if let (Holder::Person(person), Some(link), Notify::Mail) = (&holder, link, self.request.notify) {
            self.mail(scope, person, link)?;
        }
        Ok(Ok(Shared::Permission(Box::new(PermissionView { permission, holder, inherited: false }))))
    }

    /// Adds one recipient to those a link names.
    pub(crate) fn name(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        link: &Link,
        recipient: &RecipientName,
    ) -> Result<Result<(), ShareRefusal>, SharingError> {
        let who = match self.admit(scope, recipient)? {
            Ok(Who::Group(_)) => return Ok(Err(ShareRefusal::GroupInLink)),
            Ok(who) => who,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Who::ByCode(address) = &who {
            self.add_name(scope, link, &LinkRecipient::Address(address.key()))?;
            self.mail_by_code(scope, address, self.link.clone())?;
            return Ok(Ok(()));
        }
        let (person, address) = self.reach(scope, who)?;
        self.add_name(scope, link, &LinkRecipient::Person(person.id))?;
        if self.request.notify == Notify::Mail {
            self.mail(scope, &person, address)?;
        }
        Ok(Ok(()))
    }

    /// Finds out who is meant and decides whether they may be shared with.
    fn admit(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        recipient: &RecipientName,
    ) -> Result<Result<Who, ShareRefusal>, SharingError> {
        let who = match resolve(scope, recipient)? {
            Ok(Who::New(address)) if self.opens_by_code(scope, &address)? => Who::ByCode(address),
            Ok(who) => who,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let facts = self.policy.recipient_facts(scope, &who)?;
        let Some(reason) = may_share(&self.facts, &facts).refusal() else { return Ok(Ok(who)) };
        use Recipient::{Blocked, ByCode, Guest, Unknown};
        if matches!(facts.class, Guest | Unknown | ByCode | Blocked) {
            let blocked = self.event("SharingInvitationBlocked").detail("Reason", reason.code());
            // Nobody in the directory stands for the address; without it the record would name nobody.
            let blocked = match &who {
                Who::New(address) | Who::ByCode(address) => blocked.detail("Recipient", address.as_str()),
                _ => blocked,
            };
            self.events.push(with_target(blocked, who.principal()));
        }
        Ok(Err(ShareRefusal::Policy(reason)))
    }

    /// Returns whether somebody new stays out of the directory: where sharing makes no guests (A05), and where their
    /// organization is not on this cloud, so that they could never sign in as one (A12). Sites make guests always.
    fn opens_by_code(&self, scope: &mut Scope<'_, Writing>, address: &Address) -> Result<bool, StorageError> {
        if self.facts.target == ShareTarget::Site {
            return Ok(false);
        }
        Ok(scope.tenants().guest_integration()? == GuestIntegration::Off
            || !scope.tenants().is_on_this_cloud(&address.domain())?)
    }

    /// Finds or makes the directory's object of somebody, and the address by which they come in.
    fn reach(&mut self, scope: &mut Scope<'_, Writing>, who: Who) -> Result<(User, String), SharingError> {
        match who {
            Who::Person(person) => {
                let link = self.link_for(scope, &person)?;
                Ok((person, link))
            }
            Who::New(address) => {
                let new = self.invitation(address);
                let (invited, done) = invite_in(scope, self.runtime, Actor::Person(self.caller.user), &new)?;
                self.events.push(self.at_place(done));
                Ok((invited.guest, invited.redeem_url))
            }
            Who::Group(_) | Who::ByCode(_) | Who::Nobody => {
                Err(SharingError::Refused(policy::Reason::NoSuchMember))
            }
        }
    }

    /// Names an address in the sharer's link of this role, and tells it the link: the code that opens it goes there.
    fn by_code(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        address: &Address,
    ) -> Result<links::LinkView, SharingError> {
        let new = NewLink {
            scope: self.place.scope,
            kind: LinkKind::SpecificPeople,
            role: self.facts.role,
            expires: self.request.expires,
            caps: self.policy.anyone_links(),
            password: None,
        };
        let (link, known) = links::find_or_make(scope, self.runtime, &self.caller, new)?;
        if known == Known::New {
            self.events.push(links::made_event(self.runtime, &self.caller, &link));
        }
        self.add_name(scope, &link, &LinkRecipient::Address(address.key()))?;
        let view = view_of(scope, link)?;
        let url = view.ticket.clone().map(|ticket| LinkAddress(ticket).url(&self.request.origin, view.opens));
        self.mail_by_code(scope, address, url.unwrap_or_default())?;
        Ok(view)
    }

    fn add_name(
        &mut self,
        scope: &mut Scope<'_, Writing>,
        link: &Link,
        recipient: &LinkRecipient,
    ) -> Result<(), StorageError> {
        if !scope.link_recipients().add(link.id, recipient, self.runtime.now())? {
            return Ok(());
        }
        let done = self.event("AddedToSecureLink").detail("UniqueSharingId", link.id.to_string());
        match recipient {
            LinkRecipient::Person(user) => {
                self.events.push(done.target(*user));
                let person = scope.users().find(*user)?.filter(|person| person.kind == UserKind::Guest);
                if let Some(person) = person {
                    self.let_in(person.mail.as_deref().unwrap_or(&person.principal_name), link.role);
                }
            }
            LinkRecipient::Address(key) => {
                self.let_in(key, link.role);
                self.events.push(done.detail("Recipient", key.clone()));
            }
        }
        Ok(())
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
            link: None,
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
        let request = self.letter(MailKind::Share, recipient, Some(person.display_name.clone()), link);
        mail::queue(scope, self.runtime, &request)
    }

    fn mail_by_code(
        &self,
        scope: &mut Scope<'_, Writing>,
        address: &Address,
        link: String,
    ) -> Result<(), StorageError> {
        if self.request.notify == Notify::Nobody {
            return Ok(());
        }
        let request = self.letter(MailKind::ShareByCode, address.to_string(), None, link);
        mail::queue(scope, self.runtime, &request)
    }

    fn letter(
        &self,
        kind: MailKind,
        recipient: String,
        recipient_name: Option<String>,
        link: String,
    ) -> MailRequest {
        MailRequest {
            kind,
            recipient,
            recipient_name,
            sharer_name: self.sharer.display_name.clone(),
            sharer_address: self.sharer.mail.clone(),
            organization: self.organization.clone(),
            item: Some(self.place.name.clone()),
            message: self.request.message.clone(),
            link,
        }
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
