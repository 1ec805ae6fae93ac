//! Copy: a folder being copied on the server for a person, batch by batch.

use jiff::Timestamp;

use crate::{Caller, CopyId, DriveId, ItemId};

/// A copy that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCopy {
    /// Its id.
    pub id: CopyId,
    /// For whom; every batch is judged anew by what they may do then.
    pub caller: Caller,
    /// Where the original is.
    pub source_drive: DriveId,
    /// Where the copy is.
    pub target_drive: DriveId,
    /// What was made of the item itself.
    pub target: ItemId,
    /// How many items there were to copy when it began.
    pub total: i64,
    /// How many are copied.
    pub done: i64,
    /// How it stands.
    pub state: CopyState,
    /// When it began.
    pub created: Timestamp,
    /// Until when its monitor answers.
    pub expires: Timestamp,
}

/// How a copy stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyState {
    /// More is to be copied.
    Running,
    /// Everything is copied.
    Completed,
    /// It stopped; what was copied stays.
    Failed {
        /// Graph's code of the refusal.
        code: String,
        /// For people.
        message: String,
    },
}

/// A folder whose children are still to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyFolder {
    /// Its place in the order of folders.
    pub position: i64,
    /// The folder.
    pub source: ItemId,
    /// Its copy.
    pub target: ItemId,
    /// The last child that was copied, in the order of ids.
    pub after: Option<ItemId>,
}

impl ItemCopy {
    /// Returns how far it is, in percent; 100 only when it is completed.
    #[must_use]
    pub fn percentage(&self) -> f64 {
        if self.state == CopyState::Completed {
            return 100.0;
        }
        // Both are small: no library holds as many items as a mantissa counts.
        #[expect(clippy::cast_precision_loss, reason = "no library holds that many items")]
        let share = self.done as f64 / self.total.max(1) as f64;
        ((share * 1_000.0).round() / 10.0).clamp(0.0, 99.9)
    }
}
