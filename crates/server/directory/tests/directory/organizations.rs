//! Organizations, members, aliases, roles and groups (A01).

use directory::{
    DirectoryError, MembershipChange, NewOrganization, add_alias, add_member, assign_role, change_membership,
    create_group, create_organization, read, set_sign_in,
};
use model::{DirectoryRole, Group};
use policy::Reason;
use storage::{Operator, SignIn};

use crate::world::{World, address, new_member};

#[tokio::test]
async fn r_a01_one_cloud_hosts_organizations_with_their_own_domains_people_groups_and_roles() {
    let world = World::new().await;
    let ben = add_member(&world.ada(), new_member("ben@fabrikam.test", &["b.bell@fabrikam.example"])).await;
    let ben = ben.expect("adds");
    assign_role(&world.ada(), ben.id, DirectoryRole::GuestInviter).await.expect("assigns");
    let group: Group = create_group(&world.ada(), "Partners").await.expect("creates");
    let added = change_membership(&world.ada(), group.id, ben.id, MembershipChange::Add).await;
    assert!(added.expect("adds"));
    let again = change_membership(&world.ada(), group.id, ben.id, MembershipChange::Add).await;
    assert!(!again.expect("is fine"));
    let details = read::find_person(&world.ada(), read::PersonName::Id(ben.id)).await.expect("reads");
    let details = details.expect("is there");
    assert_eq!(details.addresses, ["b.bell@fabrikam.example", "ben@fabrikam.test"]);
    assert_eq!(details.roles, [DirectoryRole::GuestInviter]);
    let found = read::find_group(&world.ada(), group.id).await.expect("reads").expect("is there");
    assert_eq!(found.1.iter().map(|member| member.id).collect::<Vec<_>>(), [ben.id]);

    // Nothing of it exists in the other organization.
    let elsewhere = read::find_person(&world.anna(), read::PersonName::Id(ben.id)).await.expect("reads");
    assert_eq!(elsewhere, None);
    assert!(read::find_group(&world.anna(), group.id).await.expect("reads").is_none());
    assert!(matches!(
        change_membership(&world.anna(), group.id, ben.id, MembershipChange::Remove).await,
        Err(DirectoryError::NotFound)
    ));
}

#[tokio::test]
async fn a_domain_and_an_address_belong_to_one() {
    let world = World::new().await;
    let second = NewOrganization {
        display_name: "Impostor".to_owned(),
        initial_domain: "impostor.example".to_owned(),
        domains: vec!["Fabrikam.TEST".to_owned()],
        administrator: new_member("eve@impostor.example", &[]),
    };
    let founded = create_organization(&Operator::new(world.store.clone()), second).await;
    assert!(matches!(founded, Err(DirectoryError::Taken)));
    let foreign = add_member(&world.ada(), new_member("ben@contoso.example", &[])).await;
    assert!(matches!(foreign, Err(DirectoryError::ForeignDomain)));
    let ben = add_member(&world.ada(), new_member("bella@fabrikam.example", &[])).await.expect("adds");
    let taken = add_alias(&world.ada(), ben.id, address("ADA@fabrikam.example")).await;
    assert!(matches!(taken, Err(DirectoryError::Taken)));
    add_alias(&world.ada(), ben.id, address("bb@fabrikam.test")).await.expect("adds");
}

#[tokio::test]
async fn only_an_administrator_changes_the_directory() {
    let world = World::new().await;
    let ben = add_member(&world.ada(), new_member("bella@fabrikam.example", &[])).await.expect("adds");
    let call = world.call(world.fabrikam, ben.id);
    let role_required =
        |error: &DirectoryError| matches!(error, DirectoryError::Refused(Reason::RoleRequired));
    let refusals = [
        add_member(&call, new_member("eve@fabrikam.example", &[])).await.map(|_| ()).unwrap_err(),
        add_alias(&call, ben.id, address("boss@fabrikam.example")).await.unwrap_err(),
        assign_role(&call, ben.id, DirectoryRole::GlobalAdministrator).await.unwrap_err(),
        create_group(&call, "Mine").await.map(|_| ()).unwrap_err(),
        set_sign_in(&call, world.ada, SignIn::Blocked).await.unwrap_err(),
        directory::delete_person(&call, world.ada).await.unwrap_err(),
    ];
    assert!(refusals.iter().all(role_required), "{refusals:?}");
}
