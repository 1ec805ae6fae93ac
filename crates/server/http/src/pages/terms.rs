//! `/step-up/{organization}/terms/{terms}`: terms of use, shown, accepted or declined (C02, 5.7).

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use identity::{IdentityError, TermsReply};
use model::TermsId;
use serde::Deserialize;

use super::Visitor;
use super::answer::{absent_page, failed_page, html, message_page, stale_form_page};
use super::continuation::{local, targets};
use super::step_up::Step;
use crate::App;

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage<'a> {
    organization: &'a str,
    name: &'a str,
    text: Option<&'a str>,
    file: &'a str,
    viewing: bool,
    version: i64,
    action: &'a str,
    then: &'a str,
    token: &'a str,
    mistake: Option<&'a str>,
}

/// Names in the addresses.
#[derive(Deserialize)]
pub(super) struct TermsPath {
    organization: String,
    terms: String,
}

#[derive(Deserialize)]
pub(super) struct TermsForm {
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    read: String,
    #[serde(default)]
    reply: String,
    #[serde(default)]
    token: String,
}

/// Shows terms that are asked for.
pub(super) async fn show(step: &Step<'_>, terms: TermsId, mistake: Option<&str>) -> Response {
    let found = step.visitor.identity().terms(step.person, step.place, terms).await;
    let (found, organization) = match (found, step.app.identity.tenant(step.place).await) {
        (Ok(found), Ok(organization)) => (found, organization),
        (Err(failure), _) | (_, Err(failure)) => return failed_page(failure),
    };
    let text = found.text_for(step.visitor.languages());
    let plain = text.filter(|text| text.media_type.starts_with("text/plain"));
    let plain = plain.and_then(|text| std::str::from_utf8(&text.content).ok());
    let action = format!("/step-up/{}/terms/{terms}", step.place);
    let page = TermsPage {
        organization: &organization.display_name,
        name: &found.agreement.display_name,
        text: plain,
        file: &format!("{action}/file"),
        viewing: found.agreement.viewing_required,
        version: found.newest(),
        action: &action,
        then: step.then,
        token: &step.visitor.form_token(),
        mistake,
    };
    step.visitor.keep(html(StatusCode::OK, targets(step.then), &page))
}

/// The file of the newest version, for who is asked to accept it. It is saved, never shown on this origin.
pub(super) async fn get_file(
    State(app): State<App>,
    Path(path): Path<TermsPath>,
    visitor: Visitor,
) -> Response {
    let step = match Step::enter(&app, &visitor, &path.organization, "/").await {
        Ok(step) => step,
        Err(answer) => return answer,
    };
    let Ok(terms) = path.terms.parse::<TermsId>() else { return absent_page() };
    let found = match visitor.identity().terms(step.person, step.place, terms).await {
        Ok(found) => found,
        Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    let Some(text) = found.text_for(visitor.languages()) else { return absent_page() };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, text.media_type.clone()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"terms.pdf\"".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    (headers, text.content.clone()).into_response()
}

pub(super) async fn post_terms(
    State(app): State<App>,
    Path(path): Path<TermsPath>,
    visitor: Visitor,
    Form(form): Form<TermsForm>,
) -> Response {
    let step = match Step::enter(&app, &visitor, &path.organization, local(&form.then)).await {
        Ok(step) if visitor.sent(&form.token) => step,
        Ok(_) => return stale_form_page(),
        Err(answer) => return answer,
    };
    let (Ok(terms), Ok(version)) = (path.terms.parse::<TermsId>(), form.version.parse::<i64>()) else {
        return absent_page();
    };
    let identity = visitor.identity();
    let found = match identity.terms(step.person, step.place, terms).await {
        Ok(found) => found,
        Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    let accepts = form.reply == "accept";
    if accepts && found.agreement.viewing_required && form.read != "yes" {
        return show(&step, terms, Some("Open and read the terms first.")).await;
    }
    let reply = if accepts { TermsReply::Accept } else { TermsReply::Decline };
    match identity.answer_terms(step.person, step.place, (terms, version), reply).await {
        Ok(()) if accepts => step.go_on().await,
        Ok(()) => message_page(
            StatusCode::OK,
            "You did not accept the terms",
            "Without them there is no access there; nothing was deleted. Come back here whenever you change your mind.",
        ),
        Err(IdentityError::Refused(refusal)) => show(&step, terms, Some(&refusal.to_string())).await,
        Err(failure) => failed_page(failure),
    }
}
