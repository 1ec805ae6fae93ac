//! Remote: what the server has told us, applied strictly in the feed's order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use transfer::{ContentId, DeltaEntry, ItemKind, ItemRole, RemoteItem, RemovalReason};

use crate::tree::{Node, Tree, TreeError};
use crate::{ItemId, Text, name_key};

/// One item as the server last told it. The name is hostile until checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteNode {
    /// The item.
    pub id: ItemId,
    /// Its folder; none for the root.
    pub parent: Option<ItemId>,
    /// Its name.
    pub name: Text,
    /// File or folder.
    pub kind: ItemKind,
    /// Length in bytes; 0 for a folder.
    pub size: u64,
    /// Name of the bytes; none for a folder.
    pub content: Option<ContentId>,
    /// Changes with every change of the item.
    pub e_tag: Text,
    /// Changes with the content.
    pub c_tag: Text,
    /// The file's own time.
    pub modified: Timestamp,
    /// What the person may do with it.
    pub role: ItemRole,
}

impl Node for RemoteNode {
    type Id = ItemId;
    type Key = Text;

    fn id(&self) -> &ItemId {
        &self.id
    }

    fn parent(&self) -> Option<&ItemId> {
        self.parent.as_ref()
    }

    fn key(&self) -> Text {
        Text::from(name_key(&self.name)).shared_with(&self.name)
    }

    fn is_folder(&self) -> bool {
        self.kind == ItemKind::Folder
    }
}

impl From<&RemoteItem> for RemoteNode {
    fn from(item: &RemoteItem) -> Self {
        Self {
            id: ItemId::new(&item.id),
            parent: item.parent.as_deref().map(ItemId::new),
            name: item.name.as_str().into(),
            kind: item.kind,
            size: item.size,
            content: item.content,
            e_tag: item.e_tag.as_str().into(),
            c_tag: item.c_tag.as_str().into(),
            modified: item.modified,
            role: item.role,
        }
    }
}

/// Why an item of the synced tree is not in the remote tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Gone {
    /// A tombstone said so: deleted or moved out of the scope. The only reason that may remove a local copy.
    Deleted,
    /// The person may no longer see it. What is on disk stays.
    AccessRevoked,
    /// A fresh enumeration did not list it. That proves nothing; what is on disk stays.
    Unlisted,
}

impl From<RemovalReason> for Gone {
    fn from(reason: RemovalReason) -> Self {
        match reason {
            RemovalReason::Deleted | RemovalReason::MovedOut => Self::Deleted,
            RemovalReason::AccessRevoked => Self::AccessRevoked,
        }
    }
}

/// What an applied change did to the rows, for the state store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteDelta {
    /// Items put.
    pub put: Vec<ItemId>,
    /// Items that went, each with its reason.
    pub gone: Vec<(ItemId, Gone)>,
}

/// The remote tree and the tombstones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    tree: Tree<RemoteNode>,
    gone: BTreeMap<ItemId, Gone>,
}

impl Remote {
    /// Makes the tree of a root of which nothing is known yet.
    #[must_use]
    pub fn new(root: ItemId, role: ItemRole) -> Self {
        Self { tree: Tree::new(root_node(root, role)), gone: BTreeMap::new() }
    }

    /// Rebuilds the tree from stored rows. A stored root row replaces the blank one.
    ///
    /// # Errors
    /// [`TreeError`] when the rows make no tree.
    pub fn load(
        root: ItemId,
        role: ItemRole,
        nodes: Vec<RemoteNode>,
        gone: BTreeMap<ItemId, Gone>,
    ) -> Result<Self, TreeError> {
        let mut remote = Self::new(root, role);
        remote.tree.update(nodes, &[])?;
        remote.gone = gone;
        Ok(remote)
    }

    /// Returns the tree.
    #[must_use]
    pub fn tree(&self) -> &Tree<RemoteNode> {
        &self.tree
    }

    /// Finds an item.
    #[must_use]
    pub fn get(&self, id: &ItemId) -> Option<&RemoteNode> {
        self.tree.get(id)
    }

    /// Returns why an item went, where that is known.
    #[must_use]
    pub fn gone(&self, id: &ItemId) -> Option<Gone> {
        self.gone.get(id).copied()
    }

    /// Returns all tombstones.
    #[must_use]
    pub fn tombstones(&self) -> &BTreeMap<ItemId, Gone> {
        &self.gone
    }

    /// Forgets the tombstone of an item that nobody needs any more.
    pub fn forget(&mut self, id: &ItemId) {
        self.gone.remove(id);
    }

    /// Applies the entries of one or more pages, the latest state of an item winning.
    ///
    /// What was below a removed folder and was not put elsewhere goes with it, for the same reason.
    ///
    /// # Errors
    /// [`TreeError`] when the feed makes no tree; nothing is then applied and the feed must be read anew.
    pub fn apply(&mut self, entries: &[DeltaEntry]) -> Result<RemoteDelta, TreeError> {
        let (mut puts, mut removed) = (BTreeMap::<ItemId, RemoteNode>::new(), BTreeMap::new());
        for entry in entries {
            match entry {
                DeltaEntry::Item(item) => {
                    let mut node = self.sharing(RemoteNode::from(item));
                    if let Some((folder, _)) = node.parent.as_ref().and_then(|id| puts.get_key_value(id)) {
                        node.parent = Some(folder.clone());
                    }
                    if node.id == *self.tree.root() {
                        node.parent = None;
                    }
                    removed.remove(&node.id);
                    puts.insert(node.id.clone(), node);
                }
                DeltaEntry::Removed { id, reason, .. } => {
                    let id = ItemId::new(id);
                    puts.remove(&id);
                    removed.insert(id, Gone::from(*reason));
                }
            }
        }
        self.spread(&mut puts, &mut removed);
        puts.retain(|id, node| self.tree.get(id) != Some(node));
        self.commit(puts, removed)
    }

