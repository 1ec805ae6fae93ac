//! Socket: where the agent and its front ends meet. Each side proves before the first word that the other is the same
//! person: what is said here opens every organization that person may open.
//!
//! The folder may lie in the temporary folder, where anybody can make one under its name first.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

use crate::{Places, private_file};

/// The agent's socket cannot be trusted or used. Nothing was said over it.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// Its folder belongs to somebody else, who could answer in the agent's place.
    #[error("the folder of the agent's socket, {folder}, belongs to another user of this computer")]
    ForeignFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// Others may enter its folder.
    #[error("others may enter the folder of the agent's socket, {folder}")]
    OpenFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// Something that is no folder is in the folder's place; a link, for instance.
    #[error("{folder} is not a folder")]
    NoFolder {
        /// The place.
        folder: PathBuf,
    },
    /// Another user is at the other end.
    #[error("another user (number {user}) is at the other end of the agent's socket")]
    ForeignPeer {
        /// The user's number on this computer.
        user: u32,
    },
    /// The system refused.
    #[error("the agent's socket cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl SocketError {
    /// Tells a person what to do.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::ForeignFolder { folder } | Self::NoFolder { folder } => format!(
                "Have {} removed, or keep the agent's files in a folder with a shorter path with `--state-dir`.",
                folder.display()
            ),
            Self::OpenFolder { folder } => {
                format!("Make it yours alone: `chmod 700 {}`, then try again.", folder.display())
            }
            Self::ForeignPeer { .. } => {
                "Nothing was said to them. Run this command as the user whose agent it is.".to_owned()
            }
            Self::Io(_) => "Check that the folder can be written and the disk is not full.".to_owned(),
        }
    }
}

/// Opens a connection to the running agent; none when there is none.
///
/// # Errors
/// [`SocketError`] when whoever is there is not the same user.
pub async fn connect(places: &Places) -> Result<Option<UnixStream>, SocketError> {
    let path = places.socket();
    match check_folder(&path) {
        Err(SocketError::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        checked => checked?,
    }
    let Ok(stream) = UnixStream::connect(&path).await else { return Ok(None) };
    check_peer(&stream)?;
    Ok(Some(stream))
}

/// Opens the agent's side. The caller holds the instance lock, so a socket left behind by a killed agent is safe to
/// replace.
///
/// # Errors
/// [`SocketError`].
pub(crate) fn listen(path: &Path) -> Result<UnixListener, SocketError> {
    if let Some(folder) = path.parent() {
        private_file::make_folder(folder)?;
    }
    check_folder(path)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Refuses a connection whose other end is another user. The kernel tells who it is.
///
/// # Errors
/// [`SocketError::ForeignPeer`].
pub(crate) fn check_peer(stream: &UnixStream) -> Result<(), SocketError> {
    same_user(stream.peer_cred()?.uid(), own_user())
}

fn same_user(user: u32, own: u32) -> Result<(), SocketError> {
    if user == own { Ok(()) } else { Err(SocketError::ForeignPeer { user }) }
}

fn check_folder(socket: &Path) -> Result<(), SocketError> {
    let Some(folder) = socket.parent() else { return Ok(()) };
    let found = fs::symlink_metadata(folder)?;
    let folder = folder.to_owned();
    if !found.is_dir() {
        return Err(SocketError::NoFolder { folder });
    }
    judge_folder(folder, found.uid(), found.mode(), own_user())
}

fn judge_folder(folder: PathBuf, owner: u32, mode: u32, own: u32) -> Result<(), SocketError> {
    if owner != own {
        return Err(SocketError::ForeignFolder { folder });
    }
    if mode & 0o077 != 0 {
        return Err(SocketError::OpenFolder { folder });
    }
    Ok(())
}

fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::{SocketError, connect, judge_folder, listen, same_user};
    use crate::Places;

    #[test]
    fn only_the_same_user_and_a_private_folder_of_theirs_are_trusted() {
        let judge = |owner, mode| judge_folder("/tmp/f".into(), owner, mode, 1000);
        assert!(judge(1000, 0o40700).is_ok());
        for mode in [0o40701, 0o40750, 0o40777, 0o41777] {
            assert!(matches!(judge(1000, mode), Err(SocketError::OpenFolder { .. })), "{mode:o}");
        }
        // Also when it is private: to its owner, who is somebody else.
        assert!(matches!(judge(1001, 0o40700), Err(SocketError::ForeignFolder { .. })));
        assert!(matches!(judge(0, 0o40700), Err(SocketError::ForeignFolder { .. })));
        assert!(same_user(1000, 1000).is_ok());
        assert!(matches!(same_user(1001, 1000), Err(SocketError::ForeignPeer { user: 1001 })));
    }

    #[tokio::test]
    async fn neither_side_uses_a_folder_that_others_may_enter_or_a_link() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::new(home.path().join("state"), "/run".into(), "/home".into());
        assert!(connect(&places).await.unwrap().is_none(), "no agent, no folder");
        let listener = listen(&places.socket()).unwrap();
        assert!(connect(&places).await.unwrap().is_some());
        let folder = places.socket().parent().unwrap().to_owned();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(connect(&places).await, Err(SocketError::OpenFolder { .. })));
        assert!(matches!(listen(&places.socket()), Err(SocketError::OpenFolder { .. })));
        drop(listener);
        std::fs::rename(&folder, home.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(home.path().join("elsewhere"), &folder).unwrap();
        assert!(matches!(connect(&places).await, Err(SocketError::NoFolder { .. })));
        assert!(matches!(listen(&places.socket()), Err(SocketError::NoFolder { .. })));
    }
}
