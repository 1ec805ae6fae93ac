//! Ledger: every content people ever wrote, and which of them nobody has overwritten or deleted. Those must be in
//! somebody's tree at the end, whatever happened in between (sync-engine.md 11.5, rule 1).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use transfer::ContentId;

/// Names a content: equal bytes, equal digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Names some bytes, as the product does.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_content(crate::disk::manifest_of(bytes).content_id())
    }

    /// Takes over the product's own name of a content.
    #[must_use]
    pub fn of_content(content: ContentId) -> Self {
        Self(*content.as_bytes())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0[..6].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What is known of one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authored {
    /// Who wrote it and which of theirs it is.
    pub label: String,
    /// In how many places people put it.
    pub times: u32,
    /// In how many places people overwrote or deleted it.
    pub ended: u32,
}

impl Authored {
    /// Tells whether somebody still counts on it.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.ended == 0
    }
}

/// The ledger. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<BTreeMap<Digest, Authored>>>);

impl Ledger {
    fn contents(&self) -> MutexGuard<'_, BTreeMap<Digest, Authored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody wrote `bytes`.
    pub fn wrote(&self, label: &str, bytes: &[u8]) {
        let mut contents = self.contents();
        let entry = contents.entry(Digest::of(bytes));
        entry.and_modify(|known| known.times += 1).or_insert(Authored {
            label: label.into(),
            times: 1,
            ended: 0,
        });
    }

    /// Somebody who saw `bytes` overwrote or deleted them.
    pub fn ended(&self, bytes: &[u8]) {
        if let Some(known) = self.contents().get_mut(&Digest::of(bytes)) {
            known.ended += 1;
        }
    }

    /// Returns everything written.
    #[must_use]
    pub fn all(&self) -> BTreeMap<Digest, Authored> {
        self.contents().clone()
    }

    /// Returns a content's label for people.
    #[must_use]
    pub fn label(&self, digest: &Digest) -> String {
        self.contents().get(digest).map_or_else(|| format!("unknown {digest:?}"), |known| known.label.clone())
    }
}
