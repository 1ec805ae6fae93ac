//! Sharing links, whom they name, what was got by opening them, and codes.

use model::{
    DriveId, GuestIntegration, ItemId, Link, LinkId, LinkKind, LinkRecipient, Passcode, PasscodeSession,
    Permission, PermissionId, PermissionScope, Principal, Role, SecretHash, SharingLevel, Site, SiteId,
    Tenant, Timestamp, UserId, WrongPasswords,
};
use storage::{Call, Commit, Held, NewDrive, Operator, StorageError, Store, Unaudited};

use crate::databases::{guest, member, on_both_databases, tenant, with_tenant, write};

const SITE: [u8; 16] = [40; 16];
const ITEM: [u8; 16] = [43; 16];

fn scope() -> PermissionScope {
    PermissionScope::Item {
        site: SiteId::from_random(SITE),
        drive: DriveId::from_random([41; 16]),
        item: ItemId::from_random(ITEM),
    }
}

fn link(tenant: &Tenant, seed: u8, kind: LinkKind) -> Link {
    Link {
        id: LinkId::from_random([seed; 16]),
        tenant: tenant.id,
        scope: scope(),
        kind,
        role: Role::Read,
        token: SecretHash([seed; 32]),
        password: None,
        created_by: None,
        created: tenant.created,
        expires: None,
        revoked: None,
    }
}

fn held(tenant: &Tenant, seed: u8, user: UserId, link: Option<LinkId>) -> Permission {
    Permission {
        id: PermissionId::from_random([seed; 16]),
        tenant: tenant.id,
        scope: scope(),
        principal: Principal::User(user),
        role: Role::Read,
        link,
        created_by: None,
        created: tenant.created,
        expires: None,
        revoked: None,
    }
}

/// Stores an organization with a site and a library.
async fn with_site(store: &Store, tenant: &Tenant) -> Call {
    let call = with_tenant(store, tenant).await;
    let site = Site {
        id: SiteId::from_random(SITE),
        tenant: tenant.id,
        name: "Falcon".to_owned(),
        display_name: "Falcon".to_owned(),
        sharing: SharingLevel::Anyone,
        personal_of: None,
        created_by: None,
        created: tenant.created,
        deleted: None,
    };
    let drive = NewDrive {
        id: DriveId::from_random([41; 16]),
        site: site.id,
        name: "Documents".to_owned(),
        root: ItemId::from_random([42; 16]),
        epoch: "e".to_owned(),
        quota: None,
        stamp: model::ItemStamp { at: tenant.created, by: None },
    };
    write(&call, move |scope| {
        scope.sites().create(&site)?;
        scope.drives().create(&drive).map(|_| ())
    })
    .await
    .expect("creates");
    call
}

fn later(tenant: &Tenant, minutes: u64) -> Timestamp {
    tenant.created + std::time::Duration::from_secs(60 * minutes)
}

