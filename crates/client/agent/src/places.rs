//! Places: where the agent keeps what on this computer. It makes paths, never reads the environment.

use std::path::{Path, PathBuf};

use policies::Computer;

/// Longest path of a Unix socket that every system takes, with room for the end mark.
const SOCKET_PATH_LIMIT: usize = 100;

/// Where things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    state: PathBuf,
    runtime: PathBuf,
    sync_home: PathBuf,
    home: Option<PathBuf>,
    computer: Computer,
}

impl Places {
    /// Names the state folder, a folder for short-lived files of this person alone, and the folder under which every
    /// organization has its own.
    #[must_use]
    pub fn new(state: PathBuf, runtime: PathBuf, sync_home: PathBuf) -> Self {
        Self { state, runtime, sync_home, home: None, computer: Computer::default() }
    }

    /// Names where policies are looked for, and the person's home folder, which policies may speak of.
    #[must_use]
    pub fn with_policies(self, computer: Computer, home: Option<PathBuf>) -> Self {
        Self { computer, home, ..self }
    }

    /// Returns where policies are looked for.
    #[must_use]
    pub fn computer(&self) -> &Computer {
        &self.computer
    }

    pub(crate) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Returns the state folder.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// Returns the folder under which every organization has its own.
    #[must_use]
    pub fn sync_home(&self) -> &Path {
        &self.sync_home
    }

    /// Returns the agent's socket. It lies in the state folder unless that path is too long for a socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        let near = self.state.join("run").join("agent.sock");
        if near.as_os_str().len() <= SOCKET_PATH_LIMIT {
            return near;
        }
        let name = blake3::hash(self.state.as_os_str().as_encoded_bytes()).to_hex();
        self.runtime.join(format!("footbridge-{}", &name[..16])).join("agent.sock")
    }

    /// Returns the file whose lock makes the agent the only one.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.state.join("agent.lock")
    }

    /// Returns the file an agent started in the background writes its log to.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.state.join("agent.log")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.state.join("agent.json")
    }

    pub(crate) fn secrets(&self) -> PathBuf {
        self.state.join("secrets.json")
    }

    pub(crate) fn root(&self, id: &str) -> PathBuf {
        self.state.join("roots").join(id)
    }

    pub(crate) fn root_database(&self, id: &str) -> PathBuf {
        self.root(id).join("state.db")
    }

    /// Unsynced edits of roots that ended are copied here.
    pub(crate) fn rescue(&self, id: &str) -> PathBuf {
        self.root(id).join("rescue")
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::Places;

    #[test]
    fn a_deep_state_folder_still_has_a_socket() {
        let deep = PathBuf::from(format!("/home/{}", "x".repeat(120)));
        let places = Places::new(deep, "/run/user/1".into(), "/home/a/Footbridge".into());
        assert!(places.socket().starts_with("/run/user/1"));
        assert!(places.socket().as_os_str().len() <= super::SOCKET_PATH_LIMIT);
        let places = Places::new("/home/a/.state".into(), "/run/user/1".into(), "/home/a/Footbridge".into());
        assert_eq!(places.socket(), PathBuf::from("/home/a/.state/run/agent.sock"));
    }
}
