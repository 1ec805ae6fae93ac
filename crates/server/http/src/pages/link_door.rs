//! The door of a sharing link: who comes in how. Whoever is let in gets the link's use to be judged; everybody else a
//! page that says what is needed, or that there is nothing.

use askama::Template;
use axum::response::Response;
use directory::Ticket;
use drive::ItemError;
use drive::links::{
    LinkError, LinkFace, LinkUse, LinkViewer, bearer_call, face, open_page, redeem, session_address,
};
use http::StatusCode;
use identity::{IdentityError, Refusal, SignedIn};
use model::LinkKind;
use policy::Reason;

use super::answer::{FormTargets, absent_page, failed_page, html, message_page, redirect, server_failure};
use super::link::LinkName;
use super::redeem::meet_offer;
use super::{Visitor, sign_in_address};
use crate::App;

#[derive(Template)]
#[template(path = "link_password.html")]
struct PasswordPage<'a> {
    organization: &'a str,
    domain: &'a str,
    action: &'a str,
    mistake: Option<&'a str>,
    token: &'a str,
}

#[derive(Template)]
#[template(path = "link_people.html")]
struct PeoplePage<'a> {
    organization: &'a str,
    domain: &'a str,
    sign_in: &'a str,
    person: Option<&'a str>,
    action: &'a str,
    mistake: Option<&'a str>,
    token: &'a str,
}

/// Who came to a link.
pub(super) enum Entered {
    /// The link shows its item here.
    Here(Box<LinkUse>),
    /// This is the answer.
    Answered(Response),
}

/// A link with its face, for the pages of its door.
pub(super) struct Door {
    pub(super) ticket: Ticket,
    pub(super) face: LinkFace,
    base: String,
}

/// Finds the link that an address names; the error is the page to answer.
pub(super) async fn door(app: &App, name: &LinkName) -> Result<Door, Response> {
    let ticket = if matches!(name.letter.as_str(), ":f:" | ":u:" | ":t:") {
        Ticket::parse(&name.secret)
    } else {
        None
    };
    let Some(ticket) = ticket else { return Err(absent_page()) };
    let call = bearer_call(app.store.clone(), &ticket);
    match face(&call, ticket.clone()).await {
        Ok(Some(face)) => Ok(Door { ticket, face, base: name.base() }),
        Ok(None) => Err(absent_page()),
        Err(failure) => Err(server_failure(&failure)),
    }
}

/// Lets a visitor in, or says what is needed.
pub(super) async fn enter(app: &App, visitor: &Visitor, name: &LinkName) -> Entered {
    let door = match door(app, name).await {
        Ok(door) => door,
        Err(answer) => return Entered::Answered(answer),
    };
    match door.face.link.kind {
        LinkKind::Anyone => door.by_bearer(app, visitor).await,
        LinkKind::Organization | LinkKind::ExistingAccess => match visitor.require() {
            Ok(person) => match door.by_person(app, visitor, person).await {
                Some(answer) => Entered::Answered(answer),
                None => Entered::Answered(absent_page()),
            },
            Err(sign_in) => Entered::Answered(sign_in),
        },
        LinkKind::SpecificPeople => door.by_name(app, visitor).await,
    }
}

/// Says why a link does not open. What is not for the visitor is as absent as what does not exist.
pub(super) fn refused(error: LinkError) -> Response {
    match error {
        LinkError::Item(ItemError::Refused(reason)) => {
            let text = format!("{} {}", reason.message(), reason.remedy());
            message_page(StatusCode::FORBIDDEN, "Not here", &text)
        }
        LinkError::NotFound | LinkError::Item(_) => absent_page(),
        LinkError::Refused(reason) => {
            if reason == Reason::LinkExpired {
                return message_page(StatusCode::GONE, "This link has expired", reason.remedy());
            }
            let text = format!("{} {}", reason.message(), reason.remedy());
            message_page(StatusCode::FORBIDDEN, "This link is switched off", &text)
        }
        LinkError::Storage(failure) => server_failure(&failure),
    }
}

