//! `/redeem`: accepting an invitation (A06, flow 2). The mail's link leads here; a site's own address leads to the same
//! consent page (`offer_page`).

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use directory::DirectoryError;
use http::StatusCode;
use identity::{Authority, IdentityError, InvitationView, RedeemError, SignedIn};
use model::TenantId;
use serde::Deserialize;

use super::answer::{
    FormTargets, absent_page, failed_page, html, message_page, redirect, server_failure, stale_form_page,
};
use super::continuation::local;
use super::{Visitor, sign_in_address};
use crate::App;

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    invitation: &'a InvitationView,
    name: &'a str,
    address: &'a str,
    action: &'a str,
    tenant: &'a str,
    then: &'a str,
    token: &'a str,
}

#[derive(Template)]
#[template(path = "wrong_account.html")]
struct WrongAccountPage<'a> {
    organization: &'a str,
    invited: &'a str,
    name: &'a str,
    address: &'a str,
    switch: &'a str,
}

#[derive(Deserialize)]
pub(super) struct OfferQuery {
    #[serde(default)]
    organization: String,
}

#[derive(Deserialize)]
pub(super) struct ConsentForm {
    #[serde(default)]
    consent: String,
    #[serde(default)]
    tenant: String,
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    token: String,
}

pub(super) async fn get_redeem(
    State(app): State<App>,
    Path(ticket): Path<String>,
    visitor: Visitor,
) -> Response {
    let invitation = match app.identity.invitation(&ticket).await {
        Ok(Some(invitation)) => invitation,
        Ok(None) => return gone_page(),
        Err(failure) => return failed_page(failure),
    };
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    if !invitation.is_for(person) {
        return wrong_account_page(&visitor, person, &invitation, &format!("/redeem/{ticket}"));
    }
    if invitation.accepted {
        return redirect(&landing(&app, invitation.redirect_url.as_deref()));
    }
    match visitor.identity().accepts_unasked(person, invitation.tenant).await {
        Ok(true) => match app.identity.accept_ticket(person, &ticket).await {
            Ok(target) => redirect(&landing(&app, target.as_deref())),
            Err(error) => refused_page(error),
        },
        Ok(false) => consent_page(&visitor, person, &invitation, &format!("/redeem/{ticket}"), ""),
        Err(failure) => failed_page(failure),
    }
}

pub(super) async fn post_redeem(
    State(app): State<App>,
    Path(ticket): Path<String>,
    visitor: Visitor,
    Form(form): Form<ConsentForm>,
) -> Response {
    let person = match consenting(&visitor, &form) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    match app.identity.accept_ticket(person, &ticket).await {
        Ok(target) => redirect(&landing(&app, target.as_deref())),
        Err(error) => refused_page(error),
    }
}

/// The page of an organization's offer, to which the token endpoint's refusal leads (`oidc::refused`).
pub(super) async fn get_offer(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<OfferQuery>,
) -> Response {
    let person = match visitor.require() {
        Ok(person) => person,
        Err(sign_in) => return sign_in,
    };
    let tenant = match app.identity.authority(&query.organization).await {
        Ok(Authority::Tenant(tenant)) => tenant,
        Ok(Authority::Home) | Err(IdentityError::Refused(_)) => return absent_page(),
        Err(failure) => return failed_page(failure),
    };
    match app.identity.offer(person, tenant).await {
        // After accepting, the browser comes back here and is told so.
        Ok(Some(invitation)) => {
            meet_offer(&visitor, person, &invitation, &offer_path(&query.organization)).await
        }
        Ok(None) if visitor.identity().enter(person, tenant).await.is_ok() => message_page(
            StatusCode::OK,
            "You have access",
            "The invitation is accepted. You can close this page; Footbridge on your computer goes on by itself.",
        ),
        Ok(None) => absent_page(),
        Err(failure) => failed_page(failure),
    }
}

/// Returns the path of the page of an organization's offer.
pub(crate) fn offer_path(organization: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("organization", organization)
        .finish();
    format!("/redeem?{query}")
}

