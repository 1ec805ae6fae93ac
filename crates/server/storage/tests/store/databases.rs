//! Databases: a fresh store of either kind, and the macro that runs a test on both.

use model::{Actor, Address, AuditEvent, GuestState, SharingLevel, Tenant, TenantId, User, UserId, UserKind};
use storage::{Call, Commit, NewUser, Operator, Scope, StorageError, Store, Unaudited, Writing};

/// Runs each test on SQLite and on PostgreSQL, with a fresh migrated store.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($store:ident: Store) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(clippy::wildcard_imports, unused_imports, clippy::allow_attributes, reason = "the test's own names")]
            use super::*;

            async fn check($store: Store) $body

            #[tokio::test]
            async fn on_sqlite() {
                let folder = tempfile::tempdir().expect("a folder");
                check(testkit::Database::Sqlite.open(&folder, runtime::Runtime::tokio()).await).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                let folder = tempfile::tempdir().expect("a folder");
                check(testkit::Database::PostgreSql.open(&folder, runtime::Runtime::tokio()).await).await;
            }
        }
    )*};
}
pub(crate) use on_both_databases;

/// Describes an organization.
pub(crate) fn tenant(name: &str, seed: u8) -> Tenant {
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

/// Describes a member.
pub(crate) fn member(tenant: &Tenant, name: &str, seed: u8) -> NewUser {
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

/// Describes a guest who has not accepted yet.
pub(crate) fn guest(tenant: &Tenant, address: &str, seed: u8) -> NewUser {
    let address: Address = address.parse().expect("an address");
    let mut new = member(tenant, "guest", seed);
    new.user.kind = UserKind::Guest;
    new.user.principal_name =
        format!("{}#EXT#@{}", address.as_str().replace('@', "_"), tenant.initial_domain);
    new.user.mail = Some(address.to_string());
    new.user.guest_state = Some(GuestState::PendingAcceptance);
    new.addresses = vec![address];
    new
}

/// Stores an organization.
pub(crate) async fn with_tenant(store: &Store, tenant: &Tenant) -> Call {
    let (id, new) = (tenant.id, tenant.clone());
    Operator::new(store.clone())
        .write(move |cloud| -> Result<_, StorageError> {
            let mut scope = cloud.tenant(id);
            scope.tenants().create(&new)?;
            let event = AuditEvent::new(new.created, Actor::Operator, "TenantCreated");
            let proof = scope.audit().record(*new.id.uuid().as_bytes(), &event)?;
            Ok(Commit::new((), proof))
        })
        .await
        .expect("creates");
    Call::new(store.clone(), tenant.id, Actor::Operator)
}

/// Writes what needs no record in a test.
pub(crate) async fn write<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&mut Scope<'_, Writing>) -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    call.write(move |scope| Ok(Commit::unaudited(work(scope)?, Unaudited::Housekeeping))).await
}
