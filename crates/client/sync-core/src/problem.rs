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
    /// The file was sent several times within seconds and changed again.
    SavedOften,
    /// Somebody holds a lock on the item.
    Locked {
        /// What the server says about it: who, and until when.
        message: String,
    },
    /// The name is one that programs give to what will soon be gone, and so stays out of the sync.
    TemporaryName,
    /// The folder above does not sync.
    ParentBlocked,
    /// The server refused, for a reason of its own.
    Refused {
        /// The server's error code.
        code: String,
        /// The server's words.
        message: String,
    },
    /// This computer refused.
    Local {
        /// What happened, without a path.
        detail: String,
    },
}

impl Problem {
    /// Tells a person what is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        let text = match self {
            Self::NameNotAllowed { issue } => {
                return format!("The library does not take this name: {}.", issue.rule());
            }
            Self::NameFromServer { issue } => {
                return format!("This computer does not take this name: {}.", issue.rule());
            }
            Self::Refused { message, .. } | Self::Locked { message } if !message.is_empty() => {
                return message.clone();
            }
            Self::Local { detail } => return format!("This computer refused: {detail}."),
            Self::NotUtf8 => "The name's letters cannot be read.",
            Self::CaseClash => "Another name here differs by upper and lower case alone.",
            Self::Unreadable => "You may not read it.",
            Self::Symlink => "It is a link to another place.",
            Self::Special => "It is neither a file nor a folder.",
            Self::NestedMount => "Another disk is mounted here.",
            Self::TooLarge => "It is too large for the library.",
            Self::ViewOnly => {
                "It was changed here, and you may only view it there. Your change is kept on this computer."
            }
            Self::AccessRemoved => "The owner took back your access to it.",
            Self::NotOnServer => "The server does not list it any more.",
            Self::QuotaFull => "The owner's storage is full.",
            Self::DiskFull => "This computer's disk is nearly full.",
            Self::Busy => "A program is writing it.",
            Self::SavedOften => "It is saved again and again.",
            Self::Locked { .. } => "Somebody locked it.",
            Self::TemporaryName => {
                "Names that end like this one are for unfinished files, which do not sync."
            }
            Self::ParentBlocked => "The folder above it does not sync.",
            Self::Refused { .. } => "The server refused it.",
        };
        text.to_owned()
    }

    /// Tells a person what to do.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NameNotAllowed { .. } => "Rename it; then it syncs.",
            Self::NameFromServer { .. } => "Rename it on the site; then it syncs.",
            Self::NotUtf8 => "Rename it with letters this computer's language setting knows.",
            Self::CaseClash => "Rename one of the two.",
            Self::Unreadable => "Give yourself the right to read it.",
            Self::Symlink => "Replace it by the file it points to, or leave it: it harms nothing.",
            Self::Special => "Move it elsewhere.",
            Self::NestedMount => "Unmount it here; only one file system syncs.",
            Self::TooLarge => "Make it smaller, or share it in another way.",
            Self::ViewOnly => "Ask the owner for the right to edit, or move your version elsewhere.",
            Self::AccessRemoved => "Ask the owner for access. Your copy stays on this computer.",
            Self::NotOnServer => "Move it out of the folder and in again to upload it.",
            Self::QuotaFull => "Ask the owner to make room; it goes on by itself.",
            Self::DiskFull => "Make room; it goes on by itself.",
            Self::Busy => "It syncs when the program that writes it is done.",
            Self::SavedOften => "The newest version is sent within a few seconds.",
            Self::Locked { .. } => "It syncs when the lock is gone.",
            Self::TemporaryName => "Rename it when it is finished; then it syncs.",
            Self::ParentBlocked => "Mend the folder above it.",
            Self::Refused { .. } | Self::Local { .. } => {
                "It is tried again by itself. If it stays, show this message to the owner or your administrator."
            }
        }
    }
}
