//! `footbridge explain --person`: will it sync for somebody? The cloud that owns the site answers, by what it enforces
//! (X02). What the person's own organization and computer say, only they can ask.

use std::process::ExitCode;

use agent::Places;
use graph_types::{SyncExplanation, SyncQuestion};
use http::Method;

use crate::failure::{CliError, IN_THE_WAY};
use crate::graph::Graph;
use crate::site_lookup::find_site;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(
    places: &Places,
    account: Option<String>,
    place: &str,
    person: &str,
) -> Result<ExitCode, CliError> {
    let graph = Graph::open(places, account).await?;
    let site = find_site(&graph, place).await?;
    let id = site["id"].as_str().unwrap_or_default();
    let question = SyncQuestion { person: Some(person.to_owned()) };
    let question = serde_json::to_value(question).map_err(|error| CliError::Computer(error.to_string()))?;
    let answer = graph.send(Method::POST, &format!("/sites/{id}/explain"), Some(&question)).await?;
    let answer: SyncExplanation =
        serde_json::from_value(answer).map_err(|error| CliError::Computer(error.to_string()))?;
    println!("{} and {}:", plain(person), plain(site["displayName"].as_str().unwrap_or(place)));
    print!("{}", tell(&answer));
    Ok(if answer.will_sync { ExitCode::SUCCESS } else { ExitCode::from(IN_THE_WAY) })
}

fn tell(answer: &SyncExplanation) -> String {
    let mut text = String::new();
    for condition in &answer.conditions {
        let mark = match condition.state.as_str() {
            "passed" => "[yes]",
            "asked" => "[ask]",
            _ => "[no] ",
        };
        text += &format!("  {mark} {}\n", plain(&condition.text));
        if let Some(remedy) = &condition.remedy {
            text += &format!("        {}\n", plain(remedy));
        }
    }
    text += "  [?]   Whether the person's own organization and computer let them sync.\n";
    text += "        Only they can ask that: `footbridge status` tells them.\n";
    text
}

#[cfg(test)]
mod tests {
    use graph_types::{SyncCondition, SyncExplanation};

    use super::tell;

    #[test]
    fn each_condition_is_told_with_what_to_do() {
        let condition = |state: &str, remedy: Option<&str>| SyncCondition {
            code: "x".to_owned(),
            text: format!("It is {state}."),
            state: state.to_owned(),
            remedy: remedy.map(str::to_owned),
        };
        let conditions = vec![
            condition("passed", None),
            condition("asked", Some("Do it.")),
            condition("failed", Some("Ask.")),
        ];
        let answer =
            SyncExplanation { person: "p".to_owned(), person_id: None, will_sync: false, conditions };
        let told = tell(&answer);
        for line in
            ["[yes] It is passed.", "[ask] It is asked.\n        Do it.", "[no]  It is failed.\n        Ask."]
        {
            assert!(told.contains(line), "{told}");
        }
    }
}
