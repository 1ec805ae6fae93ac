//! Sharing: who gets what, who is told, what is recorded (B01, B03, B05, B11, A10).

use directory::{Notify, set_organization_sharing, set_sign_in};
use drive::sharing::{
    Holder, Place, RecipientName, ShareRefusal, SharingError, find_permission, list_permissions,
    revoke_permission, share, update_permission,
};
use model::{GuestState, ItemId, Role, SharingLevel};
use policy::Reason;
use storage::SignIn;

use crate::world::{BEN, ORIGIN, World};

#[tokio::test]
async fn r_b01_sites_libraries_and_folders_are_shared_with_people_outside_and_they_get_a_mail() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let cases = [
        (world.site(), "cleo@fabrikam.example", "Project Falcon"),
        (world.library(), "dora@fabrikam.example", "Project Falcon - Documents"),
        (world.item(plans), "emil@fabrikam.example", "Plans"),
    ];
    for (position, (place, to, name)) in cases.into_iter().enumerate() {
        let shared = world.share(place, to, Role::Write).await.expect("shares");
        let Holder::Person(guest) = shared.holder else { panic!("a person") };
        assert_eq!(guest.guest_state, Some(GuestState::PendingAcceptance));
        let mails = world.mails().await;
        assert_eq!(mails.len(), position + 1);
        let mail = mails.iter().find(|mail| mail["recipient"] == to).expect("a mail");
        assert_eq!(mail["item"], name);
        assert_eq!(mail["organization"], "Contoso");
        assert_eq!((&mail["sharerName"], &mail["message"]), (&"anna".into(), &"Have a look".into()));
        let link = mail["link"].as_str().expect("a link");
        assert!(link.starts_with(&format!("{ORIGIN}/redeem/")));
    }
}

#[tokio::test]
async fn one_bad_recipient_never_drops_the_others() {
    let world = World::new().await;
    let anna = world.anna();
    let to = [BEN, "not an address", "nobody@contoso.example", "cleo@fabrikam.example", "a+b@c.example"];
    let mut request = world.request(world.site(), &to, Role::Read);
    request.recipients.push(RecipientName::Object("00000000-0000-4000-8000-000000000000".to_owned()));
    let outcomes = share(&world.call(anna), anna, request).await.expect("answers");
    let results: Vec<Option<&str>> =
        outcomes.iter().map(|outcome| outcome.result.as_ref().err().map(|refusal| refusal.code())).collect();
    let expected = [
        None,
        Some("invalidAddress"),
        Some("noSuchMember"),
        None,
        Some("invalidAddress"),
        Some("unknownObject"),
    ];
    assert_eq!(results, expected);
    assert_eq!(world.mails().await.len(), 2);
}

#[tokio::test]
async fn r_b05_the_level_decides_who_can_be_shared_with_and_a_refusal_is_recorded() {
    let world = World::new().await;
    world.share(world.site(), BEN, Role::Read).await.expect("shares");
    let call = world.call(world.anna());
    let refused = |reason| Err(ShareRefusal::Policy(reason));
    set_organization_sharing(&call, Some(SharingLevel::ExistingGuests), None).await.expect("sets");
    let new = world.share(world.site(), "cleo@fabrikam.example", Role::Read).await;
    assert_eq!(new, refused(Reason::LevelAdmitsNoNewGuest));
    world.share(world.library(), BEN, Role::Read).await.expect("an existing guest");
    set_organization_sharing(&call, Some(SharingLevel::Disabled), None).await.expect("sets");
    let known = world.share(world.library(), BEN, Role::Write).await;
    assert_eq!(known, refused(Reason::LevelAdmitsNoOutsider));
    world.colleague("carl@contoso.example").await;
    world.share(world.site(), "carl@contoso.example", Role::Read).await.expect("a member");
}

#[tokio::test]
async fn sharing_without_mail_tells_nobody() {
    let world = World::new().await;
    let anna = world.anna();
    let mut request = world.request(world.site(), &[BEN], Role::Read);
    request.notify = Notify::Nobody;
    share(&world.call(anna), anna, request).await.expect("shares");
    assert!(world.mails().await.is_empty());
    // The site's own address is the way in.
    world.accept().await;
}

#[tokio::test]
async fn a_guest_who_accepted_gets_the_places_own_link() {
    let world = World::new().await;
    world.share(world.site(), BEN, Role::Read).await.expect("shares");
    world.share(world.library(), BEN, Role::Read).await.expect("shares");
    world.accept().await;
    let plans = world.folder(world.root(), "Plans").await;
    world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let mails = world.mails().await;
    // The site's owner is told as well (B10).
    let to_ben = mails.iter().filter(|mail| mail["recipient"] == BEN);
    let links: Vec<String> = to_ben.map(|mail| mail["link"].as_str().expect("a link").to_owned()).collect();
    let redeem = links.iter().filter(|link| link.contains("/redeem/")).count();
    assert_eq!((redeem, links.len()), (2, 3));
    let own = format!("{ORIGIN}/contoso.example/sites/Falcon/items/{}/{plans}", world.drive());
    assert!(links.contains(&own), "{links:?}");
}

