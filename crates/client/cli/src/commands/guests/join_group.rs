//! Adding a guest to a group, such that it can be repeated: who is in it already is in it (sharing-and-guests.md 10.2), and
//! a guest made a moment ago may take another to be found.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;

use crate::failure::CliError;
use crate::graph::Graph;

/// How often somebody made just now is looked for again.
const LOOKS: u32 = 4;
/// The first pause before looking again; it doubles.
const PAUSE: Duration = Duration::from_millis(250);

/// Adds a guest to a group.
pub(in crate::commands) async fn add(graph: &Graph, group: &str, guest: &str) -> Result<(), CliError> {
    let body = json!({"@odata.id": format!("{}/v1.0/directoryObjects/{guest}", graph.cloud())});
    let path = format!("/groups/{group}/members/$ref");
    let mut pause = PAUSE;
    for _ in 0..LOOKS {
        match graph.send(Method::POST, &path, Some(&body)).await {
            Ok(_) => return Ok(()),
            Err(CliError::Cloud(refusal)) if refusal.message.contains("references already exist") => {
                return Ok(());
            }
            Err(CliError::Cloud(refusal)) if refusal.status == StatusCode::NOT_FOUND => {
                graph.runtime().sleep(pause).await;
                pause *= 2;
            }
            Err(error) => return Err(error),
        }
    }
    graph.send(Method::POST, &path, Some(&body)).await.map(|_| ())
}
