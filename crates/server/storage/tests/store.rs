//! The store on a real SQLite file: contexts, transactions, group commit.

use model::{Actor, Address, AuditEvent, SharingLevel, Tenant, TenantId, User, UserId, UserKind};
use runtime::Runtime;
use storage::{Call, Commit, DatabaseConfig, NewUser, Operator, StorageError, Store, Unaudited};

async fn open(directory: &tempfile::TempDir) -> Store {
    let config = DatabaseConfig::Sqlite(directory.path().join("cloud.db"));
    let store = Store::open(config, Runtime::tokio()).await.expect("opens");
    store.migrate().await.expect("migrates");
    store
}

fn tenant(name: &str, seed: u8) -> Tenant {
    Tenant {
        id: TenantId::from_random([seed; 16]),
        display_name: name.to_owned(),
        initial_domain: format!("{}.example", name.to_lowercase()),
        chunk_key: [seed; 32],
        site_sharing: SharingLevel::NewAndExistingGuests,
        personal_sharing: SharingLevel::Disabled,
        created: "2026-01-01T00:00:00Z".parse().expect("a time"),
    }
}

fn member(tenant: &Tenant, name: &str, seed: u8) -> NewUser {
    let address: Address = format!("{name}@{}", tenant.initial_domain).parse().expect("an address");
    let user = User {
        id: UserId::from_random([seed; 16]),
        tenant: tenant.id,
        kind: UserKind::Member,
        principal_name: address.to_string(),
        display_name: name.to_owned(),
        mail: Some(address.to_string()),
        enabled: true,
        guest_state: None,
        home: None,
        created: tenant.created,
        deleted: None,
        tokens_valid_from: tenant.created,
    };
    NewUser { user, addresses: vec![address], password_hash: None }
}

async fn with_tenant(store: &Store, tenant: &Tenant) {
    let (id, new) = (tenant.id, tenant.clone());
    Operator::new(store.clone())
        .write(move |cloud| -> Result<_, StorageError> {
            let mut scope = cloud.tenant(id);
            scope.tenants().create(&new)?;
            let event = AuditEvent::new(new.created, Actor::Operator, "TenantCreated");
            let proof = scope.audit().record([9; 16], &event)?;
            Ok(Commit::new((), proof))
        })
        .await
        .expect("creates");
}

#[tokio::test]
async fn a_scope_sees_only_its_tenant() {
    let directory = tempfile::tempdir().expect("a folder");
    let store = open(&directory).await;
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

#[tokio::test]
async fn a_failed_write_leaves_nothing_and_harms_no_other_of_its_group() {
    let directory = tempfile::tempdir().expect("a folder");
    let store = open(&directory).await;
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

#[tokio::test]
async fn a_duplicate_is_told_apart_from_other_failures() {
    let directory = tempfile::tempdir().expect("a folder");
    let store = open(&directory).await;
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
