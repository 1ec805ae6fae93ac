//! Cursors: where a reader of a delta feed stands, sealed so that nobody learns a number of the drive from it, and
//! bound to one tenant, drive, scope and person.

use std::collections::BTreeSet;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use model::{Caller, DriveId, ItemId, Role};
use runtime::Runtime;
use serde::{Deserialize, Serialize};
use storage::{Commit, Operator, StorageError, Store, Unaudited};

use super::history::Readings;
use crate::ItemError;

const NONCE: usize = 24;

/// Seals and opens cursors with a secret of the cloud.
#[derive(Clone)]
pub struct CursorSealer {
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for CursorSealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorSealer")
    }
}

/// What a cursor is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CursorScope {
    /// Who reads.
    pub caller: Caller,
    /// The drive.
    pub drive: DriveId,
    /// The folder that is followed.
    pub item: ItemId,
}

/// A folder being listed with everything below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frame {
    /// The folder.
    #[serde(rename = "f", with = "item_text")]
    pub(super) folder: ItemId,
    /// Whether its children were all told; then its folders are descended into.
    #[serde(rename = "d")]
    pub(super) descending: bool,
    /// The child reached.
    #[serde(rename = "a", with = "maybe_item_text")]
    pub(super) after: Option<ItemId>,
}

/// Where a reader stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The drive's epoch.
    #[serde(rename = "e")]
    pub(super) epoch: String,
    /// Changes up to this number were told.
    #[serde(rename = "s")]
    pub(super) sequence: i64,
    /// The drive's newest numbers when pages were read: when the reader had caught up, and at each page since.
    #[serde(rename = "n")]
    pub(super) reads: Vec<i64>,
    /// What was hidden by permissions of its own when the last page was read.
    #[serde(rename = "h")]
    pub(super) hidden: HiddenItems,
    /// What was hidden when the reader had caught up, if that was something else.
    #[serde(rename = "b")]
    pub(super) hidden_before: Option<HiddenItems>,
    /// Folders moved up to this number may have escaped a listing and are listed again.
    #[serde(rename = "t")]
    pub(super) settle: i64,
    /// The role at the scope's root that the reader was told.
    #[serde(rename = "r")]
    pub(super) role: u8,
    /// The listing under way, outermost folder first.
    #[serde(rename = "w")]
    pub(super) walk: Vec<Frame>,
    /// Folders still to be listed.
    #[serde(rename = "p")]
    pub(super) pending: Vec<Frame>,
}

/// Most pages a cursor remembers between which the drive changed; a reader who needs more to catch up starts anew.
const MOST_READS: usize = 1_024;
/// Most hidden items that a cursor names; of more it keeps a digest, which tells that they changed and not how.
const MOST_HIDDEN: usize = 256;

/// Items of a drive with permissions of their own that are hidden from the reader. The cursor is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum HiddenItems {
    /// Each of them.
    Named(Vec<String>),
    /// A digest of them.
    Digest(String),
}

impl HiddenItems {
    /// Notes what is hidden.
    pub(super) fn of(hidden: &BTreeSet<ItemId>) -> Self {
        let names: Vec<String> = hidden.iter().map(ToString::to_string).collect();
        if names.len() <= MOST_HIDDEN { Self::Named(names) } else { Self::Digest(digest(&names)) }
    }

    /// Returns what was hidden, given what is now; none when that cannot be told.
    pub(super) fn items(&self, now: &BTreeSet<ItemId>) -> Option<BTreeSet<ItemId>> {
        if *self == Self::of(now) {
            return Some(now.clone());
        }
        match self {
            Self::Named(names) => names.iter().map(|name| name.parse().ok()).collect(),
            Self::Digest(_) => None,
        }
    }
}

fn digest(names: &[String]) -> String {
    blake3::hash(names.concat().as_bytes()).to_hex().to_string()
}

impl Frame {
    /// Starts a folder.
    pub(super) fn new(folder: ItemId) -> Self {
        Self { folder, descending: false, after: None }
    }
}

impl Cursor {
    /// Returns a role's number in a cursor.
    pub(super) fn role_code(role: Role) -> u8 {
        role as u8
    }

