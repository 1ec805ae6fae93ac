//! Control folder: marker, lock, stage, trash and cookies, at the root and on its file system, never synced.

use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use engine::LocalError;
use rustix::fs::{FlockOperation, Mode, OFlags, flock, mkdirat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use sync_core::CONTROL_FOLDER;

use crate::beneath::{open_beneath, open_folder_beneath};
use crate::failure::{local_error, unavailable};
use crate::raw_name::c_name;
use crate::stat::Stat;

/// What the marker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Marker {
    /// Tells this root from every other.
    pub(crate) nonce: String,
    /// Tells a person who finds the folder what it is.
    pub(crate) note: String,
}

/// The open control folder. Holding it is holding the root's lock.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) stage: OwnedFd,
    pub(crate) trash: OwnedFd,
    pub(crate) cookies: OwnedFd,
    _lock: OwnedFd,
}

impl Control {
    /// Opens the control folder of a root whose marker was checked, and takes the lock.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`] while another client holds the root.
    pub(crate) fn open(root: impl AsFd) -> Result<Self, LocalError> {
        let control = open_folder_beneath(root, &c_name(CONTROL_FOLDER.as_bytes())?).map_err(unavailable)?;
        let lock = open_beneath(&control, c"lock", OFlags::RDWR | OFlags::CREATE, private_file())
            .map_err(unavailable)?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|errno| match errno {
            Errno::WOULDBLOCK => LocalError::Unavailable("another client uses this folder".to_owned()),
            other => unavailable(other),
        })?;
        let part = |name| {
            make_private_folder(&control, name)?;
            open_folder_beneath(&control, name).map_err(unavailable)
        };
        Ok(Self { stage: part(c"stage")?, trash: part(c"trash")?, cookies: part(c"cookies")?, _lock: lock })
    }
}

impl Control {
    /// Checks that nobody removed what is in the control folder.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`].
    pub(crate) fn check(&self) -> Result<(), LocalError> {
        for part in [&self.stage, &self.trash, &self.cookies] {
            if Stat::of(part).map_err(unavailable)?.is_removed() {
                return Err(LocalError::Unavailable("its control folder was emptied".to_owned()));
            }
        }
        Ok(())
    }
}

/// Reads a root's marker; none when there is none.
///
/// # Errors
/// [`LocalError::Unavailable`] when it cannot be read.
pub(crate) fn read_marker(root: impl AsFd) -> Result<Option<Marker>, LocalError> {
    let path = c_name(format!("{CONTROL_FOLDER}/marker").as_bytes())?;
    let file = match open_beneath(root, &path, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()) {
        Ok(fd) => std::fs::File::from(fd),
        Err(Errno::NOENT) => return Ok(None),
        Err(errno) => return Err(unavailable(errno)),
    };
    let mut text = String::new();
    file.take(4096).read_to_string(&mut text).map_err(|error| LocalError::Unavailable(error.to_string()))?;
    let marker = serde_json::from_str(&text)
        .map_err(|_| LocalError::Unavailable("the marker of the folder is damaged".to_owned()))?;
    Ok(Some(marker))
}

/// Writes a new root's marker durably. It never replaces one.
///
/// # Errors
/// [`LocalError`].
pub(crate) fn write_marker(root: impl AsFd, marker: &Marker) -> Result<(), LocalError> {
    let name = c_name(CONTROL_FOLDER.as_bytes())?;
    make_private_folder(&root, &name)?;
    let control = open_folder_beneath(&root, &name).map_err(local_error)?;
    let text = serde_json::to_string(marker).map_err(|error| LocalError::Io(error.to_string()))?;
    let half = open_beneath(
        &control,
        c"marker.new",
        OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC,
        private_file(),
    )
    .map_err(local_error)?;
    let mut file = std::fs::File::from(half);
    file.write_all(text.as_bytes()).map_err(|error| crate::failure::io_error(&error))?;
    file.sync_all().map_err(|error| crate::failure::io_error(&error))?;
    crate::rename::no_replace(&control, c"marker.new", &control, c"marker").map_err(local_error)?;
    rustix::fs::fsync(&control).map_err(local_error)?;
    rustix::fs::fsync(open_folder_beneath(&root, c".").map_err(local_error)?).map_err(local_error)
}

/// Mode of what nobody else may read.
pub(crate) fn private_file() -> Mode {
    Mode::RUSR | Mode::WUSR
}

fn make_private_folder(parent: impl AsFd, name: &std::ffi::CStr) -> Result<(), LocalError> {
    match mkdirat(parent, name, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => Ok(()),
        Err(errno) => Err(unavailable(errno)),
    }
}
