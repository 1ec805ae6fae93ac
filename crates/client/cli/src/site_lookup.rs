//! Site lookup: finds a site, or something in it, by what a person calls it.

use serde_json::Value;

use crate::failure::CliError;
use crate::graph::Graph;

/// Finds a site that the person may open, by its web address, its title or its name.
pub async fn find_site(graph: &Graph, place: &str) -> Result<Value, CliError> {
    find_among(graph.list("/sites?search=*").await?, place)
}

/// Finds any site of the organization, for an administrator, by its web address, title, name or id.
pub async fn find_any_site(graph: &Graph, place: &str) -> Result<Value, CliError> {
    find_among(graph.list("/admin/sites").await?, place)
}

/// Returns the path under which what a person names is shared: a site's, or that of the item a web address means.
pub async fn find_place(graph: &Graph, place: &str) -> Result<String, CliError> {
    let address = place.strip_prefix(graph.cloud()).and_then(|rest| rest.split_once("/items/"));
    if let Some((_, named)) = address {
        let named = named.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        if let Some((drive, item)) = named.split_once('/') {
            return Ok(format!("/drives/{drive}/items/{item}"));
        }
    }
    let site = find_site(graph, place).await?;
    Ok(format!("/sites/{}", site["id"].as_str().unwrap_or_default()))
}

fn find_among(sites: Vec<Value>, place: &str) -> Result<Value, CliError> {
    let place = place.trim_end_matches('/');
    let same = |site: &Value| {
        ["webUrl", "displayName", "name", "id"]
            .iter()
            .any(|field| site[*field].as_str().is_some_and(|text| text.trim_end_matches('/') == place))
    };
    sites.into_iter().find(same).ok_or_else(|| CliError::NoSuchSite(place.to_owned()))
}
