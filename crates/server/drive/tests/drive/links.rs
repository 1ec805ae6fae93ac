//! Links: whom each kind opens for, and when it stops (B02, B03, B04, B14).
//!
//! Longer than most, because every kind is told as one story from making to its end: making, opening, binding to a
//! person, masking by a level, ending. Splitting a story would hide which step the next one stands on.

use directory::{Known, Notify, set_organization_sharing, set_sign_in};
use drive::ItemError;
use drive::links::{
    LinkChange, LinkError, LinkRequest, LinkUse, LinkView, LinkViewer, MadeLink, Redeemed, Setting, Shown,
    create_link, delete_link, find_link, list_links, load_linked_item, open_page, redeem, update_link,
};
use drive::roots::{load_root, resolve};
use drive::sharing::{
    Place, RecipientName, SharingError, break_inheritance, list_permissions, restore_inheritance,
};
use drive::sites::set_site_sharing;
use model::{Caller, ItemId, LinkKind, Role, SharingLevel, Timestamp};
use policy::Reason;
use storage::SignIn;

use crate::world::{BEN, ORIGIN, World};

pub(crate) fn request(place: Place, kind: LinkKind, role: Role) -> LinkRequest {
    LinkRequest {
        place,
        kind,
        role,
        expires: None,
        password: None,
        recipients: Vec::new(),
        message: None,
        notify: Notify::Nobody,
        origin: ORIGIN.to_owned(),
    }
}

pub(crate) fn to(address: &str) -> Vec<RecipientName> {
    vec![RecipientName::Address(address.to_owned())]
}

impl World {
    pub(crate) async fn link(&self, request: LinkRequest) -> Result<MadeLink, SharingError> {
        create_link(&self.call(self.anna()), self.anna(), request).await
    }

    /// Opens organization and site to links without sign-in.
    pub(crate) async fn open_up(&self, organization: SharingLevel) {
        let call = self.call(self.anna());
        set_organization_sharing(&call, Some(organization), None).await.expect("sets");
        set_site_sharing(&call, self.falcon.site.id, organization).await.expect("sets");
    }

    pub(crate) fn as_bearer(&self, made: &LinkView) -> LinkUse {
        LinkUse { ticket: made.ticket.clone().expect("shown"), viewer: LinkViewer::Bearer, password: None }
    }

    async fn redeem(&self, caller: Caller, made: &MadeLink) -> Result<Redeemed, LinkError> {
        let ticket = made.view.ticket.clone().expect("shown");
        redeem(&self.call(caller), caller, ticket, None).await
    }

    /// Returns the role somebody has at an item.
    async fn role_at(&self, caller: Caller, item: ItemId) -> Option<Role> {
        let (drive, now) = (self.drive(), self.runtime.now());
        let call = self.call(caller);
        let read = call.read(move |scope| drive::access::item_access(scope, &caller, now, drive, item));
        read.await.expect("reads").map(|access| access.role)
    }

    async fn opens(&self, made: &MadeLink) -> Result<(), LinkError> {
        let used = self.as_bearer(&made.view);
        let call = drive::links::bearer_call(self.store.clone(), &used.ticket);
        open_page(&call, used, None).await.map(|_| ())
    }
}

