//! Contexts, transactions and group commit.

use model::{Actor, Address, UserId};
use storage::{Call, Commit, Operator, StorageError, Store, Unaudited};

use crate::databases::{member, on_both_databases, tenant, with_tenant};

on_both_databases! {
    async fn a_scope_sees_only_its_tenant(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        with_tenant(&store, &contoso).await;
        Operator::new(store.clone())
            .write({
                let (contoso, fabrikam) = (contoso.clone(), fabrikam.clone());
                move |cloud| -> Result<_, StorageError> {
                    cloud.tenant(fabrikam.id).tenants().create(&fabrikam)?;
                    cloud.tenant(contoso.id).users().create(&member(&contoso, "anna", 3))?;
                    Ok(Commit::unaudited((), Unaudited::Housekeeping))
                }
            })
            .await
            .expect("creates");
        let anna = UserId::from_random([3; 16]);
        let address: Address = "ANNA@contoso.example".parse().expect("an address");
        for (tenant, expected) in [(contoso.id, true), (fabrikam.id, false)] {
            let address = address.clone();
            let call = Call::new(store.clone(), tenant, Actor::Person(anna));
            let found = call
                .read(move |scope| -> Result<_, StorageError> {
                    Ok((scope.users().find(anna)?.is_some(), scope.users().find_by_address(&address)?.is_some()))
                })
                .await
                .expect("reads");
            assert_eq!(found, (expected, expected));
        }
    }

    async fn a_failed_write_leaves_nothing_and_harms_no_other_of_its_group(store: Store) {
        let contoso = tenant("Contoso", 1);
        with_tenant(&store, &contoso).await;
        let call = Call::new(store.clone(), contoso.id, Actor::Operator);
        let writes = (10..40_u8).map(|seed| {
            let (call, contoso) = (call.clone(), contoso.clone());
            async move {
                call.write(move |scope| -> Result<_, StorageError> {
                    scope.users().create(&member(&contoso, &format!("person{seed}"), seed))?;
                    if seed % 3 == 0 {
                        return Err(StorageError::NotFound { table: "users", id: String::new() });
                    }
                    Ok(Commit::unaudited((), Unaudited::Housekeeping))
                })
                .await
            }
        });
        let results = futures_util::future::join_all(writes).await;
        assert_eq!(results.iter().filter(|result| result.is_err()).count(), 10);
        for seed in 10..40_u8 {
            let id = UserId::from_random([seed; 16]);
            let found = call.read(move |scope| scope.users().find(id)).await.expect("reads");
            assert_eq!(found.is_some(), seed % 3 != 0, "{seed}");
        }
    }

    async fn a_duplicate_is_told_apart_from_other_failures(store: Store) {
        let contoso = tenant("Contoso", 1);
        with_tenant(&store, &contoso).await;
        let call = Call::new(store, contoso.id, Actor::Operator);
        for expected in [false, true] {
            let contoso = contoso.clone();
            let result = call
                .write(move |scope| -> Result<_, StorageError> {
                    scope.users().create(&member(&contoso, "anna", 3))?;
                    Ok(Commit::unaudited((), Unaudited::Housekeeping))
                })
                .await;
            assert_eq!(result.is_err_and(|error| error.is_duplicate()), expected);
        }
    }
}
