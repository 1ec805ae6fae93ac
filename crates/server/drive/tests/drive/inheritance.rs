//! Inheritance of permissions: broken and restored, and what that shows and hides (B03).
#![expect(clippy::panic, reason = "what tests share fails by panicking too")]

use directory::{MembershipChange, change_membership, set_organization_sharing};
use drive::ItemError;
use drive::delta::DeltaStart;
use drive::sharing::{
    Inheritance, Place, SharingError, break_inheritance, inheritance_at, list_permissions,
    restore_inheritance, revoke_permission,
};
use model::{Caller, GroupKind, Principal, Role, SharingLevel};
use transfer::{DeltaEntry, OperationChange, PutTarget, RemovalReason};

use crate::cloud::{Cloud, id};

async fn own_permissions(cloud: &Cloud, item: &str) -> Vec<(Principal, Role)> {
    let place = Place::Item { drive: cloud.drive.id, item: id(item) };
    let views = list_permissions(&cloud.call(cloud.owner), cloud.owner, place).await.expect("lists");
    let own = views.iter().filter(|view| !view.inherited);
    own.map(|view| (view.permission.principal, view.permission.role)).collect()
}

pub(crate) async fn take_copy(cloud: &Cloud, item: &str, from: Caller) {
    let place = Place::Item { drive: cloud.drive.id, item: id(item) };
    let call = cloud.call(cloud.owner);
    let views = list_permissions(&call, cloud.owner, place).await.expect("lists");
    let held = views.iter().find(|view| view.permission.principal == Principal::User(from.user));
    let held = held.expect("has one").permission.id;
    revoke_permission(&call, cloud.owner, place, held).await.expect("revokes");
}

async fn see(cloud: &Cloud, caller: Caller, item: &str) -> bool {
    let reader = drive::reading::Reader { caller, drive: cloud.drive.id, runtime: cloud.runtime.clone() };
    let address = drive::reading::ItemAddress { start: Some(id(item)), path: Vec::new() };
    match drive::reading::load_item(&cloud.call(caller), reader, address).await {
        Ok(_) => true,
        Err(ItemError::NotFound) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn breaking_copies_what_counts_and_restoring_drops_it() {
    let cloud = Cloud::new().await;
    let outer = cloud.folder(&cloud.root(), "outer").await;
    let inner = cloud.folder(&outer.id, "inner").await;
    let deep = cloud.file(&inner.id, "deep.txt", b"deep").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&outer.id, guest, Role::Write).await;
    let (call, drive, item) = (cloud.call(cloud.owner), cloud.drive.id, id(&inner.id));
    assert_eq!(own_permissions(&cloud, &inner.id).await, []);
    assert!(break_inheritance(&call, cloud.owner, drive, item).await.expect("breaks"));
    assert!(!break_inheritance(&call, cloud.owner, drive, item).await.expect("is broken"));
    let own = own_permissions(&cloud, &inner.id).await;
    assert_eq!(own.len(), 4, "three groups and the guest: {own:?}");
    assert!(own.contains(&(Principal::User(guest.user), Role::Write)));
    assert!(see(&cloud, guest, &deep.id).await, "nobody's access changed");
    take_copy(&cloud, &inner.id, guest).await;
    for item in [&inner.id, &deep.id] {
        assert!(!see(&cloud, guest, item).await);
        assert!(see(&cloud, cloud.owner, item).await);
    }
    assert!(see(&cloud, guest, &outer.id).await);
    let state = inheritance_at(&call, cloud.owner, drive, item).await.expect("reads");
    assert_eq!(state, Inheritance::Broken);
    let hidden = break_inheritance(&cloud.call(guest), guest, drive, item).await;
    assert!(matches!(hidden, Err(SharingError::NotFound)));
    let foreign = break_inheritance(&cloud.call(guest), guest, drive, id(&outer.id)).await;
    assert!(matches!(foreign, Err(SharingError::Refused(_))), "owners alone decide");
    assert!(restore_inheritance(&call, cloud.owner, drive, item).await.expect("restores"));
    assert_eq!(own_permissions(&cloud, &inner.id).await, []);
    assert!(see(&cloud, guest, &deep.id).await);
}

#[tokio::test]
async fn taking_an_inherited_permission_away_breaks_inheritance_there() {
    let cloud = Cloud::new().await;
    let outer = cloud.folder(&cloud.root(), "outer").await;
    let inner = cloud.folder(&outer.id, "inner").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&outer.id, guest, Role::Read).await;
    take_copy(&cloud, &inner.id, guest).await;
    assert!(!see(&cloud, guest, &inner.id).await);
    assert!(see(&cloud, guest, &outer.id).await, "above it stands");
}

