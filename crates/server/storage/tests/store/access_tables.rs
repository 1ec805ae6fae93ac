//! Sites, permissions, chains of folders and sync roots.

use model::{
    DriveId, Group, GroupId, GroupKind, HomeAccount, ItemId, ItemStamp, Permission, PermissionId,
    PermissionScope, Principal, Role, SharingLevel, Site, SiteId, Tenant, TenantId, UserId,
};
use storage::{Held, NewDrive, StorageError, Store};

use crate::databases::{guest, member, on_both_databases, tenant, with_tenant, write};

const SITE: [u8; 16] = [40; 16];
const DRIVE: [u8; 16] = [41; 16];
const ROOT: [u8; 16] = [42; 16];

fn site(tenant: &Tenant, name: &str, seed: u8) -> Site {
    Site {
        id: SiteId::from_random([seed; 16]),
        tenant: tenant.id,
        name: name.to_owned(),
        display_name: name.to_owned(),
        sharing: SharingLevel::ExistingGuests,
        created_by: None,
        created: tenant.created,
        deleted: None,
        personal_of: None,
    }
}

fn drive(tenant: &Tenant) -> NewDrive {
    NewDrive {
        id: DriveId::from_random(DRIVE),
        site: SiteId::from_random(SITE),
        name: "Documents".to_owned(),
        root: ItemId::from_random(ROOT),
        epoch: "e".to_owned(),
        quota: None,
        stamp: ItemStamp { at: tenant.created, by: None },
    }
}

fn permission(tenant: &Tenant, seed: u8, scope: PermissionScope, principal: Principal) -> Permission {
    Permission {
        id: PermissionId::from_random([seed; 16]),
        tenant: tenant.id,
        scope,
        principal,
        role: Role::Write,
        link: None,
        created_by: None,
        created: tenant.created,
        expires: None,
        revoked: None,
    }
}

