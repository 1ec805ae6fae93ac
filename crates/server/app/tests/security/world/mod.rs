//! World: a cloud with Contoso, whose site holds secrets, Fabrikam, whose people stand in every relation to it, and the
//! tokens and sessions of all of them.

mod answers;
mod ask;
mod build;
mod digest;
mod files;
mod panics;
mod secrets;
mod things;
mod tokens;
mod who;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

use app::assemble::Server;
use axum::Router;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderValue, Request, Response};
use identity::Identity;
use model::{Actor, Caller, HomeAccount, Road, TenantId, UserId, UserKind};
use runtime::Runtime;
use storage::{Call, Store};
use testkit::Clock;
use tower::ServiceExt as _;

pub(crate) use answers::Mails;
pub(crate) use ask::{Answer, Ask, FORM_TOKEN, pack};
pub(crate) use build::{CONTENT_OF, Secret, UPLOADED};
pub(crate) use files::{manifest_of, name_of};
pub(crate) use panics::watch as watch_panics;
pub(crate) use testkit::Database;
pub(crate) use testkit::cloud::{ORIGIN, PASSWORD, SCOPE, VERIFIER};
pub(crate) use things::{DOMAIN, FileThings, SiteThings, Things};
pub(crate) use tokens::{
    REDIRECT, Tokens, challenge, confused, forged, tampered, token_by_code, token_by_refresh,
    token_by_secret, unsigned,
};
pub(crate) use who::Who;

/// What the browser's own cookie says in every page request.
const BROWSER: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// How a caller shows who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// By a bearer token.
    Token,
    /// By a browser's session.
    Session,
}

/// What a caller has to show.
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) bearer: Option<String>,
    pub(crate) session: Option<String>,
}

/// A cloud with two organizations.
pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) identity: Identity,
    pub(crate) store: Store,
    pub(crate) runtime: Runtime,
    pub(crate) clock: Clock,
    pub(crate) contoso: TenantId,
    pub(crate) fabrikam: TenantId,
    /// Everybody's object in their home organization.
    pub(crate) at_home: BTreeMap<&'static str, HomeAccount>,
    /// The guests' objects in Contoso.
    pub(crate) guests: BTreeMap<Who, UserId>,
    pub(crate) credentials: BTreeMap<Who, Credentials>,
    /// The first tokens of everybody who has some, for the token endpoint's own tests.
    pub(crate) tokens: BTreeMap<Who, Tokens>,
    pub(crate) things: Things,
    /// Number of the owner's next operation.
    pub(crate) operations: AtomicU64,
    pub(crate) secrets: Vec<Secret>,
    pub(crate) mails: Mails,
    pub(crate) _folder: tempfile::TempDir,
}

impl World {
    /// Sends a request as somebody.
    pub(crate) async fn send(&self, who: Who, door: Door, ask: &Ask) -> Answer {
        let credentials = &self.credentials[&who];
        let mut ask = ask.clone();
        match door {
            Door::Token => {
                if let Some(bearer) = &credentials.bearer {
                    ask = with_bearer(ask, bearer);
                }
            }
            Door::Session => {
                let alive = who.address().is_some();
                ask = self.with_session(ask, credentials.session.as_deref(), alive);
            }
        }
        self.send_bare(ask).await
    }

    /// Adds the browser's cookies, and its token to a form.
    pub(crate) fn with_session(&self, mut ask: Ask, session: Option<&str>, alive: bool) -> Ask {
        let mut cookie = format!("__Host-footbridge-browser={BROWSER}");
        if let Some(session) = session {
            cookie.push_str(&format!("; __Host-footbridge-session={session}"));
        }
        ask.headers.push((COOKIE, HeaderValue::try_from(cookie).expect("a cookie")));
        let body = String::from_utf8_lossy(&ask.body);
        if body.contains(FORM_TOKEN) {
            let alive = session.filter(|_| alive);
            let token = self.identity.form_token(BROWSER, alive);
            ask.body = body.replace(FORM_TOKEN, &token).into();
        }
        ask
    }

    /// Sends a request as it stands.
    pub(crate) async fn send_bare(&self, ask: Ask) -> Answer {
        let mut request = Request::builder().method(ask.method).uri(ask.target);
        for (name, value) in ask.headers {
            request = request.header(name, value);
        }
        let request = request.header("host", "cloud.example");
        let request = request.body(axum::body::Body::from(ask.body)).expect("a request");
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        self.read(response).await
    }

    /// Reads an answer; of a stream without end only what is there already.
    async fn read(&self, response: Response<axum::body::Body>) -> Answer {
        answers::read(&self.runtime, response).await
    }

    /// Somebody of Contoso or a guest there, for calling the product's own functions.
    pub(crate) fn caller(&self, who: Who) -> Caller {
        let home = self.at_home[who.address().expect("a person")];
        let (user, kind) = match self.guests.get(&who) {
            Some(guest) => (*guest, UserKind::Guest),
            None => (home.user, UserKind::Member),
        };
        Caller { tenant: self.contoso, user, kind, home, road: Road::Program }
    }

    pub(crate) fn call(&self, caller: Caller) -> Call {
        Call::new(self.store.clone(), caller.tenant, Actor::Person(caller.user))
    }
}

/// Adds a bearer token.
pub(crate) fn with_bearer(mut ask: Ask, token: &str) -> Ask {
    let value = HeaderValue::try_from(format!("Bearer {token}")).expect("a token");
    ask.headers.push((AUTHORIZATION, value));
    ask
}

async fn start(store: Store, runtime: Runtime) -> Server {
    let parts = app::assemble::Parts {
        origin: ORIGIN.to_owned(),
        password_cost: testkit::cloud::PASSWORD_COST,
        mailbox: None,
        content: content::ContentStore::in_memory(),
        network: app::assemble::Network::default(),
    };
    app::assemble::assemble(store, runtime, parts).await.expect("assembles")
}
