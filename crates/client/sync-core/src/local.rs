//! Local: what was observed on disk. Absence here proves nothing until a complete healthy scan confirmed it (I2).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use transfer::{ContentId, ItemKind};

use crate::tree::{Node, Tree, TreeError};
use crate::{Fingerprint, LocalId, Problem, RelPath, Text};

/// What kind of thing is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LocalKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything else; its [`Problem`] says what.
    Other,
}

/// Whether a file may be read for an upload now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Motion {
    /// Its last writer closed it.
    Settled,
    /// Somebody is writing it, or it is rewritten again and again.
    Moving,
}

/// One file or folder as last observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalNode {
    /// Identity on disk.
    pub id: LocalId,
    /// Its folder; none for the root.
    pub parent: Option<LocalId>,
    /// Raw name. A name that is not UTF-8 is escaped by the disk port and carries [`Problem::NotUtf8`].
    pub name: Text,
    /// What it is.
    pub kind: LocalKind,
    /// Name of the bytes; none while unknown, always none for a folder.
    pub content: Option<ContentId>,
    /// Metadata when observed.
    pub fingerprint: Fingerprint,
    /// Whether it may be read now.
    pub motion: Motion,
    /// Why it cannot sync, where the disk knows. Boxed, because few have one.
    pub problem: Option<Box<Problem>>,
}

impl LocalNode {
    /// Returns the length in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.fingerprint.size
    }

    /// Tells whether it is what an item of that kind is on disk.
    #[must_use]
    pub fn is_of(&self, kind: ItemKind) -> bool {
        match kind {
            ItemKind::File => self.kind == LocalKind::File,
            ItemKind::Folder => self.kind == LocalKind::Folder,
        }
    }
}

impl Node for LocalNode {
    type Id = LocalId;
    type Key = Text;

    fn id(&self) -> &LocalId {
        &self.id
    }

    fn parent(&self) -> Option<&LocalId> {
        self.parent.as_ref()
    }

    fn key(&self) -> Text {
        self.name.clone()
    }

    fn is_folder(&self) -> bool {
        self.kind == LocalKind::Folder
    }
}

/// The local tree, and which bound files are known to be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    tree: Tree<LocalNode>,
    absent: BTreeSet<LocalId>,
}

impl Local {
    /// Makes the tree of a root folder of which nothing is known yet.
    #[must_use]
    pub fn new(root: LocalId) -> Self {
        Self { tree: Tree::new(root_node(root)), absent: BTreeSet::new() }
    }

    /// Rebuilds the tree from stored rows or a scan. No absence is confirmed by that.
    ///
    /// # Errors
    /// [`TreeError`] when the rows make no tree.
    pub fn load(root: LocalId, nodes: Vec<LocalNode>) -> Result<Self, TreeError> {
        let mut local = Self::new(root);
        local.tree.update(nodes.into_iter().filter(|node| node.id != root).collect(), &[])?;
        Ok(local)
    }

    /// Returns the tree.
    #[must_use]
    pub fn tree(&self) -> &Tree<LocalNode> {
        &self.tree
    }

    /// Finds a node.
    #[must_use]
    pub fn get(&self, id: &LocalId) -> Option<&LocalNode> {
        self.tree.get(id)
    }

    /// Tells whether a complete healthy scan confirmed that a file is gone.
    #[must_use]
    pub fn is_absent(&self, id: &LocalId) -> bool {
        self.absent.contains(id) && !self.tree.contains(id)
    }

    /// Replaces the confirmed absences.
    pub fn confirm_absent(&mut self, absent: BTreeSet<LocalId>) {
        self.absent = absent;
    }

    /// Returns the confirmed absences.
    #[must_use]
    pub fn absent(&self) -> &BTreeSet<LocalId> {
        &self.absent
    }

    /// Puts and removes nodes in one step.
    ///
    /// # Errors
    /// [`TreeError`]; the tree is then as it was.
    pub fn update(&mut self, puts: Vec<LocalNode>, removes: &[LocalId]) -> Result<(), TreeError> {
        self.tree.update(puts, removes)
    }

    /// Removes a node and everything below it; returns what was removed.
    ///
    /// # Errors
    /// [`TreeError::Root`] for the root.
    pub fn remove_subtree(&mut self, id: &LocalId) -> Result<Vec<LocalNode>, TreeError> {
        self.tree.remove_subtree(id)
    }

    /// Returns where a node is; none when it is unknown or its name cannot be a path part.
    #[must_use]
    pub fn path(&self, id: &LocalId) -> Option<RelPath> {
        let node = self.tree.get(id)?;
        if node.parent.is_none() {
            return Some(RelPath::root());
        }
        let mut names: Vec<&str> = vec![&node.name];
        names.extend(
            self.tree.ancestors(id).filter(|node| node.parent.is_some()).map(|node| node.name.as_str()),
        );
        let mut path = RelPath::root();
        for name in names.into_iter().rev() {
            path = path.join(name).ok()?;
        }
        Some(path)
    }

    /// Finds the node at a place.
    #[must_use]
    pub fn find(&self, path: &RelPath) -> Option<&LocalNode> {
        let mut node = self.tree.get(self.tree.root())?;
        for part in path.parts() {
            node = self.tree.child(&node.id, part)?;
        }
        Some(node)
    }
}

fn root_node(id: LocalId) -> LocalNode {
    LocalNode {
        id,
        parent: None,
        name: Text::default(),
        kind: LocalKind::Folder,
        content: None,
        fingerprint: Fingerprint { id, size: 0, mtime_ns: 0, ctime_ns: 0 },
        motion: Motion::Settled,
        problem: None,
    }
}
