//! Small files: a folder with thousands of them appears in the owner's folder, and later gets another name.

use std::time::Duration;

use super::Stage;
use crate::arrival::{all_there, until};
use crate::content::fill_tree;
use crate::report::{Row, tell};

const NAME: &str = "Small files";
const NEW_NAME: &str = "Small files, renamed";
const PAUSE: Duration = Duration::from_millis(20);

/// Measures how long `count` files of 1 to `largest` KiB need.
pub(super) async fn arrive(stage: &mut Stage, count: u64, largest: u64) -> anyhow::Result<Row> {
    let count = stage.options.scaled(count, 10);
    tell(&format!("preparing {count} small files"), "");
    let (prepared, mut noise) = (stage.world.prepared()?.join(NAME), stage.noise.branch());
    let filling = prepared.clone();
    let paths = stage.prepare(move || fill_tree(&filling, count, (1024, largest * 1024), &mut noise)).await?;
    let (owner, guest) = stage.both(NAME);
    stage.world.at_rest().await?;
    let costing = stage.world.start_costing()?;
    let started = stage.now();
    std::fs::rename(&prepared, &owner)?;
    let there = all_there(paths.iter().map(|path| guest.join(path)).collect());
    let seconds = until(&mut stage.world, started, PAUSE, there).await?;
    let costs = stage.world.costs(costing).await?;
    stage.expect_equal_folders().await?;
    let rsync = stage.rsync.copy_twice(&stage.world.story.owner_folder()).await?;
    let what = format!("{count} files of 1 to {largest} KiB");
    Ok(Row { what, seconds, p95: None, costs, times: 1, rsync })
}

/// Measures how long the new name of their folder needs.
pub(super) async fn renamed(stage: &mut Stage) -> anyhow::Result<Row> {
    let (owner, guest) = stage.both(NAME);
    let (new_owner, new_guest) = stage.both(NEW_NAME);
    let before = demo::tree::files(&owner)?.len();
    stage.world.at_rest().await?;
    let costing = stage.world.start_costing()?;
    let started = stage.now();
    std::fs::rename(&owner, &new_owner)?;
    let moved = move || new_guest.exists() && !guest.exists();
    let seconds = until(&mut stage.world, started, Duration::from_millis(2), moved).await?;
    let costs = stage.world.costs(costing).await?;
    stage.expect_equal_folders().await?;
    anyhow::ensure!(demo::tree::files(&new_owner)?.len() == before, "files are missing after the renaming");
    let rsync = stage.rsync.copy_twice(&stage.world.story.owner_folder()).await?;
    Ok(Row { what: format!("rename of a folder of {before}"), seconds, p95: None, costs, times: 1, rsync })
}
