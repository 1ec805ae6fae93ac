//! Listing: what one folder holds, each thing as an entry, whatever it is.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::os::fd::AsFd;

use engine::{LocalEntry, LocalError};
use jiff::Timestamp;
use rustix::fs::{FileType, RawDir};
use rustix::io::Errno;
use sync_core::{CONTROL_FOLDER, LocalId, LocalKind, Motion, Problem};

use crate::beneath::{Folder, open_folder_beneath};
use crate::failure::local_error;
use crate::raw_name::shown;
use crate::root::Root;
use crate::stat::{Kind, Stat};

/// Reads the names in a folder, without `.` and `..`.
pub(crate) fn names(folder: impl AsFd) -> Result<Vec<CString>, Errno> {
    Ok(read(folder)?.into_iter().map(|(name, _)| name).collect())
}

/// Reads the names of the folders in a folder.
pub(crate) fn folder_names(folder: impl AsFd) -> Result<Vec<CString>, Errno> {
    let folders = |kind| matches!(kind, FileType::Directory | FileType::Unknown);
    Ok(read(folder)?.into_iter().filter(|(_, kind)| folders(*kind)).map(|(name, _)| name).collect())
}

fn read(folder: impl AsFd) -> Result<Vec<(CString, FileType)>, Errno> {
    // A handle read before stands at the end.
    rustix::fs::seek(&folder, rustix::fs::SeekFrom::Start(0))?;
    let mut buffer = [MaybeUninit::uninit(); 32 * 1024];
    let mut entries = RawDir::new(folder, &mut buffer);
    let mut found = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name();
        if !matches!(name.to_bytes(), b"." | b"..") {
            found.push((name.to_owned(), entry.file_type()));
        }
    }
    Ok(found)
}

/// Lists a folder. Every subfolder that opens is handed to `enter`, with its place in the result.
///
/// # Errors
/// [`LocalError`] when the folder itself cannot be read; what is in it becomes an entry with a problem instead.
pub(crate) fn list(
    root: &Root,
    folder: &Folder,
    mut enter: impl FnMut(&CStr, Folder, &mut LocalEntry) -> Result<(), LocalError>,
) -> Result<Vec<LocalEntry>, LocalError> {
    let mut found = Vec::new();
    let mut shown_names = BTreeSet::new();
    let is_root = folder.id == root.id;
    for (raw, kind) in read(folder).map_err(local_error)? {
        if is_root && raw.to_bytes() == CONTROL_FOLDER.as_bytes() {
            continue;
        }
        let opened = if matches!(kind, FileType::Directory | FileType::Unknown) {
            open_sub(folder, &raw)
        } else {
            Err(Errno::NOTDIR)
        };
        let (stat, sub) = match opened {
            Ok((sub, stat)) => (stat, Ok(sub)),
            Err(errno) => match Stat::at(folder, &raw) {
                Ok(stat) => (stat, Err(errno)),
                // It went while the folder was read.
                Err(Errno::NOENT) => continue,
                Err(errno) => return Err(local_error(errno)),
            },
        };
        let mut entry = entry(root, &folder.id, &raw, &stat);
        while !shown_names.insert(entry.name.clone()) {
            entry.name.push('\u{fffd}');
        }
        match sub {
            Ok(sub) => enter(&raw, sub, &mut entry)?,
            Err(errno) if entry.kind == LocalKind::Folder => close(&mut entry, errno)?,
            Err(_) => {}
        }
        if entry.problem == Some(Problem::NestedMount) {
            root.watch.keep_hidden(&folder.id, &raw);
        }
        found.push(entry);
    }
    Ok(found)
}

fn open_sub(folder: &Folder, raw: &CStr) -> Result<(Folder, Stat), Errno> {
    let fd = open_folder_beneath(folder, raw)?;
    let stat = Stat::of(&fd)?;
    Ok((Folder { fd, id: stat.plain_id() }, stat))
}

/// Marks a folder that cannot be entered, so that nobody takes it for empty.
///
/// # Errors
/// [`LocalError::Io`] when this process, not the folder, is at its end.
fn close(entry: &mut LocalEntry, errno: Errno) -> Result<(), LocalError> {
    match errno {
        Errno::MFILE | Errno::NFILE | Errno::NOMEM => return Err(local_error(errno)),
        Errno::XDEV => (entry.kind, entry.problem) = (LocalKind::Other, Some(Problem::NestedMount)),
        _ => entry.problem = Some(Problem::Unreadable),
    }
    Ok(())
}

/// Makes the entry of something found. A regular file's motion is judged by what the watch saw and by its age.
pub(crate) fn entry(root: &Root, parent: &LocalId, raw: &CStr, stat: &Stat) -> LocalEntry {
    let mut entry = entry_at_rest(parent, raw, stat);
    if entry.kind == LocalKind::File {
        let now: Timestamp = root.runtime.now();
        entry.motion = root.watch.motion(parent, raw, stat, now, root.runtime.elapsed(), &root.options);
    }
    entry
}

/// Makes the entry of something whose writer is known to be done.
pub(crate) fn entry_at_rest(parent: &LocalId, raw: &CStr, stat: &Stat) -> LocalEntry {
    let (name, escaped) = shown(raw.to_bytes());
    let (kind, problem) = match stat.kind {
        _ if stat.mount => (LocalKind::Other, Some(Problem::NestedMount)),
        Kind::File => (LocalKind::File, None),
        Kind::Folder => (LocalKind::Folder, None),
        Kind::Symlink => (LocalKind::Other, Some(Problem::Symlink)),
        Kind::Special => (LocalKind::Other, Some(Problem::Special)),
    };
    let id = stat.id(parent, raw.to_bytes());
    LocalEntry {
        id,
        parent: *parent,
        name,
        kind,
        fingerprint: stat.fingerprint(id),
        motion: Motion::Settled,
        problem: problem.or(escaped.then_some(Problem::NotUtf8)),
    }
}
