//! Row: a bad request with the error it must get, and how a table of them is judged.

use serde_json::Value;

use crate::world::{Answer, Ask, Door, Who, World, watch_panics};

/// The form of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Graph's envelope.
    Graph,
    /// OAuth's error.
    OAuth,
    /// A page for people.
    Page,
    /// An answer to each operation of a batch.
    Outcome,
    /// A redirect to a registered client, or to a path of this cloud.
    Redirect,
}

/// A bad request.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) who: Who,
    pub(super) ask: Ask,
    pub(super) form: Form,
    pub(super) status: u16,
    /// A code or text that the error holds.
    pub(super) holds: &'static str,
}

impl Row {
    /// A request of the owner's to the API.
    pub(super) fn graph(name: impl Into<String>, ask: Ask, status: u16, holds: &'static str) -> Self {
        Self { name: name.into(), who: Who::Owner, ask, form: Form::Graph, status, holds }
    }

    pub(super) fn of(self, form: Form) -> Self {
        Self { form, ..self }
    }

    pub(super) fn by(self, who: Who) -> Self {
        Self { who, ..self }
    }
}

/// A world in which rows are tried.
pub(super) struct Table {
    world: World,
    problems: Vec<String>,
}

impl Table {
    pub(super) fn new(world: World) -> Self {
        Self { world, problems: Vec::new() }
    }

    /// Sends every row and panics with everything that is not as it must be.
    pub(super) async fn check(mut self, rows: Vec<Row>) {
        let panics = watch_panics();
        let before = self.world.digest().await;
        for row in &rows {
            self.row(row).await;
            let seen = panics.seen();
            if let Some(text) = seen.last() {
                self.problems.push(format!("{}: a panic: {text}", row.name));
                break;
            }
        }
        if self.world.digest().await != before {
            self.problems.push("a refused request changed something".to_owned());
        }
        let told: Vec<String> = self.problems.iter().map(|text| text.chars().take(400).collect()).collect();
        assert!(told.is_empty(), "{} of {} rows:\n{}", told.len(), rows.len(), told.join("\n"));
    }

    async fn row(&mut self, row: &Row) {
        let door = match row.form {
            Form::Page | Form::Redirect => Door::Session,
            Form::Graph | Form::OAuth | Form::Outcome => Door::Token,
        };
        let answer = self.world.send(row.who, door, &row.ask).await;
        let mut wrong = Vec::new();
        if answer.status.as_u16() != row.status {
            wrong.push(format!("{} expected, got {}", row.status, answer.status));
        }
        let judged = match row.form {
            Form::Graph => graph(&answer),
            Form::OAuth => oauth(&answer),
            Form::Page => page(&answer),
            Form::Outcome => outcomes(&answer),
            Form::Redirect => redirect(&answer),
        };
        wrong.extend(judged);
        let said = format!("{} {}", answer.header("location").unwrap_or_default(), answer.text());
        if !said.contains(row.holds) {
            wrong.push(format!("does not say {:?}", row.holds));
        }
        for problem in wrong {
            self.problems.push(format!("{}: {problem}: {said}", row.name));
        }
    }
}

/// A code, and a message that a person can do something with.
fn graph(answer: &Answer) -> Option<String> {
    let json: Value = match serde_json::from_slice(&answer.body) {
        Ok(json) => json,
        Err(_) => return Some("the error is no JSON".to_owned()),
    };
    let code = json["error"]["code"].as_str().unwrap_or_default();
    let message = json["error"]["message"].as_str().unwrap_or_default();
    let dated = json["error"]["innerError"]["request-id"].is_string();
    let fine = !code.is_empty() && message.len() >= 15 && dated && code != "generalException";
    (!fine).then(|| "the error is not Graph's, or says nothing".to_owned())
}

fn oauth(answer: &Answer) -> Option<String> {
    let Ok(json) = serde_json::from_slice::<Value>(&answer.body) else {
        return Some("the error is no JSON".to_owned());
    };
    let named = json["error"].is_string();
    let described = json["error_description"].as_str().is_some_and(|text| text.starts_with("AADSTS"));
    (!(named && described)).then(|| "the error is not OAuth's, or says nothing".to_owned())
}

fn page(answer: &Answer) -> Option<String> {
    let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    let guarded = answer.header("content-security-policy").is_some();
    (!(html && guarded && answer.body.len() > 200)).then(|| "the error is no page of ours".to_owned())
}

fn outcomes(answer: &Answer) -> Option<String> {
    let Ok(json) = serde_json::from_slice::<Value>(&answer.body) else {
        return Some("the answer is no JSON".to_owned());
    };
    let outcomes = json["outcomes"].as_array().cloned().unwrap_or_default();
    let refused = |outcome: &Value| {
        let error = &outcome["error"];
        let status = error["status"].as_u64().unwrap_or_default();
        let message = error["message"].as_str().unwrap_or_default();
        (400..500).contains(&status) && error["code"].is_string() && message.len() >= 15
    };
    (outcomes.is_empty() || !outcomes.iter().all(refused))
        .then(|| "not every operation was refused".to_owned())
}

fn redirect(answer: &Answer) -> Option<String> {
    let location = answer.header("location").unwrap_or_default();
    let client = location.starts_with("http://localhost:4711/?");
    let ours = location.starts_with('/') && !location.starts_with("//") && !location.contains('\\');
    (!(client || ours)).then(|| format!("leads to {location}"))
}
