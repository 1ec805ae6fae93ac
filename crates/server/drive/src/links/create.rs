//! Making a link. Asking again for the same returns the link that stands (K-5); nobody gets access by its being made
//! (K-2).

use directory::mail::MailKind;
use directory::{Known, Notify, OwnerNotice, event, record, tell_owners};
use model::{
    Actor, AnyoneLinkCaps, AuditEvent, Caller, Link, LinkId, LinkKind, LinkRecipient, PermissionScope, Role,
    Timestamp,
};
use policy::{LinkDraft, link_end, may_make_link};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Unaudited, Writing};

use super::{LinkAddress, LinkSecrets, LinkView, view_of};
use crate::sharing::{
    Inherited, OpenPlace, Place, PlacePolicy, RecipientName, ShareRequest, Sharing, SharingError,
    check_request,
};
use crate::sites::WebAddress;

/// A link to be made.
#[derive(Debug, Clone)]
pub struct LinkRequest {
    /// What it opens.
    pub place: Place,
    /// Whom it opens for.
    pub kind: LinkKind,
    /// What it lets them do.
    pub role: Role,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Argon2id hash of its password.
    pub password: Option<String>,
    /// Whom it names; only for specific people.
    pub recipients: Vec<RecipientName>,
    /// What the sharer writes.
    pub message: Option<String>,
    /// Whether those it names are told by mail.
    pub notify: Notify,
    /// This cloud's origin, for links.
    pub origin: String,
}

/// A link that was made, or stood already.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeLink {
    /// The link.
    pub view: LinkView,
    /// Whether it is new.
    pub known: Known,
}

/// What makes two links the same.
pub(crate) struct NewLink {
    pub(crate) scope: PermissionScope,
    pub(crate) kind: LinkKind,
    pub(crate) role: Role,
    pub(crate) expires: Option<Timestamp>,
    /// What an anyone link is worth at most.
    pub(crate) caps: AnyoneLinkCaps,
    pub(crate) password: Option<String>,
}

/// Makes a link, or returns the one that stands. Whom it names is added to those it names already; when one of them
/// cannot be named, nothing is done.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Refused`], [`SharingError::Recipient`], or a malformed request.
pub async fn create_link(
    call: &Call,
    caller: Caller,
    request: LinkRequest,
) -> Result<MadeLink, SharingError> {
    let runtime = call.store().runtime().clone();
    // What is kept has microseconds; links are compared by what is kept.
    let kept = |end: Timestamp| Timestamp::from_microsecond(end.as_microsecond()).unwrap_or(end);
    let request = LinkRequest { expires: request.expires.map(kept), ..request };
    check(&request, runtime.now())?;
    call.write(move |scope| {
        let now = runtime.now();
        let place = request.place.open(scope, &caller, now)?.ok_or(SharingError::NotFound)?;
        let new = new_link(scope, &caller, &request, &place, now)?;
        let (link, known) = find_or_make(scope, &runtime, &caller, new)?;
        let secrets = LinkSecrets::load(scope, &runtime)?;
        let mut events = Vec::new();
        if known == Known::New {
            events.push(made_event(&runtime, &caller, &link));
        }
        if !request.recipients.is_empty() {
            let kind = view_of(scope, link.clone())?.opens;
            let address = LinkAddress(secrets.ticket(link.id)).url(&request.origin, kind);
            let share = share_request(&request);
            let mut sharing = Sharing::begin(scope, &runtime, caller, &share, place)?;
            sharing.leads_to(address);
            for (position, recipient) in request.recipients.iter().enumerate() {
                let named = sharing.name(scope, &link, recipient)?;
                named.map_err(|refusal| SharingError::Recipient { position: position + 1, refusal })?;
            }
            sharing.tell_owners(scope)?;
            events.extend(sharing.into_events());
        }
        if known == Known::New {
            tell_anyone_link(
                scope,
                &runtime,
                &caller,
                &link,
                MailKind::OwnerAnyoneLink,
                Some(&request.origin),
            )?;
        }
        let made = MadeLink { view: view_of(scope, link)?, known };
        if events.is_empty() {
            return Ok(Commit::unaudited(made, Unaudited::NothingChanged));
        }
        let proof = record(scope, &runtime, &events)?;
        Ok(Commit::new(made, proof))
    })
    .await
}

fn check(request: &LinkRequest, now: Timestamp) -> Result<(), SharingError> {
    check_request(&share_request(request), 0)?;
    let specific = request.kind == LinkKind::SpecificPeople;
    if !specific && !request.recipients.is_empty() {
        return Err(SharingError::Options("only a link for specific people names recipients"));
    }
    if request.kind != LinkKind::Anyone && request.password.is_some() {
        return Err(SharingError::Options("only a link for anyone has a password"));
    }
    if request.expires.is_some_and(|end| end <= now) {
        return Err(SharingError::Options("the link would have expired already"));
    }
    Ok(())
}

fn share_request(request: &LinkRequest) -> ShareRequest {
    ShareRequest {
        inherited: Inherited::Retain,
        place: request.place,
        recipients: request.recipients.clone(),
        role: request.role,
        expires: request.expires,
        message: request.message.clone(),
        notify: request.notify,
        origin: request.origin.clone(),
    }
}