#[tokio::test]
async fn r_b03_what_is_hidden_inside_a_shared_folder_keeps_its_name_and_is_not_deleted_with_it() {
    let cloud = Cloud::new().await;
    let shared = cloud.folder(&cloud.root(), "shared").await;
    let secret = cloud.folder(&shared.id, "secret").await;
    cloud.file(&secret.id, "deep.txt", b"deep").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&shared.id, guest, Role::Write).await;
    let before = cloud.delta(guest, &shared.id, DeltaStart::Nothing, 100).await.expect("reads");
    assert_eq!(before.entries.len(), 3);
    take_copy(&cloud, &secret.id, guest).await;
    let page = cloud.delta(guest, &shared.id, DeltaStart::Cursor(before.cursor), 100).await.expect("reads");
    let [DeltaEntry::Removed { id: gone, reason, .. }] = page.entries.as_slice() else {
        panic!("{:?}", page.entries)
    };
    assert_eq!((gone, *reason), (&secret.id, RemovalReason::AccessRevoked));
    let again = OperationChange::CreateFolder { parent: shared.id.clone(), name: "Secret".to_owned() };
    let error = cloud.refused(guest, again).await;
    assert_eq!((error.status, error.current.is_some()), (409, false), "the holder is not told");
    let target = PutTarget::New { parent: secret.id.clone(), name: "x".to_owned() };
    let put = cloud.put(target, b"x").await;
    let outcome = cloud.apply_all(guest, vec![put]).await.expect("answers").remove(0);
    assert!(matches!(outcome, transfer::Outcome::Refused { error } if error.status == 404));
    let refused = drive::edit(&cloud.call(guest), cloud.request(guest), {
        let outer = cloud.folder(&shared.id, "outer").await;
        let moved = cloud.rename(&secret, &outer.id, "secret").await;
        let outer = id(moved.parent.as_deref().expect("a folder"));
        move |editor| {
            use drive::items::{Condition, DeletionReach};
            editor.delete(outer, DeletionReach::Tree, &Condition::None)
        }
    })
    .await;
    assert!(matches!(refused, Err(ItemError::ReadOnly)), "what is hidden is not deleted with what holds it");
    assert!(see(&cloud, cloud.owner, &secret.id).await);
}

#[tokio::test]
async fn a_guest_who_owns_a_site_manages_its_groups_only_while_it_is_open_to_them() {
    let cloud = Cloud::new().await;
    let (guest, other) = (cloud.guest("gus").await, cloud.guest("una").await);
    let (anna, site) = (cloud.call(cloud.owner), cloud.site.id);
    let groups = anna.read(move |scope| scope.groups().list_of_site(site)).await.expect("reads");
    let group = |kind| groups.iter().find(|group| group.kind == kind).expect("is there").id;
    let (owners, visitors) = (group(GroupKind::SiteOwners), group(GroupKind::SiteVisitors));
    let change = async |by: Caller, group, person, change| {
        change_membership(&cloud.call(by), group, person, change).await.is_ok()
    };
    assert!(change(cloud.owner, owners, guest.user, MembershipChange::Add).await);
    assert!(change(guest, visitors, other.user, MembershipChange::Add).await);
    set_organization_sharing(&anna, Some(SharingLevel::Disabled), None).await.expect("sets");
    assert!(
        !change(guest, visitors, other.user, MembershipChange::Remove).await,
        "the site is closed to them"
    );
    let last = cloud.owner.user;
    assert!(!change(cloud.owner, owners, last, MembershipChange::Remove).await, "a guest is no last owner");
    set_organization_sharing(&anna, Some(SharingLevel::Anyone), None).await.expect("sets");
    assert!(change(guest, visitors, other.user, MembershipChange::Remove).await);
    let at = cloud.runtime.now();
    let tenant = cloud.contoso;
    cloud.write(move |all| all.tenant(tenant).sites().delete(site, at)).await;
    assert!(!change(guest, visitors, other.user, MembershipChange::Add).await, "the site is gone");
}

#[tokio::test]
async fn a_page_of_children_never_names_what_is_hidden_where_it_begins() {
    let cloud = Cloud::new().await;
    let outer = cloud.folder(&cloud.root(), "outer").await;
    let guest = cloud.guest("gus").await;
    cloud.share(&outer.id, guest, Role::Read).await;
    for name in ["a secret", "b", "c secret", "d", "e secret"] {
        let child = cloud.folder(&outer.id, name).await;
        if name.ends_with("secret") {
            let (call, drive) = (cloud.call(cloud.owner), cloud.drive.id);
            assert!(break_inheritance(&call, cloud.owner, drive, id(&child.id)).await.expect("breaks"));
            take_copy(&cloud, &child.id, guest).await;
        }
    }
    let (mut after, mut told) = (None, Vec::new());
    loop {
        let caller = guest;
        let reader = drive::reading::Reader { caller, drive: cloud.drive.id, runtime: cloud.runtime.clone() };
        let address = drive::reading::ItemAddress { start: Some(id(&outer.id)), path: Vec::new() };
        let listed = drive::reading::list_children(&cloud.call(guest), reader, address, after, 1).await;
        let page = listed.expect("lists");
        told.extend(page.items.iter().map(|view| view.seen.item.name.clone()));
        told.extend(page.next.iter().map(|next| format!("then {next}")));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(told, ["b", "then b", "d"]);
}
