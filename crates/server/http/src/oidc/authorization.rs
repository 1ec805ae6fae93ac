//! Authorization: a client's request to sign somebody in, on its way from the endpoint through the pages to its answer.
//!
//! Pages carry it as the address it came at and read it anew at every step. A code leaves only by
//! [`OpenAuthorization::issue`], which is reached by a form that the person sent for this very request: their password,
//! or "Continue". A live session alone is not enough, because any program on the person's computer can listen on a
//! loopback port and open the browser (RFC 8252 section 8.6).

use std::collections::BTreeMap;

use axum::response::Response;
use identity::{Authority, AuthorizeParameters, AuthorizeRequest, IdentityError, Refusal, SignedIn};
use model::Timestamp;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::App;
use crate::pages::{Visitor, failed_page, lead_to_step_up, redirect};

/// Where every organization's endpoint is, below its own segment.
const ENDPOINT: &str = "/oauth2/v2.0/authorize";

pub(super) type Parameters = BTreeMap<String, String>;

/// A request as it came.
pub(crate) struct Authorization {
    organization: String,
    parameters: Parameters,
}

/// A request whose client, redirect address and parameters are right.
pub(crate) struct OpenAuthorization {
    pub(crate) authority: Authority,
    pub(crate) request: AuthorizeRequest,
    destination: Destination,
    address: String,
}

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

impl Authorization {
    pub(super) fn new(organization: String, parameters: Parameters) -> Self {
        Self { organization, parameters }
    }

    /// Reads the address of a request as pages carry it; none when it is any other address.
    pub(crate) fn parse(address: &str) -> Option<Self> {
        let (path, query) = address.split_once('?')?;
        let organization = path.strip_prefix('/')?.strip_suffix(ENDPOINT)?;
        if organization.is_empty() || organization.contains('/') || query.contains('#') {
            return None;
        }
        let organization = percent_decode_str(organization).decode_utf8().ok()?.into_owned();
        let parameters = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Some(Self { organization, parameters })
    }

    /// Returns the address of the request without some of its parameters.
    pub(crate) fn address(&self, leave_out: &[&str]) -> String {
        let kept = self.parameters.iter().filter(|(name, _)| !leave_out.contains(&name.as_str()));
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        let organization: String =
            url::form_urlencoded::byte_serialize(self.organization.as_bytes()).collect::<Vec<_>>().concat();
        format!("/{organization}{ENDPOINT}?{query}")
    }

    /// Returns who the client expects to sign in.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.parameter("login_hint")
    }

    /// Returns whether the client asks for a sign-in that is younger than this one is (`max_age`).
    pub(super) fn is_too_old(&self, person: &SignedIn, now: Timestamp) -> bool {
        let seconds = self.parameter("max_age").and_then(|text| text.parse::<i64>().ok());
        seconds.is_some_and(|most| now.duration_since(person.proofs.signed_in).as_secs() > most)
    }

    /// Returns how the client wants its person asked.
    pub(super) fn prompt(&self) -> Option<&str> {
        self.parameter("prompt")
    }

    /// Checks the request, or returns what to answer: a page as long as client and redirect address are not known to
    /// belong together, after that an error at the client's address.
    pub(crate) async fn open(&self, app: &App) -> Result<OpenAuthorization, Box<Response>> {
        let authority = app.identity.authority(&self.organization).await.map_err(page)?;
        let owned = |name: &str| self.parameter(name).map(str::to_owned);
        let asked = AuthorizeParameters {
            client_id: owned("client_id"),
            redirect_uri: owned("redirect_uri"),
            response_type: owned("response_type"),
            scope: owned("scope"),
            nonce: owned("nonce"),
            code_challenge: owned("code_challenge"),
            code_challenge_method: owned("code_challenge_method"),
        };
        let (_, _, url) = asked.destination().map_err(|refusal| page(refusal.into()))?;
        let response_mode = self.parameter("response_mode");
        let mode = if response_mode == Some("fragment") { Mode::Fragment } else { Mode::Query };
        let destination = Destination { url, mode, state: owned("state") };
        let request = match response_mode {
            None | Some("query" | "fragment") => asked.request(),
            Some(_) => Err(Refusal::UnsupportedResponse),
        };
        match request {
            Ok(request) => {
                let address = self.address(&["prompt"]);
                Ok(OpenAuthorization { authority, request, destination, address })
            }
            Err(refusal) => Err(Box::new(destination.refuse(&refusal))),
        }
    }

    /// Answers for somebody who gave their password for this very request a moment ago. Somebody else than the client
    /// expects is asked first.
    pub(crate) async fn entered(&self, app: &App, visitor: &Visitor, person: &SignedIn) -> Response {
        if self.hint().is_some_and(|hint| !person.is_known_by(hint)) {
            return redirect(&self.address(&["prompt"]));
        }
        match self.open(app).await {
            Ok(open) => open.issue(visitor, person).await,
            Err(answer) => *answer,
        }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }
}

impl OpenAuthorization {
    /// Sends the client a code, or why the person gets none; what they can still give is asked for first.
    /// The person must have asked for it by a form.
    pub(crate) async fn issue(self, visitor: &Visitor, person: &SignedIn) -> Response {
        match visitor.identity().issue_code(self.authority, &self.request, person).await {
            Ok(code) => self.destination.send(vec![("code", code.as_str().to_owned())]),
            Err(IdentityError::Refused(refusal)) => {
                let place = match self.authority {
                    Authority::Tenant(tenant) => tenant,
                    Authority::Home => person.home.tenant,
                };
                lead_to_step_up(&refusal, place, &self.address)
                    .unwrap_or_else(|| self.destination.refuse(&refusal))
            }
            Err(failure) => failed_page(failure),
        }
    }

    /// Sends the client a refusal.
    pub(crate) fn refuse(self, refusal: &Refusal) -> Response {
        self.destination.refuse(refusal)
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
        redirect(url.as_str())
    }
}

fn page(error: IdentityError) -> Box<Response> {
    Box::new(failed_page(error))
}

#[cfg(test)]
mod tests {
    use super::Authorization;

    #[test]
    fn only_the_address_of_an_authorization_request_is_one() {
        let address = "/contoso.example/oauth2/v2.0/authorize?client_id=a+b&state=%23%26";
        let read = Authorization::parse(address).expect("a request");
        assert_eq!(read.address(&[]), address);
        assert_eq!(read.address(&["state"]), "/contoso.example/oauth2/v2.0/authorize?client_id=a+b");
        let odd = Authorization::parse("/a%2Fb/oauth2/v2.0/authorize?x=1").expect("a request");
        assert_eq!(odd.address(&[]), "/a%2Fb/oauth2/v2.0/authorize?x=1");
        for other in [
            "/",
            "/device",
            "/contoso.example/oauth2/v2.0/authorize",
            "//oauth2/v2.0/authorize?x=1",
            "/oauth2/v2.0/authorize?x=1",
            "/a/b/oauth2/v2.0/authorize?x=1",
            "/contoso.example/oauth2/v2.0/authorize?x=1#y",
            "/contoso.example/oauth2/v2.0/token?x=1",
            "https://cloud.example/contoso.example/oauth2/v2.0/authorize?x=1",
        ] {
            assert!(Authorization::parse(other).is_none(), "{other}");
        }
    }
}
