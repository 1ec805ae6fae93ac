//! Synced: the last state both sides agreed on; the merge base. A row changes only for what was really done.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use transfer::{ContentId, ItemKind, ItemRole};

use crate::tree::{Node, Tree, TreeError};
use crate::{Fingerprint, ItemId, LocalId, Text};

/// One item that is on both sides: the binding and the state agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncedNode {
    /// The item.
    pub item: ItemId,
    /// The file or folder on disk.
    pub local: LocalId,
    /// The folder, by item; none for the root.
    pub parent: Option<ItemId>,
    /// The name the server had. During a swap of names it may differ from `local_name`.
    pub remote_name: Text,
    /// The name the disk had; it may differ by normal form or case from the server's.
    pub local_name: Text,
    /// File or folder.
    pub kind: ItemKind,
    /// Name of the bytes both sides have; none for a folder.
    pub content: Option<ContentId>,
    /// Length in bytes.
    pub size: u64,
    /// The server's tag of the item at that moment.
    pub e_tag: Text,
    /// The server's tag of the content at that moment.
    pub c_tag: Text,
    /// The file's own time.
    pub modified: Timestamp,
    /// Metadata of the local file when it held `content`.
    pub fingerprint: Option<Fingerprint>,
    /// What the person was allowed at that moment.
    pub role: ItemRole,
}

impl Node for SyncedNode {
    type Id = ItemId;
    type Key = ItemId;

    fn id(&self) -> &ItemId {
        &self.item
    }

    fn parent(&self) -> Option<&ItemId> {
        self.parent.as_ref()
    }

    fn key(&self) -> ItemId {
        // Names need not be unique here: half-done swaps live in this tree. Bindings must be.
        self.item.clone()
    }

    fn is_folder(&self) -> bool {
        self.kind == ItemKind::Folder
    }
}

/// Why rows make no synced tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncedError {
    /// The rows make no tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Two items claim one file.
    #[error("{0:?} is bound to two items")]
    Bound(LocalId),
}

/// The synced tree and the binding of files to items, at most one each way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Synced {
    tree: Tree<SyncedNode>,
    by_local: BTreeMap<LocalId, ItemId>,
}

impl Synced {
    /// Makes the tree that binds only the root.
    #[must_use]
    pub fn new(item: ItemId, local: LocalId) -> Self {
        let root = SyncedNode {
            item: item.clone(),
            local,
            parent: None,
            remote_name: Text::default(),
            local_name: Text::default(),
            kind: ItemKind::Folder,
            content: None,
            size: 0,
            e_tag: Text::default(),
            c_tag: Text::default(),
            modified: Timestamp::UNIX_EPOCH,
            fingerprint: None,
            role: ItemRole::Write,
        };
        Self { tree: Tree::new(root), by_local: BTreeMap::from([(local, item)]) }
    }

    /// Rebuilds the tree from stored rows.
    ///
    /// # Errors
    /// [`SyncedError`] when the rows make no tree or bind a file twice.
    pub fn load(item: ItemId, local: LocalId, nodes: Vec<SyncedNode>) -> Result<Self, SyncedError> {
        let mut synced = Self::new(item.clone(), local);
        synced.update(nodes.into_iter().filter(|node| node.item != item).collect(), &[])?;
        Ok(synced)
    }

    /// Returns the tree.
    #[must_use]
    pub fn tree(&self) -> &Tree<SyncedNode> {
        &self.tree
    }

    /// Finds the row of an item.
    #[must_use]
    pub fn get(&self, item: &ItemId) -> Option<&SyncedNode> {
        self.tree.get(item)
    }

    /// Finds the row of a file.
    #[must_use]
    pub fn of_local(&self, local: &LocalId) -> Option<&SyncedNode> {
        self.by_local.get(local).and_then(|item| self.tree.get(item))
    }

    /// Puts and removes rows in one step.
    ///
    /// # Errors
    /// [`SyncedError`]; the tree is then as it was.
    pub fn update(&mut self, puts: Vec<SyncedNode>, removes: &[ItemId]) -> Result<(), SyncedError> {
        let touched: Vec<ItemId> =
            removes.iter().chain(puts.iter().map(|node| &node.item)).cloned().collect();
        let mut freed = BTreeMap::new();
        for node in touched.iter().filter_map(|item| self.tree.get(item)) {
            freed.insert(node.local, node.item.clone());
        }
        for local in freed.keys() {
            self.by_local.remove(local);
        }
        let new: Vec<(LocalId, ItemId)> = puts.iter().map(|node| (node.local, node.item.clone())).collect();
        if let Err(error) = self.bind(puts, removes, &new) {
            for (local, item) in &new {
                if self.by_local.get(local) == Some(item) {
                    self.by_local.remove(local);
                }
            }
            self.by_local.extend(freed);
            return Err(error);
        }
        Ok(())
    }

    fn bind(
        &mut self,
        puts: Vec<SyncedNode>,
        removes: &[ItemId],
        new: &[(LocalId, ItemId)],
    ) -> Result<(), SyncedError> {
        for (local, item) in new {
            match self.by_local.get(local) {
                Some(other) if other != item => return Err(SyncedError::Bound(*local)),
                _ => {
                    self.by_local.insert(*local, item.clone());
                }
            }
        }
        Ok(self.tree.update(puts, removes)?)
    }

    /// Removes a row and everything below it; returns the items removed.
    ///
    /// # Errors
    /// [`TreeError::Root`] for the root.
    pub fn remove_subtree(&mut self, item: &ItemId) -> Result<Vec<ItemId>, TreeError> {
        let removed = self.tree.remove_subtree(item)?;
        for node in &removed {
            self.by_local.remove(&node.local);
        }
        Ok(removed.into_iter().map(|node| node.item).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{Synced, SyncedError, SyncedNode};
    use crate::{ItemId, LocalId};

    #[test]
    fn a_file_is_bound_to_one_item_only() {
        let (root, disk) = (ItemId::new("root"), LocalId::new(1, 0));
        let mut synced = Synced::new(root.clone(), disk);
        let base = synced.get(&root).cloned().unwrap();
        let row = |item: &str, local| SyncedNode {
            item: ItemId::new(item),
            local: LocalId::new(local, 0),
            parent: Some(root.clone()),
            ..base.clone()
        };
        synced.update(vec![row("a", 2), row("b", 3)], &[]).unwrap();
        let before = synced.clone();
        assert_eq!(synced.update(vec![row("c", 3)], &[]), Err(SyncedError::Bound(LocalId::new(3, 0))));
        assert_eq!(synced, before);
        synced.update(vec![row("a", 3), row("b", 2)], &[]).unwrap();
        assert_eq!(
            synced.of_local(&LocalId::new(2, 0)).map(|node| node.item.as_str().to_owned()),
            Some("b".into())
        );
    }
}
