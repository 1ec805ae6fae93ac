//! Beneath: the only way from a path to a file. Every part is resolved by the kernel beneath an open folder, without
//! following a link, crossing a mount or leaving the folder; what was opened is then checked to be what was meant.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use engine::{LocalError, LocalRef};
use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;
use sync_core::{CONTROL_FOLDER, LocalId, RelPath, check_local_name, name_key};

use crate::failure::local_error;
use crate::raw_name::{c_name, unescaped};
use crate::root::Root;
use crate::stat::{Kind, Stat};

const CONFINED: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);

/// Opens something beneath a folder.
pub(crate) fn open_beneath(
    folder: impl AsFd,
    path: &CStr,
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    // EAGAIN: something was renamed while the kernel walked, so it could not prove the confinement.
    for _ in 0..32 {
        match openat2(&folder, path, flags | OFlags::CLOEXEC | OFlags::NOFOLLOW, mode, CONFINED) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            other => return other,
        }
    }
    Err(Errno::AGAIN)
}

/// Opens a folder beneath a folder for listing.
pub(crate) fn open_folder_beneath(folder: impl AsFd, path: &CStr) -> Result<OwnedFd, Errno> {
    open_beneath(folder, path, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty())
}

/// An open folder of the root.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) fd: OwnedFd,
    pub(crate) id: LocalId,
}

impl AsFd for Folder {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// A file or folder found where a reference says, and still the one meant.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) folder: Arc<Folder>,
    pub(crate) name: CString,
    pub(crate) stat: Stat,
}

/// Opens folders of a root, each once as long as the opener lives.
#[derive(Debug)]
pub(crate) struct Opener<'a> {
    root: &'a Root,
    folders: BTreeMap<RelPath, Arc<Folder>>,
}

impl<'a> Opener<'a> {
    pub(crate) fn new(root: &'a Root) -> Self {
        Self { root, folders: BTreeMap::new() }
    }

    /// Opens the folder at a path, whichever it is.
    ///
    /// # Errors
    /// [`LocalError::Changed`] when there is no folder.
    pub(crate) fn folder_at(&mut self, path: &RelPath) -> Result<Arc<Folder>, LocalError> {
        if let Some(folder) = self.folders.get(path) {
            return Ok(Arc::clone(folder));
        }
        if self.folders.len() >= 256 {
            self.folders.clear();
        }
        let folder = Arc::new(open_at(self.root, path)?);
        self.folders.insert(path.clone(), Arc::clone(&folder));
        Ok(folder)
    }

    /// Opens the folder a reference names.
    ///
    /// # Errors
    /// [`LocalError::Changed`] when another one is there.
    pub(crate) fn folder(&mut self, reference: &LocalRef) -> Result<Arc<Folder>, LocalError> {
        let folder = self.folder_at(&reference.path)?;
        if folder.id == reference.id { Ok(folder) } else { Err(LocalError::Changed) }
    }

    /// Finds what a reference names.
    ///
    /// # Errors
    /// [`LocalError::Changed`] when something else is there, or nothing.
    pub(crate) fn locate(&mut self, reference: &LocalRef) -> Result<Located, LocalError> {
        let (parent, text) = reference.path.split().ok_or(LocalError::Changed)?;
        let folder = self.folder_at(&parent)?;
        let (name, stat) = look(&folder, text)?;
        if stat.id(&folder.id, name.to_bytes()) != reference.id {
            return Err(LocalError::Changed);
        }
        Ok(Located { folder, name, stat })
    }
}

impl Located {
    /// Opens the file for reading. What was opened may be another file; its stat tells.
    ///
    /// # Errors
    /// [`LocalError`].
    pub(crate) fn open(&self) -> Result<OwnedFd, LocalError> {
        if self.stat.kind != Kind::File {
            return Err(LocalError::Changed);
        }
        // Should a pipe stand there by now, opening must not wait for its writer.
        open_beneath(&self.folder, &self.name, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty())
            .map_err(local_error)
    }

    /// Looks again at the name.
    ///
    /// # Errors
    /// [`LocalError::Changed`] when nothing is there.
    pub(crate) fn look_again(&self) -> Result<Stat, LocalError> {
        Stat::at(&self.folder, &self.name).map_err(local_error)
    }

    /// Returns the identity under this name.
    pub(crate) fn id(&self, stat: &Stat) -> LocalId {
        stat.id(&self.folder.id, self.name.to_bytes())
    }
}

/// Finds a shown name in a folder.
fn look(folder: &Folder, text: &str) -> Result<(CString, Stat), LocalError> {
    let name = c_name(text.as_bytes())?;
    match Stat::at(folder, &name) {
        Ok(stat) => Ok((name, stat)),
        Err(Errno::NOENT) => {
            let raw = unescaped(text).ok_or(LocalError::Changed)?;
            let name = c_name(&raw)?;
            let stat = Stat::at(folder, &name).map_err(local_error)?;
            Ok((name, stat))
        }
        Err(errno) => Err(local_error(errno)),
    }
}

fn open_at(root: &Root, path: &RelPath) -> Result<Folder, LocalError> {
    if path.parts().next().is_some_and(|first| name_key(first) == CONTROL_FOLDER) {
        return Err(LocalError::Changed);
    }
    let open = |raw: &[u8]| open_folder_beneath(root.handle(), &c_name(raw)?).map_err(local_error);
    let fd = if path.is_root() {
        open(b".")?
    } else {
        match open(path.as_str().as_bytes()) {
            Err(LocalError::Changed) => open(&unescaped(path.as_str()).ok_or(LocalError::Changed)?)?,
            other => other?,
        }
    };
    let stat = Stat::of(&fd).map_err(local_error)?;
    Ok(Folder { fd, id: stat.plain_id() })
}

/// Checks a name that came from elsewhere before it becomes a name on this disk.
///
/// # Errors
/// [`LocalError::Io`] naming the rule it breaks.
pub(crate) fn new_name(name: &str) -> Result<CString, LocalError> {
    check_local_name(name).map_err(|issue| LocalError::Io(format!("the name is refused: {issue:?}")))?;
    c_name(name.as_bytes())
}