on_both_databases! {
    async fn a_link_is_found_by_its_secret_in_its_own_tenant_until_it_is_taken_away(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_site(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let made = link(&contoso, 60, LinkKind::Anyone);
        let (new, id, at) = (made.clone(), made.id, later(&contoso, 1));
        write(&call, move |scope| scope.links().create(&new, &[])).await.expect("creates");
        let by_token = |call: &Call| {
            let call = call.clone();
            async move { call.read(|scope| scope.links().find_by_token(SecretHash([60; 32]))).await.expect("reads") }
        };
        assert_eq!(by_token(&call).await, Some(made.clone()));
        assert_eq!(by_token(&other).await, None);
        let changed = Link { role: Role::Write, expires: Some(at), password: Some("$argon2id$".to_owned()), ..made };
        let update = changed.clone();
        assert!(write(&call, move |scope| scope.links().update(&update)).await.expect("updates"));
        let update = changed.clone();
        assert!(!write(&other, move |scope| scope.links().update(&update)).await.expect("answers"));
        assert_eq!(by_token(&call).await, Some(changed.clone()));
        write(&other, move |scope| scope.links().revoke(id, at)).await.expect("answers");
        assert!(by_token(&call).await.is_some(), "another tenant revokes nothing");
        write(&call, move |scope| scope.links().revoke(id, at)).await.expect("revokes");
        assert_eq!(by_token(&call).await, None);
        let left = call.read(move |scope| -> Result<_, StorageError> {
            Ok((scope.links().find(id)?, scope.links().list_of_items(&[ItemId::from_random(ITEM)])?))
        });
        assert_eq!(left.await.expect("reads"), (None, Vec::new()));
        assert!(!write(&call, move |scope| scope.links().update(&changed)).await.expect("answers"));
    }

    async fn what_a_person_got_by_a_link_stands_beside_their_own_and_ends_with_the_link(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_site(&store, &contoso).await;
        let (anna, id) = (member(&contoso, "anna", 3), UserId::from_random([3; 16]));
        let links = [link(&contoso, 60, LinkKind::Organization), link(&contoso, 61, LinkKind::SpecificPeople)];
        let given = [
            held(&contoso, 70, id, None),
            held(&contoso, 71, id, Some(links[0].id)),
            held(&contoso, 72, id, Some(links[1].id)),
        ];
        let again = held(&contoso, 73, id, Some(links[0].id));
        let (first, at, made, all) = (links[0].id, later(&contoso, 9), links.clone(), given.clone());
        write(&call, move |scope| {
            scope.users().create(&anna)?;
            for link in &made {
                scope.links().create(link, &[])?;
            }
            for permission in &all {
                scope.permissions().create(permission)?;
            }
            Ok(())
        })
        .await
        .expect("creates");
        let refused = write(&call, move |scope| scope.permissions().create(&again)).await;
        assert!(refused.is_err_and(|error| error.is_duplicate()), "one for each person and link");
        let by_name = call.read(move |scope| scope.permissions().find_at(self::scope(), Principal::User(id)));
        assert_eq!(by_name.await.expect("reads"), Some(given[0].clone()));
        write(&call, move |scope| scope.permissions().update_of_link(first, Role::Write, Some(at))).await.expect("updates");
        let of_first = call.read(move |scope| scope.permissions().list_of_link(first)).await.expect("reads");
        let changed = Permission { role: Role::Write, expires: Some(at), ..given[1].clone() };
        assert_eq!(of_first, [changed]);
        write(&call, move |scope| scope.permissions().revoke_of_link(first, at)).await.expect("revokes");
        let left = call.read(move |scope| scope.permissions().list_held_by(id, None, Held::Now)).await.expect("reads");
        assert_eq!(left, [given[0].clone(), given[2].clone()]);
    }

    async fn a_link_names_each_recipient_once(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_site(&store, &contoso).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        let made = link(&contoso, 60, LinkKind::SpecificPeople);
        let id = made.id;
        let people = [
            LinkRecipient::Address("cleo@outside.example".to_owned()),
            LinkRecipient::Person(UserId::from_random([3; 16])),
        ];
        let (named, at) = (people.clone(), contoso.created);
        write(&call, move |scope| scope.links().create(&made, &named)).await.expect("creates");
        let again = people[0].clone();
        assert!(!write(&call, move |scope| scope.link_recipients().add(id, &again, at)).await.expect("adds"));
        let listed = call.read(move |scope| scope.link_recipients().list(id)).await.expect("reads");
        assert_eq!(listed.len(), 2);
        for (call, recipient, expected) in [
            (&call, people[0].clone(), true),
            (&call, people[1].clone(), true),
            (&other, people[0].clone(), false),
            (&call, LinkRecipient::Address("dora@outside.example".to_owned()), false),
        ] {
            let named = call.read(move |scope| scope.link_recipients().names(id, &recipient)).await;
            assert_eq!(named.expect("reads"), expected);
        }
    }

    async fn links_that_open_a_site_outwards_are_those_that_stand(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_site(&store, &contoso).await;
        let (anna, ben) = (member(&contoso, "anna", 3), guest(&contoso, "ben@fabrikam.example", 4));
        let (here, outside) = (UserId::from_random([3; 16]), UserId::from_random([4; 16]));
        let kinds = async |minutes: u64| {
            let now = later(&contoso, minutes);
            call.read(move |scope| scope.links().list_outward_kinds(SiteId::from_random(SITE), now)).await.expect("reads")
        };
        let inner = [link(&contoso, 60, LinkKind::Organization), link(&contoso, 61, LinkKind::SpecificPeople)];
        write(&call, move |scope| {
            scope.users().create(&anna)?;
            scope.users().create(&ben)?;
            scope.links().create(&inner[0], &[])?;
            scope.links().create(&inner[1], &[LinkRecipient::Person(here)])
        })
        .await
        .expect("creates");
        assert_eq!(kinds(0).await, []);
        let by_name = link(&contoso, 62, LinkKind::SpecificPeople);
        write(&call, move |scope| scope.links().create(&by_name, &[LinkRecipient::Person(outside)])).await.expect("creates");
        assert_eq!(kinds(0).await, [LinkKind::SpecificPeople]);
        let anyone = Link { expires: Some(later(&contoso, 5)), ..link(&contoso, 63, LinkKind::Anyone) };
        write(&call, move |scope| scope.links().create(&anyone, &[])).await.expect("creates");
        assert_eq!(kinds(1).await, [LinkKind::Anyone, LinkKind::SpecificPeople]);
        assert_eq!(kinds(5).await, [LinkKind::SpecificPeople], "expired");
        let id = LinkId::from_random([62; 16]);
        write(&call, move |scope| {
            scope.links().revoke(id, later(&tenant("Contoso", 1), 6))?;
            let by_address = link(&tenant("Contoso", 1), 64, LinkKind::SpecificPeople);
            scope.links().create(&by_address, &[LinkRecipient::Address("a@b.example".to_owned())])
        })
        .await
        .expect("changes");
        assert_eq!(kinds(9).await, [LinkKind::SpecificPeople]);
    }

    async fn keys_wrong_passwords_and_the_integration_are_kept_for_each_tenant(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_site(&store, &contoso).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        let key = |call: &Call, fresh: u8| {
            let call = call.clone();
            async move { write(&call, move |scope| scope.links().load_or_create_key(&[fresh; 32])).await.expect("loads") }
        };
        assert_eq!(call.read(|scope| scope.links().key()).await.expect("reads"), None);
        assert_eq!((key(&call, 1).await, key(&call, 2).await, key(&other, 3).await), ([1; 32], [1; 32], [3; 32]));
        let made = link(&contoso, 60, LinkKind::Anyone);
        let (id, wrong) = (made.id, WrongPasswords { count: 3, since: contoso.created });
        write(&call, move |scope| {
            scope.links().create(&made, &[])?;
            scope.links().set_wrong_passwords(id, Some(wrong))
        })
        .await
        .expect("keeps");
        let found = async |call: &Call| call.read(move |scope| scope.links().wrong_passwords(id)).await.expect("reads");
        assert_eq!((found(&call).await, found(&other).await), (Some(wrong), None));
        write(&call, move |scope| scope.links().set_wrong_passwords(id, None)).await.expect("forgets");
        assert_eq!(found(&call).await, None);
        write(&call, |scope| scope.tenants().update_guest_integration(GuestIntegration::Off)).await.expect("sets");
        let settings = async |call: &Call| call.read(|scope| scope.tenants().guest_integration()).await.expect("reads");
        assert_eq!((settings(&call).await, settings(&other).await), (GuestIntegration::Off, GuestIntegration::On));
        let known = call.read(|scope| -> Result<_, StorageError> {
            Ok((scope.tenants().is_on_this_cloud("Fabrikam.example")?, scope.tenants().is_on_this_cloud("x.example")?))
        });
        assert_eq!(known.await.expect("reads"), (true, false));
    }

    async fn codes_and_their_sessions_end_and_are_forgotten(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_site(&store, &contoso).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        let made = link(&contoso, 60, LinkKind::SpecificPeople);
        let id = made.id;
        write(&call, move |scope| scope.links().create(&made, &[])).await.expect("creates");
        let first = Passcode {
            code: Some(SecretHash([7; 32])),
            expires: later(&contoso, 15),
            attempts: 0,
            sent: 1,
            counted_since: contoso.created,
        };
        let used = Passcode { code: None, attempts: 2, ..first.clone() };
        let session = PasscodeSession {
            token: SecretHash([8; 32]),
            tenant: contoso.id,
            address: "cleo@outside.example".to_owned(),
            expires: later(&contoso, 90),
        };
        let begun = session.clone();
        for code in [first, used.clone()] {
            let kept = code.clone();
            write(&call, move |scope| scope.passcodes().put(id, "cleo@outside.example", &kept)).await.expect("keeps");
            let found = call.read(move |scope| scope.passcodes().find(id, "cleo@outside.example")).await;
            assert_eq!(found.expect("reads"), Some(code));
        }
        write(&call, move |scope| scope.passcodes().create_session(&begun)).await.expect("begins");
        let found = async |call: &Call| {
            call.read(|scope| -> Result<_, StorageError> {
                let code = scope.passcodes().find(LinkId::from_random([60; 16]), "cleo@outside.example")?;
                Ok((code, scope.passcodes().find_session(SecretHash([8; 32]))?))
            })
            .await
            .expect("reads")
        };
        assert_eq!(found(&call).await, (Some(used), Some(session.clone())));
        assert_eq!(found(&other).await, (None, None));
        for (minutes, expected) in [(60, (None, Some(session))), (120, (None, None))] {
            let now = later(&contoso, minutes);
            Operator::new(store.clone())
                .write(move |cloud| -> Result<_, StorageError> {
                    cloud.delete_expired_passcodes(now)?;
                    Ok(Commit::unaudited((), Unaudited::Housekeeping))
                })
                .await
                .expect("cleans up");
            assert_eq!(found(&call).await, expected);
        }
    }
}
