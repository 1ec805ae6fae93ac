//! Cloud: one drive: items, contents, sequence, outcomes by operation id, recycle bin.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use sync_core::{check_library_name, name_key};
use transfer::{
    ContentId, ContentSource, DeltaEntry, DeltaPage, ItemKind, ItemRole, Manifest, OperationChange,
    OperationError, OperationId, Outcome, PutTarget, RemoteItem, RemovalReason,
};

use crate::simulation::Signal;

/// Id of the top folder.
pub(crate) const TOP: &str = "top";

/// A content: how it was cut, and its bytes.
pub(crate) type Content = (Manifest, Bytes);

#[derive(Debug, Clone)]
struct Record {
    item: RemoteItem,
    sequence: u64,
    deleted: bool,
}

#[derive(Debug)]
pub(crate) struct Inner {
    items: BTreeMap<String, Record>,
    pub(crate) contents: BTreeMap<ContentId, Content>,
    /// Every content an item ever had, as versions and recycle bin keep them.
    versions: BTreeSet<ContentId>,
    pub(crate) outcomes: BTreeMap<OperationId, Outcome>,
    /// Uploads: what was offered, and the chunks that came.
    pub(crate) uploads: BTreeMap<String, (Manifest, BTreeMap<transfer::ChunkHash, Bytes>)>,
    pub(crate) next_upload: u64,
    sequence: u64,
    next_item: u64,
    now: Timestamp,
}

/// The drive. Clones are the same one.
#[derive(Debug, Clone)]
pub struct ModelCloud {
    inner: Arc<Mutex<Inner>>,
    changed: Signal<u64>,
}

impl ModelCloud {
    /// Makes an empty drive.
    #[must_use]
    pub fn new() -> Self {
        let top = RemoteItem {
            id: TOP.into(),
            parent: None,
            name: "Documents".into(),
            kind: ItemKind::Folder,
            size: 0,
            content: None,
            e_tag: "0".into(),
            c_tag: String::new(),
            modified: Timestamp::UNIX_EPOCH,
            role: ItemRole::Write,
            op: None,
        };
        let inner = Inner {
            items: BTreeMap::from([(TOP.into(), Record { item: top, sequence: 1, deleted: false })]),
            contents: BTreeMap::new(),
            versions: BTreeSet::new(),
            outcomes: BTreeMap::new(),
            uploads: BTreeMap::new(),
            next_upload: 1,
            sequence: 1,
            next_item: 1,
            now: Timestamp::UNIX_EPOCH,
        };
        Self { inner: Arc::new(Mutex::new(inner)), changed: Signal::new(1) }
    }

    pub(crate) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to changes; the value is the sequence.
    pub(crate) fn listen(&self) -> Signal<u64> {
        self.changed.clone()
    }

    /// Applies one operation, or gives the answer it got before.
    pub(crate) fn apply(&self, op: &OperationId, change: &OperationChange, body: &Bytes) -> Outcome {
        let mut inner = self.inner();
        if let Some(known) = inner.outcomes.get(op) {
            return known.clone();
        }
        let outcome = match inner.change(op, change, body) {
            Ok(item) => Outcome::Done { item },
            Err(error) => Outcome::Refused { error },
        };
        inner.outcomes.insert(op.clone(), outcome.clone());
        let sequence = inner.sequence;
        drop(inner);
        self.changed.set(sequence);
        outcome
    }

    /// Returns what changed since a cursor.
    pub(crate) fn delta(&self, cursor: Option<&str>) -> DeltaPage {
        let inner = self.inner();
        let since = cursor.and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut changed: Vec<&Record> =
            inner.items.values().filter(|record| record.sequence > since).collect();
        changed.sort_by_key(|record| (inner.depth(&record.item), record.sequence));
        let entries = changed
            .into_iter()
            .filter(|record| !(record.deleted && since == 0))
            .map(|record| match record.deleted {
                false => DeltaEntry::Item(record.item.clone()),
                true => DeltaEntry::Removed {
                    id: record.item.id.clone(),
                    reason: RemovalReason::Deleted,
                    op: record.item.op.clone(),
                },
            })
            .collect();
        DeltaPage { entries, cursor: inner.sequence.to_string(), more: false, epoch: "1".into() }
    }

