//! `/account/{organization}`: a person's second factors in one organization and their recovery codes (X12). Whoever has a
//! factor must have given it in this session before they change any.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use http::StatusCode;
use identity::{Authority, Factors, IdentityError, Refusal, SignedIn};
use model::{FactorId, TenantId};
use serde::Deserialize;

use super::Visitor;
use super::answer::{FormTargets, absent_page, failed_page, html, redirect, stale_form_page};
use super::factor_pages::{AppPage, AppPlace, code_page, codes_page};
use crate::App;

#[derive(Template)]
#[template(path = "account_organization.html")]
struct OrganizationPage<'a> {
    person: &'a SignedIn,
    organization: &'a str,
    own: bool,
    path: &'a str,
    factors: &'a Factors,
    token: &'a str,
}

/// Names in the addresses below the page.
#[derive(Deserialize)]
pub(super) struct AccountPath {
    organization: String,
    #[serde(default)]
    factor: String,
}

#[derive(Deserialize)]
pub(super) struct FactorForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    offer: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    token: String,
}

/// A person at one of their organizations.
struct Place<'a> {
    app: &'a App,
    visitor: &'a Visitor,
    person: &'a SignedIn,
    tenant: TenantId,
    path: String,
}

pub(super) async fn get_organization(
    State(app): State<App>,
    Path(path): Path<AccountPath>,
    visitor: Visitor,
) -> Response {
    match Place::enter(&app, &visitor, &path.organization).await {
        Ok((place, factors)) => place.page(&factors).await,
        Err(answer) => answer,
    }
}

pub(super) async fn get_app(
    State(app): State<App>,
    Path(path): Path<AccountPath>,
    visitor: Visitor,
) -> Response {
    match Place::enter(&app, &visitor, &path.organization).await {
        Ok((place, factors)) => match place.first_give_one(&factors).await {
            Some(question) => question,
            None => place.offer("", None).await,
        },
        Err(answer) => answer,
    }
}

pub(super) async fn post_app(
    State(app): State<App>,
    Path(path): Path<AccountPath>,
    visitor: Visitor,
    Form(form): Form<FactorForm>,
) -> Response {
    let place = match Place::enter(&app, &visitor, &path.organization).await {
        Ok(_) if !visitor.sent(&form.token) => return stale_form_page(),
        Ok((place, _)) => place,
        Err(answer) => return answer,
    };
    match app.identity.add_app(place.person, place.tenant, (&form.offer, &form.code, &form.name)).await {
        Ok(Some(codes)) => codes_page(&codes, &place.path),
        Ok(None) => redirect(&place.path),
        Err(IdentityError::Refused(Refusal::SecondFactorFirst)) => redirect(&format!("{}/app", place.path)),
        Err(IdentityError::Refused(refusal)) => place.offer(&form.offer, Some(&refusal.to_string())).await,
        Err(failure) => failed_page(failure),
    }
}

/// Takes a factor before a change of factors.
pub(super) async fn post_code(
    State(app): State<App>,
    Path(path): Path<AccountPath>,
    visitor: Visitor,
    Form(form): Form<FactorForm>,
) -> Response {
    let place = match Place::enter(&app, &visitor, &path.organization).await {
        Ok(_) if !visitor.sent(&form.token) => return stale_form_page(),
        Ok((place, _)) => place,
        Err(answer) => return answer,
    };
    match app.identity.give_second_factor(place.person, place.tenant, &form.code).await {
        Ok(()) => redirect(&place.path),
        Err(IdentityError::Refused(refusal)) => place.question(Some(&refusal.to_string())).await,
        Err(failure) => failed_page(failure),
    }
}

pub(super) async fn post_remove(
    State(app): State<App>,
    Path(path): Path<AccountPath>,
    visitor: Visitor,
    Form(form): Form<FactorForm>,
) -> Response {
    let place = match Place::enter(&app, &visitor, &path.organization).await {
        Ok(_) if !visitor.sent(&form.token) => return stale_form_page(),
        Ok((place, _)) => place,
        Err(answer) => return answer,
    };
    let Ok(factor) = path.factor.parse::<FactorId>() else { return absent_page() };
    match app.identity.remove_factor(place.person, place.tenant, factor).await {
        Ok(()) => redirect(&place.path),
        Err(IdentityError::Refused(Refusal::SecondFactorFirst)) => place.question(None).await,
        Err(failure) => failed_page(failure),
    }
}

pub(super) async fn post_recovery_codes(
    State(app): State<App>,
    Path(path): Path<AccountPath>,
    visitor: Visitor,
    Form(form): Form<FactorForm>,
) -> Response {
    let place = match Place::enter(&app, &visitor, &path.organization).await {
        Ok(_) if !visitor.sent(&form.token) => return stale_form_page(),
        Ok((place, _)) => place,
        Err(answer) => return answer,
    };
    match app.identity.renew_recovery_codes(place.person, place.tenant).await {
        Ok(codes) => codes_page(&codes, &place.path),
        Err(IdentityError::Refused(Refusal::SecondFactorFirst)) => place.question(None).await,
        Err(failure) => failed_page(failure),
    }
}

impl<'a> Place<'a> {
    /// Finds the organization, which is one of the person's; any other is none.
    async fn enter(
        app: &'a App,
        visitor: &'a Visitor,
        organization: &str,
    ) -> Result<(Self, Factors), Response> {
        let person = visitor.require()?;
        let tenant = match app.identity.authority(organization).await {
            Ok(Authority::Tenant(tenant)) => tenant,
            Ok(Authority::Home) | Err(IdentityError::Refused(_)) => return Err(absent_page()),
            Err(failure) => return Err(failed_page(failure)),
        };
        let path = format!("{}/{tenant}", super::account::PATH);
        match app.identity.factors(person, tenant).await {
            Ok(factors) => Ok((Self { app, visitor, person, tenant, path }, factors)),
            Err(IdentityError::Refused(_)) => Err(absent_page()),
            Err(failure) => Err(failed_page(failure)),
        }
    }

    async fn page(&self, factors: &Factors) -> Response {
        let organization = match self.app.identity.tenant(self.tenant).await {
            Ok(tenant) => tenant.display_name,
            Err(failure) => return failed_page(failure),
        };
        let page = OrganizationPage {
            person: self.person,
            organization: &organization,
            own: self.tenant == self.person.home.tenant,
            path: &self.path,
            factors,
            token: &self.visitor.form_token(),
        };
        self.visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
    }

    /// Asks for a factor, if the person has one and gave none in this session.
    async fn first_give_one(&self, factors: &Factors) -> Option<Response> {
        let given = self.person.proofs.second_factor.contains_key(&self.tenant);
        if factors.list.is_empty() || given { None } else { Some(self.question(None).await) }
    }

    async fn question(&self, mistake: Option<&str>) -> Response {
        let organization = match self.app.identity.tenant(self.tenant).await {
            Ok(tenant) => tenant.display_name,
            Err(failure) => return failed_page(failure),
        };
        let action = format!("{}/code", self.path);
        let occasion = Some("before you change your second factors");
        self.visitor.keep(code_page(self.visitor, (&organization, &action, &self.path), occasion, mistake))
    }

    async fn offer(&self, known: &str, mistake: Option<&str>) -> Response {
        let action = format!("{}/app", self.path);
        let place = AppPlace { tenant: self.tenant, action: &action, then: &self.path, asked: false };
        let page = AppPage { app: self.app, visitor: self.visitor, person: self.person };
        page.show(place, known, mistake).await
    }
}
