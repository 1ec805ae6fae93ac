//! `footbridge sites`: the sites of the person's own organization.

use std::process::ExitCode;

use agent::Places;
use http::Method;
use serde_json::json;

use crate::failure::CliError;
use crate::graph::Graph;
use crate::options::{SitesCommand, SitesOptions};
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places, options: SitesOptions) -> Result<ExitCode, CliError> {
    let graph = Graph::open(places, options.account).await?;
    match options.command {
        SitesCommand::List => {
            let answer = graph.send(Method::GET, "/sites?search=*", None).await?;
            let sites = answer["value"].as_array().cloned().unwrap_or_default();
            if sites.is_empty() {
                println!("There are no sites you may open. `footbridge sites create` makes one.");
            }
            for site in sites {
                let name = site["displayName"].as_str().unwrap_or_default();
                println!("{}  {}", plain(name), plain(site["webUrl"].as_str().unwrap_or_default()));
            }
        }
        SitesCommand::Create { name, title } => {
            let body = json!({"name": name, "displayName": title.unwrap_or_else(|| name.clone())});
            let site = graph.send(Method::POST, "/sites", Some(&body)).await?;
            println!("The site is ready: {}", plain(site["webUrl"].as_str().unwrap_or_default()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
