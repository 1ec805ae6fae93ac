//! Settings: accounts and roots that survive a restart. Saved before anything acts on them. Holds no secret.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use disk::RootIdentity;
use remote::{Account, CloudOrigin};
use serde::{Deserialize, Serialize};
use transfer::ItemRole;

use crate::private_file::{read, replace};

/// What the agent knows across restarts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Settings {
    pub accounts: Vec<Account>,
    pub roots: Vec<RootSettings>,
    /// Roots that were removed; their folders may be used for the same root again.
    pub former_roots: Vec<FormerRoot>,
    /// Folder of each organization below the sync home, by `<cloud>|<tenant>`; kept although the organization may
    /// change its name, because people and programs know the folder.
    pub organization_folders: BTreeMap<String, String>,
}

/// One root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RootSettings {
    /// Names it in commands and names its state.
    pub id: String,
    /// Key of the account it syncs with.
    pub account: String,
    pub tenant: String,
    pub drive: String,
    pub item: String,
    /// The person's role when it was added.
    pub role: ItemRole,
    /// Where its files are.
    pub folder: PathBuf,
    /// What tells the folder from another one at its place.
    pub identity: RootIdentity,
    pub organization: String,
    pub title: String,
    pub web_url: String,
}

/// A root that was removed and whose files stayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FormerRoot {
    pub folder: PathBuf,
    /// The cloud it came from. Files of older versions do not say it; such a root is nobody's, because another cloud
    /// may use the same ids.
    #[serde(default)]
    pub cloud: Option<CloudOrigin>,
    pub tenant: String,
    pub drive: String,
    pub item: String,
}

impl RootSettings {
    /// Tells whether a person means this root: by its id, its folder or its title.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.id == name || self.folder == Path::new(name) || self.title.eq_ignore_ascii_case(name)
    }

    /// Returns the cloud it comes from: its account's, also when that is signed out.
    pub(crate) fn cloud(&self) -> Option<CloudOrigin> {
        Account::cloud_of_key(&self.account)
    }
}

impl FormerRoot {
    /// Remembers a root that is removed.
    pub(crate) fn of(root: RootSettings) -> Self {
        Self {
            cloud: root.cloud(),
            folder: root.folder,
            tenant: root.tenant,
            drive: root.drive,
            item: root.item,
        }
    }
}

impl Settings {
    /// Reads the file; empty when there is none.
    pub(crate) fn load(path: &Path) -> io::Result<Self> {
        match read(path)? {
            None => Ok(Self::default()),
            Some(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
        }
    }

    /// Saves the file.
    pub(crate) fn save(&self, path: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        replace(path, &bytes)
    }

    /// Finds an account by its key or its address.
    pub(crate) fn account(&self, name: &str) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.key() == name)
            .or_else(|| self.accounts.iter().find(|account| account.address.eq_ignore_ascii_case(name)))
    }

    /// Finds roots by their id or folder, which name one, or by their title, which two organizations may share.
    pub(crate) fn roots_called(&self, name: &str) -> Vec<&RootSettings> {
        match self.roots.iter().find(|root| root.id == name || root.folder == Path::new(name)) {
            Some(root) => vec![root],
            None => self.roots.iter().filter(|root| root.title.eq_ignore_ascii_case(name)).collect(),
        }
    }
}
