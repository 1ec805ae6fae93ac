//! Big file: it appears in the owner's folder; later something inside it is overwritten or inserted.

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use super::Stage;
use crate::arrival::until;
use crate::content::{copy_with_insert, expect_same, overwrite, same_part, write_file};
use crate::report::{Row, tell};

const NAME: &str = "Big file.bin";
const GIB: u64 = 1024 * 1024 * 1024;
/// How much is overwritten or inserted.
const EDIT: u64 = 1024 * 1024;
const PAUSE: Duration = Duration::from_millis(20);

/// Measures how long a file of so many GiB needs.
pub(super) async fn arrives(stage: &mut Stage, gib: u64) -> anyhow::Result<Row> {
    let size = stage.options.scaled(gib * GIB, 8 * EDIT);
    tell(&format!("preparing a file of {} MiB", size / EDIT), "");
    let (prepared, mut noise) = (stage.world.prepared()?.join(NAME), stage.noise.branch());
    let writing = prepared.clone();
    stage.prepare(move || write_file(&writing, size, &mut noise)).await?;
    let (owner, guest) = stage.both(NAME);
    stage.world.at_rest().await?;
    let costing = stage.world.start_costing()?;
    let started = stage.now();
    std::fs::rename(&prepared, &owner)?;
    let seconds = until(&mut stage.world, started, PAUSE, || guest.exists()).await?;
    finish(stage, costing, seconds, format!("a file of {} MiB", size / EDIT)).await
}

/// Measures an overwrite in the middle, made in place.
pub(super) async fn overwritten(stage: &mut Stage) -> anyhow::Result<Row> {
    let (owner, guest) = stage.both(NAME);
    let offset = std::fs::metadata(&owner)?.len() / 2;
    stage.world.at_rest().await?;
    let costing = stage.world.start_costing()?;
    let started = stage.now();
    overwrite(&owner, offset, EDIT, &mut stage.noise)?;
    let length = usize::try_from(EDIT)?;
    let same = || same_part(&owner, &guest, offset, length);
    let seconds = until(&mut stage.world, started, PAUSE, same).await?;
    finish(stage, costing, seconds, "1 MiB overwritten inside it".to_owned()).await
}

/// Measures an insert in the middle, saved as most programs do: another file takes the name.
pub(super) async fn inserted(stage: &mut Stage) -> anyhow::Result<Row> {
    let (owner, guest) = stage.both(NAME);
    let size = std::fs::metadata(&owner)?.len();
    let (prepared, mut noise) = (stage.world.prepared()?.join(NAME), stage.noise.branch());
    let (from, to) = (owner.clone(), prepared.clone());
    stage.prepare(move || copy_with_insert(&from, &to, size / 3, EDIT, &mut noise)).await?;
    stage.world.at_rest().await?;
    let costing = stage.world.start_costing()?;
    let started = stage.now();
    std::fs::rename(&prepared, &owner)?;
    let grown = || std::fs::metadata(&guest).is_ok_and(|found| found.size() == size + EDIT);
    let seconds = until(&mut stage.world, started, PAUSE, grown).await?;
    finish(stage, costing, seconds, "1 MiB inserted inside it".to_owned()).await
}

async fn finish(
    stage: &mut Stage,
    costing: crate::world::Costing,
    seconds: f64,
    what: String,
) -> anyhow::Result<Row> {
    let costs = stage.world.costs(costing).await?;
    let (owner, guest) = stage.both(NAME);
    stage.prepare(move || expect_same(&owner, &guest)).await?;
    let rsync = stage.rsync.copy_twice(&stage.world.story.owner_folder()).await?;
    Ok(Row { what, seconds, p95: None, costs, times: 1, rsync })
}
