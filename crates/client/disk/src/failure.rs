//! Failure: what the system said, as the port's typed error. Never with a path in it.

use engine::LocalError;
use rustix::io::Errno;

/// Sorts an error of a step that named something.
pub(crate) fn local_error(errno: Errno) -> LocalError {
    match errno {
        // A link, a mount or nothing where a file or folder was named: another thing is there.
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::XDEV => LocalError::Changed,
        Errno::EXIST => LocalError::Exists,
        Errno::NOTEMPTY => LocalError::NotEmpty,
        Errno::NOSPC | Errno::DQUOT => LocalError::DiskFull,
        Errno::ACCESS | Errno::PERM | Errno::ROFS => LocalError::Denied,
        other => LocalError::Io(other.to_string()),
    }
}

/// Sorts an error of something that must be there, such as the control folder.
pub(crate) fn unavailable(errno: Errno) -> LocalError {
    match local_error(errno) {
        LocalError::DiskFull => LocalError::DiskFull,
        _ => LocalError::Unavailable(errno.to_string()),
    }
}

/// Sorts an error of the standard library.
pub(crate) fn io_error(error: &std::io::Error) -> LocalError {
    Errno::from_io_error(error).map_or_else(|| LocalError::Io(error.kind().to_string()), local_error)
}