    /// Returns the drive's sequence.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.inner().sequence
    }

    /// Returns every content that was ever acknowledged and can be had back.
    #[must_use]
    pub fn all_contents(&self) -> BTreeSet<Bytes> {
        let inner = self.inner();
        inner.versions.iter().filter_map(|id| Some(inner.contents.get(id)?.1.clone())).collect()
    }

    /// Returns the tree as it is now: path → content, none for a folder.
    #[must_use]
    pub fn tree(&self) -> BTreeMap<String, Option<Bytes>> {
        let inner = self.inner();
        inner
            .items
            .values()
            .filter(|record| !record.deleted && record.item.id != TOP)
            .map(|record| {
                let content = record.item.content.as_ref().and_then(|id| inner.contents.get(id));
                (inner.path(&record.item), content.map(|(_, bytes)| bytes.clone()))
            })
            .collect()
    }
}

impl Default for ModelCloud {
    fn default() -> Self {
        Self::new()
    }
}

fn refuse(status: u16, code: &str, current: Option<RemoteItem>) -> OperationError {
    OperationError { status, code: code.into(), message: code.into(), current }
}

impl Inner {
    /// Finds an item that exists.
    pub(crate) fn live(&self, id: &str) -> Result<&RemoteItem, OperationError> {
        match self.items.get(id) {
            Some(record) if !record.deleted => Ok(&record.item),
            _ => Err(refuse(404, "itemNotFound", None)),
        }
    }

    fn depth(&self, item: &RemoteItem) -> usize {
        let mut depth = 0;
        let mut at = item.parent.as_deref();
        while let Some(record) = at.and_then(|id| self.items.get(id)) {
            depth += 1;
            at = record.item.parent.as_deref();
        }
        depth
    }

    fn path(&self, item: &RemoteItem) -> String {
        match item.parent.as_deref().and_then(|id| self.items.get(id)) {
            Some(parent) if parent.item.id != TOP => format!("{}/{}", self.path(&parent.item), item.name),
            _ => item.name.clone(),
        }
    }

    fn free_name(&self, parent: &str, name: &str, except: Option<&str>) -> Result<(), OperationError> {
        let folder = self.live(parent)?;
        if folder.kind != ItemKind::Folder {
            return Err(refuse(400, "invalidRequest", None));
        }
        check_library_name(name).map_err(|_| refuse(400, "invalidRequest", None))?;
        let key = name_key(name);
        let taken = self.items.values().find(|record| {
            !record.deleted
                && record.item.parent.as_deref() == Some(parent)
                && Some(record.item.id.as_str()) != except
                && name_key(&record.item.name) == key
        });
        taken.map_or(Ok(()), |record| Err(refuse(409, "nameAlreadyExists", Some(record.item.clone()))))
    }

    fn change(
        &mut self,
        op: &OperationId,
        change: &OperationChange,
        body: &Bytes,
    ) -> Result<RemoteItem, OperationError> {
        match change {
            OperationChange::CreateFolder { parent, name } => {
                self.free_name(parent, name, None)?;
                let now = self.now;
                Ok(self.create(op, parent, name, ItemKind::Folder, None, now))
            }
            OperationChange::PutFile { target, source, content, modified, .. } => {
                let held = self.received(source, content, body)?;
                match target {
                    PutTarget::New { parent, name } => {
                        self.free_name(parent, name, None)?;
                        Ok(self.create(op, parent, name, ItemKind::File, Some((*content, held)), *modified))
                    }
                    PutTarget::Existing { item, if_match } => {
                        let present = self.live(item)?.clone();
                        if present.c_tag != *if_match {
                            return Err(refuse(412, "resourceModified", Some(present)));
                        }
                        let size = held.1.len() as u64;
                        self.contents.insert(*content, held);
                        self.versions.insert(*content);
                        Ok(self.touch(op, item, |item, sequence| {
                            item.content = Some(*content);
                            item.size = size;
                            item.modified = *modified;
                            item.c_tag = format!("c{sequence}");
                        }))
                    }
                }
            }
            OperationChange::Move { item, parent, name, if_match } => {
                let present = self.live(item)?.clone();
                if present.e_tag != *if_match {
                    return Err(refuse(412, "resourceModified", Some(present)));
                }
                self.free_name(parent, name, Some(item))?;
                if self.is_within(parent, item) {
                    return Err(refuse(409, "invalidRequest", Some(present)));
                }
                Ok(self.touch(op, item, |item, _| {
                    item.parent = Some(parent.clone());
                    item.name.clone_from(name);
                }))
            }
            OperationChange::Delete { item, if_match } => self.delete(op, item, if_match),
            OperationChange::Restore { item, parent, name } => {
                self.free_name(parent, name, None)?;
                match self.items.get_mut(item) {
                    Some(record) if record.deleted => record.deleted = false,
                    _ => return Err(refuse(404, "itemNotFound", None)),
                }
                Ok(self.touch(op, item, |item, _| {
                    item.parent = Some(parent.clone());
                    item.name.clone_from(name);
                }))
            }
        }
    }

