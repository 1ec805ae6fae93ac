//! `federation`: shows, sets or removes where an organization's members sign in outside this cloud (X09), by the operator.

use std::io::BufRead as _;
use std::path::Path;

use anyhow::Context;
use app::assemble::{Parts, assemble, open_store};
use app::config::WrittenConfig;
use directory::{AuthenticationChange, NewFederation, federation, remove_federation, set_federation};
use model::{
    Actor, AddressTrust, ClientAuthentication, Federation, FederationState, Newcomers, SharedSecret,
};
use runtime::Runtime;
use storage::Call;

use super::organization;

/// Whose, and what to do with it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WrittenConfig,
    /// A domain of the organization.
    #[arg(long)]
    domain: String,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Show it.
    Show,
    /// Set it; people sign in there from then on, and administrators by their password as well.
    Set(Settings),
    /// Remove it; people sign in by password again, who have one.
    Remove,
}

#[derive(clap::Args)]
struct Settings {
    /// Name of the sign-in, shown to people.
    #[arg(long)]
    name: String,
    /// The issuer, exactly as its discovery document names it.
    #[arg(long)]
    issuer: String,
    /// This cloud's client id there.
    #[arg(long)]
    client_id: String,
    /// How this cloud proves itself there. A secret is read from standard input.
    #[arg(long, default_value = "secret-basic")]
    authentication: Way,
    /// Take the issuer's word for every address, also for those it does not say it verified.
    #[arg(long)]
    trust_addresses: bool,
    /// Make members of people whom the issuer knows and the organization does not.
    #[arg(long)]
    add_newcomers: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Way {
    None,
    SecretBasic,
    SecretPost,
    PrivateKey,
}

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, arguments: Arguments) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, arguments.settings)?.resolve()?;
    let runtime = Runtime::tokio();
    let store = open_store(&config, runtime.clone()).await?;
    store.check_schema().await?;
    let tenant = organization::find(&store, &arguments.domain).await?;
    let server = assemble(store.clone(), runtime, Parts::of(&config)?).await?;
    let call = Call::new(store, tenant, Actor::Operator);
    match arguments.verb {
        Verb::Show => show(&server.identity, &federation(&call).await?),
        Verb::Remove => {
            remove_federation(&call).await?;
            println!("The federation was removed.");
        }
        Verb::Set(settings) => {
            server.identity.look_up_provider(&settings.issuer).await.context("this issuer cannot be used")?;
            show(&server.identity, &set_federation(&call, read(settings)?).await?);
        }
    }
    Ok(())
}

fn read(settings: Settings) -> anyhow::Result<NewFederation> {
    let authentication = match settings.authentication {
        Way::None => ClientAuthentication::Nothing,
        Way::PrivateKey => ClientAuthentication::OwnKey,
        Way::SecretBasic => ClientAuthentication::SecretBasic(secret()?),
        Way::SecretPost => ClientAuthentication::SecretPost(secret()?),
    };
    Ok(NewFederation {
        display_name: settings.name,
        issuer: settings.issuer,
        client_id: settings.client_id,
        authentication: AuthenticationChange::To(authentication),
        addresses: if settings.trust_addresses { AddressTrust::All } else { AddressTrust::Verified },
        newcomers: if settings.add_newcomers { Newcomers::Added } else { Newcomers::Refused },
        state: FederationState::On,
    })
}

/// Reads the client's secret, never from an argument, which every process could read.
fn secret() -> anyhow::Result<SharedSecret> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("no secret could be read from standard input")?;
    let secret = line.trim_end_matches(['\r', '\n']).to_owned();
    anyhow::ensure!(!secret.is_empty(), "give the client's secret on standard input");
    Ok(SharedSecret(secret))
}

fn show(identity: &identity::Identity, federation: &Federation) {
    let way = match federation.authentication {
        ClientAuthentication::Nothing => "none",
        ClientAuthentication::SecretBasic(_) => "secret-basic",
        ClientAuthentication::SecretPost(_) => "secret-post",
        ClientAuthentication::OwnKey => "private-key",
    };
    let tenant = federation.tenant;
    println!("name:           {}", federation.display_name);
    println!("issuer:         {}", federation.issuer);
    println!("client id:      {}", federation.client_id);
    println!("authentication: {way}");
    println!(
        "addresses:      {}",
        if federation.addresses == AddressTrust::All { "all" } else { "verified" }
    );
    println!(
        "newcomers:      {}",
        if federation.newcomers == Newcomers::Added { "added" } else { "refused" }
    );
    println!("used:           {}", if federation.state == FederationState::On { "yes" } else { "no" });
    println!("Register there: redirect URI {}", identity.federated_redirect(tenant));
    println!("                keys         {}/{tenant}/discovery/v2.0/keys", identity.origin());
}
