//! Sharing policies, lists of domains, groups that share outside, and guests' stays.

use std::collections::BTreeSet;

use model::{
    AnyoneLinkCaps, CollaborationPolicy, DefaultLink, DeviceAccess, DomainMode, DomainName, Downloads, Group,
    GroupId, GroupKind, GuestStay, InvitesFrom, Lifetime, LinkKind, LockState, OrganizationLinks,
    OwnerChoice, Resharing, Role, SharerGroup, SharerReach, Sharers, SharingLevel, SharingPolicy, Site,
    SiteGate, SiteId, SitePolicy, Tenant, UserId,
};
use storage::{Call, ListPlace, StorageError, Store};

use crate::databases::{guest, on_both_databases, tenant, with_tenant, write};

fn site(tenant: &Tenant) -> Site {
    Site {
        id: SiteId::from_random([40; 16]),
        tenant: tenant.id,
        name: "Falcon".to_owned(),
        display_name: "Falcon".to_owned(),
        sharing: SharingLevel::Anyone,
        personal_of: None,
        created_by: None,
        created: tenant.created,
        deleted: None,
    }
}

/// Two organizations; the first has a site, a guest and a group.
async fn two(store: &Store) -> (Call, Call, UserId) {
    let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
    let call = with_tenant(store, &contoso).await;
    let other = with_tenant(store, &fabrikam).await;
    let (site, new) = (site(&contoso), guest(&contoso, "ben@fabrikam.example", 3));
    let ben = new.user.id;
    let group = Group {
        id: GroupId::from_random([5; 16]),
        tenant: contoso.id,
        kind: GroupKind::Security,
        display_name: "Partner managers".to_owned(),
        site: None,
        created: contoso.created,
    };
    write(&call, move |scope| {
        scope.sites().create(&site)?;
        scope.users().create(&new)?;
        scope.groups().create(&group)?;
        scope.groups().add_member(group.id, ben, group.created).map(|_| ())
    })
    .await
    .expect("stores");
    (call, other, ben)
}

fn domains(names: &[&str]) -> BTreeSet<DomainName> {
    names.iter().map(|name| name.parse().expect("a domain")).collect()
}

