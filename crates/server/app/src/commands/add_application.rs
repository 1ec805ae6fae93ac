//! `add-application`: registers a program that acts as itself in one organization, by the operator.

use std::path::Path;

use app::assemble::{Parts, assemble, open_store};
use app::config::WrittenConfig;
use model::ApplicationPermission;
use runtime::Runtime;

use super::organization;

/// What to register.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WrittenConfig,
    /// A domain of the organization.
    #[arg(long)]
    domain: String,
    /// Name shown to people and in records.
    #[arg(long)]
    name: String,
    /// What it may do, such as User.Invite.All; give it once for each permission.
    #[arg(long, required = true)]
    permission: Vec<ApplicationPermission>,
    /// Days its secret lasts.
    #[arg(long, default_value_t = 180, value_parser = clap::value_parser!(u16).range(1..=730))]
    days: u16,
}

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, arguments: Arguments) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, arguments.settings)?.resolve()?;
    let store = open_store(&config, Runtime::tokio()).await?;
    store.check_schema().await?;
    let tenant = organization::find(&store, &arguments.domain).await?;
    let server = assemble(store.clone(), store.runtime().clone(), Parts::of(&config)?).await?;
    let registered =
        server.identity.register_application(tenant, arguments.name, arguments.permission, arguments.days);
    let (application, secret) = registered.await?;
    println!("The application was registered. Keep the secret now; it is not shown again.");
    println!("tenant:    {tenant}");
    println!("client id: {}", application.id);
    println!("secret:    {}", secret.as_str());
    println!("expires:   {}", application.secret_expires.strftime("%Y-%m-%d"));
    Ok(())
}
