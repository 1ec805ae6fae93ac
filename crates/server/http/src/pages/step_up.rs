//! `/step-up/{organization}`: what an organization asks for beyond the password, one thing at a time, and then on to where
//! the person came from (C01, X01). A client's request is answered at the end, because the forms here were sent for it.

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use identity::{Authority, Demand, IdentityError, Refusal, SignedIn};
use model::{ClientApp, TenantId};
use serde::Deserialize;

use super::answer::{absent_page, failed_page, message_page, redirect, stale_form_page};
use super::continuation::{is_authorization, local};
use super::factor_pages::{AppPage, AppPlace, code_page, codes_page};
use super::{Visitor, occasion, sign_in_address, terms};
use crate::App;
use crate::oidc::Authorization;

/// Says where an organization's demands are met, and the way back.
pub(crate) fn step_up_address(place: TenantId, then: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("continue", then).finish();
    format!("/step-up/{place}?{query}")
}

/// Leads to where what is asked for can be given; none when the refusal is another.
pub(crate) fn lead_to_step_up(refusal: &Refusal, place: TenantId, then: &str) -> Option<Response> {
    match refusal {
        Refusal::Conditions { demands, .. } if !demands.is_empty() => {
            Some(redirect(&step_up_address(place, then)))
        }
        _ => None,
    }
}

#[derive(Deserialize)]
pub(super) struct StepUpQuery {
    #[serde(default, rename = "continue")]
    then: String,
}

#[derive(Deserialize)]
pub(super) struct StepUpForm {
    #[serde(default, rename = "continue")]
    then: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    offer: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    token: String,
}

/// Somebody signed in at an organization's demands.
pub(super) struct Step<'a> {
    pub(super) app: &'a App,
    pub(super) visitor: &'a Visitor,
    pub(super) person: &'a SignedIn,
    pub(super) place: TenantId,
    pub(super) then: &'a str,
}

pub(super) async fn get_step_up(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Query(query): Query<StepUpQuery>,
) -> Response {
    match Step::enter(&app, &visitor, &organization, local(&query.then)).await {
        Ok(step) => step.show(step.person).await,
        Err(answer) => answer,
    }
}

pub(super) async fn post_code(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Form(form): Form<StepUpForm>,
) -> Response {
    let step = match Step::enter(&app, &visitor, &organization, local(&form.then)).await {
        Ok(step) if visitor.sent(&form.token) => step,
        Ok(_) => return stale_form_page(),
        Err(answer) => return answer,
    };
    match app.identity.give_second_factor(step.person, step.place, &form.code).await {
        Ok(()) => step.go_on().await,
        Err(IdentityError::Refused(refusal)) => step.code(Some(&refusal.to_string())).await,
        Err(failure) => failed_page(failure),
    }
}

pub(super) async fn post_app(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Form(form): Form<StepUpForm>,
) -> Response {
    let step = match Step::enter(&app, &visitor, &organization, local(&form.then)).await {
        Ok(step) if visitor.sent(&form.token) => step,
        Ok(_) => return stale_form_page(),
        Err(answer) => return answer,
    };
    match app.identity.add_app(step.person, step.place, (&form.offer, &form.code, &form.name)).await {
        Ok(Some(codes)) => visitor.keep(codes_page(&codes, &step_up_address(step.place, step.then))),
        Ok(None) => step.go_on().await,
        Err(IdentityError::Refused(refusal)) => step.app(&form.offer, Some(&refusal.to_string())).await,
        Err(failure) => failed_page(failure),
    }
}

impl<'a> Step<'a> {
    pub(super) async fn enter(
        app: &'a App,
        visitor: &'a Visitor,
        organization: &str,
        then: &'a str,
    ) -> Result<Self, Response> {
        let person = visitor.require()?;
        let place = match app.identity.authority(organization).await {
            Ok(Authority::Tenant(place)) => place,
            Ok(Authority::Home) => person.home.tenant,
            Err(IdentityError::Refused(_)) => return Err(absent_page()),
            Err(failure) => return Err(failed_page(failure)),
        };
        Ok(Self { app, visitor, person, place, then })
    }

    /// Shows what is asked for next, or goes on where nothing is.
    async fn show(&self, person: &SignedIn) -> Response {
        match self.visitor.identity().demands(person, self.place, client_app(self.then)).await {
            Ok(demands) => match demands.first() {
                None => redirect(self.then),
                Some(demand) => self.ask(person, *demand).await,
            },
            Err(IdentityError::Refused(refusal @ Refusal::Conditions { .. })) => {
                message_page(StatusCode::FORBIDDEN, "You cannot go on here", &refusal.to_string())
            }
            // Nobody learns here which organizations there are.
            Err(IdentityError::Refused(_)) => absent_page(),
            Err(failure) => failed_page(failure),
        }
    }

    async fn ask(&self, person: &SignedIn, demand: Demand) -> Response {
        match demand {
            Demand::SignInAgain => redirect(&sign_in_address(self.then, Some(&person.principal_name))),
            Demand::Mfa => match self.app.identity.factors(person, self.place).await {
                Ok(factors) if factors.list.is_empty() => self.app("", None).await,
                Ok(_) => self.code(None).await,
                Err(failure) => failed_page(failure),
            },
            Demand::Terms(asked) => terms::show(self, asked, None).await,
        }
    }

    async fn code(&self, mistake: Option<&str>) -> Response {
        let occasion = occasion::of(self.app, self.then).await;
        match self.app.identity.tenant(self.place).await {
            Ok(tenant) => {
                let occasion = occasion.as_ref().map(|occasion| occasion.text.as_str());
                let action = format!("/step-up/{}/code", self.place);
                self.visitor.keep(code_page(
                    self.visitor,
                    (&tenant.display_name, &action, self.then),
                    occasion,
                    mistake,
                ))
            }
            Err(failure) => failed_page(failure),
        }
    }

    async fn app(&self, offer: &str, mistake: Option<&str>) -> Response {
        let action = format!("/step-up/{}/app", self.place);
        let place = AppPlace { tenant: self.place, action: &action, then: self.then, asked: true };
        AppPage { app: self.app, visitor: self.visitor, person: self.person }
            .show(place, offer, mistake)
            .await
    }

    /// Goes on after something was given: to what is asked for next, else where the person came from. A client's request
    /// is answered here and now.
    pub(super) async fn go_on(&self) -> Response {
        let fresh = match self.visitor.session() {
            Some(session) => self.app.identity.session(session).await,
            None => Ok(None),
        };
        let person = match fresh {
            Ok(Some(person)) => person,
            Ok(None) => return redirect(&sign_in_address(self.then, None)),
            Err(failure) => return failed_page(failure),
        };
        match (
            Authorization::parse(self.then),
            self.visitor.identity().demands(&person, self.place, client_app(self.then)).await,
        ) {
            (Some(authorization), Ok(demands)) if demands.is_empty() => {
                authorization.entered(self.app, self.visitor, &person).await
            }
            _ => self.show(&person).await,
        }
    }
}

/// Says for which kind of client somebody steps up.
pub(super) fn client_app(then: &str) -> ClientApp {
    let path = then.split('?').next().unwrap_or_default();
    if is_authorization(then) || path == "/device" { ClientApp::MobileAndDesktop } else { ClientApp::Browser }
}
