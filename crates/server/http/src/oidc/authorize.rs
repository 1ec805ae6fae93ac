//! `GET` and `POST /{organization}/oauth2/v2.0/authorize`: sends a signed-in person back to their client with a code.
//!
//! Until client and redirect address are known to belong together nothing is redirected: such mistakes are pages.

use std::collections::BTreeMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use identity::{Authority, AuthorizeParameters, IdentityError, Refusal, SignedIn};
use url::Url;

use crate::App;
use crate::pages::{Visitor, failed_page, message_page, redirect, sign_in_address, switch_address};

type Parameters = BTreeMap<String, String>;

/// How the answer travels in the redirect address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Query,
    Fragment,
}

/// Where the answer goes.
struct Destination {
    url: Url,
    mode: Mode,
    state: Option<String>,
}

pub(super) async fn get_authorize(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Query(parameters): Query<Parameters>,
) -> Response {
    let authority = match app.identity.authority(&organization).await {
        Ok(authority) => authority,
        Err(error) => return failed_page(error),
    };
    let get = |name: &str| parameters.get(name).filter(|text| !text.is_empty()).cloned();
    let asked = AuthorizeParameters {
        client_id: get("client_id"),
        redirect_uri: get("redirect_uri"),
        response_type: get("response_type"),
        scope: get("scope"),
        nonce: get("nonce"),
        code_challenge: get("code_challenge"),
        code_challenge_method: get("code_challenge_method"),
    };
    let url = match asked.destination() {
        Ok((_, _, url)) => url,
        Err(refusal) => return failed_page(refusal.into()),
    };
    let mode = if get("response_mode").as_deref() == Some("fragment") { Mode::Fragment } else { Mode::Query };
    let destination = Destination { url, mode, state: get("state") };
    if !matches!(get("response_mode").as_deref(), None | Some("query" | "fragment")) {
        return destination.refuse(&Refusal::UnsupportedResponse);
    }
    let here = |leave_out: &[&str]| address(&organization, &parameters, leave_out);
    match door(visitor.signed_in(), get("prompt").as_deref(), get("login_hint").as_deref()) {
        Door::Pass(person) => pass(&app, authority, &asked, destination, person).await,
        Door::Refuse => destination.refuse(&Refusal::LoginRequired),
        Door::SignIn => redirect(&sign_in_address(&here(&["prompt"]), get("login_hint").as_deref())),
        Door::Choose => {
            redirect(&switch_address(&here(&["prompt", "login_hint"]), get("login_hint").as_deref()))
        }
    }
}

/// The same with the parameters in the body; a sign-in page of ours follows either way.
pub(super) async fn post_authorize(
    Path(organization): Path<String>,
    form: Result<Form<Parameters>, FormRejection>,
) -> Response {
    match form {
        Ok(Form(parameters)) => redirect(&address(&organization, &parameters, &[])),
        Err(_) => message_page(
            StatusCode::BAD_REQUEST,
            "This request cannot be read",
            "The application sent something that is not a form. Start signing in again from the application.",
        ),
    }
}

/// What happens to somebody at the authorization endpoint.
enum Door<'a> {
    Pass(&'a SignedIn),
    Refuse,
    SignIn,
    Choose,
}

fn door<'a>(person: Option<&'a SignedIn>, prompt: Option<&str>, hint: Option<&str>) -> Door<'a> {
    match (person, prompt) {
        (None, Some("none")) => Door::Refuse,
        (None, _) | (Some(_), Some("login")) => Door::SignIn,
        (Some(_), Some("select_account")) => Door::Choose,
        (Some(person), prompt) => {
            let other = hint.is_some_and(|hint| !person.is_known_by(hint));
            match prompt {
                Some("none") if other => Door::Refuse,
                _ if other => Door::Choose,
                _ => Door::Pass(person),
            }
        }
    }
}

async fn pass(
    app: &App,
    authority: Authority,
    asked: &AuthorizeParameters,
    destination: Destination,
    person: &SignedIn,
) -> Response {
    let request = match asked.request() {
        Ok(request) => request,
        Err(refusal) => return destination.refuse(&refusal),
    };
    match app.identity.issue_code(authority, &request, person).await {
        Ok(code) => destination.send(vec![("code", code.as_str().to_owned())]),
        Err(IdentityError::Refused(refusal)) => destination.refuse(&refusal),
        Err(failure) => failed_page(failure),
    }
}

impl Destination {
    fn refuse(self, refusal: &Refusal) -> Response {
        let error = match refusal.error() {
            "invalid_grant" => "access_denied",
            error => error,
        };
        self.send(vec![("error", error.to_owned()), ("error_description", refusal.description())])
    }

    fn send(self, mut answer: Vec<(&'static str, String)>) -> Response {
        let Self { mut url, mode, state } = self;
        if let Some(state) = state {
            answer.push(("state", state));
        }
        match mode {
            Mode::Query => {
                url.query_pairs_mut().extend_pairs(answer);
            }
            Mode::Fragment => {
                let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
                url.set_fragment(Some(&text));
            }
        }
        redirect(url.as_str()).into_response()
    }
}

/// Returns this endpoint's own address with the same parameters, for coming back after signing in.
fn address(organization: &str, parameters: &Parameters, leave_out: &[&str]) -> String {
    let kept = parameters.iter().filter(|(name, _)| !leave_out.contains(&name.as_str()));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    let organization: String =
        url::form_urlencoded::byte_serialize(organization.as_bytes()).collect::<Vec<_>>().concat();
    format!("/{organization}/oauth2/v2.0/authorize?{query}")
}
