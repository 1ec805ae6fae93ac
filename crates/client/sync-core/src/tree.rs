//! Tree: the container of all three trees. It cannot hold an orphan, a cycle or two children under one key (I11).

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// What a [`Tree`] holds.
pub trait Node: Clone {
    /// Identity within the tree.
    type Id: Ord + Clone + Debug;
    /// What is unique among siblings.
    type Key: Ord + Clone + Debug + Borrow<str>;

    /// Returns the node's identity.
    fn id(&self) -> &Self::Id;
    /// Returns the parent; none only for the root.
    fn parent(&self) -> Option<&Self::Id>;
    /// Returns what must be unique among the children of one parent.
    fn key(&self) -> Self::Key;
    /// Tells whether the node may have children.
    fn is_folder(&self) -> bool;
}

/// Why a change would make a tree that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A node's parent is missing or is a file.
    #[error("{0} has no folder to be in")]
    Orphan(String),
    /// A node would be above itself.
    #[error("{0} would be inside itself")]
    Cycle(String),
    /// Two children of one parent have one key.
    #[error("{0} has the name of another child")]
    Duplicate(String),
    /// The root cannot be removed or moved.
    #[error("the root cannot change its place")]
    Root,
}

/// Nodes by identity, children by key. Iteration order is the order of identities, always the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree<N: Node> {
    root: N::Id,
    /// Boxed, because a map keeps half of its places empty and a tree may have hundreds of thousands.
    nodes: BTreeMap<N::Id, Box<N>>,
    children: BTreeMap<N::Id, BTreeMap<N::Key, N::Id>>,
}

impl<N: Node> Tree<N> {
    /// Makes a tree that holds only its root.
    #[must_use]
    pub fn new(root: N) -> Self {
        let id = root.id().clone();
        Self { root: id.clone(), nodes: BTreeMap::from([(id, Box::new(root))]), children: BTreeMap::new() }
    }

    /// Returns the root's identity.
    #[must_use]
    pub fn root(&self) -> &N::Id {
        &self.root
    }

    /// Finds a node.
    #[must_use]
    pub fn get(&self, id: &N::Id) -> Option<&N> {
        self.nodes.get(id).map(Box::as_ref)
    }

    /// Tells whether a node exists.
    #[must_use]
    pub fn contains(&self, id: &N::Id) -> bool {
        self.nodes.contains_key(id)
    }

    /// Returns all nodes, the root included, by identity.
    pub fn iter(&self) -> impl Iterator<Item = &N> {
        self.nodes.values().map(Box::as_ref)
    }

    /// Returns how many nodes there are, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Tells whether there is nothing below the root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// Returns the children of a folder by key.
    pub fn children(&self, id: &N::Id) -> impl Iterator<Item = &N> {
        self.children.get(id).into_iter().flat_map(|set| set.values()).filter_map(|id| self.get(id))
    }

    /// Finds the child that has `key`.
    #[must_use]
    pub fn child(&self, parent: &N::Id, key: &str) -> Option<&N> {
        self.children.get(parent)?.get(key).and_then(|id| self.get(id))
    }

    /// Returns the nodes above `id`, nearest first, the root last.
    pub fn ancestors(&self, id: &N::Id) -> impl Iterator<Item = &N> {
        let first = self.get(id).and_then(|node| node.parent()).and_then(|id| self.get(id));
        std::iter::successors(first, |node| node.parent().and_then(|id| self.get(id)))
    }

    /// Tells whether `above` is `below` or above it.
    #[must_use]
    pub fn is_at_or_above(&self, above: &N::Id, below: &N::Id) -> bool {
        above == below || self.ancestors(below).any(|node| node.id() == above)
    }

    /// Returns `id` and everything below it, folders before what they hold.
    #[must_use]
    pub fn subtree(&self, id: &N::Id) -> Vec<N::Id> {
        let mut found = Vec::new();
        let mut open = vec![id.clone()];
        while let Some(next) = open.pop() {
            if !self.nodes.contains_key(&next) {
                continue;
            }
            if let Some(set) = self.children.get(&next) {
                open.extend(set.values().rev().cloned());
            }
            found.push(next);
        }
        found
    }

