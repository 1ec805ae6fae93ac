//! `footbridge resolve`: opens the browser at one organization's sign-in page, for what its policy asks (X01). Nothing
//! is opened where no page mends it.

use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message};

use super::sign_in::open_browser;
use crate::agent_link::{AgentLink, unexpected};
use crate::failure::CliError;
use crate::status_text::as_sentence;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(
    places: &Places,
    subject: Option<String>,
    account: Option<String>,
) -> Result<ExitCode, CliError> {
    let organization = resolve(places, subject, account).await?;
    println!("{} lets you in; its folders go on by themselves.", plain(&organization));
    Ok(ExitCode::SUCCESS)
}

/// Leads the person to the page and waits until they are let in. Returns the organization's name.
pub async fn resolve(
    places: &Places,
    subject: Option<String>,
    account: Option<String>,
) -> Result<String, CliError> {
    let mut link = AgentLink::send(places, Command::Resolve { subject, account }).await?;
    loop {
        match link.next().await? {
            Message::MeetDemand { page, reason } => {
                println!("{}", plain(&as_sentence(&reason)));
                println!("Do that in your browser. If it does not open by itself, open this page:");
                println!("  {}", plain(&page));
                open_browser(&page);
            }
            Message::Resolved { organization } => return Ok(organization),
            _ => return Err(unexpected()),
        }
    }
}
