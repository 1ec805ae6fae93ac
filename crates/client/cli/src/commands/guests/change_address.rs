//! `footbridge guests change-address` and `reset`: another address, and another account at home, for the same guest. What they
//! were given stays (sharing-and-guests.md 4.7).

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::person_lookup::find_person;
use crate::terminal::plain;

/// Whose address becomes which.
#[derive(Debug, Args)]
pub(super) struct AddressOptions {
    /// The guest's present address, sign-in name or id
    guest: String,
    /// The new address
    address: String,
}

/// Who accepts anew.
#[derive(Debug, Args)]
pub(super) struct ResetOptions {
    /// The guest's address, sign-in name or id
    guest: String,
    /// Where the browser goes when the invitation was accepted
    #[arg(long, value_name = "URL")]
    redirect_url: Option<String>,
    /// Send the new invitation by mail
    #[arg(long)]
    mail: bool,
}

/// Gives a guest another address.
pub(super) async fn run(admin: &Admin, options: &AddressOptions) -> Result<ExitCode, CliError> {
    let found = find_person(&admin.graph, &options.guest).await?;
    let id = text_of(&found["id"]);
    let body = json!({"mail": options.address});
    admin.graph.send(Method::PATCH, &format!("/users/{id}"), Some(&body)).await?;
    admin.show(&json!({"id": id, "mail": options.address}), |_| {
        let mail = plain(&options.address);
        format!(
            "The guest is {mail} from now on; sharing with the old address means them too.\n\
             If they sign in with another account now: `footbridge guests reset {mail} --mail`.\n"
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Lets a guest accept anew, with another account.
pub(super) async fn reset(admin: &Admin, options: &ResetOptions) -> Result<ExitCode, CliError> {
    let found = find_person(&admin.graph, &options.guest).await?;
    let redirect = options.redirect_url.clone().unwrap_or_else(|| format!("{}/", admin.graph.cloud()));
    let body = json!({
        "invitedUserEmailAddress": found["mail"], "inviteRedirectUrl": redirect, "resetRedemption": true,
        "sendInvitationMessage": options.mail, "invitedUser": {"id": found["id"]},
    });
    let made = admin.graph.send(Method::POST, "/invitations", Some(&body)).await?;
    admin.show(&made, |made| describe(made, options.mail));
    Ok(ExitCode::SUCCESS)
}

fn describe(made: &Value, mailed: bool) -> String {
    let who = plain(&text_of(&made["invitedUserEmailAddress"]));
    if mailed {
        return format!("{who} has to accept anew; a mail is on its way.\n");
    }
    let link = plain(&text_of(&made["inviteRedeemUrl"]));
    format!("{who} has to accept anew, at this address:\n{link}\n")
}
