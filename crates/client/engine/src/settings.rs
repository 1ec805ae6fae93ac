//! Settings: what the engine is told about its root when it starts.

use std::time::Duration;

use sync_core::{ItemId, Policy};
use transfer::{ItemRole, RootInfo};

/// One sync root's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The root item of the scope.
    pub item: ItemId,
    /// The person's role when the root was resolved.
    pub role: ItemRole,
    /// The person or device named in conflict names.
    pub who: String,
    /// How long a name must be missing before a scan may confirm a deletion.
    pub settle: Duration,
    /// How often the feed is read although no hint came.
    pub poll: Duration,
    /// How often the whole folder is walked although no hint came.
    pub rescan: Duration,
    /// From how many deletions at once a person is asked.
    pub mass_delete: usize,
    /// Large transfers at a time, in each direction.
    pub transfers: usize,
}

impl Settings {
    /// Makes the usual settings of a root.
    #[must_use]
    pub fn new(root: &RootInfo, who: &str) -> Self {
        Self::of(ItemId::new(&root.item), root.role, who)
    }

    /// Makes the usual settings from the root item's id.
    #[must_use]
    pub fn of(item: ItemId, role: ItemRole, who: &str) -> Self {
        Self {
            item,
            role,
            who: who.to_owned(),
            settle: Duration::from_secs(2),
            poll: Duration::from_secs(600),
            rescan: Duration::from_secs(3600),
            mass_delete: Policy::MASS_DELETE,
            transfers: 3,
        }
    }
}
