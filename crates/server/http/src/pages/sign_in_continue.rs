//! `/sign-in/continue`: somebody signed in says whether a client may sign in as them. Shown by the authorization
//! endpoint; its form is the only way from a live session to a code.

use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use http::StatusCode;
use identity::{Authority, Refusal, SignedIn};
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, failed_page, html, redirect, stale_form_page};
use super::continuation::{local, sign_in_address};
use crate::App;
use crate::oidc::{Authorization, OpenAuthorization};

#[derive(Template)]
#[template(path = "sign_in_continue.html")]
struct ContinuePage<'a> {
    client: &'a str,
    name: &'a str,
    address: &'a str,
    organization: &'a str,
    /// The organization the client wants to reach, when it is not the person's own.
    reached: Option<&'a str>,
    /// Who was expected instead.
    wanted: &'a str,
    request: &'a str,
    token: &'a str,
    other: &'a str,
}

#[derive(Deserialize)]
pub(super) struct ContinueForm {
    #[serde(default)]
    request: String,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    token: String,
}

/// Shows the page for a request.
pub(crate) async fn continue_page(
    app: &App,
    visitor: &Visitor,
    person: &SignedIn,
    authorization: &Authorization,
    open: &OpenAuthorization,
) -> Response {
    let home = match app.identity.tenant(person.home.tenant).await {
        Ok(tenant) => tenant,
        Err(failure) => return failed_page(failure),
    };
    let reached = match open.authority {
        Authority::Tenant(tenant) if tenant != home.id => match app.identity.tenant(tenant).await {
            Ok(tenant) => Some(tenant.display_name),
            Err(failure) => return failed_page(failure),
        },
        _ => None,
    };
    let wanted = authorization.hint().filter(|hint| !person.is_known_by(hint));
    let afresh = authorization.address(&["prompt", "login_hint"]);
    let page = ContinuePage {
        client: open.request.client.name,
        name: &person.display_name,
        address: &person.principal_name,
        organization: &home.display_name,
        reached: reached.as_deref(),
        wanted: wanted.unwrap_or_default(),
        request: &authorization.address(&["prompt"]),
        token: &visitor.form_token(),
        other: &match wanted {
            Some(_) => sign_in_address(&afresh, wanted),
            None => format!("{}&step=address", sign_in_address(&afresh, None)),
        },
    };
    visitor.keep(html(StatusCode::OK, FormTargets::OwnAndLoopback, &page))
}

pub(super) async fn post_continue(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<ContinueForm>,
) -> Response {
    let request = local(&form.request);
    let Some(person) = visitor.signed_in() else {
        // The session ended meanwhile; the request's own address asks again.
        return redirect(&sign_in_address(request, None));
    };
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let Some(authorization) = Authorization::parse(request) else { return stale_form_page() };
    match authorization.open(&app).await {
        Ok(open) if form.choice == "continue" => open.issue(&visitor, person).await,
        Ok(open) => open.refuse(&Refusal::Declined),
        Err(answer) => *answer,
    }
}