on_both_databases! {
    async fn a_sites_name_is_unique_whatever_its_case_until_it_is_deleted(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let falcon = site(&contoso, "Falcon", 40);
        let made = falcon.clone();
        write(&call, move |scope| scope.sites().create(&made)).await.expect("creates");
        let again = site(&contoso, "FALCON", 50);
        let second = again.clone();
        let refused = write(&call, move |scope| scope.sites().create(&second)).await;
        assert!(refused.is_err_and(|error| error.is_duplicate()));
        let found = call.read(|scope| scope.sites().find_by_name("fAlCoN")).await.expect("reads");
        assert_eq!(found, Some(falcon.clone()));
        let (id, at) = (falcon.id, contoso.created);
        write(&call, move |scope| {
            scope.sites().delete(id, at)?;
            scope.sites().create(&again)
        })
        .await
        .expect("the name is free");
        let left = call.read(|scope| scope.sites().list()).await.expect("reads");
        assert_eq!(left.len(), 1);
    }

    async fn facts_of_a_place_and_a_person_come_together_and_never_across_tenants(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let (falcon, library) = (site(&contoso, "Falcon", 40), drive(&contoso));
        let (anna, ben) = (member(&contoso, "anna", 3), member(&fabrikam, "ben", 4));
        write(&call, move |scope| {
            scope.users().create(&anna)?;
            scope.sites().create(&falcon)?;
            scope.sites().update_sharing(falcon.id, SharingLevel::Anyone)?;
            scope.drives().create(&library)
        })
        .await
        .expect("creates");
        write(&other, move |scope| scope.users().create(&ben)).await.expect("creates");
        let (here, there) = (UserId::from_random([3; 16]), UserId::from_random([4; 16]));
        let (site, drive) = (SiteId::from_random(SITE), DriveId::from_random(DRIVE));
        for (call, person, expected) in [(&call, here, true), (&call, there, false), (&other, there, false)] {
            let found = call
                .read(move |scope| -> Result<_, StorageError> {
                    let by_site = scope.sites().find_with_person(site, person)?;
                    Ok((by_site, scope.sites().find_drive_with_person(drive, person)?))
                })
                .await
                .expect("reads");
            assert_eq!((found.0.is_some(), found.1.is_some()), (expected, expected));
            if let Some((library, facts)) = found.1 {
                assert_eq!((library.root, facts.person.id), (ItemId::from_random(ROOT), person));
                assert_eq!(facts.site.sharing, SharingLevel::Anyone);
                assert_eq!(facts.organization_sharing, SharingLevel::NewAndExistingGuests);
            }
        }
    }

    async fn what_a_person_holds_counts_groups_and_remembers_what_was_taken_away(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let (anna, id, at) = (member(&contoso, "anna", 3), UserId::from_random([3; 16]), contoso.created);
        let (falcon, eagle) = (site(&contoso, "Falcon", 40), site(&contoso, "Eagle", 50));
        let group = Group {
            id: GroupId::from_random([5; 16]),
            tenant: contoso.id,
            kind: GroupKind::Security,
            display_name: "Partners".to_owned(),
            site: None,
            created: at,
        };
        let folder = PermissionScope::Item {
            site: falcon.id,
            drive: DriveId::from_random(DRIVE),
            item: ItemId::from_random([43; 16]),
        };
        let by_name = permission(&contoso, 60, folder, Principal::User(id));
        let by_group = permission(&contoso, 61, PermissionScope::Site(eagle.id), Principal::Group(group.id));
        let somebody_else =
            permission(&contoso, 62, folder, Principal::User(UserId::from_random([99; 16])));
        let (first, second) = (by_name.clone(), by_group.clone());
        let falcon_id = falcon.id;
        write(&call, move |scope| {
            scope.users().create(&anna)?;
            scope.sites().create(&falcon)?;
            scope.sites().create(&eagle)?;
            scope.groups().create(&group)?;
            scope.groups().add_member(group.id, id, at)?;
            for permission in [&first, &second, &somebody_else] {
                scope.permissions().create(permission)?;
            }
            Ok(())
        })
        .await
        .expect("creates");
        let held = |site, held| {
            let call = call.clone();
            async move {
                call.read(move |scope| scope.permissions().list_held_by(id, site, held)).await.expect("reads")
            }
        };
        assert_eq!(held(None, Held::Now).await, [by_name.clone(), by_group.clone()]);
        assert_eq!(held(Some(falcon_id), Held::Now).await, std::slice::from_ref(&by_name));
        let permission = by_name.id;
        let end = "2027-01-01T00:00:00Z".parse().expect("a time");
        write(&call, move |scope| {
            scope.permissions().update(permission, Role::Read, Some(end))?;
            let changed = scope.permissions().find(permission)?;
            assert_eq!(changed.map(|found| (found.role, found.expires)), Some((Role::Read, Some(end))));
            assert!(scope.permissions().find_at(folder, Principal::User(id))?.is_some());
            scope.permissions().revoke(permission, at)
        })
        .await
        .expect("writes");
        assert_eq!(held(None, Held::Now).await, [by_group]);
        assert_eq!(held(None, Held::Ever).await.len(), 2);
        let listed = call
            .read(move |scope| -> Result<_, StorageError> {
                let items = scope.permissions().list_of_items(&[ItemId::from_random([43; 16])])?.len();
                let site = scope.permissions().list_of_site(falcon_id)?.len();
                Ok((items, site, scope.permissions().list_in_site(falcon_id)?.len()))
            })
            .await
            .expect("reads");
        assert_eq!(listed, (1, 0, 1), "only somebody else's is left");
    }

    async fn a_holder_has_one_standing_permission_at_a_place(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let falcon = site(&contoso, "Falcon", 40);
        let (scope_of_site, at) = (PermissionScope::Site(falcon.id), contoso.created);
        let holder = Principal::User(UserId::from_random([3; 16]));
        let first = permission(&contoso, 60, scope_of_site, holder);
        let second = permission(&contoso, 61, scope_of_site, holder);
        let (made, id) = (first.clone(), first.id);
        write(&call, move |scope| {
            scope.sites().create(&falcon)?;
            scope.permissions().create(&made)
        })
        .await
        .expect("creates");
        let again = second.clone();
        let refused = write(&call, move |scope| scope.permissions().create(&again)).await;
        assert!(refused.is_err_and(|error| error.is_duplicate()));
        let stood = write(&call, move |scope| {
            scope.permissions().revoke(id, at)?;
            scope.permissions().create(&second)?;
            scope.permissions().update(id, Role::Owner, None)
        });
        assert!(!stood.await.expect("writes"), "what was taken away is not changed");
    }

    async fn a_guest_in_a_site_is_seen_whether_named_or_in_a_group(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let (falcon, eagle) = (site(&contoso, "Falcon", 40), site(&contoso, "Eagle", 50));
        let (anna, ben) = (member(&contoso, "anna", 3), guest(&contoso, "ben@fabrikam.example", 4));
        let (anna_id, ben_id, at) = (anna.user.id, ben.user.id, contoso.created);
        let group = Group {
            id: GroupId::from_random([5; 16]),
            tenant: contoso.id,
            kind: GroupKind::Security,
            display_name: "Partners".to_owned(),
            site: None,
            created: at,
        };
        let to_group = permission(&contoso, 60, PermissionScope::Site(falcon.id), Principal::Group(group.id));
        let to_anna = permission(&contoso, 61, PermissionScope::Site(eagle.id), Principal::User(anna_id));
        let to_ben = permission(&contoso, 62, PermissionScope::Site(eagle.id), Principal::User(ben_id));
        let seen = write(&call, move |scope| {
            scope.users().create(&anna)?;
            scope.users().create(&ben)?;
            scope.sites().create(&falcon)?;
            scope.sites().create(&eagle)?;
            scope.groups().create(&group)?;
            scope.permissions().create(&to_group)?;
            scope.permissions().create(&to_anna)?;
            let mut seen = vec![scope.permissions().has_guest_in_site(falcon.id)?];
            scope.groups().add_member(group.id, ben_id, at)?;
            seen.push(scope.permissions().has_guest_in_site(falcon.id)?);
            seen.push(scope.permissions().has_guest_in_site(eagle.id)?);
            scope.permissions().create(&to_ben)?;
            seen.push(scope.permissions().has_guest_in_site(eagle.id)?);
            scope.users().delete(ben_id, at)?;
            seen.push(scope.permissions().has_guest_in_site(eagle.id)?);
            assert_eq!(scope.permissions().list_of_group(group.id)?, [to_group]);
            Ok(seen)
        });
        assert_eq!(seen.await.expect("writes"), [false, true, false, true, false]);
    }

    async fn a_chain_leads_from_an_item_to_the_root_of_its_own_drive(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let (falcon, library) = (site(&contoso, "Falcon", 40), drive(&contoso));
        let (root, id) = (library.root, library.id);
        let chains = write(&call, move |scope| {
            scope.sites().create(&falcon)?;
            scope.drives().create(&library)?;
            let unknown = ItemId::from_random([77; 16]);
            let chains = scope.permissions().list_chains(id, &[root, unknown])?;
            let elsewhere = scope.permissions().list_chains(DriveId::from_random([78; 16]), &[root])?;
            Ok((chains, elsewhere, scope.permissions().has_deleted_item(&[root])?))
        })
        .await
        .expect("writes");
        assert_eq!(chains.0.into_iter().collect::<Vec<_>>(), [(root, vec![root])]);
        assert!(chains.1.is_empty() && !chains.2);
    }

    async fn a_personal_site_is_its_persons_and_there_is_one_of_them(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let person = UserId::from_random([3; 16]);
        let own = Site { personal_of: Some(person), ..site(&contoso, "~anna", 40) };
        let (made, second) = (own.clone(), Site { personal_of: Some(person), ..site(&contoso, "~other", 41) });
        write(&call, move |scope| scope.sites().create(&made)).await.expect("creates");
        let again = write(&call, move |scope| scope.sites().create(&second)).await;
        assert!(again.is_err_and(|error| error.is_duplicate()));
        let found = call.read(move |scope| scope.sites().find_personal(person)).await.expect("reads");
        assert_eq!(found, Some(own));
        for (call, person) in [(&call, UserId::from_random([4; 16])), (&other, person)] {
            let found = call.read(move |scope| scope.sites().find_personal(person)).await.expect("reads");
            assert_eq!(found, None);
        }
    }

    async fn broken_inheritance_is_kept_per_drive_and_tenant(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let (falcon, library) = (site(&contoso, "Falcon", 40), drive(&contoso));
        write(&call, move |scope| {
            scope.sites().create(&falcon)?;
            scope.drives().create(&library)
        })
        .await
        .expect("creates");
        let (drive, root) = (DriveId::from_random(DRIVE), ItemId::from_random(ROOT));
        let stamp = model::ItemStamp { at: contoso.created, by: None };
        let broken = async |call: &storage::Call| {
            call.read(move |scope| scope.inheritance().list_broken(drive)).await.expect("reads")
        };
        assert!(broken(&call).await.is_empty());
        write(&call, move |scope| scope.inheritance().create_break(drive, root, stamp)).await.expect("breaks");
        let again = write(&call, move |scope| scope.inheritance().create_break(drive, root, stamp)).await;
        assert!(again.is_err_and(|error| error.is_duplicate()));
        write(&other, move |scope| scope.inheritance().delete_break(drive, root)).await.expect("does nothing");
        assert_eq!(broken(&call).await, std::collections::BTreeSet::from([root]));
        assert!(broken(&other).await.is_empty());
        write(&call, move |scope| scope.inheritance().delete_break(drive, root)).await.expect("restores");
        assert!(broken(&call).await.is_empty());
    }

    async fn who_was_told_about_a_root_is_remembered(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let (drive, item, at) = (DriveId::from_random(DRIVE), ItemId::from_random(ROOT), contoso.created);
        let home = HomeAccount { tenant: TenantId::from_random([2; 16]), user: UserId::from_random([9; 16]) };
        let found = write(&call, move |scope| {
            let before = scope.sync_roots().find(drive, item, home)?;
            scope.sync_roots().record(drive, item, home, UserId::from_random([1; 16]), at)?;
            scope.sync_roots().record(drive, item, home, UserId::from_random([2; 16]), at)?;
            Ok((before, scope.sync_roots().find(drive, item, home)?))
        })
        .await
        .expect("writes");
        assert_eq!(found, (None, Some(UserId::from_random([2; 16]))));
    }
}
