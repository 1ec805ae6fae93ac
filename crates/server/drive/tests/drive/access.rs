//! Access: what is open to whom, down to the folder (B03, B05, A10).

use std::collections::BTreeSet;

use directory::{MembershipChange, change_membership, set_organization_sharing, set_sign_in};
use drive::access::{Access, DriveAccess, Roots, drive_access, item_access, items_access};
use drive::sharing::{Holder, RecipientName, revoke_permission, share};
use model::{Caller, GroupKind, HomeAccount, ItemId, Role, SharingLevel};
use storage::{SignIn, StorageError};

use crate::world::{BEN, World};

async fn at_item(world: &World, caller: Caller, item: ItemId) -> Option<Access> {
    let (drive, now) = (world.drive(), world.runtime.now());
    let read = world.call(caller).read(move |scope| item_access(scope, &caller, now, drive, item)).await;
    read.expect("reads")
}

async fn at_drive(world: &World, caller: Caller) -> Option<DriveAccess> {
    let (drive, now) = (world.drive(), world.runtime.now());
    world.call(caller).read(move |scope| drive_access(scope, &caller, now, drive)).await.expect("reads")
}

fn roles(found: &Option<Access>) -> Option<Role> {
    found.as_ref().map(|access| access.role)
}

#[tokio::test]
async fn r_b03_a_folder_shared_with_a_guest_opens_with_all_beneath_it_and_nothing_else() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let inner = world.folder(plans, "Inner").await;
    let secret = world.folder(world.root(), "Secret").await;
    world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    let expected = Access { role: Role::Write, roots: Roots::Items(BTreeSet::from([plans])) };
    assert_eq!(at_item(&world, ben, plans).await, Some(expected.clone()));
    assert_eq!(at_item(&world, ben, inner).await, Some(expected));
    for hidden in [world.root(), secret, ItemId::from_random([9; 16])] {
        assert_eq!(at_item(&world, ben, hidden).await, None);
    }
    let open = at_drive(&world, ben).await.expect("is open in part");
    assert_eq!((open.root_role(), open.roots()), (None, Roots::Items(BTreeSet::from([plans]))));
    let (drive, now, all) = (world.drive(), world.runtime.now(), [plans, inner, secret]);
    let many = world.call(ben).read(move |scope| items_access(scope, &ben, now, drive, &all)).await;
    assert_eq!(many.expect("reads").into_keys().collect::<BTreeSet<_>>(), BTreeSet::from([plans, inner]));
}

#[tokio::test]
async fn the_best_role_on_the_way_up_counts() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let inner = world.folder(plans, "Inner").await;
    world.share(world.library(), BEN, Role::Read).await.expect("shares");
    world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    assert_eq!(roles(&at_item(&world, ben, world.root()).await), Some(Role::Read));
    assert_eq!(roles(&at_item(&world, ben, inner).await), Some(Role::Write));
    assert_eq!(at_item(&world, ben, inner).await.map(|access| access.roots), Some(Roots::Drive));
}

#[tokio::test]
async fn members_and_visitors_of_a_site_have_what_their_group_has() {
    let world = World::new().await;
    let carl = world.colleague("carl@contoso.example").await;
    let site = world.falcon.site.id;
    let anna = world.call(world.anna());
    let groups = anna.read(move |scope| scope.groups().list_of_site(site)).await.expect("reads");
    for (kind, role) in [(GroupKind::SiteVisitors, Role::Read), (GroupKind::SiteMembers, Role::Write)] {
        let group = groups.iter().find(|group| group.kind == kind).expect("is there");
        assert_eq!(at_item(&world, carl, world.root()).await, None);
        change_membership(&anna, group.id, carl.user, MembershipChange::Add).await.expect("adds");
        assert_eq!(roles(&at_item(&world, carl, world.root()).await), Some(role));
        change_membership(&anna, group.id, carl.user, MembershipChange::Remove).await.expect("removes");
    }
    let owners = groups.iter().find(|group| group.kind == GroupKind::SiteOwners).expect("is there");
    let last = change_membership(&anna, owners.id, world.anna().user, MembershipChange::Remove).await;
    assert!(last.is_err(), "a site keeps an owner");
}

