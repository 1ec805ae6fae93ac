//! Losing access: what is told, and to whom (D09). Nobody learns of a root they were not told about before.

use directory::{delete_person, set_organization_sharing, set_sign_in};
use drive::access::{RootState, root_state};
use drive::sharing::revoke_permission;
use model::{Caller, HomeAccount, ItemId, ItemStamp, Role, SharingLevel};
use storage::{ChangeStamp, Commit, SignIn, StorageError, Unaudited};
use transfer::{AccessReason, AccessState};

use crate::world::{BEN, World};

/// Ben opens a root and is told about it, as the transfer API does.
async fn told(world: &World, ben: Caller, item: ItemId) {
    let (drive, now) = (world.drive(), world.runtime.now());
    world
        .call(ben)
        .write(move |scope| -> Result<_, StorageError> {
            scope.sync_roots().record(drive, item, ben.home, ben.user, now)?;
            Ok(Commit::unaudited((), Unaudited::Housekeeping))
        })
        .await
        .expect("writes");
}

async fn state(world: &World, home: HomeAccount, item: ItemId) -> Option<RootState> {
    let (drive, now) = (world.drive(), world.runtime.now());
    let call = world.call(world.anna());
    call.read(move |scope| root_state(scope, home, now, drive, item)).await.expect("reads")
}

async fn summary(world: &World, item: ItemId) -> (AccessState, Option<AccessReason>) {
    let told = state(world, world.ben, item).await.expect("is told");
    assert!(!told.message.is_empty());
    (told.state, told.reason)
}

#[tokio::test]
async fn r_d09_every_way_to_lose_access_is_told_with_its_own_reason_and_remedy() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    let shared = world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    assert_eq!(state(&world, world.ben, plans).await, None, "never told, never had it");
    told(&world, ben, plans).await;
    assert_eq!(summary(&world, plans).await, (AccessState::Active, None));

    let (anna, call) = (world.anna(), world.call(world.anna()));
    set_organization_sharing(&call, Some(SharingLevel::Disabled), None).await.expect("sets");
    let lowered = (AccessState::Suspended, Some(AccessReason::SharingLevelLowered));
    assert_eq!(summary(&world, plans).await, lowered);
    set_organization_sharing(&call, Some(SharingLevel::ExistingGuests), None).await.expect("sets");

    set_sign_in(&call, ben.user, SignIn::Blocked).await.expect("blocks");
    let blocked = (AccessState::Suspended, Some(AccessReason::GuestBlocked));
    assert_eq!(summary(&world, plans).await, blocked);
    set_sign_in(&call, ben.user, SignIn::Allowed).await.expect("allows");
    assert_eq!(summary(&world, plans).await, (AccessState::Active, None));

    revoke_permission(&call, anna, world.item(plans), shared.permission.id).await.expect("revokes");
    let removed = (AccessState::Revoked, Some(AccessReason::PermissionRemoved));
    assert_eq!(summary(&world, plans).await, removed);
    world.share(world.item(plans), BEN, Role::Read).await.expect("shares");
    assert_eq!(summary(&world, plans).await, (AccessState::ReadOnly, Some(AccessReason::ViewOnly)));

    delete_person(&call, ben.user).await.expect("deletes");
    let deleted = (AccessState::Revoked, Some(AccessReason::GuestDeleted));
    assert_eq!(summary(&world, plans).await, deleted);
}

#[tokio::test]
async fn a_deleted_root_is_told_as_such() {
    let world = World::new().await;
    let plans = world.folder(world.root(), "Plans").await;
    world.share(world.item(plans), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    told(&world, ben, plans).await;
    let (drive, now) = (world.drive(), world.runtime.now());
    world
        .call(world.anna())
        .write(move |scope| -> Result<_, StorageError> {
            let item = scope.items().find(drive, plans)?.expect("is there");
            let by = ChangeStamp { stamp: ItemStamp { at: now, by: None }, operation: None };
            scope.change_drive(drive, |changes| changes.delete_tree(item, &by))?;
            Ok(Commit::unaudited((), Unaudited::Housekeeping))
        })
        .await
        .expect("deletes");
    assert_eq!(summary(&world, plans).await, (AccessState::Revoked, Some(AccessReason::RootDeleted)));
}

#[tokio::test]
async fn nobody_else_learns_anything() {
    let world = World::new().await;
    world.share(world.library(), BEN, Role::Write).await.expect("shares");
    let ben = world.accept().await;
    told(&world, ben, world.root()).await;
    let stranger = HomeAccount { tenant: world.fabrikam, user: world.ada };
    assert_eq!(state(&world, stranger, world.root()).await, None);
    assert_eq!(state(&world, world.ben, ItemId::from_random([1; 16])).await, None);
}
