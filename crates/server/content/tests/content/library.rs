//! Library: a place to keep things with one organization and one drive, and files written and read as the product does.

use std::path::PathBuf;
use std::sync::Arc;

use content::uploads::{self, Uploader};
use content::{
    Collector, ContentError, ContentReader, ContentStore, ContentWriter, Progress, Round, record_content,
};
use futures_util::TryStreamExt;
use model::{
    Actor, BinKey, DriveId, Item, ItemContent, ItemId, ItemKind, ItemName, ItemPlace, ItemStamp, ItemVersion,
    SharingLevel, SiteId, Tenant, TenantId, UploadId, UserId,
};
use object_store::ObjectStore;
use runtime::Runtime;
use storage::{
    Call, ChangeStamp, Commit, NewDrive, NewItem, Operator, Scope, StorageError, Store, Unaudited, Writing,
};
use testkit::{Clock, Place};

/// Runs each test in both places.
macro_rules! in_both_places {
    ($($(#[$meta:meta])* async fn $name:ident($library:ident: Library) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(clippy::wildcard_imports, unused_imports, clippy::allow_attributes, reason = "the test's own names")]
            use super::*;

            async fn check($library: Library) $body

            #[tokio::test]
            async fn on_sqlite_and_a_folder() {
                check(Library::open(testkit::Place::OneMachine).await).await;
            }

            #[tokio::test]
            async fn on_postgresql_and_s3() {
                check(Library::open(testkit::Place::Shared).await).await;
            }
        }
    )*};
}
pub(crate) use in_both_places;

/// A drive and where its bytes are.
pub(crate) struct Library {
    _folder: tempfile::TempDir,
    pub(crate) clock: Clock,
    pub(crate) store: Store,
    pub(crate) contents: ContentStore,
    pub(crate) call: Call,
    pub(crate) drive: DriveId,
    objects: PathBuf,
    root: ItemId,
}

