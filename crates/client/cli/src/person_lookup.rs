//! Person lookup: finds people and groups of the organization by what an administrator calls them.

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::failure::CliError;
use crate::graph::Graph;

/// Escapes a text as part of an address.
pub fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Writes a condition on one property as Graph reads it.
pub fn equals(property: &str, text: &str) -> String {
    escaped(&format!("{property} eq '{}'", text.replace('\'', "''")))
}

/// Finds a person by address, sign-in name or id.
pub async fn find_person(graph: &Graph, name: &str) -> Result<Value, CliError> {
    if name.contains('@') {
        let found = graph.list(&format!("/users?$filter={}", equals("mail", name))).await?;
        return found.into_iter().next().ok_or_else(|| CliError::NoSuchPerson(name.to_owned()));
    }
    match graph.send(Method::GET, &format!("/users/{}", escaped(name)), None).await {
        Err(CliError::Cloud(refusal)) if refusal.status == http::StatusCode::NOT_FOUND => {
            Err(CliError::NoSuchPerson(name.to_owned()))
        }
        answer => answer,
    }
}

/// Finds the one group called so, by its name or id; returns its id.
pub async fn find_group(graph: &Graph, name: &str) -> Result<String, CliError> {
    let groups = graph.list("/groups").await?;
    let ids: Vec<&str> = groups
        .iter()
        .filter(|group| group["id"] == *name || group["displayName"] == *name)
        .filter_map(|group| group["id"].as_str())
        .collect();
    match ids.as_slice() {
        [id] => Ok((*id).to_owned()),
        _ => Err(CliError::NoSuchGroup(name.to_owned())),
    }
}
