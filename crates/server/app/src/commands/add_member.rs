//! `add-member`: adds a person to an organization, by the operator.

use std::path::Path;

use app::assemble::{Parts, assemble, open_store};
use app::config::WrittenConfig;
use directory::{NewMember, add_member};
use model::Actor;
use runtime::Runtime;
use storage::Call;

use super::{organization, password_input};

/// Whom to add.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WrittenConfig,
    /// Address at one of the organization's domains.
    #[arg(long)]
    address: model::Address,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// Further addresses of the same person.
    #[arg(long)]
    alias: Vec<model::Address>,
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
    store.check_schema().await?;
    let parts = Parts::of(&config)?;
    let server = assemble(store.clone(), runtime, parts).await?;
    let tenant = organization::find(&store, &arguments.address.domain()).await?;
    let new = NewMember {
        address: arguments.address,
        display_name: arguments.name,
        aliases: arguments.alias,
        password_hash: Some(server.identity.passwords().hash(&password).await?),
    };
    let user = add_member(&Call::new(store, tenant, Actor::Operator), new).await?;
    println!("The member was added. Their object id is {}.", user.id);
    Ok(())
}
