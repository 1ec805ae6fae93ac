//! Stale: what of the disk a hint, a failure or the clock made doubtful. Kept until a listing succeeded.

use std::collections::BTreeSet;

use sync_core::RelPath;

use crate::LocalHint;

/// Which parts of the disk must be looked at again.
#[derive(Debug, Default)]
pub(crate) struct Stale {
    pub(crate) everything: Option<()>,
    pub(crate) folders: BTreeSet<RelPath>,
}

impl Stale {
    pub(crate) fn add(&mut self, hint: LocalHint) {
        match hint {
            LocalHint::Everything => self.everything = Some(()),
            LocalHint::Folders(folders) => self.folders.extend(folders),
        }
    }
}