/// Accepts what an organization offered to somebody who opened one of its sites' own addresses.
pub(super) async fn post_offer(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<ConsentForm>,
) -> Response {
    if visitor.signed_in().is_none() {
        // The session ended meanwhile; the site's own page asks again.
        return redirect(&sign_in_address(local(&form.then), None));
    }
    let person = match consenting(&visitor, &form) {
        Ok(person) => person,
        Err(answer) => return *answer,
    };
    let Ok(tenant) = form.tenant.parse::<TenantId>() else { return absent_page() };
    match app.identity.accept_offer(person, tenant).await {
        Ok(()) => redirect(local(&form.then)),
        Err(error) => refused_page(error),
    }
}

/// Accepts what an organization has offered where both organizations ask nobody (C-2), else asks; then goes on to `then`.
pub(super) async fn meet_offer(
    visitor: &Visitor,
    person: &SignedIn,
    invitation: &InvitationView,
    then: &str,
) -> Response {
    match visitor.identity().accepts_unasked(person, invitation.tenant).await {
        Ok(true) => match visitor.identity().accept_offer(person, invitation.tenant).await {
            Ok(()) => redirect(local(then)),
            Err(error) => refused_page(error),
        },
        Ok(false) => offer_page(visitor, person, invitation, then),
        Err(failure) => failed_page(failure),
    }
}

/// Shows the consent page for what an organization has offered, on the way to `then`.
fn offer_page(visitor: &Visitor, person: &SignedIn, invitation: &InvitationView, then: &str) -> Response {
    consent_page(visitor, person, invitation, "/redeem", then)
}

/// Returns who consents, or what to answer instead.
fn consenting<'v>(visitor: &'v Visitor, form: &ConsentForm) -> Result<&'v SignedIn, Box<Response>> {
    let person = visitor.require().map_err(Box::new)?;
    if !visitor.sent(&form.token) {
        return Err(Box::new(stale_form_page()));
    }
    match form.consent.as_str() {
        "accept" => Ok(person),
        _ => Err(Box::new(message_page(
            StatusCode::OK,
            "You declined",
            "Nothing was changed and nothing about you was sent. The invitation stays open: open its link again if \
             you change your mind.",
        ))),
    }
}

fn consent_page(
    visitor: &Visitor,
    person: &SignedIn,
    invitation: &InvitationView,
    action: &str,
    then: &str,
) -> Response {
    let page = ConsentPage {
        invitation,
        name: &person.display_name,
        address: &person.principal_name,
        action,
        tenant: &invitation.tenant.to_string(),
        then,
        token: &visitor.form_token(),
    };
    visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
}

fn wrong_account_page(
    visitor: &Visitor,
    person: &SignedIn,
    invitation: &InvitationView,
    here: &str,
) -> Response {
    let page = WrongAccountPage {
        organization: &invitation.organization,
        invited: &invitation.masked(),
        name: &person.display_name,
        address: &person.principal_name,
        switch: &format!("{}&step=address", sign_in_address(here, None)),
    };
    visitor.keep(html(StatusCode::FORBIDDEN, FormTargets::Own, &page))
}

/// Returns the path of this cloud an invitation leads to.
fn landing(app: &App, target: Option<&str>) -> String {
    let path = target.and_then(|target| target.strip_prefix(&app.settings.origin)).unwrap_or("/");
    local(path).to_owned()
}

fn gone_page() -> Response {
    message_page(
        StatusCode::NOT_FOUND,
        "This invitation cannot be used",
        "The link is not complete, or the invitation was withdrawn. Open the link of the newest mail, or ask the \
         person who invited you for a new one.",
    )
}

fn refused_page(error: RedeemError) -> Response {
    match error {
        RedeemError::Directory(DirectoryError::NotFound) => gone_page(),
        RedeemError::Directory(DirectoryError::Storage(failure)) | RedeemError::Storage(failure) => {
            server_failure(&failure)
        }
        RedeemError::Directory(refusal) => {
            let (title, mend) = match refusal {
                DirectoryError::OtherRecipient => (
                    "This invitation is for somebody else",
                    "Sign in with the account whose address was invited, then open the link again.",
                ),
                DirectoryError::AlreadyAccepted => (
                    "This invitation was already used",
                    "Another account has accepted it. If that was not you, tell the person who invited you.",
                ),
                _ => ("The invitation was not accepted", "Ask the person who invited you."),
            };
            message_page(StatusCode::CONFLICT, title, &format!("{refusal}. {mend}"))
        }
    }
}