    /// Puts one item as an answer told it. It is the feed's own truth, only sooner.
    ///
    /// # Errors
    /// [`TreeError`] when the feed must be read first; nothing is then applied.
    pub fn put(&mut self, node: RemoteNode) -> Result<(), TreeError> {
        self.gone.remove(&node.id);
        self.tree.put(self.sharing(node))
    }

    /// Removes an item the server confirmed as deleted by us, and what was below it.
    ///
    /// # Errors
    /// [`TreeError::Root`] for the root.
    pub fn remove(&mut self, id: &ItemId) -> Result<RemoteDelta, TreeError> {
        let gone: Vec<_> =
            self.tree.remove_subtree(id)?.into_iter().map(|node| (node.id, Gone::Deleted)).collect();
        self.gone.extend(gone.iter().cloned());
        Ok(RemoteDelta { put: Vec::new(), gone })
    }

    /// Replaces everything by a fresh enumeration. What it lacks is [`Gone::Unlisted`], never deleted; older
    /// tombstones stay as they are.
    ///
    /// # Errors
    /// [`TreeError`] when the enumeration makes no tree; nothing is then applied.
    pub fn replace(&mut self, entries: &[DeltaEntry]) -> Result<RemoteDelta, TreeError> {
        let root = self.tree.root().clone();
        let role = self.tree.get(&root).map_or(ItemRole::Read, |node| node.role);
        let mut fresh = Self::new(root, role);
        fresh.apply(entries)?;
        let mut delta = RemoteDelta::default();
        for node in self.tree.iter().filter(|node| !fresh.tree.contains(&node.id)) {
            let reason = fresh.gone(&node.id).unwrap_or(Gone::Unlisted);
            delta.gone.push((node.id.clone(), reason));
        }
        delta.put = fresh.tree.iter().map(|node| node.id.clone()).collect();
        self.gone.retain(|id, _| !fresh.tree.contains(id));
        self.gone.extend(delta.gone.iter().cloned());
        self.tree = fresh.tree;
        Ok(delta)
    }

    /// Lets a node have the copies of texts that the tree has already: of its folder's id, and of its own state before.
    fn sharing(&self, node: RemoteNode) -> RemoteNode {
        let folder =
            node.parent.as_ref().and_then(|parent| self.tree.get(parent)).map(|folder| folder.id.clone());
        let node = RemoteNode { parent: folder.or(node.parent), ..node };
        let Some(old) = self.tree.get(&node.id) else { return node };
        RemoteNode {
            id: old.id.clone(),
            name: node.name.shared_with(&old.name),
            e_tag: node.e_tag.shared_with(&old.e_tag),
            c_tag: node.c_tag.shared_with(&old.c_tag),
            ..node
        }
    }

    /// Extends the removals to what hangs below removed folders.
    fn spread(&self, puts: &mut BTreeMap<ItemId, RemoteNode>, removed: &mut BTreeMap<ItemId, Gone>) {
        let tops: Vec<(ItemId, Gone)> = removed.iter().map(|(id, gone)| (id.clone(), *gone)).collect();
        for (top, reason) in tops {
            for id in self.tree.subtree(&top) {
                if !puts.contains_key(&id) {
                    removed.entry(id).or_insert(reason);
                }
            }
        }
        // An item told to be inside a removed folder is gone with it.
        loop {
            let lost: Vec<(ItemId, Gone)> = puts
                .values()
                .filter_map(|node| Some((node.id.clone(), *removed.get(node.parent.as_ref()?)?)))
                .collect();
            if lost.is_empty() {
                break;
            }
            for (id, reason) in lost {
                puts.remove(&id);
                removed.insert(id, reason);
            }
        }
    }

    fn commit(
        &mut self,
        puts: BTreeMap<ItemId, RemoteNode>,
        removed: BTreeMap<ItemId, Gone>,
    ) -> Result<RemoteDelta, TreeError> {
        let gone_ids: Vec<ItemId> = removed.keys().cloned().collect();
        let put: Vec<ItemId> = puts.keys().cloned().collect();
        self.tree.update(puts.into_values().collect(), &gone_ids)?;
        let unique: BTreeSet<&ItemId> = put.iter().collect();
        self.gone.retain(|id, _| !unique.contains(id));
        self.gone.extend(removed.iter().map(|(id, reason)| (id.clone(), *reason)));
        Ok(RemoteDelta { put, gone: removed.into_iter().collect() })
    }
}

fn root_node(id: ItemId, role: ItemRole) -> RemoteNode {
    RemoteNode {
        id,
        parent: None,
        name: Text::default(),
        kind: ItemKind::Folder,
        size: 0,
        content: None,
        e_tag: Text::default(),
        c_tag: Text::default(),
        modified: Timestamp::UNIX_EPOCH,
        role,
    }
}