#[tokio::test]
async fn a_guest_comes_in_only_accepted_enabled_and_as_the_account_that_accepted() {
    let world = World::new().await;
    let shared = world.share(world.site(), BEN, Role::Read).await.expect("shares");
    let Holder::Person(guest) = shared.holder else { panic!("a person") };
    let pending = world.as_guest(guest.id);
    assert_eq!(at_item(&world, pending, world.root()).await, None);
    let ben = world.accept().await;
    assert_eq!(roles(&at_item(&world, ben, world.root()).await), Some(Role::Read));
    let other = HomeAccount { tenant: world.fabrikam, user: world.ada };
    assert_eq!(at_item(&world, Caller { home: other, ..ben }, world.root()).await, None);
    let elsewhere = Caller { tenant: world.fabrikam, ..ben };
    assert_eq!(at_item(&world, elsewhere, world.root()).await, None);
    let anna = world.call(world.anna());
    set_sign_in(&anna, guest.id, SignIn::Blocked).await.expect("blocks");
    assert_eq!(at_item(&world, ben, world.root()).await, None);
    set_sign_in(&anna, guest.id, SignIn::Allowed).await.expect("allows");
    assert!(at_item(&world, ben, world.root()).await.is_some());
}

#[tokio::test]
async fn r_b05_a_lower_level_masks_guests_and_a_higher_one_brings_them_back() {
    let world = World::new().await;
    world.share(world.site(), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    let anna = world.call(world.anna());
    for (level, open) in [
        (SharingLevel::Disabled, false),
        (SharingLevel::ExistingGuests, true),
        (SharingLevel::Disabled, false),
        (SharingLevel::Anyone, true),
    ] {
        set_organization_sharing(&anna, Some(level), None).await.expect("sets");
        assert_eq!(at_drive(&world, ben).await.is_some(), open, "{level:?}");
        assert!(at_drive(&world, world.anna()).await.is_some(), "members stay");
    }
}

#[tokio::test]
async fn r_a10_a_removed_permission_ends_access_with_the_next_request() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let shared = world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    assert!(at_item(&world, ben, plans).await.is_some());
    let anna = world.anna();
    revoke_permission(&world.call(anna), anna, world.item(plans), shared.permission.id)
        .await
        .expect("revokes");
    assert_eq!((at_item(&world, ben, plans).await, at_drive(&world, ben).await), (None, None));
}

#[tokio::test]
async fn a_permission_with_an_end_ends_by_itself() {
    let world = World::new().await;
    let anna = world.anna();
    let mut request = world.request(world.site(), &[BEN], Role::Read);
    request.recipients = vec![RecipientName::Address(BEN.to_owned())];
    request.expires = Some("2020-01-01T00:00:00Z".parse().expect("a time"));
    share(&world.call(anna), anna, request).await.expect("shares");
    let ben = world.accept().await;
    assert_eq!(at_drive(&world, ben).await, None);
}

#[tokio::test]
async fn a_change_of_access_takes_a_number_of_the_drive() {
    let world = World::new().await;
    let (drive, anna) = (world.drive(), world.anna());
    let sequence = async || {
        let call = world.call(anna);
        let found = call.read(move |scope| -> Result<_, StorageError> { scope.drives().find(drive) });
        found.await.expect("reads").expect("is there").sequence
    };
    let before = sequence().await;
    world.share(world.site(), BEN, Role::Read).await.expect("shares");
    let shared = sequence().await;
    assert!(shared > before);
    world.share(world.site(), BEN, Role::Read).await.expect("again");
    assert_eq!(sequence().await, shared, "nothing changed");
}