on_both_databases! {
    async fn policies_are_kept_as_set_and_are_each_organizations_own(store: Store) {
        let (call, other, _) = two(&store).await;
        let id = SiteId::from_random([40; 16]);
        let read = |call: &Call| {
            let call = call.clone();
            async move {
                call.read(|scope| -> Result<_, StorageError> {
                    Ok((scope.sharing_policies().load()?, scope.sharing_policies().load_collaboration()?))
                })
                .await
                .expect("reads")
            }
        };
        let initial = (SharingPolicy::INITIAL, CollaborationPolicy::INITIAL);
        assert_eq!(read(&call).await, initial);
        let policy = SharingPolicy {
            domains: DomainMode::BlockList,
            sharers: Sharers::Groups,
            resharing: Resharing::Editors,
            personal_resharing: OwnerChoice::Off,
            personal_requests: OwnerChoice::On,
            guest_life: Lifetime::Days(60),
            anyone_links: AnyoneLinkCaps {
                life: Lifetime::Days(7),
                file_role: Role::Read,
                folder_role: Role::Write,
            },
            default_link: DefaultLink { kind: LinkKind::SpecificPeople, role: Role::Write },
        };
        let collaboration =
            CollaborationPolicy { invites_from: InvitesFrom::Nobody, domains: DomainMode::AllowList };
        let of_site = SitePolicy {
            domains: DomainMode::AllowList,
            guest_life: Some(Lifetime::Unlimited),
            anyone_life: None,
            default_link: Some(DefaultLink { kind: LinkKind::Anyone, role: Role::Read }),
            gate: SiteGate {
                lock: LockState::ReadOnly,
                devices: DeviceAccess::Limited,
                downloads: Downloads::Blocked,
            },
            organization_links: OrganizationLinks::Disabled,
        };
        write(&call, move |scope| {
            scope.sharing_policies().update(&policy)?;
            scope.sharing_policies().update_collaboration(&collaboration)?;
            scope.sharing_policies().update_of_site(id, &of_site)
        })
        .await
        .expect("writes");
        assert_eq!(read(&call).await, (policy, collaboration));
        assert_eq!(read(&other).await, initial);
        let load = move |call: &Call| call.clone();
        let stored = load(&call).read(move |scope| scope.sharing_policies().load_of_site(id)).await;
        assert_eq!(stored.expect("reads"), of_site);
        let foreign = load(&other).read(move |scope| scope.sharing_policies().load_of_site(id)).await;
        assert!(matches!(foreign, Err(StorageError::NotFound { .. })));
        write(&other, move |scope| scope.sharing_policies().update_of_site(id, &SitePolicy::INITIAL))
            .await
            .expect("writes nothing");
        write(&call, move |scope| {
            let kept = scope.sharing_policies().load_of_site(id)?;
            assert_eq!(kept, of_site);
            scope.sharing_policies().update_of_site(id, &SitePolicy::INITIAL)?;
            assert_eq!(scope.sharing_policies().load_of_site(id)?, SitePolicy::INITIAL);
            Ok(())
        })
        .await
        .expect("clears");
    }

    async fn a_domain_is_found_on_the_lists_it_is_on(store: Store) {
        let (call, other, _) = two(&store).await;
        let site = ListPlace::Site(SiteId::from_random([40; 16]));
        let many: BTreeSet<DomainName> =
            (0..1_200).map(|n| format!("d{n}.example").parse().expect("a domain")).collect();
        let expected = many.clone();
        write(&call, move |scope| {
            scope.listed_domains().replace(ListPlace::Sharing, &many)?;
            scope.listed_domains().replace(site, &domains(&["d7.example", "x.example"]))?;
            scope.listed_domains().replace(site, &domains(&["d7.example"]))
        })
        .await
        .expect("writes");
        let found = |call: &Call, name: &'static str| {
            let call = call.clone();
            async move {
                let name: DomainName = name.parse().expect("a domain");
                let places = [ListPlace::Sharing, ListPlace::Directory, site];
                call.read(move |scope| scope.listed_domains().lists_with(&name, &places)).await.expect("reads")
            }
        };
        assert_eq!(found(&call, "d7.example").await, BTreeSet::from([ListPlace::Sharing, site]));
        assert_eq!(found(&call, "d1199.example").await, BTreeSet::from([ListPlace::Sharing]));
        assert_eq!(found(&call, "x.example").await, BTreeSet::new());
        assert_eq!(found(&other, "d7.example").await, BTreeSet::new());
        let listed = call.read(|scope| scope.listed_domains().list(ListPlace::Sharing)).await.expect("reads");
        assert_eq!(listed, expected);
    }

    async fn groups_that_share_outside_are_found_by_their_members(store: Store) {
        let (call, other, ben) = two(&store).await;
        let chosen = SharerGroup { group: GroupId::from_random([5; 16]), reach: SharerReach::Guests };
        write(&call, move |scope| {
            scope.sharing_policies().replace_sharer_groups(&[chosen])?;
            scope.sharing_policies().replace_sharer_groups(&[chosen])
        })
        .await
        .expect("writes");
        let mine = |call: &Call, user| {
            let call = call.clone();
            async move {
                call.read(move |scope| scope.sharing_policies().list_sharer_groups_of(user)).await.expect("reads")
            }
        };
        assert_eq!(mine(&call, ben).await, [chosen]);
        assert_eq!(mine(&call, UserId::from_random([9; 16])).await, []);
        assert_eq!(mine(&other, ben).await, []);
        let all = call.read(|scope| scope.sharing_policies().list_sharer_groups()).await.expect("reads");
        assert_eq!(all, [chosen]);
    }

    async fn a_stay_is_read_with_its_guest_and_site(store: Store) {
        let (call, other, ben) = two(&store).await;
        let id = SiteId::from_random([40; 16]);
        let joined = tenant("Contoso", 1).created;
        let stay = GuestStay { joined, ends: Lifetime::Days(30).end_from(joined) };
        let open = GuestStay { joined, ends: None };
        for wanted in [open, stay] {
            write(&call, move |scope| scope.guest_stays().put(id, ben, wanted)).await.expect("writes");
            let found = call.read(move |scope| scope.guest_stays().find(id, ben)).await.expect("reads");
            assert_eq!(found, Some(wanted));
            let both = call.read(move |scope| scope.sites().find_with_person(id, ben)).await.expect("reads");
            assert_eq!(both.expect("found").stay, Some(wanted));
        }
        let listed = call.read(move |scope| scope.guest_stays().list_of_site(id)).await.expect("reads");
        assert_eq!(listed, [(ben, stay)]);
        let foreign = other.read(move |scope| scope.guest_stays().find(id, ben)).await.expect("reads");
        assert_eq!(foreign, None);
    }
}
