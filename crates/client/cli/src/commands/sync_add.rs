//! `footbridge sync add`: starts syncing a site, library or folder.

use std::io::IsTerminal as _;
use std::path::absolute;
use std::process::ExitCode;

use agent::Places;
use agent_api::{CloudTrust, Command, Failure, FailureKind, Message, RootAddition, RootStatus, SignInWay};

use super::resolve::resolve;
use super::sign_in::sign_in;
use crate::agent_link::{ask, unexpected};
use crate::failure::CliError;
use crate::options::SyncAddOptions;
use crate::terminal::{confirm, plain};

/// Runs the command.
pub async fn run(places: &Places, options: SyncAddOptions) -> Result<ExitCode, CliError> {
    let folder = match &options.path {
        Some(path) => {
            let whole = absolute(path).map_err(|error| CliError::Computer(error.to_string()))?;
            Some(whole.display().to_string())
        }
        None => None,
    };
    let trust = if options.yes { CloudTrust::Agreed } else { CloudTrust::KnownOnly };
    let addition = RootAddition { address: options.url, account: options.account, folder, trust };
    let root = add(places, addition).await?;
    let (title, owner, account) = (plain(&root.title), plain(&root.organization), plain(&root.account));
    println!("{title} of {owner} is synced with {account}.");
    println!("The files are in {}", plain(&root.folder));
    if root.view_only {
        println!("The share is for viewing: what you change here stays on this computer.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds, asking and signing in on the way where that is needed.
async fn add(places: &Places, mut addition: RootAddition) -> Result<RootStatus, CliError> {
    let (mut signed_in, mut resolved) = (false, false);
    loop {
        let failure = match ask(places, Command::AddRoot(addition.clone())).await {
            Ok(Message::RootAdded(root)) => return Ok(*root),
            Ok(_) => return Err(unexpected()),
            Err(CliError::Agent(failure)) => failure,
            Err(error) => return Err(error),
        };
        match failure.kind {
            FailureKind::UnknownCloud => {
                agree(&failure)?;
                addition.trust = CloudTrust::Agreed;
            }
            FailureKind::NoAccount if !signed_in && std::io::stdin().is_terminal() => {
                let Some(cloud) = cloud_of(&addition.address) else { return Err(failure.into()) };
                sign_in(places, cloud, addition.account.clone(), SignInWay::Browser).await?;
                signed_in = true;
            }
            FailureKind::InteractionNeeded if !resolved && std::io::stdin().is_terminal() => {
                resolve(places, Some(addition.address.clone()), addition.account.clone()).await?;
                resolved = true;
            }
            _ => return Err(failure.into()),
        }
    }
}

/// Asks the person whether to talk to a cloud they have not used before.
fn agree(failure: &Failure) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(failure.clone().into());
    }
    println!("{}", plain(&failure.message));
    confirm("Do you know it, and do you want to sign in there?")
}

/// The cloud a link names, as the person was asked about.
fn cloud_of(link: &str) -> Option<String> {
    agent::cloud_of_link(link)
}
