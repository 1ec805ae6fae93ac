//! Instance lock: one agent per state folder. The kernel drops the lock with the process, whatever ends it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// The lock; dropping it lets another agent start.
#[derive(Debug)]
pub struct InstanceLock(#[expect(dead_code, reason = "holding it is its use")] File);

impl InstanceLock {
    /// Takes the lock; none while another process holds it.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        if let Some(folder) = path.parent() {
            crate::private_file::make_folder(folder)?;
        }
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::InstanceLock;

    #[test]
    fn there_is_one_agent_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("agent.lock");
        let first = InstanceLock::take(&path).unwrap();
        assert!(first.is_some());
        assert!(InstanceLock::take(&path).unwrap().is_none());
        drop(first);
        assert!(InstanceLock::take(&path).unwrap().is_some());
    }
}
