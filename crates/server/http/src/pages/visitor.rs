//! Visitor: the browser behind a request and who is signed in in it.
//!
//! Cookies: one names the browser and anchors form tokens; one is the session's secret; one is the secret of an address
//! proven by a code; one proves the password of the link opened last; one is there while its person signs in at another
//! issuer; one remembers how a list is shown. All are out of reach for scripts, and none is sent
//! with requests that another site's forms make.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use identity::{Identity, Refusal, SignedIn};
use model::{LinkId, Presence, TenantId};
use storage::Call;

use super::answer::{failed_page, redirect};
use super::continuation::sign_in_address;
use super::step_up::lead_to_step_up;
use crate::App;
use crate::authenticated::program_of;
use crate::presence::presence_of;

const BROWSER: &str = "footbridge-browser";
const SESSION: &str = "footbridge-session";
const CODE: &str = "footbridge-code";
const LINK: &str = "footbridge-link";
const AWAY: &str = "footbridge-away";
const COLUMN: &str = "footbridge-sharing-column";
/// How long a browser remembers which columns are shown.
const YEAR_S: u32 = 365 * 24 * 60 * 60;

/// Whether a browser shows the External sharing column of the active sites (B13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SharingColumn {
    /// It does.
    Shown,
    /// It does not.
    Hidden,
}

/// A browser and who is signed in in it.
pub(crate) struct Visitor {
    identity: Identity,
    browser: String,
    known: bool,
    session: Option<String>,
    code: Option<String>,
    proof: Option<String>,
    away: Option<String>,
    column: SharingColumn,
    person: Option<SignedIn>,
    cross_site: bool,
    path_and_query: String,
    languages: Vec<String>,
    presence: Presence,
    program: Option<Arc<str>>,
}

impl Visitor {
    /// Says in a call from where and with what this browser asks, for the records of what it does.
    pub(super) fn seen_in(&self, call: Call) -> Call {
        call.seen(self.presence).with_program(self.program.clone())
    }

    /// Returns the identity provider as it meets this browser: whoever enters is judged from where it is.
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the languages the browser asks for, in its order.
    pub(super) fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Returns who is signed in.
    pub(crate) fn signed_in(&self) -> Option<&SignedIn> {
        self.person.as_ref()
    }

    /// Returns who is signed in, or the way to the sign-in page and back here.
    pub(super) fn require(&self) -> Result<&SignedIn, Response> {
        self.person.as_ref().ok_or_else(|| redirect(&sign_in_address(&self.path_and_query, None)))
    }

    /// Leads to what an organization asks for and back here; none when nothing the person does would help.
    pub(super) fn step_up(&self, refusal: &Refusal, place: TenantId) -> Option<Response> {
        lead_to_step_up(refusal, place, &self.path_and_query)
    }

    /// Returns the token for this browser's next form.
    pub(super) fn form_token(&self) -> String {
        self.identity.form_token(&self.browser, self.session())
    }

    /// Returns whether a form was served to this browser, in this session.
    pub(super) fn sent(&self, token: &str) -> bool {
        self.known && !self.cross_site && self.identity.form_token_fits(&self.browser, self.session(), token)
    }

    /// Returns the session's secret, if the session is alive.
    pub(super) fn session(&self) -> Option<&str> {
        self.session.as_deref().filter(|_| self.person.is_some())
    }

