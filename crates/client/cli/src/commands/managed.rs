//! `footbridge managed`: which policies the administrators of this computer set, and where (D11).

use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Message};

use crate::agent_link::{ask, unexpected};
use crate::failure::CliError;
use crate::terminal::{json_line, plain};

/// Runs the command.
pub async fn run(places: &Places, json: bool) -> Result<ExitCode, CliError> {
    let Message::Managed(managed) = ask(places, Command::Managed).await? else { return Err(unexpected()) };
    if json {
        println!("{}", json_line(&*managed)?);
        return Ok(ExitCode::SUCCESS);
    }
    if managed.policies.is_empty() && managed.flaws.is_empty() {
        println!("No policy is set on this computer.");
    }
    for policy in &managed.policies {
        let value = match policy.value.as_slice() {
            _ if !policy.readable => "cannot be read, so it forbids everything it could".to_owned(),
            [] => "nobody".to_owned(),
            words => words.join(", "),
        };
        println!("{}: {}", policy.name, plain(&value));
        println!("  set in {}", plain(&policy.source));
    }
    for flaw in &managed.flaws {
        println!("Wrong: {}", plain(&flaw.source));
        println!("  {}", plain(&flaw.text));
    }
    Ok(ExitCode::SUCCESS)
}
