//! Hints: whether somebody who follows a drive should look. What happens outside of what they may see gives no hint.

use std::collections::BTreeSet;

use model::{Caller, DriveId, ItemChangeKind, ItemId, Timestamp};
use storage::Call;

use crate::access::Roots;
use crate::{ItemError, Sight};

/// How many changes are examined; more of them are a hint by themselves.
const EXAMINED: i64 = 500;

/// What a follower of a drive should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Nothing happened that they may see. Go on from this number.
    Quiet(i64),
    /// Look. Go on from this number.
    Look(i64),
    /// The drive is not open to them.
    Closed,
}

/// Judges what happened in a drive since a number, for one person; none as the number means from now.
///
/// # Errors
/// A storage error.
pub async fn judge_hint(
    call: &Call,
    caller: Caller,
    now: Timestamp,
    drive: DriveId,
    since: Option<i64>,
) -> Result<Hint, ItemError> {
    call.read(move |scope| {
        let sight = match Sight::open(scope, &caller, now, drive) {
            Ok(sight) => sight,
            Err(ItemError::NotFound | ItemError::Refused(_)) => return Ok(Hint::Closed),
            Err(error) => return Err(error),
        };
        let newest = sight.drive().sequence;
        let Some(since) = since.filter(|since| *since != newest) else { return Ok(Hint::Quiet(newest)) };
        if sight.access().roots() == Roots::Drive && sight.access().hidden().is_empty() {
            return Ok(Hint::Look(newest));
        }
        let changes = scope.item_log().list_after(drive, since, EXAMINED)?;
        if i64::try_from(changes.len()).unwrap_or(i64::MAX) >= EXAMINED {
            return Ok(Hint::Look(newest));
        }
        let touched: BTreeSet<ItemId> = changes
            .iter()
            .flat_map(|change| [Some(change.item), change.old_parent, change.new_parent])
            .flatten()
            .collect();
        let touched: Vec<ItemId> = touched.into_iter().collect();
        let chains = scope.permissions().list_chains(drive, &touched)?;
        // Who lost sight of an item is told so at the folder it is in.
        let access: BTreeSet<ItemId> = changes
            .iter()
            .filter(|change| change.kind == ItemChangeKind::Access)
            .map(|change| change.item)
            .collect();
        let inside = chains.iter().any(|(item, chain)| {
            let seen = |chain: &[ItemId]| sight.access().role_along(chain).is_some();
            seen(chain) || (access.contains(item) && chain.len() > 1 && seen(&chain[1..]))
        });
        Ok(if inside { Hint::Look(newest) } else { Hint::Quiet(newest) })
    })
    .await
}