#[tokio::test]
async fn sharing_again_raises_a_role_and_never_lowers_it() {
    let world = World::new().await;
    let first = world.share(world.site(), BEN, Role::Write).await.expect("shares").permission;
    let second = world.share(world.site(), BEN, Role::Read).await.expect("shares").permission;
    assert_eq!((second.id, second.role), (first.id, Role::Write));
}

#[tokio::test]
async fn who_may_not_share_is_refused_and_who_may_not_see_finds_nothing() {
    let world = World::new().await;
    world.share(world.library(), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    let request = world.request(world.library(), &["cleo@fabrikam.example"], Role::Read);
    let outcomes = share(&world.call(ben), ben, request).await.expect("answers");
    assert_eq!(outcomes[0].result, Err(ShareRefusal::Policy(Reason::MayNotManageSharing)));
    for place in [world.site(), world.item(ItemId::from_random([7; 16]))] {
        let request = world.request(place, &["cleo@fabrikam.example"], Role::Read);
        assert!(matches!(share(&world.call(ben), ben, request).await, Err(SharingError::NotFound)));
        assert!(matches!(list_permissions(&world.call(ben), ben, place).await, Err(SharingError::NotFound)));
    }
    let anna = world.anna();
    let blocked = {
        set_sign_in(&world.call(anna), ben.user, SignIn::Blocked).await.expect("blocks");
        world.share(world.site(), BEN, Role::Read).await
    };
    assert_eq!(blocked, Err(ShareRefusal::Policy(Reason::RecipientBlocked)));
    let nobody = share(&world.call(anna), anna, world.request(world.site(), &[], Role::Read)).await;
    assert!(matches!(nobody, Err(SharingError::Recipients)));
    let mut long = world.request(world.site(), &[BEN], Role::Read);
    long.message = Some("x".repeat(2_001));
    assert!(matches!(share(&world.call(anna), anna, long).await, Err(SharingError::Message)));
}

#[tokio::test]
async fn permissions_are_listed_with_where_they_come_from_and_others_are_not_shown_to_a_guest() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let anna = world.anna();
    world.share(world.site(), "cleo@fabrikam.example", Role::Read).await.expect("shares");
    let given = world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let all = list_permissions(&world.call(anna), anna, world.item(plans)).await.expect("lists");
    assert_eq!(all.len(), 5, "three groups, Cleo, Ben");
    assert_eq!(all.iter().filter(|view| !view.inherited).count(), 1);
    let ben = world.accept().await;
    let own = list_permissions(&world.call(ben), ben, world.item(plans)).await.expect("lists");
    assert_eq!(own.iter().map(|view| view.permission.id).collect::<Vec<_>>(), [given.permission.id]);
}

#[tokio::test]
async fn a_permission_is_changed_where_it_was_given_by_who_may() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let (anna, call) = (world.anna(), world.call(world.anna()));
    let id = world.share(world.library(), BEN, Role::Write).await.expect("shares").permission.id;
    let update = async |place: Place, role| update_permission(&call, anna, place, id, role, None).await;
    assert!(matches!(update(world.item(plans), Role::Read).await, Err(SharingError::Inherited)));
    assert!(matches!(update(world.site(), Role::Read).await, Err(SharingError::NotFound)));
    let owner = update(world.library(), Role::Owner).await;
    assert!(matches!(owner, Err(SharingError::Refused(Reason::OwnerIsNotShared))));
    let changed = update(world.library(), Role::Read).await.expect("changes");
    assert_eq!(changed.permission.role, Role::Read);
    let found = find_permission(&call, anna, world.library(), id).await.expect("reads");
    assert_eq!(found.map(|view| view.permission.role), Some(Role::Read));

    let ben = world.accept().await;
    let raised = update_permission(&world.call(ben), ben, world.library(), id, Role::Write, None).await;
    assert!(matches!(raised, Err(SharingError::Refused(Reason::MayNotManageSharing))));
    revoke_permission(&world.call(ben), ben, world.library(), id).await.expect("gives up their own");
    let site = list_permissions(&call, anna, world.site()).await.expect("lists");
    for view in site {
        let owners = view.permission.role == Role::Owner;
        let revoked = revoke_permission(&call, anna, world.site(), view.permission.id).await;
        assert_eq!(matches!(revoked, Err(SharingError::Refused(Reason::LastOwner))), owners);
    }
}

#[tokio::test]
async fn a_grant_and_every_change_of_it_is_recorded_under_the_originals_names() {
    let world = World::new().await;
    let anna = world.anna();
    let id = world.share(world.library(), BEN, Role::Read).await.expect("shares").permission.id;
    world.share(world.library(), "nobody@contoso.example", Role::Read).await.unwrap_err();
    world.accept().await;
    revoke_permission(&world.call(anna), anna, world.library(), id).await.expect("revokes");
    let recorded = world.call(anna).read(|scope| scope.audit().list_operations(50)).await.expect("reads");
    for operation in [
        "SiteCollectionCreated",
        "AddedToGroup",
        "SharingInvitationCreated",
        "SharingSet",
        "SharingInvitationAccepted",
        "SharingRevoked",
    ] {
        assert!(recorded.iter().any(|known| known == operation), "{operation} in {recorded:?}");
    }
}
