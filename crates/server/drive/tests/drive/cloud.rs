//! A small cloud for the tests: Contoso with one site, its owner, and people from outside.
#![expect(clippy::panic, reason = "what tests share fails by panicking too")]

use std::ops::Deref;

use bytes::Bytes;
use content::PreparedContent;
use drive::delta::{CursorSealer, DeltaRequest, DeltaStart, read_delta};
use drive::operations::{ReadyOperation, apply, prepare_inline};
use drive::sites::{NewSite, create_site};
use drive::{EditRequest, ItemError};
use model::{
    Caller, Drive, ItemId, Permission, PermissionId, PermissionScope, Principal, Role, Site, Timestamp,
};
use runtime::Runtime;
use storage::{ChangeStamp, Commit, StorageError, Unaudited};
use transfer::{
    ContentSource, DeltaPage, Operation, OperationChange, OperationError, OperationId, Outcome, PutTarget,
    RemoteItem,
};

/// A cloud whose administrator Anna owns a site.
pub(crate) struct Cloud {
    base: testkit::cloud::Cloud,
    pub(crate) runtime: Runtime,
    pub(crate) owner: Caller,
    pub(crate) site: Site,
    pub(crate) drive: Drive,
    sealer: CursorSealer,
    counter: std::cell::Cell<u64>,
}

impl Deref for Cloud {
    type Target = testkit::cloud::Cloud;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

impl Cloud {
    pub(crate) async fn new() -> Self {
        let base = testkit::cloud::Cloud::start().await;
        let owner = base.at_contoso(base.anna);
        let new = NewSite { name: "falcon".to_owned(), display_name: "Project Falcon".to_owned() };
        let made = create_site(&base.call(owner), owner, new).await.expect("makes a site");
        Self {
            runtime: base.runtime().clone(),
            base,
            owner,
            site: made.site,
            drive: made.library,
            sealer: CursorSealer::new(&[9; 32]),
            counter: std::cell::Cell::new(0),
        }
    }

    /// Goes on in a site of its own.
    pub(crate) async fn open_site(&mut self, name: &str) {
        let new = NewSite { name: name.to_owned(), display_name: name.to_owned() };
        let made = create_site(&self.call(self.owner), self.owner, new).await.expect("makes a site");
        (self.site, self.drive) = (made.site, made.library);
    }

    /// Adds a guest who accepted, without any right yet.
    pub(crate) async fn guest(&self, name: &str) -> Caller {
        self.add_guest(&format!("{name}@fabrikam.example")).await
    }

    pub(crate) fn request(&self, caller: Caller) -> EditRequest {
        EditRequest { caller, drive: self.drive.id, runtime: self.runtime.clone() }
    }

    /// Gives a role at an item, as sharing does: permission and numbered change in one commit.
    pub(crate) async fn share(&self, item: &str, with: Caller, role: Role) -> PermissionId {
        let (site, drive, item) = (self.site.id, self.drive.id, id(item));
        let permission = Permission {
            id: PermissionId::from_random(self.runtime.random()),
            tenant: self.contoso,
            scope: PermissionScope::Item { site, drive, item },
            principal: Principal::User(with.user),
            role,
            link: None,
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
        let tenant = self.call(self.owner).read(|scope| scope.tenants().load()).await.expect("reads");
        let key = transfer::ChunkKey::from_bytes(tenant.chunk_key);
        let bytes = Bytes::copy_from_slice(bytes);
        prepare_inline(&self.contents, &self.call(self.owner), &key, bytes).await.expect("prepares")
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