    /// Returns whether everything was told as it stood when the last page was read.
    pub(super) fn is_caught_up(&self) -> bool {
        self.reads.last() == Some(&self.sequence) && self.walk.is_empty() && self.pending.is_empty()
    }

    /// Returns when the reader read, given what was hidden at the last page and is now; none when that cannot be told.
    pub(super) fn readings(&self, hidden: &BTreeSet<ItemId>, now: &BTreeSet<ItemId>) -> Option<Readings> {
        let (&first, later) = self.reads.split_first()?;
        let hidden_first = match &self.hidden_before {
            Some(before) => before.items(now)?,
            None => hidden.clone(),
        };
        Some(Readings { first, hidden_first, later: later.to_vec() })
    }

    /// Notes that a page was read at a number of the drive; who has caught up knows that moment and no other.
    ///
    /// # Errors
    /// [`ItemError::Resync`] when it took too many pages.
    pub(super) fn note_read(
        &mut self,
        read: i64,
        hidden_first: &BTreeSet<ItemId>,
        hidden: &BTreeSet<ItemId>,
    ) -> Result<(), ItemError> {
        self.hidden = HiddenItems::of(hidden);
        self.hidden_before = (hidden_first != hidden).then(|| HiddenItems::of(hidden_first));
        // What is hidden can change without a change of the drive: then the same number is another moment.
        let first_with_others_hidden = self.reads.len() == 1 && self.hidden_before.is_some();
        if self.reads.last() != Some(&read) || first_with_others_hidden {
            self.reads.push(read);
        }
        if self.is_caught_up() {
            self.reads = vec![read];
            self.hidden_before = None;
        }
        if self.reads.len() > MOST_READS { Err(ItemError::Resync) } else { Ok(()) }
    }
}

impl CursorSealer {
    /// Makes a sealer from 32 secret bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(secret.into()) }
    }

    /// Loads the cloud's secret for cursors, making it at the first time.
    ///
    /// # Errors
    /// A storage error.
    pub async fn load(store: &Store) -> Result<Self, StorageError> {
        const NAME: &str = "delta-cursor";
        let fresh: [u8; 32] = store.runtime().random();
        let secret = Operator::new(store.clone())
            .write(move |cloud| -> Result<_, StorageError> {
                let secret = cloud.load_or_create_secret(NAME, &fresh)?;
                Ok(Commit::unaudited(secret, Unaudited::Housekeeping))
            })
            .await?;
        let corrupt = StorageError::Corrupt { table: "cloud_secrets", column: "value" };
        let secret: [u8; 32] = secret.try_into().map_err(|_| corrupt)?;
        Ok(Self::new(&secret))
    }

    pub(super) fn seal(
        &self,
        runtime: &Runtime,
        scope: &CursorScope,
        cursor: &Cursor,
    ) -> Result<String, ItemError> {
        let nonce: [u8; NONCE] = runtime.random();
        let plain = serde_json::to_vec(cursor).map_err(|_| ItemError::Resync)?;
        let bound = scope.text();
        let payload = Payload { msg: &plain, aad: bound.as_bytes() };
        let sealed = self.cipher.encrypt(XNonce::from_slice(&nonce), payload);
        let sealed = sealed.map_err(|_| ItemError::Resync)?;
        Ok(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat()))
    }

    pub(super) fn open(&self, scope: &CursorScope, text: &str) -> Result<Cursor, ItemError> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| ItemError::Resync)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE).ok_or(ItemError::Resync)?;
        let bound = scope.text();
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        let plain = self.cipher.decrypt(XNonce::from_slice(nonce), payload);
        serde_json::from_slice(&plain.map_err(|_| ItemError::Resync)?).map_err(|_| ItemError::Resync)
    }
}

impl CursorScope {
    fn text(&self) -> String {
        let home = self.caller.home;
        format!("{}|{}|{}|{}.{}", self.caller.tenant, self.drive, self.item, home.tenant, home.user)
    }
}

mod item_text {
    //! Item ids as text.

    use model::ItemId;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(item: &ItemId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(item)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ItemId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

mod maybe_item_text {
    //! Item ids that may be absent, as text.

    use model::ItemId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(item: &Option<ItemId>, serializer: S) -> Result<S::Ok, S::Error> {
        item.map(|item| item.to_string()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ItemId>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}
