//! Site lookup: finds a site of one's own organization by what a person calls it.

use http::Method;
use serde_json::Value;

use crate::failure::CliError;
use crate::graph::Graph;

/// Finds a site by its web address, its title or its name.
pub async fn find_site(graph: &Graph, place: &str) -> Result<Value, CliError> {
    let mut sites = graph.send(Method::GET, "/sites?search=*", None).await?;
    let place = place.trim_end_matches('/');
    let same = |site: &Value| {
        ["webUrl", "displayName", "name"]
            .iter()
            .any(|field| site[*field].as_str().is_some_and(|text| text.trim_end_matches('/') == place))
    };
    let found = sites["value"].as_array_mut().and_then(|sites| {
        let at = sites.iter().position(same)?;
        Some(sites.swap_remove(at))
    });
    found.ok_or_else(|| CliError::NoSuchSite(place.to_owned()))
}
