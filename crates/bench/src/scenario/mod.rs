//! Scenarios: what is done and when it counts as done. Each prepares its files before the clock starts.

mod big_file;
mod one_file;
mod small_files;
mod start_unchanged;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::content::Noise;
use crate::options::{Options, Scenario};
use crate::report::Row;
use crate::rsync::Rsync;
use crate::world::World;

/// What the scenarios of a group share.
pub struct Stage {
    /// The cloud and the clients.
    pub world: World,
    /// What they are compared with.
    pub rsync: Rsync,
    /// Sizes.
    pub options: Options,
    /// Contents.
    pub noise: Noise,
}

impl Stage {
    /// Returns a path in the owner's folder and the same path in the guest's.
    fn both(&self, path: impl AsRef<Path>) -> (PathBuf, PathBuf) {
        let story = &self.world.story;
        (story.owner_folder().join(path.as_ref()), story.guest_folder().join(path.as_ref()))
    }

    fn now(&self) -> Duration {
        self.world.runtime.elapsed()
    }

    /// Runs what blocks for a while, so that the relay goes on.
    async fn prepare<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        self.world.runtime.blocking(work).await?
    }

    async fn expect_equal_folders(&self) -> anyhow::Result<()> {
        let (owner, guest) = (self.world.story.owner_folder(), self.world.story.guest_folder());
        match self.prepare(move || demo::tree::difference(&owner, &guest)).await? {
            None => Ok(()),
            Some(difference) => anyhow::bail!("what arrived differs: {difference}"),
        }
    }
}

/// Measures one scenario.
///
/// # Errors
/// When something did not arrive, arrived with other bytes, or could not be measured.
pub async fn measure(scenario: Scenario, stage: &mut Stage) -> anyhow::Result<Row> {
    match scenario {
        Scenario::SmallFiles => small_files::arrive(stage, 10_000, 32).await,
        Scenario::ManyFiles => small_files::arrive(stage, 100_000, 4).await,
        Scenario::RenameFolder => small_files::renamed(stage).await,
        Scenario::OneFile => one_file::arrives(stage).await,
        Scenario::BigFile => big_file::arrives(stage, 2).await,
        Scenario::HugeFile => big_file::arrives(stage, 4).await,
        Scenario::Overwrite => big_file::overwritten(stage).await,
        Scenario::Insert => big_file::inserted(stage).await,
        Scenario::StartUnchanged => start_unchanged::starts(stage).await,
        Scenario::Decisions => anyhow::bail!("decisions move no files, they stand in no group"),
    }
}
