//! A drive as Graph shows it.

use drive::reading::{DriveView, Whole};
use graph_types::Drive;

use crate::graph::quota::quota;

/// Writes a drive. How full it is is told only to who sees all of it.
pub(in crate::graph) fn drive_shape(origin: &str, view: &DriveView) -> Drive {
    let quota = (view.whole == Whole::Yes).then(|| quota(&view.drive, view.room));
    Drive {
        id: view.drive.id.to_string(),
        name: view.drive.name.clone(),
        drive_type: if view.personal_of.is_some() { "business" } else { "documentLibrary" }.to_owned(),
        web_url: view.address.url(origin),
        created_date_time: Some(view.drive.created.into()),
        quota,
    }
}
