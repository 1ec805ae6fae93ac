//! `footbridge guests invite`: one guest (A07).

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_group;
use crate::terminal::plain;

/// Whom to invite, and what to tell them.
#[derive(Debug, Args)]
pub(super) struct InviteOptions {
    /// The person's work address
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// Name shown to people
    #[arg(long)]
    name: Option<String>,
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

/// Invites a guest.
pub(super) async fn run(admin: &Admin, options: &InviteOptions) -> Result<ExitCode, CliError> {
    let group = match &options.group {
        Some(name) => Some(find_group(&admin.graph, name).await?),
        None => None,
    };
    let redirect = match &options.redirect_url {
        Some(url) => url.clone(),
        None => format!("{}/", admin.graph.cloud()),
    };
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
        super::join_group::add(&admin.graph, &group, &text_of(&made["invitedUser"]["id"])).await?;
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
