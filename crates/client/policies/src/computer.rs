//! Computer: every place of this computer that holds policies, the strongest first.

use std::path::PathBuf;

use crate::{Layer, managed_json};

/// Where policies of a computer are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Computer {
    /// Folders of managed JSON, the strongest first.
    pub folders: Vec<PathBuf>,
    /// The person's name on this computer; some systems keep policies for each.
    pub user: String,
}

impl Computer {
    /// Reads what is there now. May block.
    #[must_use]
    pub fn read(&self) -> Vec<Layer> {
        let mut layers = self.read_system();
        layers.extend(managed_json::read(&self.folders));
        layers
    }

    #[cfg(windows)]
    fn read_system(&self) -> Vec<Layer> {
        crate::registry::read(&crate::WindowsRegistry)
    }

    #[cfg(target_os = "macos")]
    fn read_system(&self) -> Vec<Layer> {
        crate::property_list::read(&crate::property_list::places(&self.user))
    }

    /// There is no place but the folders.
    #[cfg(not(any(windows, target_os = "macos")))]
    #[expect(clippy::unused_self, reason = "other systems keep policies for each person")]
    fn read_system(&self) -> Vec<Layer> {
        Vec::new()
    }
}
