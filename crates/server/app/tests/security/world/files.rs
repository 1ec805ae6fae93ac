//! Files: filling a site by the owner's own operations.

use bytes::Bytes;
use content::ContentStore;
use drive::EditRequest;
use drive::operations::{ReadyOperation, apply, prepare_inline};
use model::{Caller, DriveId};
use testkit::transfer::{
    ChunkHash, ContentBuilder, ContentId, ContentSource, Manifest, ManifestChunk, NamedContent, Operation,
    OperationChange, OperationId, Outcome, PutTarget, RemoteItem,
};

use super::build::{CONTENT_OF, Site};
use super::{FileThings, World};

/// The device that the owner's operations come from.
pub(crate) const DEVICE: &str = "geraet-der-besitzerin";

impl World {
    /// Makes a folder and returns its id.
    pub(super) async fn folder(&self, site: &Site, parent: &str, name: &str) -> String {
        let change = OperationChange::CreateFolder { parent: parent.to_owned(), name: name.to_owned() };
        self.change(site, vec![(change, None)]).await.remove(0).id
    }

    /// Makes a file with a content of its own.
    pub(super) async fn file(&self, site: &Site, parent: &str, name: &str) -> FileThings {
        self.files(site, parent, &[name.to_owned()]).await.remove(0)
    }

    /// Makes many files.
    pub(super) async fn files(&self, site: &Site, parent: &str, names: &[String]) -> Vec<FileThings> {
        let changes = names.iter().map(|name| {
            let bytes = CONTENT_OF(name);
            let named = name_of(bytes.as_bytes());
            let change = OperationChange::PutFile {
                target: PutTarget::New { parent: parent.to_owned(), name: name.clone() },
                source: ContentSource::Inline,
                content: named.id,
                size: named.size,
                modified: self.runtime.now(),
                conflict_of: None,
            };
            (change, Some(Bytes::from(bytes)))
        });
        let made = self.change(site, changes.collect()).await;
        made.into_iter().map(file_things).collect()
    }

    /// Deletes a file.
    pub(super) async fn delete(&self, site: &Site, file: &FileThings) {
        let change = OperationChange::Delete { item: file.id.clone(), if_match: file.e_tag.clone() };
        self.change(site, vec![(change, None)]).await;
    }

    async fn change(&self, site: &Site, changes: Vec<(OperationChange, Option<Bytes>)>) -> Vec<RemoteItem> {
        let (caller, call): (Caller, _) = (site.caller, self.call(site.caller));
        // Small chunks lie in the database, so that this store is the server's.
        let store = ContentStore::in_memory();
        let drive: DriveId = site.made.library.id;
        let key = call.read(content::uploads::chunk_key).await.expect("the tenant's key");
        let mut ready = Vec::new();
        for (change, bytes) in changes {
            let inline = match bytes {
                Some(bytes) => Some(prepare_inline(&store, &call, &key, bytes).await.expect("prepares")),
                None => None,
            };
            let number = self.operations.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let operation = Operation { op: OperationId::new(DEVICE, number), change };
            ready.push(ReadyOperation { operation, inline });
        }
        let request = EditRequest { caller, drive, runtime: self.runtime.clone() };
        let outcomes = apply(&call, request, ready).await.expect("applies").outcomes;
        let done = outcomes.into_iter().map(|outcome| match outcome {
            Outcome::Done { item } => item,
            Outcome::Refused { error } => panic!("{error:?}"),
        });
        done.collect()
    }
}

/// Names bytes that fit one chunk.
pub(crate) fn name_of(bytes: &[u8]) -> NamedContent {
    let mut builder = ContentBuilder::new();
    if !bytes.is_empty() {
        builder.add(bytes);
    }
    builder.finish()
}

/// Returns the manifest of bytes that fit one chunk.
pub(crate) fn manifest_of(bytes: &[u8]) -> Manifest {
    let length = u32::try_from(bytes.len()).expect("small");
    Manifest { chunks: vec![ManifestChunk { hash: ChunkHash::of(bytes), length }] }
}

fn file_things(item: RemoteItem) -> FileThings {
    let content: ContentId = item.content.expect("a content");
    FileThings {
        chunk: ChunkHash::of(CONTENT_OF(&item.name).as_bytes()).to_string(),
        id: item.id,
        name: item.name,
        content: content.to_string(),
        size: item.size,
        e_tag: item.e_tag,
        c_tag: item.c_tag,
    }
}
