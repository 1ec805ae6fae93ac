//! `migrate`: brings the database to this version.

use std::path::Path;

use app::config::WrittenConfig;
use runtime::Runtime;

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, settings: WrittenConfig) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, settings)?.resolve()?;
    app::assemble::open_store(&config, Runtime::tokio()).await?.migrate().await?;
    println!("The database is at this version.");
    Ok(())
}