    /// Returns the secret of an address that was proven by a code.
    pub(super) fn code_session(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Adds the cookie of an address that was just proven by a code.
    pub(super) fn begin_code(&self, mut response: Response, session: &str) -> Response {
        set_cookie(&mut response, &self.identity, CODE, session);
        response
    }

    /// Returns whether this browser proved the password behind a link's present hash.
    pub(super) fn proved(&self, link: LinkId, hash: &str) -> bool {
        let about = about_password(link, hash);
        let fits = |proof: &str| self.identity.form_token_fits(&self.browser, Some(&about), proof);
        self.known && self.proof.as_deref().is_some_and(fits)
    }

    /// Adds the cookie that proves the password behind a link's present hash. Another password ends it.
    pub(super) fn prove(&self, mut response: Response, link: LinkId, hash: &str) -> Response {
        let proof = self.identity.form_token(&self.browser, Some(&about_password(link, hash)));
        set_cookie(&mut response, &self.identity, LINK, &proof);
        response
    }

    /// Seals what a page shows, so that its form can say what was seen.
    pub(super) fn seal(&self, shown: &str) -> String {
        self.identity.form_token(&self.browser, Some(&about_page(shown, self.session())))
    }

    /// Returns whether a seal is of what would be shown now.
    pub(super) fn is_sealed(&self, shown: &str, seal: &str) -> bool {
        let about = about_page(shown, self.session());
        self.known && self.identity.form_token_fits(&self.browser, Some(&about), seal)
    }

    /// Returns whether the External sharing column is shown in this browser.
    pub(super) fn sharing_column(&self) -> SharingColumn {
        self.column
    }

    /// Adds the cookie that remembers it.
    pub(super) fn remember_column(&self, mut response: Response, column: SharingColumn) -> Response {
        let value = if column == SharingColumn::Hidden { "hidden" } else { "shown" };
        set_cookie_for(&mut response, &self.identity, COLUMN, value, Some(YEAR_S));
        response
    }

    /// Adds the browser's cookie to an answer that holds a form.
    pub(super) fn keep(&self, mut response: Response) -> Response {
        if !self.known {
            set_cookie(&mut response, &self.identity, BROWSER, &self.browser);
        }
        response
    }

    /// Adds the cookie of a session that was just started.
    pub(super) fn begin(&self, mut response: Response, session: &str) -> Response {
        set_cookie(&mut response, &self.identity, SESSION, session);
        response
    }

    /// Returns what the browser keeps while its person signs in elsewhere.
    pub(super) fn departure(&self) -> Option<&str> {
        self.away.as_deref()
    }

    /// Adds what the browser keeps while its person signs in elsewhere.
    pub(super) fn depart(&self, mut response: Response, kept: &str) -> Response {
        set_cookie(&mut response, &self.identity, AWAY, kept);
        response
    }

    /// Takes that away: it is good for one return.
    pub(super) fn arrived(&self, mut response: Response) -> Response {
        set_cookie(&mut response, &self.identity, AWAY, "");
        response
    }

    /// Takes the session's cookie away.
    pub(super) fn end(&self, mut response: Response) -> Response {
        set_cookie(&mut response, &self.identity, SESSION, "");
        response
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let identity = app.identity.meeting(presence_of(parts));
        let cookie = |name: &str| find_cookie(&parts.headers, &full_name(&identity, name));
        let browser = cookie(BROWSER).filter(|text| text.len() == 43);
        let (session, code, proof, away) = (cookie(SESSION), cookie(CODE), cookie(LINK), cookie(AWAY));
        let hidden = cookie(COLUMN).is_some_and(|text| text == "hidden");
        let column = if hidden { SharingColumn::Hidden } else { SharingColumn::Shown };
        let person = match &session {
            Some(session) => identity.session(session).await.map_err(failed_page)?,
            None => None,
        };
        let cross_site = parts.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
        let path_and_query = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let known = browser.is_some();
        let browser = browser.unwrap_or_else(|| identity.browser_cookie());
        let languages = languages(&parts.headers);
        let (presence, program) = (presence_of(parts), program_of(&parts.headers));
        Ok(Self {
            identity,
            browser,
            known,
            session,
            code,
            proof,
            away,
            column,
            person,
            cross_site,
            path_and_query,
            languages,
            presence,
            program,
        })
    }
}

/// Reads `Accept-Language`. Weights are left out: browsers write the dearest first.
fn languages(headers: &HeaderMap) -> Vec<String> {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = text.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
    tags.filter(|tag| !tag.is_empty()).take(16).map(str::to_lowercase).collect()
}

/// Says what a proof is about, in words that no session's secret can be.
fn about_password(link: LinkId, hash: &str) -> String {
    format!("password of link {link}: {hash}")
}

/// Says what a seal is about, in words that no session's secret can be.
fn about_page(shown: &str, session: Option<&str>) -> String {
    format!("page of session {}: {shown}", session.unwrap_or_default())
}

fn secure(identity: &Identity) -> bool {
    identity.origin().starts_with("https://")
}

/// Under TLS the prefix keeps other hosts of the domain from setting the cookie.
fn full_name(identity: &Identity, name: &str) -> String {
    if secure(identity) { format!("__Host-{name}") } else { name.to_owned() }
}

fn find_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

fn set_cookie(response: &mut Response, identity: &Identity, name: &str, value: &str) {
    set_cookie_for(response, identity, name, value, value.is_empty().then_some(0));
}

/// Sets a cookie for so many seconds; none is for as long as the browser is open.
fn set_cookie_for(response: &mut Response, identity: &Identity, name: &str, value: &str, age_s: Option<u32>) {
    let name = full_name(identity, name);
    let secure = if secure(identity) { "; Secure" } else { "" };
    let age = age_s.map(|age_s| format!("; Max-Age={age_s}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
