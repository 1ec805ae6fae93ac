//! Renames: the two atomic ones everything is built on, and what to do where the second is missing.

use std::ffi::CStr;
use std::os::fd::AsFd;

use engine::LocalError;
use rustix::fs::{AtFlags, Mode, OFlags, RenameFlags, renameat_with, unlinkat};
use rustix::io::Errno;

use crate::beneath::open_beneath;
use crate::control::private_file;
use crate::failure::unavailable;

/// Renames to a free name; `EXIST` when it is taken.
pub(crate) fn no_replace(from: impl AsFd, name: &CStr, to: impl AsFd, new_name: &CStr) -> Result<(), Errno> {
    renameat_with(from, name, to, new_name, RenameFlags::NOREPLACE)
}

/// Exchanges two names.
pub(crate) fn exchange(
    one: impl AsFd,
    name: &CStr,
    other: impl AsFd,
    other_name: &CStr,
) -> Result<(), Errno> {
    renameat_with(one, name, other, other_name, RenameFlags::EXCHANGE)
}

/// Finds out whether the file system can exchange. Without a rename that never replaces, the root cannot be synced.
///
/// # Errors
/// [`LocalError::Unavailable`] when the safe rename is missing.
pub(crate) fn probe_exchange(folder: impl AsFd) -> Result<bool, LocalError> {
    let (one, two) = (c"probe-1", c"probe-2");
    for name in [one, two] {
        match open_beneath(&folder, name, OFlags::WRONLY | OFlags::CREATE, private_file()) {
            Ok(_) => {}
            // A full disk must not stop uploads. Should the exchange be missing, a replace is refused, not unsafe.
            Err(Errno::NOSPC | Errno::DQUOT) => return Ok(true),
            Err(errno) => return Err(unavailable(errno)),
        }
    }
    let safe = no_replace(&folder, one, &folder, two);
    let exchanged = exchange(&folder, one, &folder, two);
    for name in [one, two] {
        unlinkat(&folder, name, AtFlags::empty()).map_err(unavailable)?;
    }
    if safe != Err(Errno::EXIST) {
        return Err(LocalError::Unavailable("this file system cannot rename safely".to_owned()));
    }
    Ok(exchanged.is_ok())
}

/// Makes an empty folder; `EXIST` when the name is taken.
pub(crate) fn make_folder(parent: impl AsFd, name: &CStr) -> Result<(), Errno> {
    rustix::fs::mkdirat(parent, name, Mode::RWXU | Mode::RWXG | Mode::RWXO)
}
