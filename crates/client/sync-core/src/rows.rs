//! Rows: what a row of the synced tree becomes by what was really done. The engine and the planner's tests share it.

use transfer::{ContentId, ItemKind};
use unicode_normalization::UnicodeNormalization;

use crate::plan::is_swap_name;
use crate::{Fingerprint, ItemId, LocalNode, MoveReason, RemoteNode, Synced, SyncedNode, Text};

impl SyncedNode {
    /// Makes the row of an item and a file that are equal, in place of the row there may be. Where their names differ by
    /// more than normal form, the server's counts as news: the file takes its spelling (rows 17 and 18).
    #[must_use]
    pub fn agreed(there: &RemoteNode, here: &LocalNode, synced: &Synced) -> Self {
        let parent = match synced.get(&there.id) {
            Some(row) => row.settled_parent(there, synced),
            None => there.parent.clone(),
        };
        let spelled_alike = there.name.nfc().eq(here.name.nfc());
        Self {
            item: there.id.clone(),
            local: here.id,
            parent,
            remote_name: if spelled_alike { there.name.clone() } else { here.name.clone() },
            local_name: here.name.clone(),
            kind: there.kind,
            content: there.content,
            size: there.size,
            e_tag: there.e_tag.clone(),
            c_tag: there.c_tag.clone(),
            modified: there.modified,
            fingerprint: (there.kind == ItemKind::File).then_some(here.fingerprint),
            role: there.role,
        }
    }

    /// Takes the texts it has in common with its item from there, so that they are in memory once.
    #[must_use]
    pub fn sharing(self, there: Option<&RemoteNode>) -> Self {
        let Some(there) = there else { return self };
        let remote_name = self.remote_name.shared_with(&there.name);
        Self {
            item: there.id.clone(),
            parent: if self.parent == there.parent { there.parent.clone() } else { self.parent },
            local_name: self.local_name.shared_with(&remote_name),
            remote_name,
            e_tag: self.e_tag.shared_with(&there.e_tag),
            c_tag: self.c_tag.shared_with(&there.c_tag),
            ..self
        }
    }

    /// Binds the row to another file under the same name. Its bytes count as unknown.
    #[must_use]
    pub fn rebound(&self, here: &LocalNode) -> Self {
        Self { local: here.id, fingerprint: None, ..self.clone() }
    }

    /// Forgets what was agreed, so that the server's state counts as news and is brought to disk again.
    #[must_use]
    pub fn disowned(&self) -> Self {
        Self { remote_name: Text::default(), content: None, fingerprint: None, ..self.clone() }
    }

    /// Takes over, attribute by attribute, what both sides have become equal in.
    #[must_use]
    pub fn settled(&self, there: &RemoteNode, here: &LocalNode, synced: &Synced) -> Self {
        let mut row = self.clone();
        let folder = here.parent.as_ref().and_then(|parent| synced.of_local(parent)).map(|row| &row.item);
        if folder == there.parent.as_ref() {
            row.parent = self.settled_parent(there, synced);
        }
        if there.name == here.name {
            row.remote_name = there.name.clone();
            row.local_name = here.name.clone();
        }
        row.role = there.role;
        if row.kind == ItemKind::File && here.content.is_some() {
            if here.content == there.content {
                return row.with_content(there, here.fingerprint);
            }
            if here.content == row.content {
                row.fingerprint = Some(here.fingerprint);
            }
        }
        row
    }

    /// The server's parent, unless the rows between must be settled first to keep the tree without cycles.
    fn settled_parent(&self, there: &RemoteNode, synced: &Synced) -> Option<ItemId> {
        let fits = |parent: &ItemId| {
            synced.get(parent).is_some() && !synced.tree().is_at_or_above(&self.item, parent)
        };
        if there.parent.as_ref().is_some_and(fits) { there.parent.clone() } else { self.parent.clone() }
    }

    /// Notes that the file, under `fingerprint`, and the item have the same bytes.
    #[must_use]
    pub fn with_content(mut self, there: &RemoteNode, fingerprint: Fingerprint) -> Self {
        self.content = there.content;
        self.size = there.size;
        self.e_tag = there.e_tag.clone();
        self.c_tag = there.c_tag.clone();
        self.modified = there.modified;
        self.fingerprint = Some(fingerprint);
        self
    }

    /// Notes that the file was replaced by another that holds `content`.
    #[must_use]
    pub fn replaced(&self, here: &LocalNode, content: ContentId) -> Self {
        Self {
            local: here.id,
            content: Some(content),
            size: here.size(),
            fingerprint: Some(here.fingerprint),
            ..self.clone()
        }
    }

