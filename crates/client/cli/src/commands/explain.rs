//! `footbridge explain`: everything known about a path or a link, and why it does or does not sync.
//!
//! Ends with exit code 4 when something stands in the way, 6 when nothing is known there.

use std::path::absolute;
use std::process::ExitCode;

use agent::Places;
use agent_api::{Command, Explanation, ItemVersion, Message};

use super::explain_person;
use crate::agent_link::{ask, unexpected};
use crate::failure::{CliError, IN_THE_WAY, NOT_THERE};
use crate::options::ExplainOptions;
use crate::status_text::{as_sentence, state_word};
use crate::terminal::{json_line, plain};

/// Runs the command.
pub async fn run(places: &Places, options: ExplainOptions) -> Result<ExitCode, CliError> {
    if let Some(person) = &options.person {
        return explain_person::run(places, options.account, &options.subject, person).await;
    }
    let subject = if options.subject.contains("://") {
        options.subject
    } else {
        let whole = absolute(&options.subject).map_err(|error| CliError::Computer(error.to_string()))?;
        whole.display().to_string()
    };
    let Message::Explained(known) = ask(places, Command::Explain { subject }).await? else {
        return Err(unexpected());
    };
    if options.json {
        println!("{}", json_line(&*known)?);
    } else {
        tell(&known);
    }
    Ok(match known.verdict.as_str() {
        "synced" | "sending" | "fetching" | "waiting" | "canSync" | "ignored" => ExitCode::SUCCESS,
        "unknown" | "outside" => ExitCode::from(NOT_THERE),
        _ => ExitCode::from(IN_THE_WAY),
    })
}

fn tell(known: &Explanation) {
    println!("{}: {}", plain(&known.subject), verdict_word(&known.verdict));
    for sentence in std::iter::once(&known.message).chain(&known.remedy) {
        println!("  {}", plain(&as_sentence(sentence)));
    }
    if let Some(root) = &known.root {
        let (owner, title) = (plain(&root.organization), plain(&root.title));
        let state = state_word(root.state, None);
        println!("  It belongs to {title} of {owner} ({state}), synced with {}.", plain(&root.account));
        for sentence in root.message.iter().chain(&root.remedy) {
            println!("  {}", plain(&as_sentence(sentence)));
        }
    }
    let sides =
        [("on this computer", &known.here), ("on the server", &known.there), ("last agreed", &known.agreed)];
    for (place, version) in sides {
        match version {
            Some(version) => println!("  {place:<17} {}", version_text(version)),
            None if known.here.is_some() || known.there.is_some() => println!("  {place:<17} nothing"),
            None => {}
        }
    }
    if known.failures > 0 {
        let again = known.next_try.unwrap_or(0);
        println!("  It failed {} times in a row; it is tried again in {again} s.", known.failures);
    }
    for line in &known.journal {
        println!("  {}  {}", line.at, plain(&line.text));
    }
}

fn verdict_word(verdict: &str) -> &'static str {
    match verdict {
        "synced" => "in sync",
        "sending" => "on its way to the server",
        "fetching" => "on its way to this computer",
        "waiting" => "waiting",
        "problem" => "does not sync",
        "ignored" => "stays on this computer",
        "outside" => "not in a synced folder",
        "stopped" => "its folder does not sync",
        "busy" => "no answer yet",
        "canSync" => "can be synced",
        _ => "not known",
    }
}

fn version_text(version: &ItemVersion) -> String {
    let mut text = if version.folder { "a folder".to_owned() } else { format!("{} bytes", version.size) };
    if let Some(content) = &version.content {
        // Enough of the name to see whether two sides have the same bytes.
        text += &format!(", content {}", content.chars().take(12).collect::<String>());
    }
    if let Some(tag) = &version.tag {
        text += &format!(", version {}", plain(tag));
    }
    if version.view_only {
        text += ", for viewing only";
    }
    text
}
