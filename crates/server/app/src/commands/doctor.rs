//! `doctor`: says whether this server could run, and whether everything it keeps can be read.

use std::path::Path;

use anyhow::Context;
use app::assemble::{Parts, check_content, open_store};
use app::config::WrittenConfig;
use runtime::Runtime;
use storage::{Damage, DamagedChunk, Operator};

/// Most damaged chunks that are told.
const MOST: i64 = 1_000;

/// Runs the command. It fails when anything is wrong.
pub(crate) async fn run(file: Option<&Path>, settings: WrittenConfig) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, settings)?.resolve()?;
    println!("ok: the configuration");
    let runtime = Runtime::tokio();
    let store = open_store(&config, runtime.clone()).await?;
    store.check_schema().await?;
    println!("ok: the database");
    check_content(&config, &Parts::of(&config)?.content, &runtime).await?;
    println!("ok: the storage of contents can be written and read");
    let damage = Operator::new(store).read(|cloud| cloud.list_damage(MOST)).await;
    let damage = damage.context("the list of damages cannot be read")?;
    if damage.is_empty() {
        println!("ok: nothing that was read back so far is damaged");
        return Ok(());
    }
    for chunk in &damage {
        tell(chunk);
    }
    anyhow::bail!(
        "{} stored chunks are damaged; bring the named files back from a backup, or have them uploaded again \
         by a client that still has them",
        damage.len()
    )
}

fn tell(chunk: &DamagedChunk) {
    let what = match chunk.damage {
        Damage::Missing => "is missing",
        Damage::Wrong => "has other bytes than were stored",
    };
    println!("damaged: a chunk of tenant {} {what} (found {})", chunk.tenant, chunk.found);
    for file in &chunk.files {
        println!("  cannot be read: {:?} (drive {}, item {})", file.name, file.drive, file.item);
    }
    if chunk.files.is_empty() {
        println!("  no present file needs it; an earlier version or an upload may");
    }
}
