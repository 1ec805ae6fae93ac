//! Fake cloud: answers requests by a script and remembers what it was asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use remote::{
    Account, ApiClient, Body, HintHub, HostGates, HttpRemoteTree, MemorySecretStore, RootAddress,
    SecretStore, TokenSource, Transport, TransportError, full_body,
};
use runtime::Runtime;
use serde_json::{Value, json};

pub const ORIGIN: &str = "https://cloud.example";
pub const ROOT: &str = "https://cloud.example/transfer/v1/drives/drive/items/root";

/// What the cloud was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    pub uri: String,
    pub token: String,
    pub body: String,
}

type Script = dyn Fn(&Asked) -> Option<Response<Body>> + Send + Sync;

/// A cloud that hands out tokens by itself and asks its script for everything else.
pub struct FakeCloud {
    script: Box<Script>,
    pub asked: Mutex<Vec<Asked>>,
}

impl FakeCloud {
    pub fn new(script: impl Fn(&Asked) -> Option<Response<Body>> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { script: Box::new(script), asked: Mutex::default() })
    }

    pub fn asked(&self, part: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.uri.contains(part)).cloned().collect()
    }
}

#[async_trait]
impl Transport for FakeCloud {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, TransportError> {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let token = head.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        let asked = Asked {
            method: head.method.to_string(),
            uri: head.uri.to_string(),
            token: token.unwrap_or_default(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        self.asked.lock().unwrap().push(asked.clone());
        // Others get a turn, as they would on a network.
        tokio::task::yield_now().await;
        match (self.script)(&asked) {
            Some(answer) => Ok(answer),
            None if asked.uri.ends_with("/oauth2/v2.0/token") => {
                let count = self.asked("/oauth2/v2.0/token").len();
                Ok(tokens(&format!("access-{count}"), &format!("refresh-{count}")))
            }
            None => Err(TransportError("nothing is scripted".to_owned())),
        }
    }
}

pub fn tokens(access: &str, refresh: &str) -> Response<Body> {
    json_answer(
        StatusCode::OK,
        &json!({"token_type": "Bearer", "expires_in": 3600, "access_token": access, "refresh_token": refresh}),
    )
}

pub fn json_answer(status: StatusCode, value: &Value) -> Response<Body> {
    answer(status, "application/json; charset=utf-8", value.to_string())
}

pub fn refusal(status: StatusCode, code: &str) -> Response<Body> {
    json_answer(status, &json!({"error": {"code": code, "message": "why"}}))
}

pub fn answer(status: StatusCode, media_type: &str, body: impl Into<Bytes>) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("content-type", media_type)
        .body(full_body(body.into()))
        .unwrap()
}

pub fn account() -> Account {
    Account {
        origin: ORIGIN.parse().unwrap(),
        home_tenant: "home".to_owned(),
        home_user: "user".to_owned(),
        address: "gustav@fabrikam.example".to_owned(),
        display_name: "Gustav".to_owned(),
    }
}

/// A source whose saved refresh token is `refresh-0`.
pub fn source(cloud: &Arc<FakeCloud>) -> (TokenSource, Arc<MemorySecretStore>) {
    let secrets = Arc::new(MemorySecretStore::default());
    secrets.save(&account().key(), "refresh-0").unwrap();
    let transport: Arc<dyn Transport> = cloud.clone();
    (TokenSource::new(Runtime::tokio(), transport, account(), secrets.clone(), HostGates::default()), secrets)
}

pub fn api(cloud: &Arc<FakeCloud>) -> ApiClient {
    let transport: Arc<dyn Transport> = cloud.clone();
    ApiClient::new(Runtime::tokio(), transport, source(cloud).0, "resource")
}

pub fn tree(cloud: &Arc<FakeCloud>) -> HttpRemoteTree {
    let api = api(cloud);
    let hub = HintHub::new(api.clone());
    let root =
        RootAddress { tenant: "resource".to_owned(), drive: "drive".to_owned(), item: "root".to_owned() };
    HttpRemoteTree::new(api, root, &hub)
}