impl Door {
    /// Without sign-in; a password is asked where there is one.
    async fn by_bearer(&self, app: &App, visitor: &Visitor) -> Entered {
        let link = &self.face.link;
        let password = link.password.clone().filter(|hash| visitor.proved(link.id, hash));
        let used = LinkUse { ticket: self.ticket.clone(), viewer: LinkViewer::Bearer, password };
        let call = bearer_call(app.store.clone(), &self.ticket);
        match open_page(&call, used.clone(), None).await {
            Ok(_) => Entered::Here(Box::new(used)),
            Err(LinkError::Refused(Reason::LinkPassword)) => {
                Entered::Answered(self.password_page(visitor, None))
            }
            Err(error) => Entered::Answered(refused(error)),
        }
    }

    /// Signed in as somebody the link names, or by a code sent to an address it names.
    async fn by_name(&self, app: &App, visitor: &Visitor) -> Entered {
        if let Some(person) = visitor.signed_in()
            && let Some(answer) = self.by_person(app, visitor, person).await
        {
            return Entered::Answered(answer);
        }
        let call = bearer_call(app.store.clone(), &self.ticket);
        if let Some(session) = visitor.code_session().and_then(Ticket::parse)
            && session.tenant() == self.ticket.tenant()
        {
            let address = match session_address(&call, session).await {
                Ok(address) => address,
                Err(failure) => return Entered::Answered(server_failure(&failure)),
            };
            if let Some(address) = address {
                let viewer = LinkViewer::Address(address);
                let used = LinkUse { ticket: self.ticket.clone(), viewer, password: None };
                match open_page(&call, used.clone(), None).await {
                    Ok(_) => return Entered::Here(Box::new(used)),
                    Err(LinkError::NotFound) => {}
                    Err(error) => return Entered::Answered(refused(error)),
                }
            }
        }
        Entered::Answered(match visitor.require() {
            _ if self.face.takes_codes => self.people_page(visitor, None),
            Ok(_) => absent_page(),
            Err(sign_in) => sign_in,
        })
    }

    /// Opens the link for somebody signed in; none when it is not for them.
    async fn by_person(&self, app: &App, visitor: &Visitor, person: &SignedIn) -> Option<Response> {
        let tenant = self.ticket.tenant();
        let bearer = match visitor.identity().enter(person, tenant).await {
            Ok(bearer) => bearer,
            Err(IdentityError::Refused(Refusal::InvitationPending)) => {
                return match app.identity.offer(person, tenant).await {
                    Ok(Some(invitation)) => Some(meet_offer(visitor, person, &invitation, &self.base).await),
                    Ok(None) => None,
                    Err(failure) => Some(failed_page(failure)),
                };
            }
            Err(IdentityError::Refused(refusal)) => {
                let told = || refusal.is_of_the_door().then(|| failed_page(refusal.clone().into()));
                return visitor.step_up(&refusal, tenant).or_else(told);
            }
            Err(failure) => return Some(failed_page(failure)),
        };
        match redeem(&bearer.call, bearer.caller, self.ticket.clone(), None).await {
            Ok(redeemed) => Some(redirect(&redeemed.address.url(""))),
            Err(LinkError::NotFound) => None,
            Err(error) => Some(refused(error)),
        }
    }

    /// Asks for the link's password.
    pub(super) fn password_page(&self, visitor: &Visitor, mistake: Option<&str>) -> Response {
        let page = PasswordPage {
            organization: &self.face.tenant.display_name,
            domain: &self.face.tenant.initial_domain,
            action: &format!("{}/password", self.base),
            mistake,
            token: &visitor.form_token(),
        };
        visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
    }

    /// Offers the two ways in for those a link names.
    pub(super) fn people_page(&self, visitor: &Visitor, mistake: Option<&str>) -> Response {
        let page = PeoplePage {
            organization: &self.face.tenant.display_name,
            domain: &self.face.tenant.initial_domain,
            sign_in: &sign_in_address(&self.base, None),
            person: visitor.signed_in().map(|person| person.principal_name.as_str()),
            action: &format!("{}/code", self.base),
            mistake,
            token: &visitor.form_token(),
        };
        visitor.keep(html(StatusCode::OK, FormTargets::Own, &page))
    }
}
