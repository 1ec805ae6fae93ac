//! `bootstrap`: makes an organization with its first Global Administrator (A01).

use std::path::Path;

use app::assemble::{Parts, assemble, open_store};
use app::config::WrittenConfig;
use directory::{NewMember, NewOrganization, create_organization};
use runtime::Runtime;
use storage::Operator;

use super::password_input;

/// What to make.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WrittenConfig,
    /// Name people will see, such as "Contoso".
    #[arg(long)]
    organization: String,
    /// First domain, such as contoso.example. It never changes; you vouch that it belongs to them.
    #[arg(long)]
    domain: String,
    /// Further domains you vouch for.
    #[arg(long)]
    also_domain: Vec<String>,
    /// Address of the first Global Administrator, at one of the domains.
    #[arg(long)]
    admin: model::Address,
    /// The administrator's name.
    #[arg(long)]
    name: String,
    /// Take the password from standard input without asking.
    #[arg(long)]
    password_stdin: bool,
}

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, arguments: Arguments) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, arguments.settings)?.resolve()?;
    let password = password_input::read(arguments.password_stdin.into())?;
    let runtime = Runtime::tokio();
    let store = open_store(&config, runtime.clone()).await?;
    store.migrate().await?;
    let parts = Parts::of(&config)?;
    let server = assemble(store, runtime, parts).await?;
    let administrator = NewMember {
        address: arguments.admin,
        display_name: arguments.name,
        aliases: Vec::new(),
        password_hash: Some(server.identity.passwords().hash(&password).await?),
    };
    let organization = NewOrganization {
        display_name: arguments.organization,
        initial_domain: arguments.domain,
        domains: arguments.also_domain,
        administrator,
    };
    let founded = create_organization(&Operator::new(server.store), organization).await?;
    println!("The organization was made. Its tenant id is {}.", founded.tenant);
    Ok(())
}