fn new_link(
    scope: &mut Scope<'_, Writing>,
    caller: &Caller,
    request: &LinkRequest,
    place: &OpenPlace,
    now: Timestamp,
) -> Result<NewLink, SharingError> {
    let PermissionScope::Item { drive, item, .. } = place.scope else {
        return Err(SharingError::Options("links are made for libraries, folders and files, not for sites"));
    };
    let found = scope.items().find(drive, item)?.ok_or(SharingError::NotFound)?;
    let policy = PlacePolicy::load(scope, caller, place.scope.site())?;
    let adds_nothing = request.kind == LinkKind::ExistingAccess;
    let role = if adds_nothing { Role::Read } else { request.role };
    let caps = policy.anyone_links();
    may_make_link(&LinkDraft {
        actor: caller.kind,
        actor_role: place.role,
        kind: request.kind,
        role,
        library: found.parent.is_none(),
        level: place.level,
        reach: policy.reach,
        lock: place.lock,
        organization_links: policy.organization_links(),
        resharers: policy.resharers,
        item: found.kind,
        caps,
        created: now,
        expires: request.expires,
    })
    .into_result()?;
    Ok(NewLink {
        scope: place.scope,
        kind: request.kind,
        role,
        expires: request.expires.filter(|_| !adds_nothing),
        caps,
        password: request.password.clone(),
    })
}

/// Returns the kind of link that is made at a place when nobody says which (F-4).
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from the caller.
pub async fn default_link_kind(call: &Call, caller: Caller, place: Place) -> Result<LinkKind, SharingError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let place = place.open(scope, &caller, now)?.ok_or(SharingError::NotFound)?;
        Ok(PlacePolicy::load(scope, &caller, place.scope.site())?.default_kind(&place))
    })
    .await
}

/// Finds the link of this kind, role and end that stands at the item, or makes it. A password is never the same as
/// another. A link for specific people is its maker's: somebody else's names other people.
pub(crate) fn find_or_make(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    caller: &Caller,
    new: NewLink,
) -> Result<(Link, Known), StorageError> {
    let PermissionScope::Item { item, .. } = new.scope else {
        return Err(StorageError::Corrupt { table: "links", column: "item_id" });
    };
    let now = runtime.now();
    // The end is stored with the link: a cap that is lengthened later must not lengthen it (N-1).
    let end = |created| link_end(new.kind, created, new.expires, &new.caps);
    let same = |link: &Link| {
        link.kind == new.kind
            && link.role == new.role
            && link.expires == end(link.created)
            && link.password.is_none()
            && new.password.is_none()
            && (new.kind != LinkKind::SpecificPeople || link.created_by == Some(caller.user))
    };
    if let Some(link) = scope.links().list_of_items(&[item])?.into_iter().find(same) {
        return Ok((link, Known::Before));
    }
    let id = LinkId::from_random(runtime.random());
    let secrets = LinkSecrets::load(scope, runtime)?;
    let link = Link {
        id,
        tenant: scope.tenant(),
        scope: new.scope,
        kind: new.kind,
        role: new.role,
        token: secrets.ticket(id).hash(),
        password: new.password,
        created_by: Some(caller.user),
        created: now,
        expires: end(now),
        revoked: None,
    };
    scope.links().create(&link, &[] as &[LinkRecipient])?;
    Ok((link, Known::New))
}

/// Describes the making of a link for the audit trail.
pub(crate) fn made_event(runtime: &Runtime, caller: &Caller, link: &Link) -> AuditEvent {
    let operation = match link.kind {
        LinkKind::Anyone => "AnonymousLinkCreated",
        LinkKind::Organization => "CompanyLinkCreated",
        LinkKind::SpecificPeople => "SecureLinkCreated",
        LinkKind::ExistingAccess => "SharingLinkCreated",
    };
    about(event(runtime, Actor::Person(caller.user), operation), link).detail("Role", link.role.graph_name())
}

/// Tells the owners of a link for anyone (7.5); of other kinds they are told nothing.
pub(super) fn tell_anyone_link(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    caller: &Caller,
    link: &Link,
    kind: MailKind,
    origin: Option<&str>,
) -> Result<(), StorageError> {
    if link.kind != LinkKind::Anyone {
        return Ok(());
    }
    let site = link.scope.site();
    let (mut item, mut address) = (None, String::new());
    if let PermissionScope::Item { drive, item: id, .. } = link.scope {
        item = scope.items().find(drive, id)?.map(|item| item.name);
        let found = scope.sites().find(site)?;
        let domain = scope.tenants().load()?.initial_domain;
        if let (Some(origin), Some(found)) = (origin, found) {
            let at = WebAddress { domain, site: found.name, item: Some((drive, id)) };
            address = format!("{}/access", at.url(origin));
        }
    }
    let what = if link.role >= Role::Write { "can edit" } else { "can view" };
    let mut lines = vec![format!("whoever has the link {what}")];
    if let Some(end) = link.expires {
        lines.push(format!("until {}", end.strftime("%Y-%m-%d")));
    }
    let notice = OwnerNotice { kind, site, by: caller.user, lines, item, link: address };
    tell_owners(scope, runtime, &notice)
}

/// Names the link and its item in a record.
pub(crate) fn about(event: AuditEvent, link: &Link) -> AuditEvent {
    let event = event.site(link.scope.site()).detail("UniqueSharingId", link.id.to_string());
    match link.scope {
        PermissionScope::Item { item, .. } => event.item(item),
        PermissionScope::Site(_) => event,
    }
}