#[tokio::test]
async fn r_b02_an_organization_link_opens_for_each_member_after_opening_it_and_never_for_a_guest() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let deeper = world.folder(plans, "Deeper").await;
    let carl = world.colleague("carl@contoso.example").await;
    let made =
        world.link(request(world.item(plans), LinkKind::Organization, Role::Write)).await.expect("makes");
    assert_eq!(made.known, Known::New);
    assert_eq!(world.role_at(carl, plans).await, None, "making it gives nobody anything");
    let redeemed = world.redeem(carl, &made).await.expect("opens");
    assert_eq!((redeemed.item, redeemed.kind), (plans, LinkKind::Organization));
    assert_eq!(world.role_at(carl, deeper).await, Some(Role::Write));
    assert_eq!(world.role_at(carl, world.root()).await, None);
    world.redeem(carl, &made).await.expect("opens again");

    world
        .share(world.item(world.folder(world.root(), "Other").await), BEN, Role::Read)
        .await
        .expect("shares");
    let ben = world.accept().await;
    assert!(matches!(world.redeem(ben, &made).await, Err(LinkError::NotFound)));
    assert!(matches!(world.opens(&made).await, Err(LinkError::NotFound)));

    let anna = world.anna();
    let listed = list_links(&world.call(anna), anna, world.item(deeper)).await.expect("lists");
    assert_eq!(listed.len(), 1);
    assert!(listed[0].inherited && listed[0].opened_by.iter().any(|person| person.id == carl.user));
    let own = list_links(&world.call(carl), carl, world.item(plans)).await.expect("lists");
    assert!(own.len() == 1 && own[0].ticket.is_some(), "who edits manages");
    delete_link(&world.call(anna), anna, world.item(plans), made.view.link.id).await.expect("deletes");
    assert_eq!(world.role_at(carl, plans).await, None, "ends with the next request");
    assert!(matches!(world.redeem(carl, &made).await, Err(LinkError::NotFound)));
}

#[tokio::test]
async fn r_b02_a_link_for_specific_people_opens_for_those_it_names_and_makes_them_guests() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let mut asked = request(world.item(plans), LinkKind::SpecificPeople, Role::Read);
    (asked.recipients, asked.notify) = (to(BEN), Notify::Mail);
    asked.recipients.push(RecipientName::Address("carl@contoso.example".to_owned()));
    let carl = world.colleague("carl@contoso.example").await;
    let dora = world.colleague("dora@contoso.example").await;
    let made = world.link(asked.clone()).await.expect("makes");
    let mails = world.mails().await;
    let link = |to: &str| {
        let mail = mails.iter().find(|mail| mail["recipient"] == to).expect("a mail");
        mail["link"].as_str().expect("a link").to_owned()
    };
    assert!(link(BEN).starts_with(&format!("{ORIGIN}/redeem/")), "a new guest accepts first");
    assert_eq!(Some(link("carl@contoso.example")), made.view.url(ORIGIN));
    let ben = world.accept().await;
    assert_eq!(world.role_at(ben, plans).await, None, "not before it is opened");
    for (caller, opens) in [(ben, true), (carl, true), (dora, false)] {
        assert_eq!(world.redeem(caller, &made).await.is_ok(), opens);
        assert_eq!(world.role_at(caller, plans).await, opens.then_some(Role::Read));
    }
    // The same again adds nobody and mails nothing new to do.
    let again = world.link(asked).await.expect("answers");
    assert_eq!((again.known, again.view.link.id), (Known::Before, made.view.link.id));
    // Closing masks, opening unmasks; a blocked guest stays out.
    world.open_up(SharingLevel::Disabled).await;
    assert_eq!(world.role_at(ben, plans).await, None);
    assert!(matches!(world.redeem(ben, &made).await, Err(LinkError::Refused(Reason::LinkClosed))));
    world.open_up(SharingLevel::ExistingGuests).await;
    assert_eq!(world.role_at(ben, plans).await, Some(Role::Read));
    set_sign_in(&world.call(world.anna()), ben.user, SignIn::Blocked).await.expect("blocks");
    assert!(matches!(world.redeem(ben, &made).await, Err(LinkError::NotFound)));
}

