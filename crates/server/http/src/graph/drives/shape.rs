//! A drive as Graph shows it.

use drive::reading::{DriveView, Whole};
use graph_types::{Drive, Quota};

/// What a library without a limit says it can hold; clients stumble over a missing or zero total.
const NO_LIMIT: u64 = 25 * (1 << 40);

/// Writes a drive. How full it is is told only to who sees all of it.
pub(in crate::graph) fn drive_shape(origin: &str, view: &DriveView) -> Drive {
    let quota =
        (view.whole == Whole::Yes).then(|| quota(view.drive.quota.unwrap_or(NO_LIMIT), view.drive.used));
    Drive {
        id: view.drive.id.to_string(),
        name: view.drive.name.clone(),
        drive_type: if view.personal_of.is_some() { "business" } else { "documentLibrary" }.to_owned(),
        web_url: view.address.url(origin),
        created_date_time: Some(view.drive.created.into()),
        quota,
    }
}

fn quota(total: u64, used: u64) -> Quota {
    let remaining = total.saturating_sub(used);
    let state = match remaining {
        0 => "exceeded",
        left if left < total / 100 => "critical",
        left if left < total / 10 => "nearing",
        _ => "normal",
    };
    Quota { total, used, remaining, deleted: 0, state: state.to_owned() }
}