impl Library {
    pub(crate) async fn open(place: Place) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::default();
        let open = place.open(&folder, clock.runtime()).await;
        let tenant = Tenant {
            id: TenantId::from_random([1; 16]),
            display_name: "Contoso".to_owned(),
            initial_domain: "contoso.example".to_owned(),
            chunk_key: [7; 32],
            site_sharing: SharingLevel::Disabled,
            personal_sharing: SharingLevel::Disabled,
            created: "2026-01-01T00:00:00Z".parse().expect("a time"),
        };
        let call = Call::new(open.store.clone(), tenant.id, Actor::Operator);
        let library = Self {
            _folder: folder,
            clock,
            store: open.store,
            contents: open.contents,
            call,
            drive: DriveId::from_random([2; 16]),
            objects: open.objects,
            root: ItemId::from_random([3; 16]),
        };
        let new = NewDrive {
            id: library.drive,
            site: SiteId::from_random([5; 16]),
            name: "Documents".to_owned(),
            root: library.root,
            epoch: "first".to_owned(),
            quota: None,
            stamp: library.stamp(),
        };
        library
            .write(move |scope| {
                scope.tenants().create(&tenant)?;
                scope.drives().create(&new)?;
                Ok(())
            })
            .await
            .expect("furnishes");
        library
    }

    /// Wraps the objects, to make them fail.
    pub(crate) fn with_objects(mut self, wrap: impl FnOnce(PathBuf) -> Arc<dyn ObjectStore>) -> Self {
        self.contents = ContentStore::new(wrap(self.objects.clone()));
        self
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        self.store.runtime()
    }

    pub(crate) fn operator(&self) -> Operator {
        Operator::new(self.store.clone())
    }

    pub(crate) fn uploader(&self) -> Uploader {
        Uploader { drive: self.drive, user: UserId::from_random([4; 16]) }
    }

    fn stamp(&self) -> ItemStamp {
        ItemStamp { at: self.runtime().now(), by: None }
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Scope<'_, Writing>) -> Result<T, ContentError> + Send + 'static,
    ) -> Result<T, ContentError> {
        self.call.write(move |scope| Ok(Commit::unaudited(work(scope)?, Unaudited::Housekeeping))).await
    }

    /// Makes a file, or gives one other bytes, in the way `PUT …/content` does.
    pub(crate) async fn put(&self, item: Option<ItemId>, bytes: &[u8]) -> Result<ItemId, ContentError> {
        let upload = UploadId::from_random(self.runtime().random());
        let (store, call) = (self.contents.clone(), self.call.clone());
        let mut writer = ContentWriter::start(store, call, upload, self.uploader()).await?;
        for piece in bytes.chunks(1_000_000) {
            writer.push(piece, self.runtime().now()).await?;
        }
        let now = self.runtime().now();
        let (content, upload) = writer.finish(now).await?;
        self.refer(item, move |scope| {
            let content = record_content(scope, &content, now)?;
            if let Some(upload) = upload {
                scope.uploads().delete(upload)?;
            }
            Ok(content)
        })
        .await
    }

    /// Makes an item refer to what `record` records, in one transaction.
    pub(crate) async fn refer(
        &self,
        item: Option<ItemId>,
        record: impl FnOnce(&mut Scope<'_, Writing>) -> Result<ItemContent, ContentError> + Send + 'static,
    ) -> Result<ItemId, ContentError> {
        let (drive, root, now) = (self.drive, self.root, self.runtime().now());
        let by = ChangeStamp { stamp: self.stamp(), operation: None };
        let fresh = ItemId::from_random(self.runtime().random());
        self.write(move |scope| {
            let changed = scope.change_drive(drive, |changes| -> Result<Item, ContentError> {
                let content = record(&mut changes.scope())?;
                let found = match item {
                    Some(item) => changes.scope().items().find(drive, item)?,
                    None => None,
                };
                match found {
                    Some(item) => Ok(changes.replace_content(item, content, now, &by)?),
                    None => {
                        let name = fresh.to_string();
                        let new = NewItem {
                            id: fresh,
                            parent: root,
                            name: ItemName::parse(&name, ItemKind::File, ItemPlace::Folder).expect("a name"),
                            kind: ItemKind::File,
                            content: Some(content),
                            file_created: now,
                            file_modified: now,
                        };
                        Ok(changes.create_item(new, &by)?)
                    }
                }
            })?;
            Ok(changed.expect("the drive").id)
        })
        .await
    }

    /// Puts a file into the recycle bin.
    pub(crate) async fn delete(&self, item: ItemId) {
        let drive = self.drive;
        let by = ChangeStamp { stamp: self.stamp(), operation: None };
        self.write(move |scope| {
            scope.change_drive(drive, |changes| -> Result<(), ContentError> {
                let found = changes.scope().items().find(drive, item)?.expect("the item");
                changes.delete_tree(found, &by)?;
                Ok(())
            })?;
            Ok(())
        })
        .await
        .expect("deletes");
    }

    /// Removes what a deletion took along from the recycle bin, for good.
    pub(crate) async fn purge(&self, item: ItemId) {
        self.purge_key(BinKey { item, version: None }).await;
    }

    /// Removes the earlier versions of a file for good.
    pub(crate) async fn forget_versions(&self, item: ItemId) {
        let drive = self.drive;
        let by = ChangeStamp { stamp: self.stamp(), operation: None };
        for version in self.versions(item).await {
            let (key, by) = (BinKey { item, version: Some(version.number) }, by.clone());
            self.write(move |scope| {
                scope.change_drive(drive, |changes| changes.delete_version(&version, &by))?;
                Ok(())
            })
            .await
            .expect("deletes");
            self.purge_key(key).await;
        }
    }

    async fn purge_key(&self, key: BinKey) {
        let drive = self.drive;
        let purged = self.write(move |scope| {
            Ok(scope.change_drive(drive, |changes| -> Result<bool, StorageError> { changes.purge(key) })?)
        });
        assert_eq!(purged.await.expect("purges"), Some(true));
    }

    /// Lists the earlier versions of a file.
    pub(crate) async fn versions(&self, item: ItemId) -> Vec<ItemVersion> {
        let list =
            move |scope: &mut Scope<'_, storage::Reading>| scope.item_versions().list(item, i64::MAX, 1_000);
        self.call.read(list).await.expect("reads")
    }

    /// Reads a file back, also from the recycle bin.
    pub(crate) async fn read(&self, item: ItemId) -> Result<Vec<u8>, ContentError> {
        let content = self.content_of(item).await;
        self.read_content(content).await
    }

    /// Reads a content back.
    pub(crate) async fn read_content(&self, content: ItemContent) -> Result<Vec<u8>, ContentError> {
        let reader = self.call.read(move |scope| ContentReader::open(scope, &content)).await?;
        let size = reader.size();
        let stream = reader.stream(self.contents.clone(), self.call.clone(), 0..size);
        Ok(stream.try_collect::<Vec<_>>().await?.concat())
    }

    pub(crate) async fn content_of(&self, item: ItemId) -> ItemContent {
        let drive = self.drive;
        let found = self.call.read(move |scope| scope.items().find_ever(drive, item)).await.expect("reads");
        found.expect("the item").content.expect("a file")
    }

    /// Returns the name of the object that holds the one chunk of a file.
    pub(crate) async fn content_object(&self, item: ItemId) -> String {
        let content = self.content_of(item).await;
        let stored = self.call.read(move |scope| scope.contents().find(&content.id)).await.expect("reads");
        let manifest = transfer::Manifest::decode(&stored.expect("the content").manifest).expect("decodes");
        let id = manifest.chunks[0].hash.keyed(&transfer::ChunkKey::from_bytes([7; 32]));
        let chunk = self.call.read(move |scope| scope.contents().find_chunk(id.as_bytes())).await;
        format!("{id}.{}", chunk.expect("reads").expect("the chunk").object.expect("an object"))
    }

    /// Collects garbage for a whole round.
    pub(crate) async fn collect(&self, round: Round) {
        let mut collector = Collector::new(self.operator(), self.contents.clone());
        while collector.step(round).await.expect("collects") == Progress::More {}
    }

    /// Returns how many contents, chunks and doomed objects the database knows.
    pub(crate) async fn count(&self) -> (usize, usize, usize) {
        let count = |scope: &mut Scope<'_, storage::Reading>| -> Result<_, StorageError> {
            let contents = scope.garbage().list_contents(&[], 100_000)?.len();
            let chunks = scope.garbage().list_chunks(&[], 100_000)?.len();
            Ok((contents, chunks, scope.garbage().list_doomed(100_000)?.len()))
        };
        self.call.read(count).await.expect("counts")
    }

    /// Returns the names of the objects that chunks refer to.
    pub(crate) async fn object_names(&self) -> Vec<String> {
        let named = |scope: &mut Scope<'_, storage::Reading>| -> Result<_, StorageError> {
            let chunks = scope.garbage().list_chunks(&[], 100_000)?;
            let ids: Vec<[u8; 32]> = chunks.iter().map(|chunk| chunk.id).collect();
            scope.contents().list_chunks(&ids)
        };
        let chunks = self.call.read(named).await.expect("reads");
        let name = |(id, chunk): ([u8; 32], storage::StoredChunk)| {
            Some(format!("{}.{}", transfer::ChunkId::from_bytes(id), chunk.object?))
        };
        chunks.into_iter().filter_map(name).collect()
    }

    /// Lists the objects as they lie on disk.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.objects.join("chunks")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => found.push(path),
                }
            }
        }
        found.sort();
        found
    }
}

/// Bytes that look random, always the same for a number.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(length).collect()
}

pub(crate) async fn offer(library: &Library, bytes: &[u8]) -> (uploads::Upload, Vec<Vec<u8>>) {
    let (mut chunker, mut rest, mut chunks) = (transfer::Chunker::new(), bytes, Vec::new());
    while let Some(chunk) = chunker.feed(&mut rest) {
        chunks.push(chunk);
    }
    while let Some(chunk) = chunker.finish() {
        chunks.push(chunk);
    }
    let mut builder = transfer::ContentBuilder::new();
    for chunk in &chunks {
        builder.add(chunk);
    }
    let manifest = builder.finish().manifest;
    let (id, uploader) = (UploadId::from_random(library.runtime().random()), library.uploader());
    let now = library.runtime().now();
    let offered = library.write(move |scope| uploads::offer(scope, id, uploader, manifest, &[], now)).await;
    (offered.expect("offers"), chunks)
}
