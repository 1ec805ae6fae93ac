//! `footbridge guests invite`: one guest (A07), or everybody of a file (`invite_many`).

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use super::invite_many::{self, ManyInvitations};
use super::join_group;
use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_group;
use crate::terminal::plain;

/// Whom to invite, and what to tell them.
#[derive(Debug, Args)]
pub(super) struct InviteOptions {
    /// The person's work address
    #[arg(value_name = "ADDRESS", required_unless_present = "csv")]
    address: Option<String>,
    /// Name shown to people
    #[arg(long, requires = "address")]
    name: Option<String>,
    /// Invite everybody of this file, whose first line is `Name,Email`; its output is a valid input
    #[arg(long, value_name = "FILE", conflicts_with = "address")]
    csv: Option<PathBuf>,
    /// Where the results go; beside the input when not said
    #[arg(long, value_name = "FILE", requires = "csv")]
    out: Option<PathBuf>,
    /// A group to add the guest to, by name or id
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// Where the browser goes when the invitation was accepted, such as a site's address
    #[arg(long, value_name = "URL")]
    redirect_url: Option<String>,
    /// Send the invitation by mail; without it, pass on the address that is printed
    #[arg(long)]
    mail: bool,
    /// A message for the mail
    #[arg(long, requires = "mail")]
    message: Option<String>,
}

/// Invites a guest, or everybody of a file.
pub(super) async fn run(admin: &Admin, options: &InviteOptions) -> Result<ExitCode, CliError> {
    let group = match &options.group {
        Some(name) => Some(find_group(&admin.graph, name).await?),
        None => None,
    };
    let redirect = match &options.redirect_url {
        Some(url) => url.clone(),
        None => format!("{}/", admin.graph.cloud()),
    };
    if let Some(csv) = &options.csv {
        let asked = ManyInvitations {
            csv,
            out: options.out.as_deref(),
            group,
            redirect_url: redirect,
            mail: options.mail,
            message: options.message.clone(),
        };
        return invite_many::run(admin, &asked).await;
    }
    let mut body = json!({
        "invitedUserEmailAddress": options.address,
        "inviteRedirectUrl": redirect,
        "sendInvitationMessage": options.mail,
    });
    if let Some(name) = &options.name {
        body["invitedUserDisplayName"] = json!(name);
    }
    if let Some(message) = &options.message {
        body["invitedUserMessageInfo"] = json!({"customizedMessageBody": message});
    }
    let made = admin.graph.send(Method::POST, "/invitations", Some(&body)).await?;
    if let Some(group) = group {
        join_group::add(&admin.graph, &group, &text_of(&made["invitedUser"]["id"])).await?;
    }
    admin.show(&made, |made| describe(made, options.mail));
    Ok(ExitCode::SUCCESS)
}

fn describe(made: &Value, mailed: bool) -> String {
    let who = plain(&text_of(&made["invitedUserEmailAddress"]));
    if made["status"] == "Completed" {
        return format!("{who} is a guest already and has accepted before.\n");
    }
    if mailed {
        return format!("{who} is invited; a mail is on its way.\n");
    }
    let link = plain(&text_of(&made["inviteRedeemUrl"]));
    format!("{who} is invited; nobody told them. This address accepts the invitation:\n{link}\n")
}