#[tokio::test]
async fn r_b02_an_anyone_link_opens_without_sign_in_makes_no_guest_and_never_syncs() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let refused = world.link(request(world.item(plans), LinkKind::Anyone, Role::Read)).await;
    assert!(matches!(refused, Err(SharingError::Refused(Reason::LevelAdmitsNoAnyoneLink))));
    world.open_up(SharingLevel::Anyone).await;
    let made = world.link(request(world.item(plans), LinkKind::Anyone, Role::Read)).await.expect("makes");
    let used = world.as_bearer(&made.view);
    let call = drive::links::bearer_call(world.store.clone(), &used.ticket);
    let deeper = world.folder(plans, "Deeper").await;
    let page = open_page(&call, used.clone(), None).await.expect("opens");
    assert_eq!(page.no_sync, Some(Reason::SharedWithoutSignIn));
    let Shown::Folder(view) = page.shown else { panic!("a folder") };
    assert_eq!((view.children.len(), view.above.len(), view.role), (1, 0, Role::Read));
    assert!(open_page(&call, used.clone(), Some(deeper)).await.is_ok());
    assert!(matches!(open_page(&call, used.clone(), Some(world.root())).await, Err(LinkError::NotFound)));
    let library = request(world.library(), LinkKind::Anyone, Role::Read);
    assert!(matches!(world.link(library).await, Err(SharingError::Refused(Reason::AnyoneLinkOfLibrary))));
    let carl = world.colleague("carl@contoso.example").await;
    world.redeem(carl, &made).await.expect("opens");
    assert_eq!(world.role_at(carl, plans).await, None, "opening it binds nobody");
    let url = made.view.url(ORIGIN).expect("shown");
    let synced = resolve(&world.call(carl), carl, &world.runtime, ORIGIN, &url).await;
    assert!(matches!(synced, Err(ItemError::NoSync(Reason::SharedWithoutSignIn))), "{synced:?}");
    let guests = world.call(carl).read(|scope| scope.users().list(None, 50)).await.expect("reads");
    assert!(guests.iter().all(|person| person.kind == model::UserKind::Member));
}

#[tokio::test]
async fn an_anyone_link_stops_with_the_level_of_organization_or_site_and_resumes_with_it() {
    let world = World::new().await;
    world.open_up(SharingLevel::Anyone).await;
    let plans = world.folder(world.root(), "Plans").await;
    let made = world.link(request(world.item(plans), LinkKind::Anyone, Role::Read)).await.expect("makes");
    let call = world.call(world.anna());
    let closed = |opened| matches!(opened, Err(LinkError::Refused(Reason::LinkClosed)));
    for level in [SharingLevel::NewAndExistingGuests, SharingLevel::Disabled] {
        set_organization_sharing(&call, Some(level), None).await.expect("sets");
        assert!(closed(world.opens(&made).await), "{level:?}");
        set_organization_sharing(&call, Some(SharingLevel::Anyone), None).await.expect("sets");
        world.opens(&made).await.expect("resumes");
        set_site_sharing(&call, world.falcon.site.id, level).await.expect("sets");
        assert!(closed(world.opens(&made).await), "{level:?}");
        set_site_sharing(&call, world.falcon.site.id, SharingLevel::Anyone).await.expect("sets");
        world.opens(&made).await.expect("resumes");
    }
}

