//! `footbridge share`: shares a site, library or folder with people outside, or lists who has access. The cloud decides and
//! says why not (B01).

use std::process::ExitCode;

use agent::Places;
use http::Method;
use serde_json::{Value, json};

use crate::admin::{Admin, table, text_of};
use crate::failure::{CliError, IN_THE_WAY};
use crate::options::{ShareOptions, ShareRole};
use crate::person_lookup::find_group;
use crate::site_lookup::find_place;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places, options: &ShareOptions) -> Result<ExitCode, CliError> {
    let admin = Admin::open(places, &options.admin).await?;
    let place = find_place(&admin.graph, &options.place).await?;
    if options.list {
        let permissions = admin.graph.list(&format!("{place}/permissions")).await?;
        admin.show(&json!({"value": permissions}), |_| list(&permissions));
        return Ok(ExitCode::SUCCESS);
    }
    let mut recipients = Vec::new();
    for name in &options.people {
        recipients.push(match name.contains('@') {
            true => json!({"email": name}),
            false => json!({"objectId": find_group(&admin.graph, name).await?}),
        });
    }
    let role = match options.role {
        ShareRole::View => "read",
        ShareRole::Edit => "write",
    };
    let mut body = json!({
        "recipients": recipients, "roles": [role], "requireSignIn": true, "sendInvitation": !options.no_mail,
    });
    if let Some(message) = &options.message {
        body["message"] = json!(message);
    }
    let answer = admin.graph.send(Method::POST, &format!("{place}/invite"), Some(&body)).await?;
    let outcomes = answer["value"].as_array().cloned().unwrap_or_default();
    admin.show(&answer, |_| outcomes.iter().map(|outcome| told(outcome, options.no_mail)).collect());
    let mut refused = false;
    for outcome in &outcomes {
        if let Some(reason) = outcome["error"]["message"].as_str() {
            refused = true;
            let address = plain(&text_of(&outcome["recipient"]["email"]));
            eprintln!("{address}: not shared: {}", plain(reason));
        }
    }
    Ok(if refused { ExitCode::from(IN_THE_WAY) } else { ExitCode::SUCCESS })
}

fn told(outcome: &Value, quietly: bool) -> String {
    if !outcome["error"].is_null() {
        return String::new();
    }
    let Some(address) = outcome["recipient"]["email"].as_str() else {
        return "Shared with the group.\n".to_owned();
    };
    let mail = if quietly { "nobody told them" } else { "a mail with a link is on its way" };
    format!("{}: shared; {mail}.\n", plain(address))
}

fn list(permissions: &[Value]) -> String {
    let line = |permission: &Value| {
        let holder = &permission["grantedToV2"];
        let named = [
            &permission["invitation"]["email"],
            &holder["user"]["email"],
            &holder["user"]["displayName"],
            &holder["group"]["displayName"],
            &holder["siteGroup"]["displayName"],
        ];
        let who = match named.iter().find(|name| name.is_string()) {
            Some(name) => text_of(name),
            None if permission["link"].is_object() => {
                format!("link ({})", text_of(&permission["link"]["scope"]))
            }
            None => String::new(),
        };
        let from = if permission["inheritedFrom"].is_object() { "from above" } else { "here" };
        vec![who, text_of(&permission["roles"]), from.to_owned(), text_of(&permission["id"])]
    };
    table(&["Who", "Role", "Given", "Id"], &permissions.iter().map(line).collect::<Vec<_>>())
}
