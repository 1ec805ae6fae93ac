//! A cloud behind its router: Anna administers Contoso and owns *Falcon*; Ben works at Fabrikam.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use data_encoding::BASE64URL_NOPAD;
use directory::{
    Founded, NewMember, NewOrganization, Offer, Ticket, accept_invitation, add_member, create_organization,
};
use http::{HeaderMap, Method, Request, StatusCode};
use http_api::{App, HttpSettings, router};
use http_body_util::BodyExt;
use identity::{
    Authority, AuthorizeParameters, FOOTBRIDGE_CLIENT_ID, Grant, Identity, IdentitySettings, PasswordCost,
    TokenRequest,
};
use model::{Actor, Address, HomeAccount, TenantId, UserId};
use runtime::Runtime;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use storage::{Boundary, Call, DatabaseConfig, Operator, Store};
use tower::ServiceExt;

pub(crate) const ORIGIN: &str = "https://cloud.example";
pub(crate) const BEN: &str = "ben@fabrikam.example";
const REDIRECT: &str = "http://127.0.0.1:4711/";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-xyz";

pub(crate) struct Cloud {
    pub(crate) router: Router,
    identity: Identity,
    pub(crate) store: Store,
    pub(crate) contoso: Founded,
    pub(crate) fabrikam: Founded,
    pub(crate) ben: UserId,
    _folder: tempfile::TempDir,
}

/// An answer with its JSON; null when there is no body.
pub(crate) type Answer = (StatusCode, Value);

fn new_member(text: &str) -> NewMember {
    NewMember {
        address: text.parse::<Address>().expect("an address"),
        display_name: text.split('@').next().expect("a name").to_owned(),
        aliases: Vec::new(),
        password_hash: None,
    }
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = Runtime::tokio();
        let database = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(database, runtime.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let password_cost = PasswordCost { memory: 64, passes: 1, lanes: 1 };
        let settings = IdentitySettings { origin: ORIGIN.to_owned(), password_cost };
        let identity = Identity::open(store.clone(), runtime.clone(), settings).await.expect("opens");
        let settings = Arc::new(HttpSettings { origin: ORIGIN.to_owned(), mailbox: None });
        let router = router(App {
            store: store.clone(),
            runtime,
            settings,
            identity: identity.clone(),
            content: content::ContentStore::in_memory(),
            cursors: drive::delta::CursorSealer::new(&[7; 32]),
        });
        let found = async |name: &str, admin: &str| {
            let new = NewOrganization {
                display_name: name.to_owned(),
                initial_domain: format!("{}.example", name.to_lowercase()),
                domains: Vec::new(),
                administrator: new_member(admin),
            };
            create_organization(&Operator::new(store.clone()), new).await.expect("founds")
        };
        let contoso = found("Contoso", "anna@contoso.example").await;
        let fabrikam = found("Fabrikam", "ada@fabrikam.example").await;
        let ada = Call::new(store.clone(), fabrikam.tenant, Actor::Person(fabrikam.administrator));
        let ben = add_member(&ada, new_member(BEN)).await.expect("adds").id;
        Self { router, identity, store, contoso, fabrikam, ben, _folder: folder }
    }

    /// Returns a token of Contoso's administrator.
    pub(crate) async fn anna(&self) -> String {
        let home = HomeAccount { tenant: self.contoso.tenant, user: self.contoso.administrator };
        self.token(home, self.contoso.tenant).await
    }

    /// Returns a token of one more member of Contoso.
    pub(crate) async fn colleague(&self, text: &str) -> String {
        let anna = Actor::Person(self.contoso.administrator);
        let call = Call::new(self.store.clone(), self.contoso.tenant, anna);
        let user = add_member(&call, new_member(text)).await.expect("adds").id;
        self.token(HomeAccount { tenant: self.contoso.tenant, user }, self.contoso.tenant).await
    }

    /// Ben accepts whatever Contoso offers him and gets a token of Contoso.
    pub(crate) async fn ben_as_guest(&self) -> String {
        self.accept(Offer::Any).await;
        self.token(self.ben_at_home(), self.contoso.tenant).await
    }

    pub(crate) async fn accept(&self, offer: Offer) {
        let boundary = Boundary::new(self.store.clone(), self.fabrikam.tenant, self.contoso.tenant);
        let runtime = self.store.runtime();
        accept_invitation(&boundary, runtime, self.ben_at_home(), offer).await.expect("accepts");
    }

    pub(crate) fn ben_at_home(&self) -> HomeAccount {
        HomeAccount { tenant: self.fabrikam.tenant, user: self.ben }
    }

    /// Signs an account in at home and gets a token for an organization.
    pub(crate) async fn token(&self, home: HomeAccount, tenant: TenantId) -> String {
        let cookie = self.identity.start_session(home).await.expect("a session");
        let person = self.identity.session(cookie.as_str()).await.expect("reads").expect("signed in");
        let parameters = AuthorizeParameters {
            client_id: Some(FOOTBRIDGE_CLIENT_ID.to_owned()),
            redirect_uri: Some(REDIRECT.to_owned()),
            response_type: Some("code".to_owned()),
            scope: Some("openid Files.ReadWrite.All".to_owned()),
            nonce: None,
            code_challenge: Some(BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER))),
            code_challenge_method: Some("S256".to_owned()),
        };
        let request = parameters.request().expect("a good request");
        let authority = Authority::Tenant(tenant);
        let code = self.identity.issue_code(authority, &request, &person).await.expect("a code");
        let grant = Grant::AuthorizationCode {
            code: code.as_str().to_owned(),
            redirect_uri: REDIRECT.to_owned(),
            verifier: Some(VERIFIER.to_owned()),
        };
        let client_id = FOOTBRIDGE_CLIENT_ID.to_owned();
        let answer = self.identity.token(TokenRequest { authority, client_id, grant, scope: None }).await;
        answer.expect("tokens").access_token
    }

    /// Sends bytes with headers and returns everything of the answer.
    pub(crate) async fn send(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).expect("a request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("answers").into_parts();
        (parts.status, parts.headers, body.collect().await.expect("a whole body").to_bytes().to_vec())
    }

    pub(crate) async fn ask(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("bearer {token}"))
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).expect("a request");
        let answer = self.router.clone().oneshot(request).await.expect("answers");
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let json = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        (parts.status, json)
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        self.ask(token, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(token, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, token: &str, path: &str, body: Value) -> Answer {
        self.ask(token, Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, token: &str, path: &str) -> Answer {
        self.ask(token, Method::DELETE, path, None).await
    }

    /// Makes the site *Falcon* and returns its id and its library's.
    pub(crate) async fn falcon(&self, token: &str) -> (String, String) {
        let new = json!({"name": "Falcon", "displayName": "Project Falcon"});
        let (status, site) = self.post(token, "/v1.0/sites", new).await;
        assert_eq!(status, StatusCode::CREATED, "{site}");
        let id = text(&site["id"]);
        let (_, drives) = self.get(token, &format!("/v1.0/sites/{id}/drives")).await;
        (id, text(&drives["value"][0]["id"]))
    }
}

/// Returns a JSON text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Returns an error's code and inner code.
pub(crate) fn codes(body: &Value) -> (&str, Option<&str>) {
    let error = &body["error"];
    (error["code"].as_str().expect("a code"), error["innerError"]["code"].as_str())
}

/// Reads the ticket out of a redeem link.
pub(crate) fn ticket(url: &str) -> Ticket {
    let (_, text) = url.split_once("/redeem/").expect("a redeem link");
    Ticket::parse(text).expect("a ticket of this cloud")
}
