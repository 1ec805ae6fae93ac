//! What administrators list: sites and guests in pages with search, what stands open, how guests came.

use model::{
    Invitation, InvitationId, ItemId, Link, LinkId, LinkKind, Permission, PermissionId, PermissionScope,
    Principal, Role, SecretHash, SharingLevel, Site, SiteId, Tenant, Timestamp,
};
use storage::{FirstInvitation, GuestCounts, ListPage, SignIn, StorageError, Store};

use crate::databases::{guest, on_both_databases, tenant, with_tenant, write};

fn site(tenant: &Tenant, (number, name, display_name): (u8, &str, &str)) -> Site {
    Site {
        id: SiteId::from_random([number; 16]),
        tenant: tenant.id,
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        sharing: SharingLevel::Anyone,
        personal_of: None,
        created_by: None,
        created: tenant.created,
        deleted: None,
    }
}

fn page(search: &str, after: Option<&str>, most: i64) -> ListPage {
    ListPage { search: search.to_owned(), after: after.map(str::to_owned), most }
}

on_both_databases! {
    async fn lists_come_in_pages_with_search_and_are_each_organizations_own(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let (call, other) = (with_tenant(&store, &contoso).await, with_tenant(&store, &fabrikam).await);
        let named = [(40, "Falcon", "Falcon"), (41, "team", "Ärzte 100%"), (42, "Heron", "Heron")];
        let sites: Vec<Site> = named.into_iter().map(|named| site(&contoso, named)).collect();
        let guests = [guest(&contoso, "ben@fabrikam.example", 3), guest(&contoso, "maria@fabrikam.example", 4)];
        let ids = [guests[0].user.id, guests[1].user.id];
        let (falcon, heron, now) = (sites[0].id, sites[2].id, contoso.created);
        let held = Permission {
            id: PermissionId::from_random([7; 16]),
            tenant: contoso.id,
            scope: PermissionScope::Site(falcon),
            principal: Principal::User(ids[0]),
            role: Role::Read,
            created_by: None,
            created: now,
            expires: None,
            revoked: None,
            link: None,
        };
        let link = Link {
            id: LinkId::from_random([8; 16]),
            tenant: contoso.id,
            scope: PermissionScope::Item {
                site: heron,
                drive: model::DriveId::from_random([9; 16]),
                item: ItemId::from_random([9; 16]),
            },
            kind: LinkKind::Anyone,
            role: Role::Read,
            token: SecretHash([1; 32]),
            password: None,
            created_by: None,
            created: now,
            expires: None,
            revoked: None,
        };
        let invited = |number: u8, at: Timestamp| Invitation {
            id: InvitationId::from_random([number; 16]),
            tenant: contoso.id,
            guest: ids[0],
            email: "ben@fabrikam.example".to_owned(),
            ticket_hash: SecretHash([number; 32]),
            redirect_url: "https://cloud.example".to_owned(),
            message: None,
            created_by: None,
            created: at,
            redeemed: None,
        };
        let later: Timestamp = "2999-01-01T00:00:00Z".parse().expect("a time");
        let invitations = [invited(1, later), invited(2, now)];
        write(&call, move |scope| -> Result<(), StorageError> {
            sites.iter().try_for_each(|site| scope.sites().create(site))?;
            guests.iter().try_for_each(|guest| scope.users().create(guest))?;
            scope.permissions().create(&held)?;
            scope.links().create(&link, &[])?;
            invitations.iter().try_for_each(|invitation| scope.invitations().create(invitation))?;
            scope.users().update_sign_in(ids[1], SignIn::Blocked, now)
        })
        .await
        .expect("stores");
        let found = call.read(move |scope| -> Result<_, StorageError> {
            let mut all = scope.exposure();
            let names = |sites: Vec<Site>| sites.into_iter().map(|site| site.display_name).collect::<Vec<_>>();
            let first = names(all.list_sites(&page("", None, 2))?);
            let rest = names(all.list_sites(&page("", Some("falcon"), 2))?);
            let odd = names(all.list_sites(&page("0%", None, 9))?);
            let typed = names(all.list_sites(&page("Ärz", None, 9))?);
            let guests = all.list_guests(&page("MARIA", None, 9))?.len();
            let outward = all.list_outward_sites(now)?;
            assert_eq!((outward.named.contains(&falcon), outward.anyone.contains(&heron)), (true, true));
            assert_eq!((outward.named.len(), outward.anyone.len()), (1, 1));
            assert_eq!(all.count_anyone_links(now)?.into_iter().collect::<Vec<_>>(), [(heron, 1)]);
            let first_by = all.list_first_invitations(&ids)?;
            assert_eq!(first_by.into_iter().collect::<Vec<_>>(), [(ids[0], FirstInvitation { by: None, at: now })]);
            let of = all.list_sites_of(&ids, now)?;
            assert_eq!((of.len(), of[&ids[0]][0].id), (1, falcon));
            Ok(((first, rest, odd, typed, guests), all.count_sites()?, all.count_guests()?))
        });
        let (lists, sites, guests) = found.await.expect("reads");
        assert_eq!(lists.0, ["Falcon", "Heron"]);
        assert_eq!(lists.1, ["Heron", "Ärzte 100%"]);
        assert_eq!((lists.2, lists.3, lists.4), (vec!["Ärzte 100%".to_owned()], vec!["Ärzte 100%".to_owned()], 1));
        assert_eq!((sites, guests), (3, GuestCounts { accepted: 0, pending: 1, blocked: 1 }));
        let foreign = other.read(move |scope| -> Result<_, StorageError> {
            let mut all = scope.exposure();
            let lists = (all.list_sites(&page("", None, 9))?.len(), all.list_guests(&page("", None, 9))?.len());
            let reach = (all.list_sites_of(&ids, now)?.len(), all.list_first_invitations(&ids)?.len());
            Ok((lists, reach, all.count_guests()?, all.list_outward_sites(now)?))
        });
        let (lists, reach, counts, outward) = foreign.await.expect("reads");
        assert_eq!((lists, reach, counts), ((0, 0), (0, 0), GuestCounts::default()));
        assert_eq!(outward, storage::OutwardSites::default());
    }
}