#[tokio::test]
async fn expiry_password_and_deletion_end_a_link_with_the_next_request() {
    let world = World::new().await;
    world.open_up(SharingLevel::Anyone).await;
    let plans = world.folder(world.root(), "Plans").await;
    let (anna, place) = (world.anna(), world.item(plans));
    let call = world.call(anna);
    let mut asked = request(place, LinkKind::Anyone, Role::Read);
    asked.expires = Some("2000-01-01T00:00:00Z".parse().expect("a time"));
    assert!(matches!(world.link(asked.clone()).await, Err(SharingError::Options(_))));
    asked.expires = None;
    let made = world.link(asked.clone()).await.expect("makes");
    let id = made.view.link.id;
    let change = |expires, password| LinkChange { role: None, expires, password };
    let past: Timestamp = "2000-01-01T00:00:00Z".parse().expect("a time");
    update_link(&call, anna, place, id, change(Setting::Set(past), Setting::Keep)).await.expect("changes");
    assert!(matches!(world.opens(&made).await, Err(LinkError::Refused(Reason::LinkExpired))));
    update_link(&call, anna, place, id, change(Setting::Clear, Setting::Keep)).await.expect("changes");
    world.opens(&made).await.expect("opens again");
    let hash = "$argon2id$v=19$hash".to_owned();
    update_link(&call, anna, place, id, change(Setting::Keep, Setting::Set(hash.clone())))
        .await
        .expect("changes");
    assert!(matches!(world.opens(&made).await, Err(LinkError::Refused(Reason::LinkPassword))));
    let used = LinkUse { password: Some(hash), ..world.as_bearer(&made.view) };
    let bearer = drive::links::bearer_call(world.store.clone(), &used.ticket);
    open_page(&bearer, used.clone(), None).await.expect("proven");
    let other = Setting::Set("$argon2id$v=19$other".to_owned());
    update_link(&call, anna, place, id, change(Setting::Keep, other)).await.expect("changes");
    assert!(open_page(&bearer, used.clone(), None).await.is_err(), "the old password proves nothing");
    delete_link(&call, anna, place, id).await.expect("deletes");
    assert!(matches!(open_page(&bearer, used, None).await, Err(LinkError::NotFound)));
    assert!(find_link(&call, anna, place, id).await.expect("reads").is_none());
}

#[tokio::test]
async fn what_somebody_got_by_a_link_follows_its_role_and_end() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let (anna, place) = (world.anna(), world.item(plans));
    let call = world.call(anna);
    let carl = world.colleague("carl@contoso.example").await;
    let made = world.link(request(place, LinkKind::Organization, Role::Read)).await.expect("makes");
    world.redeem(carl, &made).await.expect("opens");
    let id = made.view.link.id;
    let role = LinkChange { role: Some(Role::Write), expires: Setting::Keep, password: Setting::Keep };
    update_link(&call, anna, place, id, role).await.expect("changes");
    assert_eq!(world.role_at(carl, plans).await, Some(Role::Write));
    let past: Timestamp = "2000-01-01T00:00:00Z".parse().expect("a time");
    let end = LinkChange { role: None, expires: Setting::Set(past), password: Setting::Keep };
    update_link(&call, anna, place, id, end).await.expect("changes");
    assert_eq!(world.role_at(carl, plans).await, None);
    // What they were given by name beside it stays, and is listed apart from the link.
    world.share(place, "carl@contoso.example", Role::Read).await.expect("shares");
    delete_link(&call, anna, place, id).await.expect("deletes");
    assert_eq!(world.role_at(carl, plans).await, Some(Role::Read));
    let listed = list_permissions(&call, anna, place).await.expect("lists");
    assert_eq!(listed.iter().filter(|view| !view.inherited).count(), 1);
}

#[tokio::test]
async fn a_link_for_existing_access_adds_nothing() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let made =
        world.link(request(world.item(plans), LinkKind::ExistingAccess, Role::Read)).await.expect("makes");
    let carl = world.colleague("carl@contoso.example").await;
    assert!(matches!(world.redeem(carl, &made).await, Err(LinkError::NotFound)));
    world.share(world.item(plans), "carl@contoso.example", Role::Write).await.expect("shares");
    world.redeem(carl, &made).await.expect("opens");
    assert_eq!(world.role_at(carl, plans).await, Some(Role::Write));
}

