//! Federations: read as they were written, and a subject is one member of one organization.

use model::{
    AddressTrust, ClientAuthentication, FederatedSubject, Federation, FederationState, Newcomers,
    SharedSecret, Tenant,
};
use storage::Store;

use crate::databases::{member, on_both_databases, tenant, with_tenant, write};

const ISSUER: &str = "https://idp.fabrikam.example/realm";

fn federation(tenant: &Tenant) -> Federation {
    Federation {
        tenant: tenant.id,
        display_name: "Fabrikam sign-in".to_owned(),
        issuer: ISSUER.to_owned(),
        client_id: "footbridge".to_owned(),
        authentication: ClientAuthentication::SecretPost(SharedSecret("s3cret".to_owned())),
        addresses: AddressTrust::All,
        newcomers: Newcomers::Added,
        state: FederationState::On,
        created: tenant.created,
        modified: tenant.created,
    }
}

on_both_databases! {
    async fn a_federation_is_read_as_it_was_written_until_it_is_removed(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let (other, call) = (with_tenant(&store, &contoso).await, with_tenant(&store, &fabrikam).await);
        let first = federation(&fabrikam);
        let kept = first.clone();
        write(&call, move |scope| scope.federations().put(&kept)).await.expect("writes");
        let read = call.read(|scope| scope.federations().find()).await.expect("reads");
        assert_eq!(read, Some(first.clone()));
        assert_eq!(other.read(|scope| scope.federations().find()).await.expect("reads"), None);
        for authentication in [
            ClientAuthentication::Nothing,
            ClientAuthentication::OwnKey,
            ClientAuthentication::SecretBasic(SharedSecret("another".to_owned())),
        ] {
            let changed =
                Federation { authentication, state: FederationState::Off, ..first.clone() };
            let kept = changed.clone();
            write(&call, move |scope| scope.federations().put(&kept)).await.expect("writes");
            let read = call.read(|scope| scope.federations().find()).await.expect("reads");
            assert_eq!(read, Some(changed));
        }
        assert!(!write(&other, |scope| scope.federations().delete()).await.expect("deletes"));
        assert!(write(&call, |scope| scope.federations().delete()).await.expect("deletes"));
        assert_eq!(call.read(|scope| scope.federations().find()).await.expect("reads"), None);
    }

    async fn a_subject_is_one_member_and_a_member_one_subject(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let (other, call) = (with_tenant(&store, &contoso).await, with_tenant(&store, &fabrikam).await);
        let (ben, maria) = (member(&fabrikam, "ben", 3), member(&fabrikam, "maria", 4));
        let (first, second) = (ben.user.id, maria.user.id);
        write(&call, move |scope| {
            scope.users().create(&ben)?;
            scope.users().create(&maria)
        })
        .await
        .expect("writes");
        let bound = fabrikam.created;
        let bond = move |subject: &str, user| FederatedSubject {
            issuer: ISSUER.to_owned(),
            subject: subject.to_owned(),
            user,
            bound,
        };
        write(&call, move |scope| scope.federations().bind(&bond("b", first))).await.expect("binds");
        let twice = write(&call, move |scope| scope.federations().bind(&bond("c", first))).await;
        assert!(twice.expect_err("one subject alone").is_duplicate());
        let found = call.read(|scope| scope.federations().find_subject(ISSUER, "b")).await.expect("reads");
        assert_eq!(found, Some(bond("b", first)));
        let elsewhere = call.read(|scope| scope.federations().find_subject("https://x.example", "b")).await;
        assert_eq!(elsewhere.expect("reads"), None);
        let foreign = other.read(|scope| scope.federations().find_subject(ISSUER, "b")).await;
        assert_eq!(foreign.expect("reads"), None);
        assert!(call.read(move |scope| scope.federations().is_bound(ISSUER, first)).await.expect("reads"));
        assert!(!call.read(move |scope| scope.federations().is_bound(ISSUER, second)).await.expect("reads"));
        write(&call, move |scope| scope.federations().bind(&bond("b", second))).await.expect("binds anew");
        assert!(!call.read(move |scope| scope.federations().is_bound(ISSUER, first)).await.expect("reads"));
    }
}
