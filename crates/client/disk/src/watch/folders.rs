//! Watched folders: which watch is which folder, and what it is called by now.

use std::collections::BTreeMap;

use sync_core::{LocalId, RelPath};

use crate::raw_name::shown;

#[derive(Debug)]
struct Watched {
    above: Option<i32>,
    name: Vec<u8>,
    id: LocalId,
    sweep: u64,
}

/// The watched folders as a tree.
#[derive(Debug, Default)]
pub(super) struct Folders {
    by_watch: BTreeMap<i32, Watched>,
    by_id: BTreeMap<LocalId, i32>,
    below: BTreeMap<(i32, Vec<u8>), i32>,
    sweep: u64,
}

impl Folders {
    pub(super) fn begin_sweep(&mut self) -> u64 {
        self.sweep += 1;
        self.sweep
    }

    /// Returns the watches that were not put since a sweep began.
    pub(super) fn stale(&self, sweep: u64) -> Vec<i32> {
        self.by_watch.iter().filter(|(_, watched)| watched.sweep < sweep).map(|(wd, _)| *wd).collect()
    }

    /// Puts a folder at its place. The kernel gives one folder one watch, wherever it is moved.
    pub(super) fn put(&mut self, wd: i32, above: Option<i32>, name: Vec<u8>, id: LocalId) {
        self.detach(wd);
        if let Some(above) = above {
            self.below.insert((above, name.clone()), wd);
        }
        if let Some(old) = self.by_watch.insert(wd, Watched { above, name, id, sweep: self.sweep })
            && old.id != id
        {
            self.by_id.remove(&old.id);
        }
        self.by_id.insert(id, wd);
    }

    /// Counts a folder as put in the sweep under way.
    pub(super) fn keep(&mut self, wd: i32) {
        if let Some(watched) = self.by_watch.get_mut(&wd) {
            watched.sweep = self.sweep;
        }
    }

    /// Moves a folder with all below it to another place.
    pub(super) fn move_to(&mut self, wd: i32, above: i32, name: Vec<u8>) {
        self.detach(wd);
        if let Some(watched) = self.by_watch.get_mut(&wd) {
            watched.above = Some(above);
            // A scan under way may have passed both places; the folder is there all the same.
            watched.sweep = self.sweep;
            watched.name.clone_from(&name);
            self.below.insert((above, name), wd);
        }
    }

    pub(super) fn remove(&mut self, wd: i32) {
        self.detach(wd);
        if let Some(watched) = self.by_watch.remove(&wd)
            && self.by_id.get(&watched.id) == Some(&wd)
        {
            self.by_id.remove(&watched.id);
        }
    }

    /// Takes a folder from its place; it keeps its watch.
    pub(super) fn detach(&mut self, wd: i32) {
        if let Some(watched) = self.by_watch.get(&wd)
            && let Some(above) = watched.above
        {
            let place = (above, watched.name.clone());
            if self.below.get(&place) == Some(&wd) {
                self.below.remove(&place);
            }
        }
    }

    /// Returns a folder and all watched folders below it.
    pub(super) fn subtree(&self, wd: i32) -> Vec<i32> {
        let (mut all, mut open) = (Vec::new(), vec![wd]);
        while let Some(next) = open.pop() {
            let from = (next, Vec::new());
            open.extend(
                self.below.range(from..).take_while(|((above, _), _)| *above == next).map(|(_, wd)| *wd),
            );
            all.push(next);
        }
        all
    }

    pub(super) fn child(&self, wd: i32, name: &[u8]) -> Option<i32> {
        self.below.get(&(wd, name.to_vec())).copied()
    }

    pub(super) fn watch_of(&self, id: &LocalId) -> Option<i32> {
        self.by_id.get(id).copied()
    }

    pub(super) fn id_of(&self, wd: i32) -> Option<LocalId> {
        self.by_watch.get(&wd).map(|watched| watched.id)
    }

    pub(super) fn is_root(&self, wd: i32) -> bool {
        self.by_watch.get(&wd).is_some_and(|watched| watched.above.is_none())
    }

    /// Returns the names from the root down; none when the folder is not in the tree.
    pub(super) fn raw_path(&self, wd: i32) -> Option<Vec<&[u8]>> {
        let (mut names, mut at) = (Vec::new(), wd);
        loop {
            let watched = self.by_watch.get(&at)?;
            let Some(above) = watched.above else { break };
            names.push(watched.name.as_slice());
            if names.len() > self.by_watch.len() {
                return None;
            }
            at = above;
        }
        names.reverse();
        Some(names)
    }

    /// Returns where a folder is, as it is shown.
    pub(super) fn shown_path(&self, wd: i32) -> Option<RelPath> {
        self.raw_path(wd)?.into_iter().try_fold(RelPath::root(), |path, name| path.join(&shown(name).0).ok())
    }
}
