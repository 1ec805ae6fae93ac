//! Oracle: what must hold when everything is quiet again.

use std::collections::{BTreeMap, BTreeSet};

use sync_core::{check_library_name, ignored, name_key};

use super::{Digest, Ledger};

/// A tree as people see it: path → content, none for a folder.
pub type Tree = BTreeMap<String, Option<Digest>>;

/// All trees of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trees {
    /// The library.
    pub cloud: Tree,
    /// The folder on each computer, by person.
    pub computers: BTreeMap<String, Tree>,
    /// Contents that are anywhere at all: versions, trash, rescue folders.
    pub kept: BTreeSet<Digest>,
}

impl Trees {
    fn visible(&self) -> BTreeSet<Digest> {
        let trees = std::iter::once(&self.cloud).chain(self.computers.values());
        trees.flat_map(|tree| tree.values().copied().flatten()).collect()
    }
}

/// Lists where the trees differ.
#[must_use]
pub fn differences(trees: &Trees, ledger: &Ledger) -> Vec<String> {
    let mut found = Vec::new();
    for (person, tree) in &trees.computers {
        let paths: BTreeSet<&String> = trees.cloud.keys().chain(tree.keys()).collect();
        for path in paths {
            let (here, there) = (tree.get(path), trees.cloud.get(path));
            if here != there {
                found.push(format!(
                    "{path}: {person} has {}, the library has {}",
                    describe(here, ledger),
                    describe(there, ledger)
                ));
            }
        }
    }
    found
}

fn describe(entry: Option<&Option<Digest>>, ledger: &Ledger) -> String {
    match entry {
        None => "nothing".into(),
        Some(None) => "a folder".into(),
        Some(Some(digest)) => ledger.label(digest),
    }
}

/// Returns paths that cannot sync for their names: refused by a library, ignored, or equal to a sibling but for case
/// or normal form. Deepest first, so that each can be renamed without moving the others.
#[must_use]
pub fn unsyncable(tree: &Tree) -> Vec<String> {
    let mut siblings: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for path in tree.keys() {
        let (folder, name) = crate::disk::split(path);
        let taken = !siblings.insert(format!("{folder}/{}", name_key(name)));
        if taken || check_library_name(name).is_err() || ignored(name).is_some() {
            found.push(path.clone());
        }
    }
    found.sort_by_key(|path| std::cmp::Reverse(path.matches('/').count()));
    found
}

/// Judges a run by its end. Every sentence is a broken promise.
#[must_use]
pub fn judge(trees: &Trees, ledger: &Ledger) -> Vec<String> {
    let mut broken = Vec::new();
    let visible = trees.visible();
    for (digest, authored) in ledger.all() {
        if authored.is_live() && !visible.contains(&digest) {
            let end = if trees.kept.contains(&digest) { "hidden: only in trash or versions" } else { "LOST" };
            broken.push(format!("{} is {end}", authored.label));
        }
    }
    broken.extend(differences(trees, ledger));
    broken.extend(doubled(trees, ledger));
    broken
}

/// Finds contents in more places than people put them.
fn doubled(trees: &Trees, ledger: &Ledger) -> Vec<String> {
    let mut places: BTreeMap<Digest, Vec<&String>> = BTreeMap::new();
    for (path, content) in &trees.cloud {
        if let Some(digest) = content {
            places.entry(*digest).or_default().push(path);
        }
    }
    let known = ledger.all();
    places
        .into_iter()
        .filter_map(|(digest, paths)| {
            let authored = known.get(&digest)?;
            (paths.len() > authored.times as usize).then(|| {
                format!("{} was put in {} places and is in {paths:?}", authored.label, authored.times)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees(cloud: &[(&str, &[u8])], local: &[(&str, &[u8])]) -> Trees {
        let tree = |files: &[(&str, &[u8])]| -> Tree {
            files.iter().map(|(path, bytes)| ((*path).to_owned(), Some(Digest::of(bytes)))).collect()
        };
        Trees {
            cloud: tree(cloud),
            computers: BTreeMap::from([("a".into(), tree(local))]),
            kept: BTreeSet::new(),
        }
    }

    #[test]
    fn a_lost_content_is_found_and_an_ended_one_is_not_missed() {
        let ledger = Ledger::default();
        ledger.wrote("a-1", b"1");
        ledger.wrote("a-2", b"2");
        ledger.ended(b"1");
        assert_eq!(judge(&trees(&[("x", b"2")], &[("x", b"2")]), &ledger), Vec::<String>::new());
        assert_eq!(judge(&trees(&[], &[]), &ledger), ["a-2 is LOST"]);
    }

    #[test]
    fn unequal_trees_and_doubled_files_are_found() {
        let ledger = Ledger::default();
        ledger.wrote("a-1", b"1");
        assert_eq!(judge(&trees(&[("x", b"1")], &[("y", b"1")]), &ledger).len(), 2);
        assert_eq!(judge(&trees(&[("x", b"1"), ("y", b"1")], &[("x", b"1"), ("y", b"1")]), &ledger).len(), 1);
    }

    #[test]
    fn names_that_cannot_sync_are_found_deepest_first() {
        let names = ["A", "a", "d/what?", "n", "x.tmp"];
        let tree: Tree = names.iter().map(|name| ((*name).to_owned(), None)).collect();
        assert_eq!(unsyncable(&tree), ["d/what?", "a", "x.tmp"]);
    }
}
