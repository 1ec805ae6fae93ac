//! `POST …/access`: gives people access by address, with or without mail. Each has an outcome of their own.

use axum::extract::{Form, Path, State};
use axum::response::Response;
use directory::Notify;
use drive::explain::{Standing, explain_sync};
use drive::sharing::{Inherited, RecipientName, ShareOutcome, ShareRefusal, ShareRequest, Shared, share};
use model::Role;
use serde::Deserialize;

use super::Visitor;
use super::access::{Outcome, Told, explain, refused_sharing, show};
use super::access_door::{AtPlace, PlaceName, enter_place};
use super::answer::stale_form_page;
use crate::App;

#[derive(Deserialize)]
pub(super) struct ShareForm {
    #[serde(default)]
    to: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    message: String,
    /// Sent when the box is ticked.
    #[serde(default)]
    mail: Option<String>,
    #[serde(default)]
    token: String,
}

pub(super) async fn post_share(
    State(app): State<App>,
    Path(name): Path<PlaceName>,
    visitor: Visitor,
    Form(form): Form<ShareForm>,
) -> Response {
    // Before anything is looked up: a form that is not ours learns nothing.
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let at = match enter_place(&app, &visitor, &name).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let notify = if form.mail.is_some() { Notify::Mail } else { Notify::Nobody };
    let request = ShareRequest {
        inherited: Inherited::Retain,
        place: at.place,
        recipients: addresses(&form.to).into_iter().map(RecipientName::Address).collect(),
        role: if form.role == "write" { Role::Write } else { Role::Read },
        expires: None,
        message: Some(form.message).filter(|message| !message.trim().is_empty()),
        notify,
        origin: app.settings.origin.clone(),
    };
    match share(&at.bearer.call, at.bearer.caller, request).await {
        Ok(outcomes) => {
            let mut said = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                let named = outcome.recipient.clone();
                let mut outcome = told(outcome, notify);
                if outcome.done {
                    outcome.conditions = conditions(&at, named).await;
                }
                said.push(outcome);
            }
            show(&app, &visitor, &at, said).await
        }
        Err(error) => refused_sharing(error),
    }
}

/// Tells at once what still stands between somebody it was shared with and syncing it (X02).
async fn conditions(at: &AtPlace, named: RecipientName) -> Vec<Told> {
    let explained = explain_sync(&at.bearer.call, at.bearer.caller, at.place, Some(named)).await;
    // It was shared; that the rest cannot be told is no reason to say that it was not.
    let Ok(explained) = explained else { return Vec::new() };
    let open = explained.conditions.into_iter().filter(|condition| condition.standing != Standing::Passed);
    open.map(|condition| Told {
        failed: condition.standing == Standing::Failed,
        text: condition.text,
        remedy: condition.remedy.unwrap_or_default(),
    })
    .collect()
}

/// Reads the addresses a person typed or pasted: one a line or separated, with or without names.
fn addresses(text: &str) -> Vec<String> {
    text.split([',', ';', '\n', '\r'])
        .map(|part| part.rsplit_once('<').map_or(part, |(_, rest)| rest.trim_end().trim_end_matches('>')))
        .flat_map(str::split_whitespace)
        .map(str::to_owned)
        .collect()
}

fn told(outcome: ShareOutcome, notify: Notify) -> Outcome {
    let address = match outcome.recipient {
        RecipientName::Address(name) | RecipientName::Object(name) => name,
    };
    let (done, text) = match outcome.result {
        Ok(Shared::Permission(_)) if notify == Notify::Mail => {
            (true, "has access and is told by mail.".to_owned())
        }
        Ok(Shared::Permission(_)) => {
            (true, "has access. Nobody was told: pass the address of the page on yourself.".to_owned())
        }
        Ok(Shared::Link(_)) => (
            true,
            "gets a mail with a link that opens by a code. It opens in the browser and does not sync, because no \
             guest account is made for this address."
                .to_owned(),
        ),
        Err(ShareRefusal::Policy(reason)) => (false, explain(reason)),
        Err(refusal) => (false, format!("{refusal}.")),
    };
    Outcome { address, done, text, conditions: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_are_read_however_they_were_pasted() {
        let text = "a@x.example, Maria Lopez <b@x.example>;\r\n c@x.example d@x.example\n\n";
        assert_eq!(addresses(text), ["a@x.example", "b@x.example", "c@x.example", "d@x.example"]);
        assert_eq!(addresses(" ,; \n"), [""; 0]);
    }
}
