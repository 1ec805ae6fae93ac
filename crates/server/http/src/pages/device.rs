//! `/device`: a person types the code a device shows, and says whether it may sign in as them.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::Response;
use http::StatusCode;
use identity::DeviceAnswer;
use model::ClientApp;
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, failed_page, html, message_page, redirect, stale_form_page};
use crate::App;

#[derive(Template)]
#[template(path = "device_code.html")]
struct CodePage<'a> {
    mistake: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "device_answer.html")]
struct AnswerPage<'a> {
    client: &'a str,
    name: &'a str,
    address: &'a str,
    code: &'a str,
    token: &'a str,
    switch: &'a str,
}

#[derive(Deserialize)]
pub(super) struct DeviceQuery {
    #[serde(default)]
    user_code: String,
}

#[derive(Deserialize)]
pub(super) struct DeviceForm {
    #[serde(default)]
    user_code: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    token: String,
}

pub(super) async fn get_device(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<DeviceQuery>,
) -> Response {
    if query.user_code.is_empty() {
        return html(StatusCode::OK, FormTargets::Own, &CodePage { mistake: None });
    }
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    let request = match app.identity.device_request(&query.user_code).await {
        Ok(request) => request,
        Err(failure) => return failed_page(failure),
    };
    let Some(request) = request else {
        let mistake = "No device waits with this code. Codes last fifteen minutes; check it or start again.";
        return html(StatusCode::OK, FormTargets::Own, &CodePage { mistake: Some(mistake) });
    };
    let here = url::form_urlencoded::Serializer::new(String::from("/device?"))
        .append_pair("user_code", &query.user_code)
        .finish();
    // What the organization asks for is given before the answer: a device's tokens rest on this session.
    let place = request.resource.unwrap_or(person.home.tenant);
    let asked = visitor.identity().demands(person, place, ClientApp::MobileAndDesktop).await;
    if asked.is_ok_and(|demands| !demands.is_empty()) {
        return redirect(&super::step_up_address(place, &here));
    }
    let page = AnswerPage {
        client: request.client.name,
        name: &person.display_name,
        address: &person.principal_name,
        code: &query.user_code,
        token: &visitor.form_token(),
        switch: &super::sign_in_address(&here, None),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}

pub(super) async fn post_device(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<DeviceForm>,
) -> Response {
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let answer = if form.answer == "allow" { DeviceAnswer::Allow } else { DeviceAnswer::Decline };
    let answered = app.identity.answer_device(&form.user_code, person, answer).await;
    let (title, text) = match answered {
        Ok(true) if answer == DeviceAnswer::Allow => {
            ("The device is signed in", "You can close this page and go on at the device.")
        }
        Ok(true) => ("The device was refused", "It gets no access. You can close this page."),
        Ok(false) => {
            ("The code is used up", "No device waits with this code any more. Start again at the device.")
        }
        Err(failure) => return failed_page(failure),
    };
    message_page(StatusCode::OK, title, text)
}
