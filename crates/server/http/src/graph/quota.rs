//! How full a library is, as Graph shows it.

use graph_types::Quota;
use model::Drive;

/// What a library without a limit says it can hold; clients stumble over a missing or zero total.
const NO_LIMIT: u64 = 25 * (1 << 40);

/// Writes a library's quota. `room` is how many bytes still fit, the organization's own limit considered.
pub(in crate::graph) fn quota(drive: &Drive, room: Option<u64>) -> Quota {
    let used = drive.used;
    let fits = room.map(|room| used.saturating_add(room));
    // Over its own limit a library still says what the limit is.
    let total = fits.map_or(NO_LIMIT, |fits| drive.quota.map_or(fits, |quota| quota.min(fits)));
    let remaining = total.saturating_sub(used);
    let state = match remaining {
        0 => "exceeded",
        left if left < total / 100 => "critical",
        left if left < total / 10 => "nearing",
        _ => "normal",
    };
    Quota { total, used, remaining, deleted: 0, state: state.to_owned() }
}
