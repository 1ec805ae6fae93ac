//! Setting: the policies this client knows, under the names of the original. The one list; templates for administrators
//! are tested against it.

use serde::{Deserialize, Serialize};

/// A policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Setting {
    /// Libraries and folders of other organizations are not synced.
    BlockExternalSync,
    /// Only these organizations' content is synced, besides one's own. **Added**: the original has no list of partners.
    AllowExternalTenantList,
    /// These organizations' content is not synced. **Added**. The list of allowed ones wins.
    BlockExternalTenantList,
    /// Only accounts of these organizations may be added; others stop.
    AllowTenantList,
    /// Accounts of these organizations may not be added. The list of allowed ones wins.
    BlockTenantList,
    /// Sign in with the computer's own account, without questions.
    SilentAccountConfig,
    /// Files are placeholders until they are opened.
    FilesOnDemandEnabled,
    /// Where the folders of an organization's people lie.
    DefaultRootDir,
}

/// The form of a policy's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// On or off: a DWORD 0 or 1, a boolean.
    Flag,
    /// Organizations by their ids: a subkey whose values are named and equal to the ids, or a dictionary of `true`.
    Tenants,
    /// A folder for each organization's id: a subkey or dictionary of texts.
    Folders,
}

impl Setting {
    /// Every policy, in the order people are told.
    pub const ALL: [Self; 8] = [
        Self::BlockExternalSync,
        Self::AllowExternalTenantList,
        Self::BlockExternalTenantList,
        Self::AllowTenantList,
        Self::BlockTenantList,
        Self::SilentAccountConfig,
        Self::FilesOnDemandEnabled,
        Self::DefaultRootDir,
    ];

    /// Returns the name administrators write.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BlockExternalSync => "BlockExternalSync",
            Self::AllowExternalTenantList => "AllowExternalTenantList",
            Self::BlockExternalTenantList => "BlockExternalTenantList",
            Self::AllowTenantList => "AllowTenantList",
            Self::BlockTenantList => "BlockTenantList",
            Self::SilentAccountConfig => "SilentAccountConfig",
            Self::FilesOnDemandEnabled => "FilesOnDemandEnabled",
            Self::DefaultRootDir => "DefaultRootDir",
        }
    }

    /// Finds a policy by its name, or by the name it has on macOS alone.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == "DefaultFolderLocation" {
            return Some(Self::DefaultRootDir);
        }
        Self::ALL.into_iter().find(|setting| setting.name() == name)
    }

    /// Returns the form of its value.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::BlockExternalSync | Self::SilentAccountConfig | Self::FilesOnDemandEnabled => Kind::Flag,
            Self::AllowExternalTenantList
            | Self::BlockExternalTenantList
            | Self::AllowTenantList
            | Self::BlockTenantList => Kind::Tenants,
            Self::DefaultRootDir => Kind::Folders,
        }
    }

    /// Tells whether it takes something away from the person. One that cannot be read is then as strict as it can be.
    #[must_use]
    pub const fn is_restrictive(self) -> bool {
        matches!(
            self,
            Self::BlockExternalSync
                | Self::AllowExternalTenantList
                | Self::BlockExternalTenantList
                | Self::AllowTenantList
                | Self::BlockTenantList
        )
    }
}