#[tokio::test]
async fn who_may_not_share_makes_no_link_and_who_may_not_see_finds_nothing() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    let asked = request(world.item(plans), LinkKind::Organization, Role::Read);
    let refused = create_link(&world.call(ben), ben, asked.clone()).await;
    assert!(matches!(refused, Err(SharingError::Refused(Reason::MayNotManageSharing))));
    let elsewhere = request(world.library(), LinkKind::Organization, Role::Read);
    assert!(matches!(create_link(&world.call(ben), ben, elsewhere).await, Err(SharingError::NotFound)));
    let made = world.link(asked).await.expect("makes");
    let listed = list_links(&world.call(ben), ben, world.item(plans)).await.expect("lists");
    assert!(listed.is_empty(), "a guest sees only links they opened");
    let deleted = delete_link(&world.call(ben), ben, world.item(plans), made.view.link.id).await;
    assert!(matches!(deleted, Err(SharingError::NotFound)));
    let named = LinkRequest {
        recipients: to("nobody@contoso.example"),
        ..request(world.item(plans), LinkKind::SpecificPeople, Role::Read)
    };
    let unnamed = world.link(named).await;
    assert!(matches!(unnamed, Err(SharingError::Recipient { position: 1, .. })));
    let site = world.link(request(world.site(), LinkKind::Organization, Role::Read)).await;
    assert!(matches!(site, Err(SharingError::Options(_))));
    // A link of one organization means nothing in another.
    let ada = Caller { tenant: world.fabrikam, user: world.ada, ..world.anna() };
    let ticket = made.view.ticket.clone().expect("shown");
    assert!(matches!(redeem(&world.call(ada), ada, ticket, None).await, Err(LinkError::NotFound)));
}

#[tokio::test]
async fn r_b04_a_single_shared_file_opens_by_its_link_and_is_refused_for_sync_with_the_reason() {
    let world = World::new().await;
    let file = world.file(world.root(), "Report.docx").await;
    let mut asked = request(world.item(file), LinkKind::SpecificPeople, Role::Read);
    asked.recipients = to(BEN);
    let made = world.link(asked).await.expect("makes");
    let ben = world.accept().await;
    let url = made.view.url(ORIGIN).expect("shown");
    let synced = resolve(&world.call(ben), ben, &world.runtime, ORIGIN, &url).await;
    assert!(matches!(synced, Err(ItemError::NoSync(Reason::SingleFile))), "{synced:?}");
    assert_eq!(world.role_at(ben, file).await, Some(Role::Read), "it opens");
    let (call, drive) = (world.call(ben), world.drive());
    let root = load_root(&call, ben, &world.runtime, ORIGIN.to_owned(), drive, file).await;
    assert!(matches!(root, Err(ItemError::NoSync(Reason::SingleFile))));
    let site = format!("{ORIGIN}/contoso.example/sites/Falcon");
    let by_site = resolve(&call, ben, &world.runtime, ORIGIN, &site).await;
    assert!(matches!(by_site, Err(ItemError::NoSync(Reason::SingleFile))), "{by_site:?}");
}

#[tokio::test]
async fn r_b03_a_folder_shared_by_a_link_that_needs_sign_in_is_synced_by_the_links_address() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let mut asked = request(world.item(plans), LinkKind::SpecificPeople, Role::Write);
    asked.recipients = to(BEN);
    let made = world.link(asked).await.expect("makes");
    let ben = world.accept().await;
    let url = made.view.url(ORIGIN).expect("shown");
    let (call, origin) = (world.call(ben), ORIGIN.to_owned());
    let (drive, item) = resolve(&call, ben, &world.runtime, ORIGIN, &url).await.expect("resolves");
    assert_eq!((drive, item), (world.drive(), plans));
    let root = load_root(&call, ben, &world.runtime, origin, drive, item).await.expect("loads");
    assert_eq!(root.role, transfer::ItemRole::Write);
}

#[tokio::test]
async fn r_b14_a_link_for_people_outside_marks_the_site_for_everybody_in_it() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let (anna, id) = (world.anna(), world.falcon.site.id);
    let call = world.call(anna);
    let marked = async || {
        let site = drive::sites::find_site(&call, anna, id).await.expect("reads").expect("the site");
        site.open_to_outsiders
    };
    world.link(request(world.item(plans), LinkKind::Organization, Role::Read)).await.expect("makes");
    assert!(!marked().await);
    world.open_up(SharingLevel::Anyone).await;
    let made = world.link(request(world.item(plans), LinkKind::Anyone, Role::Read)).await.expect("makes");
    assert!(marked().await);
    set_organization_sharing(&call, Some(SharingLevel::NewAndExistingGuests), None).await.expect("sets");
    assert!(!marked().await, "masked");
    set_organization_sharing(&call, Some(SharingLevel::Anyone), None).await.expect("sets");
    delete_link(&call, anna, world.item(plans), made.view.link.id).await.expect("deletes");
    assert!(!marked().await);
    let mut named = request(world.item(plans), LinkKind::SpecificPeople, Role::Read);
    named.recipients = to("cleo@outside.example");
    world.link(named).await.expect("makes");
    assert!(marked().await);
}