    fn delete(&mut self, op: &OperationId, item: &str, if_match: &str) -> Result<RemoteItem, OperationError> {
        let present = self.live(item)?.clone();
        if present.e_tag != if_match {
            return Err(refuse(412, "resourceModified", Some(present)));
        }
        let holds =
            self.items.values().any(|other| !other.deleted && other.item.parent.as_deref() == Some(item));
        if holds {
            return Err(refuse(409, "folderNotEmpty", Some(present)));
        }
        let gone = self.touch(op, item, |_, _| {});
        if let Some(record) = self.items.get_mut(item) {
            record.deleted = true;
        }
        Ok(gone)
    }

    fn is_within(&self, id: &str, folder: &str) -> bool {
        let mut at = Some(id);
        while let Some(here) = at {
            if here == folder {
                return true;
            }
            at = self.items.get(here).and_then(|record| record.item.parent.as_deref());
        }
        false
    }

    fn create(
        &mut self,
        op: &OperationId,
        parent: &str,
        name: &str,
        kind: ItemKind,
        content: Option<(ContentId, Content)>,
        modified: Timestamp,
    ) -> RemoteItem {
        let id = format!("i{}", self.next_item);
        self.next_item += 1;
        let size = content.as_ref().map_or(0, |(_, (_, bytes))| bytes.len() as u64);
        let content_id = content.map(|(id, held)| {
            self.versions.insert(id);
            self.contents.insert(id, held);
            id
        });
        let item = RemoteItem {
            id: id.clone(),
            parent: Some(parent.to_owned()),
            name: name.to_owned(),
            kind,
            size,
            content: content_id,
            e_tag: String::new(),
            c_tag: String::new(),
            modified,
            role: ItemRole::Write,
            op: None,
        };
        self.items.insert(id.clone(), Record { item, sequence: 0, deleted: false });
        self.touch(op, &id, |item, sequence| {
            if item.kind == ItemKind::File {
                item.c_tag = format!("c{sequence}");
            }
        })
    }

    /// Changes an item under the next sequence number.
    fn touch(&mut self, op: &OperationId, id: &str, change: impl FnOnce(&mut RemoteItem, u64)) -> RemoteItem {
        self.sequence += 1;
        let sequence = self.sequence;
        let record = self.items.entry(id.to_owned()).or_insert_with(|| unreachable_record(id));
        change(&mut record.item, sequence);
        record.item.e_tag = format!("e{sequence}");
        record.item.op = Some(op.clone());
        record.sequence = sequence;
        record.item.clone()
    }

    /// Returns the bytes a put speaks of, checked against their name.
    fn received(
        &self,
        source: &ContentSource,
        content: &ContentId,
        body: &Bytes,
    ) -> Result<Content, OperationError> {
        let (manifest, bytes) = match source {
            ContentSource::Inline => (crate::disk::manifest_of(body), body.clone()),
            ContentSource::Upload { upload } => {
                let (manifest, chunks) =
                    self.uploads.get(upload).ok_or_else(|| refuse(404, "uploadNotFound", None))?;
                let mut whole = Vec::new();
                for chunk in &manifest.chunks {
                    let bytes =
                        chunks.get(&chunk.hash).ok_or_else(|| refuse(409, "uploadIncomplete", None))?;
                    whole.extend_from_slice(bytes);
                }
                (manifest.clone(), Bytes::from(whole))
            }
        };
        if manifest.content_id() == *content {
            Ok((manifest, bytes))
        } else {
            Err(refuse(422, "hashMismatch", None))
        }
    }
}

/// Callers of `touch` looked the item up before; this stands in for an item that cannot be missing.
fn unreachable_record(id: &str) -> Record {
    let item = RemoteItem {
        id: id.to_owned(),
        parent: None,
        name: String::new(),
        kind: ItemKind::File,
        size: 0,
        content: None,
        e_tag: String::new(),
        c_tag: String::new(),
        modified: Timestamp::UNIX_EPOCH,
        role: ItemRole::Write,
        op: None,
    };
    Record { item, sequence: 0, deleted: false }
}
