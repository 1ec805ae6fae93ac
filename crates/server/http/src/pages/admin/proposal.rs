//! The second step of a change: what it would end, listed and as a file, and the change only when exactly that was seen.
//! A seal over what was shown keeps a confirmation from meaning something else than what stood there.

use askama::Template;
use axum::response::{IntoResponse, Response};
use drive::sharing::{Foreseen, Loser, Loss};
use http::{HeaderValue, StatusCode, header};
use model::UserKind;

use super::super::Visitor;
use super::super::answer::{FormTargets, html};
use super::door::{AtAdmin, Frame};
use super::draft::{Change, Draft};

/// Most losses on the page.
pub(super) const MOST_SHOWN: usize = 100;
/// Most losses in the file.
const MOST_IN_FILE: usize = 100_000;
/// What belongs to one step of the form and is not carried on.
const STEP_FIELDS: [&str; 3] = ["token", "step", "seal"];

#[derive(Template)]
#[template(path = "admin_proposal.html")]
struct ProposalPage<'a> {
    frame: Frame,
    title: &'a str,
    action: &'a str,
    token: String,
    seal: String,
    fields: Vec<(&'a str, &'a str)>,
    changes: Vec<Change>,
    total: usize,
    rows: Vec<Row>,
    more: bool,
    stale: bool,
}

/// Who loses what.
struct Row {
    who: String,
    address: String,
    site: String,
    why: &'static str,
}

/// A change that was asked for.
pub(super) struct Plan<'a> {
    pub(super) part: &'static str,
    pub(super) title: &'a str,
    /// Path of the form.
    pub(super) action: &'a str,
    pub(super) changes: Vec<Change>,
    pub(super) foreseen: Foreseen,
    /// All that the confirmation is about.
    pub(super) about: String,
}

/// What follows.
pub(super) enum Next {
    /// This is shown.
    Answer(Response),
    /// The change is made.
    Carry,
}

/// Returns how many losses a step needs.
pub(super) fn most_of(draft: &Draft) -> usize {
    if draft.text("step") == "csv" { MOST_IN_FILE } else { MOST_SHOWN }
}

/// Decides what follows on a form that is fine.
pub(super) fn next(visitor: &Visitor, at: &AtAdmin, draft: &Draft, plan: Plan<'_>) -> Next {
    let about = format!("{} {} {}", plan.action, plan.foreseen.total, plan.about);
    match draft.text("step") {
        "csv" => Next::Answer(file(&plan.foreseen)),
        "confirm" if visitor.is_sealed(&about, draft.text("seal")) => Next::Carry,
        step => {
            let carried = draft.typed.iter().filter(|(name, _)| !STEP_FIELDS.contains(&name.as_str()));
            let rows: Vec<Row> = plan.foreseen.losses.iter().take(MOST_SHOWN).map(row).collect();
            let page = ProposalPage {
                frame: at.frame(plan.part),
                title: plan.title,
                action: plan.action,
                token: visitor.form_token(),
                seal: visitor.seal(&about),
                fields: carried.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
                changes: plan.changes,
                total: plan.foreseen.total,
                more: plan.foreseen.total > rows.len(),
                rows,
                stale: step == "confirm",
            };
            Next::Answer(visitor.keep(html(StatusCode::OK, FormTargets::Own, &page)))
        }
    }
}

fn row(loss: &Loss) -> Row {
    let (who, address) = match &loss.loser {
        Loser::Person(person) => (person.display_name.clone(), person.mail.clone().unwrap_or_default()),
        Loser::Link(_) => ("Whoever uses a link".to_owned(), String::new()),
    };
    Row { who, address, site: loss.site.display_name.clone(), why: loss.reason.message() }
}

/// Writes all of it as a table for other programs.
fn file(foreseen: &Foreseen) -> Response {
    let mut text = String::from("site,siteAddress,kind,name,email,id,code,message\r\n");
    for loss in &foreseen.losses {
        let Row { who, address, site, why } = row(loss);
        let (kind, id) = match &loss.loser {
            Loser::Person(person) if person.kind == UserKind::Guest => ("guest", person.id.to_string()),
            Loser::Person(person) => ("member", person.id.to_string()),
            Loser::Link(link) => ("link", link.to_string()),
        };
        let cells = [&site, &loss.site.name, kind, &who, &address, &id, loss.reason.code(), why];
        text.push_str(&cells.map(cell).join(","));
        text.push_str("\r\n");
    }
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"preview.csv\""),
    );
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Writes a cell. What a program would read as a formula is kept text by an apostrophe.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_text_and_never_a_formula() {
        assert_eq!(cell("Project Falcon"), "Project Falcon");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("=HYPERLINK(1,2)"), "\"'=HYPERLINK(1,2)\"");
        assert_eq!(cell("-1"), "'-1");
    }
}
