//! Sites: making, finding, listing, and their own sharing level (B06, B14, B15).

use directory::{assign_role, set_organization_sharing};
use drive::sites::{
    NewSite, SiteError, create_site, find_site, find_site_by_name, list_every_site, list_sites,
    set_site_sharing,
};
use model::{Caller, DirectoryRole, GroupKind, Role, SharingLevel};
use policy::Reason;

use crate::world::{BEN, ORIGIN, World};

#[tokio::test]
async fn r_b15_a_site_is_made_with_owner_member_and_visitor_groups_and_a_library() {
    let world = World::new().await;
    let (site, anna) = (world.falcon.site.id, world.anna());
    let (groups, granted) = world
        .call(anna)
        .read(move |scope| -> Result<_, storage::StorageError> {
            let mut groups = Vec::new();
            for group in scope.groups().list_of_site(site)? {
                let people = scope.groups().list_members(group.id)?.len();
                groups.push((group.kind, group.display_name, people));
            }
            let granted = scope.permissions().list_of_site(site)?;
            Ok((groups, granted.iter().map(|permission| permission.role).collect::<Vec<_>>()))
        })
        .await
        .expect("reads");
    let expected = [
        (GroupKind::SiteOwners, "Project Falcon Owners".to_owned(), 1),
        (GroupKind::SiteMembers, "Project Falcon Members".to_owned(), 0),
        (GroupKind::SiteVisitors, "Project Falcon Visitors".to_owned(), 0),
    ];
    assert_eq!(groups, expected);
    assert_eq!(granted.iter().copied().max(), Some(Role::Owner));
    assert_eq!(granted.len(), 3);
    let view = find_site_by_name(&world.call(anna), anna, "FALCON".to_owned()).await.expect("reads");
    let view = view.expect("is there");
    assert_eq!((view.role, view.libraries.len()), (Some(Role::Owner), 1));
    assert_eq!(view.libraries[0].drive.name, "Documents");
    assert_eq!(view.address.url(ORIGIN), "https://cloud.example/contoso.example/sites/Falcon");
}

#[tokio::test]
async fn a_sites_name_is_unique_and_stands_in_addresses() {
    let world = World::new().await;
    let anna = world.anna();
    let make = async |name: &str| {
        let new = NewSite { name: name.to_owned(), display_name: "x".to_owned() };
        create_site(&world.call(anna), anna, new).await
    };
    assert!(matches!(make("falcon").await, Err(SiteError::Taken)));
    for name in ["", "a b", "a/b", "ä", "..", &"x".repeat(65)] {
        assert!(matches!(make(name).await, Err(SiteError::Name)), "{name}");
    }
}

#[tokio::test]
async fn a_site_is_hidden_from_whoever_has_nothing_in_it() {
    let world = World::new().await;
    let (carl, site) = (world.colleague("carl@contoso.example").await, world.falcon.site.id);
    let call = world.call(carl);
    assert_eq!(find_site(&call, carl, site).await.expect("reads"), None);
    assert!(list_sites(&call, carl, String::new()).await.expect("lists").is_empty());
    world.share(world.library(), "carl@contoso.example", Role::Read).await.expect("shares");
    let view = find_site(&call, carl, site).await.expect("reads").expect("is there");
    assert_eq!((view.role, view.libraries.len(), view.open_to_outsiders), (None, 1, false));
    assert_eq!(list_sites(&call, carl, "project".to_owned()).await.expect("lists").len(), 1);
    assert!(list_sites(&call, carl, "eagle".to_owned()).await.expect("lists").is_empty());
    // An office opens the list of sites and nothing in them.
    assert!(matches!(list_every_site(&call).await, Err(SiteError::Refused(Reason::RoleRequired))));
    let anna = world.call(world.anna());
    assign_role(&anna, carl.user, DirectoryRole::SharePointAdministrator).await.expect("assigns");
    assert_eq!(list_every_site(&call).await.expect("lists").len(), 1);
    let elsewhere = Caller { tenant: world.fabrikam, ..carl };
    assert_eq!(find_site(&world.call(elsewhere), elsewhere, site).await.expect("reads"), None);
}

#[tokio::test]
async fn a_site_open_to_outsiders_says_so() {
    let world = World::new().await;
    let (anna, site) = (world.anna(), world.falcon.site.id);
    let open = async || {
        let view = find_site(&world.call(anna), anna, site).await.expect("reads").expect("is there");
        view.open_to_outsiders
    };
    assert!(!open().await);
    let folder = world.folder(world.root(), "Plans").await;
    world.share(world.item(folder), BEN, Role::Read).await.expect("shares");
    assert!(open().await);
}

#[tokio::test]
async fn r_b06_a_sites_level_is_as_strict_as_the_organizations_or_stricter_and_owners_cannot_set_it() {
    let world = World::new().await;
    let (anna, site) = (world.anna(), world.falcon.site.id);
    let call = world.call(anna);
    let set = async |level| set_site_sharing(&call, site, level).await;
    let effective = async || find_site(&call, anna, site).await.expect("reads").expect("is there").level;
    use SharingLevel::{Anyone, Disabled, ExistingGuests, NewAndExistingGuests};
    assert!(matches!(set(Anyone).await, Err(SiteError::Refused(Reason::LooserThanOrganization))));
    set(ExistingGuests).await.expect("sets");
    assert_eq!(effective().await, ExistingGuests);

    // Tightening the organization caps every site at once; loosening gives each its own value back.
    set_organization_sharing(&call, Some(Disabled), None).await.expect("sets");
    assert_eq!(effective().await, Disabled);
    set_organization_sharing(&call, Some(NewAndExistingGuests), None).await.expect("sets");
    assert_eq!(effective().await, ExistingGuests);

    let carl = world.colleague("carl@contoso.example").await;
    let new = NewSite { name: "Eagle".to_owned(), display_name: "Eagle".to_owned() };
    let own = create_site(&world.call(carl), carl, new).await.expect("creates");
    let refused = set_site_sharing(&world.call(carl), own.site.id, Disabled).await;
    assert!(matches!(refused, Err(SiteError::Refused(Reason::RoleRequired))));
}
