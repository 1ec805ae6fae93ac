//! How far a session is, as clients can read it: exactly one range (graph-surface.md U-3).

use drive::upload_sessions::{Ending, OpenSession};
use graph_types::UploadSession;

/// Says what is missing. A file that is there as a whole but could not be written yet misses its last byte: sending
/// that again tries again.
pub(super) fn progress(open: &OpenSession) -> UploadSession {
    let session = &open.session;
    let missing = match session.total {
        None => Some(format!("{}-", session.received)),
        Some(total) if session.received < total => Some(format!("{}-{}", session.received, total - 1)),
        Some(_) if open.ending == Ending::WhenTold => None,
        Some(total) => Some(total.checked_sub(1).map_or("0-".to_owned(), |last| format!("{last}-{last}"))),
    };
    UploadSession {
        upload_url: None,
        expiration_date_time: session.expires.into(),
        next_expected_ranges: missing.into_iter().collect(),
    }
}
