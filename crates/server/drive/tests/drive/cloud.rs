//! A small cloud for the tests: Contoso with one site, its owner, and people from outside.
#![expect(clippy::panic, reason = "what tests share fails by panicking too")]

use bytes::Bytes;
use content::{ContentStore, PreparedContent};
use drive::delta::{CursorSealer, DeltaRequest, DeltaStart, read_delta};
use drive::operations::{ReadyOperation, apply, prepare_inline};
use drive::sites::{NewSite, create_site};
use drive::{EditRequest, ItemError};
use model::{
    Actor, Caller, DirectoryRole, Drive, GuestState, HomeAccount, ItemId, Permission, PermissionId,
    PermissionScope, Principal, Role, SharingLevel, Site, Tenant, TenantId, Timestamp, User, UserId,
    UserKind,
};
use runtime::Runtime;
use storage::{Call, ChangeStamp, Commit, DatabaseConfig, NewUser, Operator, StorageError, Store, Unaudited};
use transfer::{
    ContentSource, DeltaPage, Operation, OperationChange, OperationError, OperationId, Outcome, PutTarget,
    RemoteItem,
};

/// A cloud in a folder that lives as long as the test.
pub(crate) struct Cloud {
    _folder: tempfile::TempDir,
    pub(crate) runtime: Runtime,
    pub(crate) store: Store,
    pub(crate) contents: ContentStore,
    pub(crate) tenant: Tenant,
    pub(crate) owner: Caller,
    pub(crate) site: Site,
    pub(crate) drive: Drive,
    sealer: CursorSealer,
    counter: std::cell::Cell<u64>,
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

impl Cloud {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = Runtime::tokio();
        let config = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(config, runtime.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let tenant = Tenant {
            id: TenantId::from_random([1; 16]),
            display_name: "Contoso".to_owned(),
            initial_domain: "contoso.example".to_owned(),
            chunk_key: [7; 32],
            site_sharing: SharingLevel::NewAndExistingGuests,
            personal_sharing: SharingLevel::Disabled,
            created: time("2026-01-01T00:00:00Z"),
        };
        let new = tenant.clone();
        Operator::new(store.clone())
            .write(move |cloud| -> Result<_, StorageError> {
                cloud.tenant(new.id).tenants().create(&new)?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("creates");
        let owner = add_person(&store, &tenant, "anna", 2, None).await;
        let call = Call::new(store.clone(), tenant.id, Actor::Person(owner.user));
        call.write(move |scope| -> Result<_, StorageError> {
            scope.roles().create(owner.user, DirectoryRole::GlobalAdministrator)?;
            Ok(Commit::unaudited((), Unaudited::Housekeeping))
        })
        .await
        .expect("gives the role");
        let new = NewSite { name: "falcon".to_owned(), display_name: "Project Falcon".to_owned() };
        let made = create_site(&call, owner, new).await.expect("makes a site");
        Self {
            _folder: folder,
            runtime,
            store,
            contents: ContentStore::in_memory(),
            tenant,
            owner,
            site: made.site,
            drive: made.library,
            sealer: CursorSealer::new(&[9; 32]),
            counter: std::cell::Cell::new(0),
        }
    }

    /// Adds a guest who accepted, without any right yet.
    pub(crate) async fn guest(&self, name: &str, seed: u8) -> Caller {
        let home =
            HomeAccount { tenant: TenantId::from_random([200; 16]), user: UserId::from_random([seed; 16]) };
        add_person(&self.store, &self.tenant, name, seed, Some(home)).await
    }

    pub(crate) fn call(&self, caller: Caller) -> Call {
        Call::new(self.store.clone(), self.tenant.id, Actor::Person(caller.user))
    }

    pub(crate) fn request(&self, caller: Caller) -> EditRequest {
        EditRequest { caller, drive: self.drive.id, runtime: self.runtime.clone() }
    }

    /// Gives a role at an item, as sharing does: permission and numbered change in one commit.
    pub(crate) async fn share(&self, item: &str, with: Caller, role: Role) -> PermissionId {
        let (site, drive, item) = (self.site.id, self.drive.id, id(item));
        let permission = Permission {
            id: PermissionId::from_random(self.runtime.random()),
            tenant: self.tenant.id,
            scope: PermissionScope::Item { site, drive, item },
            principal: Principal::User(with.user),
            role,
            created_by: Some(self.owner.user),
            created: self.runtime.now(),
            expires: None,
            revoked: None,
        };
        let given = permission.id;
        let stamp = ChangeStamp {
            stamp: model::ItemStamp { at: self.runtime.now(), by: Some(self.owner.user) },
            operation: None,
        };
        self.call(self.owner)
            .write(move |scope| -> Result<_, StorageError> {
                scope.permissions().create(&permission)?;
                scope.change_drive(drive, |changes| changes.log_access(item, &stamp))?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("shares");
        given
    }

    pub(crate) async fn revoke(&self, permission: PermissionId) {
        let now = self.runtime.now();
        self.call(self.owner)
            .write(move |scope| -> Result<_, StorageError> {
                scope.permissions().revoke(permission, now)?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("revokes");
    }

    pub(crate) fn root(&self) -> String {
        self.drive.root.to_string()
    }

    /// Applies one operation as the owner under a fresh id and expects success.
    pub(crate) async fn done(&self, change: OperationChange) -> RemoteItem {
        match self.apply(self.owner, change).await {
            Outcome::Done { item } => item,
            Outcome::Refused { error } => panic!("refused: {error:?}"),
        }
    }

    /// Applies one operation under a fresh id and expects a refusal.
    pub(crate) async fn refused(&self, caller: Caller, change: OperationChange) -> OperationError {
        match self.apply(caller, change).await {
            Outcome::Refused { error } => error,
            Outcome::Done { item } => panic!("applied: {item:?}"),
        }
    }

    pub(crate) async fn apply(&self, caller: Caller, change: OperationChange) -> Outcome {
        self.counter.set(self.counter.get() + 1);
        let op = OperationId::new("device", self.counter.get());
        let ready = ReadyOperation { operation: Operation { op, change }, inline: None };
        self.apply_all(caller, vec![ready]).await.expect("answers").remove(0)
    }

    pub(crate) async fn apply_all(
        &self,
        caller: Caller,
        operations: Vec<ReadyOperation>,
    ) -> Result<Vec<Outcome>, ItemError> {
        let batch = apply(&self.call(caller), self.request(caller), operations).await?;
        Ok(batch.outcomes)
    }

    pub(crate) async fn folder(&self, parent: &str, name: &str) -> RemoteItem {
        self.done(OperationChange::CreateFolder { parent: parent.to_owned(), name: name.to_owned() }).await
    }

    pub(crate) async fn inline(&self, bytes: &[u8]) -> PreparedContent {
        let key = transfer::ChunkKey::from_bytes(self.tenant.chunk_key);
        let bytes = Bytes::copy_from_slice(bytes);
        prepare_inline(&self.contents, self.tenant.id, &key, bytes).await.expect("prepares")
    }

    /// Describes the writing of a small file under a fresh id.
    pub(crate) async fn put(&self, target: PutTarget, bytes: &[u8]) -> ReadyOperation {
        self.counter.set(self.counter.get() + 1);
        let op = OperationId::new("device", self.counter.get());
        let inline = self.inline(bytes).await;
        let change = OperationChange::PutFile {
            target,
            source: ContentSource::Inline,
            content: inline.named.id,
            size: inline.named.size,
            modified: time("2026-02-03T04:05:06.789Z"),
            conflict_of: None,
        };
        ReadyOperation { operation: Operation { op, change }, inline: Some(inline) }
    }

    pub(crate) async fn file(&self, parent: &str, name: &str, bytes: &[u8]) -> RemoteItem {
        let target = PutTarget::New { parent: parent.to_owned(), name: name.to_owned() };
        let put = self.put(target, bytes).await;
        match self.apply_all(self.owner, vec![put]).await.expect("answers").remove(0) {
            Outcome::Done { item } => item,
            Outcome::Refused { error } => panic!("refused: {error:?}"),
        }
    }

    pub(crate) async fn rename(&self, item: &RemoteItem, parent: &str, name: &str) -> RemoteItem {
        self.done(OperationChange::Move {
            item: item.id.clone(),
            parent: parent.to_owned(),
            name: name.to_owned(),
            if_match: item.e_tag.clone(),
        })
        .await
    }

    pub(crate) async fn delete(&self, item: &RemoteItem) -> RemoteItem {
        self.done(OperationChange::Delete { item: item.id.clone(), if_match: item.e_tag.clone() }).await
    }

    pub(crate) async fn delta(
        &self,
        caller: Caller,
        item: &str,
        start: DeltaStart,
        limit: usize,
    ) -> Result<DeltaPage, ItemError> {
        let request = DeltaRequest {
            caller,
            drive: self.drive.id,
            item: id(item),
            start,
            limit,
            runtime: self.runtime.clone(),
        };
        Ok(read_delta(&self.call(caller), &self.sealer, request).await?.into_page())
    }
}

pub(crate) fn id(item: &str) -> ItemId {
    item.parse().expect("an item id")
}

async fn add_person(
    store: &Store,
    tenant: &Tenant,
    name: &str,
    seed: u8,
    home: Option<HomeAccount>,
) -> Caller {
    let kind = if home.is_some() { UserKind::Guest } else { UserKind::Member };
    let user = User {
        id: UserId::from_random([seed; 16]),
        tenant: tenant.id,
        kind,
        principal_name: format!("{name}@{}", tenant.initial_domain),
        display_name: name.to_owned(),
        mail: None,
        enabled: true,
        guest_state: home.map(|_| GuestState::Accepted),
        home,
        created: tenant.created,
        deleted: None,
        tokens_valid_from: tenant.created,
    };
    let caller = Caller {
        tenant: tenant.id,
        user: user.id,
        kind,
        home: home.unwrap_or(HomeAccount { tenant: tenant.id, user: user.id }),
    };
    Call::new(store.clone(), tenant.id, Actor::Operator)
        .write(move |scope| -> Result<_, StorageError> {
            scope.users().create(&NewUser { user, addresses: Vec::new(), password_hash: None })?;
            Ok(Commit::unaudited((), Unaudited::Housekeeping))
        })
        .await
        .expect("creates a person");
    caller
}