    /// Puts and removes nodes in one step: all are detached, then attached, so that names may swap.
    ///
    /// # Errors
    /// [`TreeError`]; the tree is then as it was.
    pub fn update(&mut self, puts: Vec<N>, removes: &[N::Id]) -> Result<(), TreeError> {
        let mut before: BTreeMap<N::Id, Box<N>> = BTreeMap::new();
        let mut new: BTreeSet<N::Id> = BTreeSet::new();
        for id in removes.iter().chain(puts.iter().map(Node::id)) {
            if let Some(node) = self.detach(id) {
                before.insert(id.clone(), node);
            } else if !before.contains_key(id) {
                new.insert(id.clone());
            }
        }
        match self.attach_all(puts, &before, &new) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.undo(before, &new);
                Err(error)
            }
        }
    }

    /// Puts one node.
    ///
    /// # Errors
    /// [`TreeError`]; the tree is then as it was.
    pub fn put(&mut self, node: N) -> Result<(), TreeError> {
        self.update(vec![node], &[])
    }

    /// Removes a node and everything below it, and returns what was removed, folders first.
    ///
    /// # Errors
    /// [`TreeError::Root`] for the root.
    pub fn remove_subtree(&mut self, id: &N::Id) -> Result<Vec<N>, TreeError> {
        if *id == self.root {
            return Err(TreeError::Root);
        }
        let ids = self.subtree(id);
        Ok(ids.iter().filter_map(|id| self.detach(id)).map(|node| *node).collect())
    }

    /// Checks every invariant from scratch; for tests and after loading.
    ///
    /// # Errors
    /// The first [`TreeError`] found.
    pub fn check(&self) -> Result<(), TreeError> {
        let rebuilt = {
            let Some(root) = self.nodes.get(&self.root) else { return Err(TreeError::Root) };
            let mut tree = Self::new((**root).clone());
            let rest = self.iter().filter(|node| *node.id() != self.root).cloned().collect();
            tree.update(rest, &[])?;
            tree
        };
        let indexed: usize = self.children.values().map(BTreeMap::len).sum();
        if indexed + 1 == self.nodes.len() && rebuilt.nodes.len() == self.nodes.len() {
            Ok(())
        } else {
            Err(TreeError::Orphan("an unlisted node".to_owned()))
        }
    }

    fn detach(&mut self, id: &N::Id) -> Option<Box<N>> {
        let node = self.nodes.remove(id)?;
        if let Some(parent) = node.parent() {
            let empty = self.children.get_mut(parent).is_some_and(|set| {
                let key = node.key();
                if set.get(key.borrow()) == Some(id) {
                    set.remove(key.borrow());
                }
                set.is_empty()
            });
            if empty {
                self.children.remove(parent);
            }
        }
        Some(node)
    }

    fn attach_all(
        &mut self,
        puts: Vec<N>,
        before: &BTreeMap<N::Id, Box<N>>,
        new: &BTreeSet<N::Id>,
    ) -> Result<(), TreeError> {
        let mut suspects = BTreeSet::new();
        for node in puts {
            let id = node.id().clone();
            match node.parent() {
                None if id == self.root => {}
                None => return Err(TreeError::Orphan(format!("{id:?}"))),
                Some(_) if id == self.root => return Err(TreeError::Root),
                Some(parent) => {
                    let set = self.children.entry(parent.clone()).or_default();
                    if set.insert(node.key(), id.clone()).is_some_and(|other| other != id) {
                        return Err(TreeError::Duplicate(format!("{id:?}")));
                    }
                    let moved = before.get(&id).is_none_or(|old| old.parent() != Some(parent));
                    if moved {
                        suspects.insert(id.clone());
                    }
                }
            }
            self.nodes.insert(id, Box::new(node));
        }
        if !self.nodes.contains_key(&self.root) {
            return Err(TreeError::Root);
        }
        self.check_places(before.keys().chain(new), &suspects)
    }

    /// Nothing may hang below what went away or became a file, and what moved must still lead to the root.
    fn check_places<'t>(
        &'t self,
        touched: impl Iterator<Item = &'t N::Id>,
        suspects: &'t BTreeSet<N::Id>,
    ) -> Result<(), TreeError> {
        for id in touched {
            let open = self.get(id).is_some_and(Node::is_folder);
            if !open && self.children.get(id).is_some_and(|set| !set.is_empty()) {
                return Err(TreeError::Orphan(format!("a child of {id:?}")));
            }
        }
        let mut rooted: BTreeSet<&N::Id> = BTreeSet::from([&self.root]);
        for id in suspects {
            let mut path = Vec::new();
            let mut at = id;
            while !rooted.contains(at) {
                if path.len() > self.nodes.len() {
                    return Err(TreeError::Cycle(format!("{id:?}")));
                }
                path.push(at);
                let parent = self.get(at).and_then(Node::parent);
                let Some(folder) = parent.and_then(|parent| self.get(parent)) else {
                    return Err(TreeError::Orphan(format!("{at:?}")));
                };
                if !folder.is_folder() {
                    return Err(TreeError::Orphan(format!("{at:?}")));
                }
                at = folder.id();
            }
            rooted.extend(path);
        }
        Ok(())
    }

    fn undo(&mut self, before: BTreeMap<N::Id, Box<N>>, new: &BTreeSet<N::Id>) {
        for id in new {
            self.nodes.remove(id);
        }
        self.children.clear();
        self.nodes.extend(before);
        for node in self.nodes.values() {
            if let Some(parent) = node.parent() {
                self.children.entry(parent.clone()).or_default().insert(node.key(), node.id().clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Node, Tree, TreeError};

    #[derive(Debug, Clone, PartialEq)]
    struct Plain(u32, Option<u32>, &'static str, bool);

    impl Node for Plain {
        type Id = u32;
        type Key = String;
        fn id(&self) -> &u32 {
            &self.0
        }
        fn parent(&self) -> Option<&u32> {
            self.1.as_ref()
        }
        fn key(&self) -> String {
            self.2.to_owned()
        }
        fn is_folder(&self) -> bool {
            self.3
        }
    }

    fn sample() -> Tree<Plain> {
        let mut tree = Tree::new(Plain(0, None, "", true));
        tree.update(
            vec![Plain(3, Some(2), "c", false), Plain(2, Some(1), "b", true), Plain(1, Some(0), "a", true)],
            &[],
        )
        .unwrap();
        tree
    }

    #[test]
    fn what_cannot_be_is_refused_and_leaves_the_tree_as_it_was() {
        let cases = [
            (vec![Plain(9, Some(8), "x", false)], vec![], "orphan"),
            (vec![Plain(9, Some(3), "x", false)], vec![], "below a file"),
            (vec![Plain(9, Some(0), "a", false)], vec![], "same key"),
            (vec![Plain(1, Some(2), "a", true)], vec![], "cycle"),
            (vec![], vec![2], "child left behind"),
            (vec![], vec![0], "root removed"),
            (vec![Plain(2, Some(1), "b", false)], vec![], "file with children"),
        ];
        for (puts, removes, why) in cases {
            let mut tree = sample();
            assert!(tree.update(puts, &removes).is_err(), "{why}");
            assert_eq!(tree, sample(), "{why}");
            assert_eq!(tree.check(), Ok(()));
        }
    }

    #[test]
    fn names_swap_in_one_step_and_a_subtree_lists_folders_first() {
        let mut tree = sample();
        tree.put(Plain(4, Some(0), "d", true)).unwrap();
        tree.update(vec![Plain(4, Some(0), "a", true), Plain(1, Some(0), "d", true)], &[]).unwrap();
        assert_eq!(tree.child(&0, "d").map(|node| node.0), Some(1));
        assert_eq!(tree.subtree(&1), vec![1, 2, 3]);
        assert!(tree.is_at_or_above(&1, &3) && !tree.is_at_or_above(&4, &3));
        assert_eq!(tree.remove_subtree(&1).unwrap().len(), 3);
        assert_eq!(tree.check(), Ok(()));
        assert_eq!(tree.remove_subtree(&0), Err(TreeError::Root));
    }
}
