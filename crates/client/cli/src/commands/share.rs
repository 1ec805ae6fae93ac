//! `footbridge share`: shares a site with people outside. The cloud decides and says why not (B01).

use std::process::ExitCode;

use agent::Places;
use http::Method;
use serde_json::{Value, json};

use crate::failure::CliError;
use crate::graph::Graph;
use crate::options::{ShareOptions, ShareRole};
use crate::terminal::plain;

/// Exit code when somebody was refused: no access, as everywhere.
const NOT_EVERYBODY: u8 = 4;

/// Runs the command.
pub async fn run(places: &Places, options: &ShareOptions) -> Result<ExitCode, CliError> {
    let graph = Graph::open(places, None).await?;
    let sites = graph.send(Method::GET, "/sites?search=*", None).await?;
    let id = site_id(&sites, &options.place).ok_or_else(|| {
        CliError::Cloud("There is no site of your organization at that address.".to_owned())
    })?;
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
    Ok(if refused { ExitCode::from(NOT_EVERYBODY) } else { ExitCode::SUCCESS })
}

fn site_id<'a>(sites: &'a Value, place: &str) -> Option<&'a str> {
    let same = |site: &&Value| {
        ["webUrl", "displayName", "name"].iter().any(|field| {
            site[*field]
                .as_str()
                .is_some_and(|text| text.trim_end_matches('/') == place.trim_end_matches('/'))
        })
    };
    sites["value"].as_array()?.iter().find(same)?["id"].as_str()
}
