//! `footbridge share`: shares a site with people outside. The cloud decides and says why not (B01).

use std::process::ExitCode;

use agent::Places;
use http::Method;
use serde_json::{Value, json};

use crate::failure::{CliError, IN_THE_WAY};
use crate::graph::Graph;
use crate::options::{ShareOptions, ShareRole};
use crate::site_lookup::find_site;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places, options: &ShareOptions) -> Result<ExitCode, CliError> {
    let graph = Graph::open(places, options.account.clone()).await?;
    let site = find_site(&graph, &options.place).await?;
    let id = site["id"].as_str().unwrap_or_default();
    let recipients: Vec<Value> = options.people.iter().map(|address| json!({"email": address})).collect();
    let role = match options.role {
        ShareRole::View => "read",
        ShareRole::Edit => "write",
    };
    let mut body = json!({
        "recipients": recipients, "roles": [role], "requireSignIn": true, "sendInvitation": true,
    });
    if let Some(message) = &options.message {
        body["message"] = json!(message);
    }
    let answer = graph.send(Method::POST, &format!("/sites/{id}/invite"), Some(&body)).await?;
    let mut refused = false;
    for person in answer["value"].as_array().into_iter().flatten() {
        let address = plain(person["recipient"]["email"].as_str().unwrap_or_default());
        match person["error"]["message"].as_str() {
            Some(reason) => {
                refused = true;
                eprintln!("{address}: not shared: {}", plain(reason));
            }
            None => println!("{address}: shared; a mail with a link is on its way."),
        }
    }
    Ok(if refused { ExitCode::from(IN_THE_WAY) } else { ExitCode::SUCCESS })
}