#[tokio::test]
async fn the_same_link_is_asked_for_twice_and_made_once() {
    let world = World::new().await;
    world.open_up(SharingLevel::Anyone).await;
    let plans = world.folder(world.root(), "Plans").await;
    let place = world.item(plans);
    let first = world.link(request(place, LinkKind::Anyone, Role::Read)).await.expect("makes");
    let again = world.link(request(place, LinkKind::Anyone, Role::Read)).await.expect("answers");
    assert_eq!((again.known, again.view.url(ORIGIN)), (Known::Before, first.view.url(ORIGIN)));
    let edit = world.link(request(place, LinkKind::Anyone, Role::Write)).await.expect("makes");
    assert_ne!(edit.view.link.id, first.view.link.id);
    let end = Some(world.runtime.now() + std::time::Duration::from_secs(3600));
    let ending = LinkRequest { expires: end, ..request(place, LinkKind::Anyone, Role::Read) };
    let third = world.link(ending.clone()).await.expect("makes");
    assert_eq!(world.link(ending).await.expect("answers").view.link.id, third.view.link.id);
    let recorded =
        world.call(world.anna()).read(|scope| scope.audit().list_operations(50)).await.expect("reads");
    let made = recorded.iter().filter(|name| *name == "AnonymousLinkCreated").count();
    assert_eq!(made, 3);
    let item = load_linked_item(&world.call(world.anna()), world.as_bearer(&first.view), Vec::new()).await;
    assert_eq!(item.expect("opens").view.seen.item.id, plans);
}

#[tokio::test]
async fn a_link_ends_where_inheritance_is_broken_and_restoring_it_takes_the_items_own_links() {
    let world = World::new().await;
    world.open_up(SharingLevel::Anyone).await;
    let plans = world.folder(world.root(), "Plans").await;
    let secret = world.folder(plans, "Secret").await;
    let (anna, drive) = (world.anna(), world.drive());
    let call = world.call(anna);
    let anyone = world.link(request(world.item(plans), LinkKind::Anyone, Role::Read)).await.expect("makes");
    let members =
        world.link(request(world.item(plans), LinkKind::Organization, Role::Write)).await.expect("makes");
    let own = world.link(request(world.item(secret), LinkKind::Anyone, Role::Read)).await.expect("makes");
    let carl = world.colleague("carl@contoso.example").await;
    world.redeem(carl, &members).await.expect("opens");
    assert_eq!(world.role_at(carl, secret).await, Some(Role::Write));
    break_inheritance(&call, anna, drive, secret).await.expect("breaks");
    assert_eq!(
        (world.role_at(carl, secret).await, world.role_at(carl, plans).await),
        (None, Some(Role::Write))
    );
    let used = world.as_bearer(&anyone.view);
    let bearer = drive::links::bearer_call(world.store.clone(), &used.ticket);
    let page = open_page(&bearer, used.clone(), None).await.expect("opens");
    let Shown::Folder(view) = page.shown else { panic!("a folder") };
    assert!(view.children.is_empty(), "what has permissions of its own is not shown");
    assert!(matches!(open_page(&bearer, used, Some(secret)).await, Err(LinkError::NotFound)));
    world.opens(&own).await.expect("its own link opens");
    restore_inheritance(&call, anna, drive, secret).await.expect("restores");
    assert!(matches!(world.opens(&own).await, Err(LinkError::NotFound)));
    assert_eq!(world.role_at(carl, secret).await, Some(Role::Write));
}
