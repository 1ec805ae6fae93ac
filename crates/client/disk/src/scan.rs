//! Scan: one walk over the whole root that ends only when no folder changed behind it, so that what it lacks was
//! really not there.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;

use engine::{LocalEntry, LocalError, LocalRef, Scan};
use rustix::io::Errno;
use sync_core::{LocalId, LocalKind, Problem};

use crate::beneath::{Folder, Opener, open_folder_beneath};
use crate::failure::local_error;
use crate::listing::list;
use crate::raw_name::c_name;
use crate::root::Root;
use crate::stat::Stat;
use crate::stop_point;

/// Deeper folders are not entered; no library holds paths that long.
const MAX_DEPTH: usize = 200;
/// How often folders that changed meanwhile are listed again.
const MAX_PASSES: usize = 6;

/// Walks the whole root.
pub(crate) fn scan(root: &Root) -> Result<Scan, LocalError> {
    root.check()?;
    let sweep = root.watch.begin_sweep();
    let mut walk = Walk { root, folders: BTreeMap::new() };
    let top = Opener::new(root).folder_at(&sync_core::RelPath::root())?;
    root.watch.add_root(&top);
    walk.folder(&top, Vec::new(), 0)?;
    stop_point::pass("scan: walked");
    for pass in 0..MAX_PASSES {
        if !walk.look_again(pass == 0)? {
            break;
        }
    }
    root.check()?;
    root.watch.end_sweep(sweep);
    Ok(Scan { top: root.id, entries: walk.collect() })
}

/// Lists one folder.
pub(crate) fn list_folder(root: &Root, folder: &LocalRef) -> Result<Scan, LocalError> {
    let opened = Opener::new(root).folder(folder)?;
    let found = list(root, &opened, |_, _, _| Ok(()))?;
    Ok(Scan { top: folder.id, entries: found })
}

struct Walk<'a> {
    root: &'a Root,
    folders: BTreeMap<LocalId, Listed>,
}

struct Listed {
    /// Raw names joined by slashes; empty for the root.
    path: Vec<u8>,
    depth: usize,
    /// Times of the folder before it was read.
    before: Stat,
    /// A change could have followed that left the same times.
    racy: bool,
    entries: Vec<LocalEntry>,
}

impl Walk<'_> {
    /// Lists a folder and enters those below it that are not yet known at that place.
    fn folder(&mut self, folder: &Folder, path: Vec<u8>, depth: usize) -> Result<(), LocalError> {
        let before = Stat::of(folder).map_err(local_error)?;
        let racy = before.is_racy(self.root.runtime.now());
        let root = self.root;
        let entries = list(root, folder, |raw, sub, entry| {
            root.watch.add(&folder.id, raw, &sub);
            if depth >= MAX_DEPTH {
                entry.problem = Some(Problem::Unreadable);
                return Ok(());
            }
            let path = joined(&path, raw);
            if self.folders.get(&sub.id).is_some_and(|known| known.path == path) {
                return Ok(());
            }
            match self.folder(&sub, path, depth + 1) {
                Ok(()) => {}
                // It went, or may not be read: not listed, but by no means empty.
                Err(LocalError::Denied | LocalError::Changed) => entry.problem = Some(Problem::Unreadable),
                Err(error) => return Err(error),
            }
            Ok(())
        })?;
        self.folders.insert(folder.id, Listed { path, depth, before, racy, entries });
        Ok(())
    }

    /// Lists again what changed since it was listed. Tells whether anything did.
    fn look_again(&mut self, first: bool) -> Result<bool, LocalError> {
        let suspects: Vec<LocalId> = self
            .folders
            .iter()
            .filter(|(_, listed)| first && listed.racy || changed(self.root, listed))
            .map(|(id, _)| *id)
            .collect();
        for id in &suspects {
            let Some(listed) = self.folders.remove(id) else { continue };
            let path = c_name(if listed.path.is_empty() { b"." } else { &listed.path })?;
            match open_folder_beneath(self.root.handle(), &path) {
                Ok(fd) => {
                    let stat = Stat::of(&fd).map_err(local_error)?;
                    let folder = Folder { fd, id: stat.plain_id() };
                    // Another folder at that place is found when its parent is listed again.
                    if folder.id == *id {
                        self.folder(&folder, listed.path, listed.depth)?;
                    }
                }
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::XDEV) => {}
                Err(errno) => return Err(local_error(errno)),
            }
        }
        Ok(!suspects.is_empty())
    }

    /// Lays the listings out, folders before what they hold, each node once.
    fn collect(mut self) -> Vec<LocalEntry> {
        let (mut entries, mut seen) = (Vec::new(), BTreeSet::from([self.root.id]));
        let mut open = vec![self.root.id];
        while let Some(next) = open.pop() {
            let Some(listed) = self.folders.remove(&next) else { continue };
            for entry in listed.entries {
                if !seen.insert(entry.id) {
                    continue;
                }
                if entry.kind == LocalKind::Folder && entry.problem.as_ref().is_none_or(is_entered) {
                    open.push(entry.id);
                }
                entries.push(entry);
            }
        }
        entries
    }
}

/// A folder with an unsound name is listed all the same.
fn is_entered(problem: &Problem) -> bool {
    *problem == Problem::NotUtf8
}

fn changed(root: &Root, listed: &Listed) -> bool {
    let path: &[u8] = if listed.path.is_empty() { b"." } else { &listed.path };
    let Ok(path) = c_name(path) else { return false };
    match Stat::at(root.handle(), &path) {
        Ok(now) => {
            (now.plain_id(), now.mtime_ns, now.ctime_ns)
                != (listed.before.plain_id(), listed.before.mtime_ns, listed.before.ctime_ns)
        }
        // Too long to be looked at in one step; deep folders are rare and their events still arrive.
        Err(Errno::NAMETOOLONG) => false,
        Err(_) => true,
    }
}

fn joined(path: &[u8], raw: &CStr) -> Vec<u8> {
    let mut joined = path.to_vec();
    if !joined.is_empty() {
        joined.push(b'/');
    }
    joined.extend_from_slice(raw.to_bytes());
    joined
}
