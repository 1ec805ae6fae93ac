//! `remove-application`: removes a program from its organization; its tokens open nothing from then on.

use std::path::Path;

use app::assemble::open_store;
use app::config::WrittenConfig;
use directory::remove_application;
use model::{Actor, ApplicationId};
use runtime::Runtime;
use storage::Call;

use super::organization;

/// What to remove.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WrittenConfig,
    /// A domain of the organization.
    #[arg(long)]
    domain: String,
    /// The application's client id.
    #[arg(long)]
    id: ApplicationId,
}

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, arguments: Arguments) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, arguments.settings)?.resolve()?;
    let store = open_store(&config, Runtime::tokio()).await?;
    store.check_schema().await?;
    let tenant = organization::find(&store, &arguments.domain).await?;
    remove_application(&Call::new(store, tenant, Actor::Operator), arguments.id).await?;
    println!("The application was removed. Its tokens open nothing any more.");
    Ok(())
}
