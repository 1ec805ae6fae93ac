//! `footbridge sign-in`: one sign-in at home reaches every organization that invited the person (A03).

use std::collections::BTreeSet;
use std::process::{Command as Program, ExitCode, Stdio};

use agent::Places;
use agent_api::{AccountStatus, Command, Message, SignInWay};

use crate::agent_link::{AgentLink, ask, unexpected};
use crate::environment::has_screen;
use crate::failure::CliError;
use crate::options::SignInOptions;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places, options: SignInOptions) -> Result<ExitCode, CliError> {
    let cloud = match options.cloud {
        Some(cloud) => cloud,
        None => known_cloud(places).await?,
    };
    let way = if options.device_code { SignInWay::DeviceCode } else { SignInWay::Browser };
    let account = sign_in(places, cloud, options.address, way).await?;
    println!("Signed in as {} ({}).", plain(&account.address), plain(&account.display_name));
    Ok(ExitCode::SUCCESS)
}

/// Signs a person in, telling them what to do.
pub async fn sign_in(
    places: &Places,
    cloud: String,
    address: Option<String>,
    way: SignInWay,
) -> Result<AccountStatus, CliError> {
    let mut link = AgentLink::send(places, Command::SignIn { cloud, address, way }).await?;
    loop {
        match link.next().await? {
            Message::OpenPage { page } => {
                println!("Sign in in your browser. If it does not open by itself, open this page:");
                println!("  {}", plain(&page));
                open_browser(&page);
            }
            Message::EnterCode { page, code } => {
                println!("Open this page on any computer or phone:");
                println!("  {}", plain(&page));
                println!("and type this code:");
                println!("  {}", plain(&code));
            }
            Message::SignedIn(account) => return Ok(account),
            _ => return Err(unexpected()),
        }
    }
}

/// The cloud everybody here uses, when it is one.
async fn known_cloud(places: &Places) -> Result<String, CliError> {
    let Message::Status(status) = ask(places, Command::Status).await? else { return Err(unexpected()) };
    let clouds: BTreeSet<String> = status.accounts.into_iter().map(|account| account.cloud).collect();
    match clouds.len() {
        1 => clouds.into_iter().next().ok_or(CliError::WhichCloud),
        _ => Err(CliError::WhichCloud),
    }
}

/// Opens a page where there is a screen. Without a browser the person opens the printed page.
pub fn open_browser(page: &str) {
    if !has_screen() {
        return;
    }
    let mut program = Program::new("xdg-open");
    program.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _opened = program.spawn();
}