    /// Notes a move by us, on either side, after which the sides are `there` and `here`. `before` is the file's
    /// metadata before the move, so that a rename by us does not look like an edit.
    #[must_use]
    pub fn moved(
        &self,
        there: &RemoteNode,
        here: &LocalNode,
        synced: &Synced,
        reason: MoveReason,
        before: Option<Fingerprint>,
    ) -> Self {
        let mut row = self.settled(there, here, synced);
        if reason == MoveReason::Swap {
            // The side that stepped aside knows its name for a moment; the final one is still wanted (see `want`).
            if is_swap_name(&here.name) {
                row.local_name = here.name.clone();
            } else {
                row.remote_name = there.name.clone();
                row.local_name = here.name.clone();
            }
        }
        if reason == MoveReason::Conflict {
            // The server's name was seen and could not be had; the conflict name is now what is wanted.
            row.remote_name = there.name.clone();
        }
        // A rename changes no byte and no modification time; anything else is an edit that met the move.
        let untouched = |before: Fingerprint| {
            before.size == here.fingerprint.size && before.mtime_ns == here.fingerprint.mtime_ns
        };
        if row.fingerprint.is_some() && row.fingerprint == before.filter(|before| untouched(*before)) {
            row.fingerprint = Some(here.fingerprint);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use transfer::{ChunkHash, ContentId, ItemKind, ItemRole};

    use crate::{
        Fingerprint, ItemId, LocalId, LocalKind, LocalNode, Motion, MoveReason, RemoteNode, Synced,
        SyncedNode, Text,
    };

    #[test]
    fn a_row_and_its_item_have_their_texts_in_memory_once() {
        let (root, tag) = (ItemId::new("root"), || Text::from("\"{a},1\""));
        let synced = Synced::new(root.clone(), LocalId::new(1, 0));
        let base = synced.get(&root).cloned().unwrap();
        let there = RemoteNode {
            id: ItemId::new("a"),
            parent: Some(root),
            name: "a.txt".into(),
            kind: ItemKind::File,
            size: 0,
            content: None,
            e_tag: tag(),
            c_tag: "other".into(),
            modified: Timestamp::UNIX_EPOCH,
            role: ItemRole::Write,
        };
        let (remote_name, local_name) = ("a.txt".into(), "a.txt".into());
        let row = SyncedNode { item: ItemId::new("a"), remote_name, local_name, e_tag: tag(), ..base };
        let shared = row.clone().sharing(Some(&there));
        assert_eq!(shared, row, "what it says is the same");
        let once = |one: &str, other: &str| std::ptr::eq(one, other);
        assert!(once(shared.item.as_str(), there.id.as_str()) && once(&shared.e_tag, &there.e_tag));
        assert!(once(&shared.remote_name, &there.name) && once(&shared.local_name, &there.name));
    }

    #[test]
    fn an_edit_that_meets_our_move_is_still_an_edit() {
        let content = Some(ContentId::from_bytes(*ChunkHash::of(b"x").as_bytes()));
        let id = LocalId::new(2, 0);
        let before = Fingerprint { id, size: 4, mtime_ns: 1, ctime_ns: 1 };
        let (root, item) = (ItemId::new("root"), ItemId::new("a"));
        let synced = Synced::new(root.clone(), LocalId::new(1, 0));
        let there = RemoteNode {
            id: item,
            parent: Some(root),
            name: "b".into(),
            kind: ItemKind::File,
            size: 4,
            content,
            e_tag: Text::default(),
            c_tag: Text::default(),
            modified: Timestamp::UNIX_EPOCH,
            role: ItemRole::Write,
        };
        let here = |mtime_ns| LocalNode {
            id,
            parent: Some(LocalId::new(1, 0)),
            name: "b".into(),
            kind: LocalKind::File,
            content: None,
            fingerprint: Fingerprint { mtime_ns, ctime_ns: 9, ..before },
            motion: Motion::Settled,
            problem: None,
        };
        let row = SyncedNode { fingerprint: Some(before), ..SyncedNode::agreed(&there, &here(1), &synced) };
        let moved =
            |here: &LocalNode| row.moved(&there, here, &synced, MoveReason::Agree, Some(before)).fingerprint;
        assert_eq!(moved(&here(1)), Some(here(1).fingerprint));
        assert_eq!(moved(&here(2)), Some(before));
    }
}
