//! Recycle bin: what was deleted and can be brought back, in two stages (sharing-and-guests.md B-1). What is neither live
//! nor in an entry is gone for good.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::{DriveId, InvalidId, ItemId, ItemStamp};

/// What an entry is about; its text form is the entry's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BinKey {
    /// The item that was deleted, or whose version was.
    pub item: ItemId,
    /// The deleted version's number; none for the item itself with all it held.
    pub version: Option<i64>,
}

/// Which of its two stages something is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinStage {
    /// Who deleted it sees it, and owners.
    First,
    /// It was deleted from the first stage: owners alone see it.
    Second,
}

/// One entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BinEntry {
    /// What it is about.
    pub key: BinKey,
    /// The library.
    pub drive: DriveId,
    /// Who deleted it, and when.
    pub deleted: ItemStamp,
    /// When it went on to the second stage.
    pub second: Option<Timestamp>,
}

impl BinKey {
    /// Names the entry of a deleted item.
    #[must_use]
    pub const fn of_item(item: ItemId) -> Self {
        Self { item, version: None }
    }
}

impl BinEntry {
    /// Days after the deletion, whatever the stage, after which an entry is gone.
    pub const KEPT_DAYS: i64 = 93;

    /// Returns its stage.
    #[must_use]
    pub const fn stage(&self) -> BinStage {
        if self.second.is_some() { BinStage::Second } else { BinStage::First }
    }

    /// Returns when it will be gone.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.deleted.at.checked_add(Self::kept()).unwrap_or(Timestamp::MAX)
    }

    /// Returns the time before which everything that was deleted is gone now.
    #[must_use]
    pub fn kept_since(now: Timestamp) -> Timestamp {
        now.checked_sub(Self::kept()).unwrap_or(Timestamp::MIN)
    }

    fn kept() -> jiff::SignedDuration {
        jiff::SignedDuration::from_hours(24 * Self::KEPT_DAYS)
    }
}

impl fmt::Display for BinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Some(version) => write!(f, "{}.{version}", self.item),
            None => write!(f, "{}", self.item),
        }
    }
}

impl FromStr for BinKey {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let Some((item, version)) = text.split_once('.') else {
            return Ok(Self { item: text.parse()?, version: None });
        };
        let version = version.parse().ok().filter(|version: &i64| *version > 0);
        let version = version.ok_or(InvalidId { kind: "recycle bin entry" })?;
        Ok(Self { item: item.parse()?, version: Some(version) })
    }
}

#[cfg(test)]
mod tests {
    use super::BinKey;
    use crate::ItemId;

    #[test]
    fn an_entrys_id_is_read_back() {
        let item = ItemId::from_random([3; 16]);
        for key in [BinKey::of_item(item), BinKey { item, version: Some(7) }] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", "x", &format!("{item}."), &format!("{item}.0"), &format!("{item}.1.0")] {
            assert!(text.parse::<BinKey>().is_err(), "{text}");
        }
    }
}
