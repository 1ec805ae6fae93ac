//! The organization's sharing levels (B05) and whether sharing makes guests (A05).

use directory::{
    DirectoryError, SharingSettings, add_member, assign_role, organization_sharing, set_guest_integration,
    set_organization_sharing,
};
use model::{DirectoryRole, GuestIntegration, SharingLevel};

use crate::world::{World, new_member};

#[tokio::test]
async fn r_b05_the_level_for_personal_drives_is_never_looser_and_comes_back_when_sites_loosen() {
    let world = World::new().await;
    let set =
        async |sites, personal| set_organization_sharing(&world.anna(), sites, personal).await.expect("sets");
    let both = |sites, personal| (sites, personal);
    let levels = |set: SharingSettings| (set.sites, set.personal_in_effect());
    use SharingLevel::{Anyone, Disabled, ExistingGuests};
    assert_eq!(levels(set(Some(Anyone), Some(Anyone)).await), both(Anyone, Anyone));
    assert_eq!(levels(set(Some(ExistingGuests), None).await), both(ExistingGuests, ExistingGuests));
    assert_eq!(levels(set(Some(Anyone), None).await), both(Anyone, Anyone));
    assert_eq!(levels(set(None, Some(Disabled)).await), both(Anyone, Disabled));
    assert_eq!(levels(organization_sharing(&world.anna()).await.expect("reads")), both(Anyone, Disabled));
}

#[tokio::test]
async fn only_administrators_of_sharing_set_it() {
    let world = World::new().await;
    let ben = add_member(&world.ada(), new_member("bella@fabrikam.example", &[])).await.expect("adds");
    let call = world.call(world.fabrikam, ben.id);
    let refused = set_organization_sharing(&call, Some(SharingLevel::Anyone), None).await;
    assert!(matches!(refused, Err(DirectoryError::Refused(_))));
    assign_role(&world.ada(), ben.id, DirectoryRole::SharePointAdministrator).await.expect("assigns");
    set_organization_sharing(&call, Some(SharingLevel::Anyone), None).await.expect("sets");
}

#[tokio::test]
async fn r_a05_administrators_decide_whether_sharing_makes_guests_and_it_is_recorded() {
    let world = World::new().await;
    let off = set_guest_integration(&world.anna(), GuestIntegration::Off).await.expect("sets");
    assert_eq!(off.integration, GuestIntegration::Off);
    set_guest_integration(&world.anna(), GuestIntegration::Off).await.expect("stays");
    assert_eq!(organization_sharing(&world.anna()).await.expect("reads"), off);
    let recorded = world.anna().read(|scope| scope.audit().list_operations(50)).await.expect("reads");
    assert_eq!(recorded.iter().filter(|name| *name == "SharingPolicyChanged").count(), 1);
    let ben = add_member(&world.ada(), new_member("bella@fabrikam.example", &[])).await.expect("adds");
    let refused = set_guest_integration(&world.call(world.fabrikam, ben.id), GuestIntegration::Off).await;
    assert!(matches!(refused, Err(DirectoryError::Refused(_))));
}
