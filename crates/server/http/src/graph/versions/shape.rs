//! A version as Graph shows it.

use drive::versions::VersionView;
use graph_types::DriveItemVersion;
use model::ItemVersion;

use crate::graph::items::identity;

/// Writes a version.
pub(super) fn version(view: &VersionView) -> DriveItemVersion {
    DriveItemVersion {
        context: None,
        id: ItemVersion::id_of(view.version.number),
        last_modified_date_time: Some(view.version.written.at.into()),
        last_modified_by: view.written_by.as_ref().map(identity),
        size: view.version.content.size,
    }
}
