//! Start: the owner's client starts while nothing changed, and looks at every file there is.

use super::Stage;
use crate::content::fill_tree;
use crate::report::{Row, tell};

const NAME: &str = "Unchanged";

/// Measures how long it takes until the client says that everything is in sync.
pub(super) async fn starts(stage: &mut Stage) -> anyhow::Result<Row> {
    let count = stage.options.scaled(50_000, 10);
    tell(&format!("preparing {count} files and bringing them to the server"), "");
    let (prepared, mut noise) = (stage.world.prepared()?.join(NAME), stage.noise.branch());
    let filling = prepared.clone();
    stage.prepare(move || fill_tree(&filling, count, (1024, 4096), &mut noise)).await?;
    let (owner, _) = stage.both(NAME);
    std::fs::rename(&prepared, &owner)?;
    stage.world.story.owner.wait_idle().await?;
    // Once more: what it did itself comes back in the feed, and shall not come at the start that is measured.
    stage.world.story.owner.wait_idle().await?;
    stage.world.story.owner.stop_agent().await?;
    let started = stage.now();
    stage.world.story.owner.start_agent()?;
    let costing = stage.world.start_costing_a_start()?;
    stage.world.at_rest().await?;
    let seconds = (stage.now() - started).as_secs_f64();
    let costs = stage.world.costs(costing).await?;
    let from = stage.world.story.owner_folder();
    stage.rsync.copy_twice(&from).await?;
    // The same look at every file, now that both copies are there.
    let rsync = stage.rsync.copy_twice(&from).await?;
    let what = format!("start with {count} unchanged files");
    Ok(Row { what, seconds, p95: None, costs, times: 1, rsync })
}
