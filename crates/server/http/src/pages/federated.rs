//! Signing in at the organization's own issuer (X09): the page that leads there, and where the issuer sends people back to.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use identity::{Departure, ProviderAnswer};
use model::TenantId;
use serde::Deserialize;

use super::answer::{FormTargets, absent_page, failed_page, html, redirect};
use super::{Visitor, sign_in_address};
use crate::App;
use crate::oidc::Authorization;

/// Moves on by itself, without a script: a form's answer could not, because forms may not lead to foreign places.
#[derive(Template)]
#[template(path = "sign_in_elsewhere.html")]
struct ElsewherePage<'a> {
    organization: &'a str,
    sign_in: &'a str,
    place: &'a str,
    there: &'a str,
    password: &'a str,
    other: &'a str,
}

#[derive(Deserialize)]
pub(super) struct AnswerQuery {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Shows the way to the issuer and has the browser keep what it must bring back.
pub(super) fn elsewhere_page(
    visitor: &Visitor,
    departure: &Departure,
    address: &str,
    then: &str,
) -> Response {
    let page = ElsewherePage {
        organization: &departure.organization,
        sign_in: &departure.sign_in,
        place: &departure.place,
        there: &departure.address,
        password: &format!("{}&step=password", sign_in_address(then, Some(address))),
        other: &format!("{}&step=address", sign_in_address(then, None)),
    };
    visitor.depart(html(StatusCode::OK, FormTargets::Own, &page), &departure.cookie)
}

/// Takes in who comes back from the issuer, and goes on where they wanted to.
///
/// A client that asked for a code does not get it here: the issuer may have let them through without asking, so they are
/// asked on the page that follows (`oidc::authorization`).
pub(super) async fn get_arrival(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Query(query): Query<AnswerQuery>,
) -> Response {
    let Ok(tenant) = organization.parse::<TenantId>() else { return absent_page() };
    let cookie = visitor.departure().unwrap_or_default();
    let answer =
        ProviderAnswer { code: query.code, state: query.state, issuer: query.iss, error: query.error };
    let arrival = match app.identity.arrive(tenant, cookie, answer).await {
        Ok(arrival) => arrival,
        Err(error) => return visitor.arrived(failed_page(error)),
    };
    if let Some(old) = visitor.session()
        && let Err(failure) = app.identity.end_session(old).await
    {
        return failed_page(failure);
    }
    match app.identity.start_arrived(&arrival).await {
        Ok(session) => {
            let then = match Authorization::parse(&arrival.then) {
                // Who was to sign in anew just did.
                Some(authorization) => authorization.address(&["prompt"]),
                None => arrival.then,
            };
            visitor.arrived(visitor.begin(redirect(&then), session.as_str()))
        }
        Err(failure) => failed_page(failure),
    }
}
