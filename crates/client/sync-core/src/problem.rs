//! Problem: why a node does not sync. It is a state of a node that exists, never an absence, and so it keeps the
//! folders above it alive.

use serde::{Deserialize, Serialize};

use crate::NameIssue;

/// Why a node does not sync. [`Problem::remedy`] says what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Problem {
    /// The name is not allowed in the library.
    NameNotAllowed {
        /// Which rule.
        issue: NameIssue,
    },
    /// The server's name cannot safely be a name on this disk.
    NameFromServer {
        /// Which rule.
        issue: NameIssue,
    },
    /// The name's bytes are not UTF-8.
    NotUtf8,
    /// Another name in the folder differs only by case or normal form.
    CaseClash,
    /// The file or folder cannot be read.
    Unreadable,
    /// A symbolic link; not followed.
    Symlink,
    /// A pipe, socket or device.
    Special,
    /// Another file system is mounted here.
    NestedMount,
    /// Too long for the library.
    TooLarge,
    /// The share is for viewing only; what was changed here stays here.
    ViewOnly,
    /// The owner took back the access to this item; what is here stays here.
    AccessRemoved,
    /// Not told by the server any more, without a word why; what is here stays here.
    NotOnServer,
    /// The owner's storage is full.
    QuotaFull,
    /// This computer's disk has no room for it beyond the reserve that other programs need.
    DiskFull,
    /// The file is being written again and again.
    Busy,
    /// Somebody holds a lock on the item.
    Locked,
    /// The folder above does not sync.
    ParentBlocked,
    /// The server refused, for a reason of its own.
    Refused {
        /// The server's error code.
        code: String,
    },
    /// This computer refused.
    Local {
        /// What happened, without a path.
        detail: String,
    },
}

impl Problem {
    /// Tells a person what to do.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NameNotAllowed { .. } => "Rename it; then it syncs.",
            Self::NameFromServer { .. } => "Rename it on the site; then it syncs.",
            Self::NotUtf8 => "Rename it with letters this computer's language setting knows.",
            Self::CaseClash => "Rename one of the two; names may not differ by case alone.",
            Self::Unreadable => "Give yourself the right to read it.",
            Self::Symlink => "Links do not sync. Replace it by the file it points to.",
            Self::Special => "Only files and folders sync. Move it elsewhere.",
            Self::NestedMount => "Unmount it here; only one file system syncs.",
            Self::TooLarge => "The file is larger than the library allows.",
            Self::ViewOnly => {
                "You may only view this share. Ask its owner for the right to edit, or save a copy elsewhere."
            }
            Self::AccessRemoved => "Ask the owner for access. Your copy stays on this computer.",
            Self::NotOnServer => "Move it out of the folder and in again to upload it.",
            Self::QuotaFull => "The owner's storage is full. Ask the owner to make room.",
            Self::DiskFull => "This computer's disk is nearly full. Make room; it goes on by itself.",
            Self::Busy => "It syncs when the program that writes it is done.",
            Self::Locked => "It syncs when the lock is gone.",
            Self::ParentBlocked => "Mend the folder above it.",
            Self::Refused { .. } | Self::Local { .. } => {
                "It is tried again. If it stays, `footbridge sync journal` says what happened."
            }
        }
    }
}
