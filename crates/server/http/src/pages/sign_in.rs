//! `/sign-in`: the address, then the home organization's own password page (A04). One page per step, no scripts.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::response::Response;
use http::StatusCode;
use identity::{HomeRealm, IdentityError, Refusal};
use model::{Address, TenantId};
use serde::Deserialize;

use super::answer::{failed_page, html, redirect, stale_form_page};
use super::continuation::{local, targets};
use super::federated::elsewhere_page;
use super::{Visitor, occasion};
use crate::App;
use crate::oidc::Authorization;

#[derive(Template)]
#[template(path = "sign_in_address.html")]
struct AddressPage<'a> {
    occasion: Option<&'a str>,
    address: &'a str,
    mistake: Option<&'a str>,
    then: &'a str,
    token: &'a str,
}

#[derive(Template)]
#[template(path = "sign_in_password.html")]
struct PasswordPage<'a> {
    occasion: Option<&'a str>,
    organization: &'a str,
    address: &'a str,
    mistake: Option<&'a str>,
    then: &'a str,
    token: &'a str,
    other: &'a str,
}

#[derive(Deserialize)]
pub(super) struct SignInQuery {
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    hint: String,
    /// `address` shows the first step even when the hint is enough; `password` asks for a password even where people sign
    /// in elsewhere, which is for administrators.
    #[serde(default)]
    step: String,
}

#[derive(Deserialize)]
pub(super) struct AddressForm {
    #[serde(default)]
    address: String,
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    address: String,
    #[serde(default)]
    password: String,
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    token: String,
}

/// The step a person is at.
struct Step<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    then: &'a str,
}

pub(super) async fn get_sign_in(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<SignInQuery>,
) -> Response {
    let step = Step { app: &app, visitor: &visitor, then: local(&query.then) };
    if query.step != "address" && !query.hint.is_empty() {
        return match (query.step.as_str(), query.hint.parse::<Address>()) {
            ("password", Ok(address)) => step.password(&address, None).await,
            _ => step.after_address(&query.hint).await,
        };
    }
    step.address(&query.hint, None).await
}

pub(super) async fn post_address(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<AddressForm>,
) -> Response {
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    Step { app: &app, visitor: &visitor, then: local(&form.then) }.after_address(&form.address).await
}

pub(super) async fn post_password(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<PasswordForm>,
) -> Response {
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let step = Step { app: &app, visitor: &visitor, then: local(&form.then) };
    let Ok(address) = form.address.parse::<Address>() else {
        return step
            .address(&form.address, Some("Enter an address such as name@organization.example."))
            .await;
    };
    match sign_in(&app, &visitor, &address, &form.password).await {
        Ok(session) => visitor.begin(go_on(&app, &visitor, &session, step.then).await, &session),
        Err(IdentityError::Refused(Refusal::BadCredentials)) => {
            let mistake = "The address or password is not right. Check both and try again.";
            step.password(&address, Some(mistake)).await
        }
        Err(IdentityError::Refused(refusal)) => step.password(&address, Some(&refusal.to_string())).await,
        Err(failure) => failed_page(failure),
    }
}

/// Checks the password and starts a session in place of the one the browser had.
async fn sign_in(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    password: &str,
) -> Result<String, IdentityError> {
    let home = app.identity.check_password(address, password).await?;
    if let Some(old) = visitor.session() {
        app.identity.end_session(old).await?;
    }
    Ok(app.identity.start_session(home).await?.as_str().to_owned())
}

/// Goes on where the password was asked for. A client's request is answered here and now, because the form that brought
/// the password was sent for this very request; coming back to it later would only be a session.
async fn go_on(app: &App, visitor: &Visitor, session: &str, then: &str) -> Response {
    let Some(authorization) = Authorization::parse(then) else { return redirect(then) };
    match app.identity.session(session).await {
        Ok(Some(person)) => authorization.entered(app, visitor, &person).await,
        // Blocked in this very moment; the request's own address says so.
        Ok(None) => redirect(then),
        Err(failure) => failed_page(failure),
    }
}

impl Step<'_> {
    async fn after_address(&self, text: &str) -> Response {
        match text.parse::<Address>() {
            Ok(address) => match self.app.identity.home_realm(&address).await {
                Ok(HomeRealm::Elsewhere { tenant, .. }) => self.elsewhere(tenant, &address).await,
                Ok(_) => self.password(&address, None).await,
                Err(failure) => failed_page(failure),
            },
            Err(mistake) => self.address(text, Some(&format!("This is no address: {mistake}."))).await,
        }
    }

    async fn elsewhere(&self, tenant: TenantId, address: &Address) -> Response {
        match self.app.identity.depart(tenant, address, self.then).await {
            Ok(departure) => elsewhere_page(self.visitor, &departure, address.as_str(), self.then),
            // Its administrators can still come in by their password.
            Err(IdentityError::Refused(refusal @ Refusal::ProviderUnavailable)) => {
                self.password(address, Some(&refusal.to_string())).await
            }
            Err(failure) => failed_page(failure),
        }
    }

    async fn address(&self, address: &str, mistake: Option<&str>) -> Response {
        let occasion = occasion::of(self.app, self.then).await;
        let page = AddressPage {
            occasion: occasion.as_ref().map(|occasion| occasion.text.as_str()),
            address: if address.is_empty() {
                occasion.as_ref().and_then(|occasion| occasion.address.as_deref()).unwrap_or_default()
            } else {
                address
            },
            mistake,
            then: self.then,
            token: &self.visitor.form_token(),
        };
        self.visitor.keep(html(StatusCode::OK, targets(self.then), &page))
    }

    async fn password(&self, address: &Address, mistake: Option<&str>) -> Response {
        match self.app.identity.home_realm(address).await {
            Ok(HomeRealm::Here { name, .. } | HomeRealm::Elsewhere { name, .. }) => {
                let occasion = occasion::of(self.app, self.then).await;
                let page = PasswordPage {
                    occasion: occasion.as_ref().map(|occasion| occasion.text.as_str()),
                    organization: &name,
                    address: address.as_str(),
                    mistake,
                    then: self.then,
                    token: &self.visitor.form_token(),
                    other: &other_account(self.then),
                };
                self.visitor.keep(html(StatusCode::OK, targets(self.then), &page))
            }
            Ok(HomeRealm::Nowhere) => {
                let mistake = format!(
                    "The organization {} is not on this cloud. Sign in with your work address; if your organization \
                     is not here yet, its administrator can ask this cloud's operator to add it.",
                    address.domain()
                );
                self.address(address.as_str(), Some(&mistake)).await
            }
            Err(failure) => failed_page(failure),
        }
    }
}

fn other_account(then: &str) -> String {
    format!("{}&step=address", super::sign_in_address(then, None))
}
