//! Provisioning: tokens and records are one organization's, names move with their addresses, and the last administrator is
//! known.

use model::{
    Address, DirectoryRole, Group, GroupId, GroupKind, GroupRecord, PersonRecord, ProvisioningToken,
    ProvisioningTokenId, SecretHash,
};
use storage::{SignIn, Store};

use crate::databases::{member, on_both_databases, tenant, with_tenant, write};

on_both_databases! {
    async fn a_token_is_found_in_its_own_organization_until_it_is_revoked(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let (other, call) = (with_tenant(&store, &contoso).await, with_tenant(&store, &fabrikam).await);
        let token = ProvisioningToken {
            id: ProvisioningTokenId::from_random([3; 16]),
            tenant: fabrikam.id,
            display_name: "Directory".to_owned(),
            token: SecretHash([9; 32]),
            created: fabrikam.created,
            expires: fabrikam.created,
        };
        let (kept, hash, id) = (token.clone(), token.token, token.id);
        write(&call, move |scope| scope.provisioning().create_token(&kept)).await.expect("writes");
        let found = call.read(move |scope| scope.provisioning().find_token(hash)).await.expect("reads");
        assert_eq!(found, Some(token.clone()));
        assert_eq!(call.read(|scope| scope.provisioning().list_tokens()).await.expect("reads"), [token]);
        assert_eq!(other.read(move |scope| scope.provisioning().find_token(hash)).await.expect("reads"), None);
        assert!(!write(&other, move |scope| scope.provisioning().delete_token(id)).await.expect("deletes"));
        assert!(write(&call, move |scope| scope.provisioning().delete_token(id)).await.expect("deletes"));
        assert_eq!(call.read(move |scope| scope.provisioning().find_token(hash)).await.expect("reads"), None);
    }

    async fn records_are_read_as_they_were_written(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let (other, call) = (with_tenant(&store, &contoso).await, with_tenant(&store, &fabrikam).await);
        let ben = member(&fabrikam, "ben", 3);
        let user = ben.user.id;
        let group = Group {
            id: GroupId::from_random([4; 16]),
            tenant: fabrikam.id,
            kind: GroupKind::Security,
            display_name: "Sales".to_owned(),
            site: None,
            created: fabrikam.created,
        };
        let id = group.id;
        write(&call, move |scope| {
            scope.users().create(&ben)?;
            scope.groups().create(&group)?;
            scope.groups().rename(id, "Sales and more")
        })
        .await
        .expect("writes");
        let mut person = PersonRecord {
            user,
            external_id: Some("b-1".to_owned()),
            given_name: Some("Ben".to_owned()),
            family_name: None,
            modified: fabrikam.created,
        };
        let mut kept = GroupRecord { group: id, external_id: None, modified: fabrikam.created, deleted: None };
        for _ in 0..2 {
            let (first, second) = (person.clone(), kept.clone());
            write(&call, move |scope| {
                scope.provisioning().put_person(&first)?;
                scope.provisioning().put_group(&second)
            })
            .await
            .expect("writes");
            let read = call.read(move |scope| scope.provisioning().find_person(user)).await.expect("reads");
            assert_eq!(read, Some(person.clone()));
            let read = call.read(move |scope| scope.provisioning().find_group(id)).await.expect("reads");
            assert_eq!(read, Some(kept.clone()));
            (person.given_name, kept.deleted) = (None, Some(fabrikam.created));
        }
        let called = |scope: &mut storage::Scope<'_, _>| scope.provisioning().list_people_called("b-1");
        assert_eq!(call.read(called).await.expect("reads"), [user]);
        assert_eq!(other.read(called).await.expect("reads"), []);
        assert_eq!(other.read(move |scope| scope.provisioning().find_person(user)).await.expect("reads"), None);
        let group = call.read(move |scope| scope.groups().find(id)).await.expect("reads").expect("is there");
        assert_eq!(group.display_name, "Sales and more");
    }

    async fn a_renamed_person_is_known_by_the_new_addresses_alone(store: Store) {
        let fabrikam = tenant("Fabrikam", 2);
        let call = with_tenant(&store, &fabrikam).await;
        let (ben, maria) = (member(&fabrikam, "ben", 3), member(&fabrikam, "maria", 4));
        let (user, second) = (ben.user.id, maria.user.id);
        write(&call, move |scope| {
            scope.users().create(&ben)?;
            scope.users().create(&maria)
        })
        .await
        .expect("writes");
        let address = |text: &str| text.parse::<Address>().expect("an address");
        let (new, alias) = (address("b@fabrikam.example"), address("berger@fabrikam.example"));
        let all = [new.clone(), alias.clone()];
        write(&call, move |scope| scope.users().update_names(user, (&new, "Ben Berger"), &all)).await.expect("writes");
        let found = call.read(move |scope| scope.users().find_by_address(&alias)).await.expect("reads");
        let found = found.expect("known");
        assert_eq!((found.id, found.principal_name.as_str()), (user, "b@fabrikam.example"));
        let old = address("ben@fabrikam.example");
        assert_eq!(call.read(move |scope| scope.users().find_by_address(&old)).await.expect("reads"), None);
        let taken = address("b@fabrikam.example");
        let twice = write(&call, move |scope| {
            scope.users().update_names(second, (&taken, "Maria"), std::slice::from_ref(&taken))
        });
        assert!(twice.await.expect_err("taken").is_duplicate());
    }

    async fn the_last_administrator_who_may_sign_in_is_known(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let (other, call) = (with_tenant(&store, &contoso).await, with_tenant(&store, &fabrikam).await);
        let (ben, maria, anna) = (member(&fabrikam, "ben", 3), member(&fabrikam, "maria", 4), member(&contoso, "anna", 5));
        let (first, second, third) = (ben.user.id, maria.user.id, anna.user.id);
        write(&other, move |scope| {
            scope.users().create(&anna)?;
            scope.roles().create(third, DirectoryRole::GlobalAdministrator)
        })
        .await
        .expect("writes");
        write(&call, move |scope| {
            scope.users().create(&ben)?;
            scope.users().create(&maria)?;
            scope.roles().create(first, DirectoryRole::GlobalAdministrator)?;
            scope.roles().create(second, DirectoryRole::GlobalAdministrator)
        })
        .await
        .expect("writes");
        let left = async || call.read(move |scope| scope.roles().has_administrator_besides(first)).await;
        assert!(left().await.expect("reads"));
        let now = fabrikam.created;
        write(&call, move |scope| scope.users().update_sign_in(second, SignIn::Blocked, now)).await.expect("writes");
        assert!(!left().await.expect("reads"));
    }
}
