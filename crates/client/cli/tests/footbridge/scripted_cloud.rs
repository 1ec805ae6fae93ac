//! Scripted cloud: just enough of a server, with one file in every drive, for the program to sync with.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use runtime::Runtime;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

const HELLO: &[u8] = b"Hello from Contoso.\n";

struct Shared {
    origin: String,
    key: SigningKey,
    nonce: Mutex<String>,
    client: Mutex<String>,
    who: Mutex<String>,
    revoked: watch::Sender<bool>,
    /// What Contoso asks of everybody, by its number; nothing when none.
    demand: watch::Sender<Option<u32>>,
    /// Authorization codes exchanged at Contoso, with the refresh token that came with each.
    strengthened: Mutex<Vec<String>>,
}

/// A running cloud.
pub struct ScriptedCloud(Arc<Shared>);

impl ScriptedCloud {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let shared = Arc::new(Shared {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            key: SigningKey::from_slice(&[7; 32]).unwrap(),
            nonce: Mutex::default(),
            client: Mutex::default(),
            who: Mutex::default(),
            revoked: watch::Sender::new(false),
            demand: watch::Sender::new(None),
            strengthened: Mutex::default(),
        });
        let served = Arc::clone(&shared);
        let runtime = Runtime::tokio();
        let inner = runtime.clone();
        runtime
            .spawn("cloud", async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let shared = Arc::clone(&served);
                    let service = service_fn(move |request| answer(Arc::clone(&shared), request));
                    let connection = async move {
                        let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                        let _ended = server.serve_connection(TokioIo::new(stream), service).await;
                    };
                    inner.spawn("connection", connection).detach();
                }
            })
            .detach();
        Self(shared)
    }

    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    pub fn link(&self, tenant: &str, drive: &str) -> String {
        self.link_to(tenant, drive, "root")
    }

    pub fn link_to(&self, tenant: &str, drive: &str, item: &str) -> String {
        let cloud = self.0.origin.replace(':', "%3A").replace('/', "%2F");
        format!("footbridge://sync?cloud={cloud}&tenant={tenant}&drive={drive}&item={item}")
    }

    /// Remembers who signs in and with which nonce, as the sign-in page would.
    pub fn expect(&self, who: &str, client: &str, nonce: &str) {
        *self.0.who.lock().unwrap() = who.to_owned();
        *self.0.client.lock().unwrap() = client.to_owned();
        *self.0.nonce.lock().unwrap() = nonce.to_owned();
    }

    /// Switches a policy of Contoso's on or off.
    pub fn demand(&self, code: Option<u32>) {
        self.0.demand.send_replace(code);
    }

    /// Returns the refresh tokens that came with a step-up's code.
    pub fn strengthened(&self) -> Vec<String> {
        self.0.strengthened.lock().unwrap().clone()
    }

    pub fn revoke(&self) {
        self.0.revoked.send_replace(true);
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    let bearer = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let asked = shared.demand.borrow().is_some() && bearer == Some("Bearer contoso");
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let revoked = *shared.revoked.borrow();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    Ok(match parts.as_slice() {
        [_, "v2.0", ".well-known", "openid-configuration"] => json_answer(&discovery(&shared.origin)),
        ["contoso", "oauth2", "v2.0", "token"] => contoso_token(&shared, &body),
        [tenant, "oauth2", "v2.0", "token"] => json_answer(&tokens(&shared, tenant)),
        [_, "discovery", "v2.0", "keys"] => json_answer(&keys(&shared.key)),
        ["transfer", "v1", "access"] => access(&shared, &body),
        ["transfer", ..] if asked => unauthorized(),
        ["transfer", "v1", "events"] => events(&shared),
        ["transfer", "v1", "drives", ..] if revoked => refusal(),
        ["transfer", "v1", "drives", drive, "items", item, "root"] => json_answer(&root(drive, item)),
        ["transfer", "v1", "drives", _, "items", "root", "delta"] => json_answer(&delta()),
        ["transfer", "v1", "drives", _, "contents"] => contents(),
        _ => refusal(),
    })
}

fn discovery(origin: &str) -> Value {
    json!({"authorization_endpoint": format!("{origin}/organizations/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{origin}/organizations/oauth2/v2.0/token")})
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn tokens(shared: &Shared, tenant: &str) -> Value {
    let who = shared.who.lock().unwrap().clone();
    let (name, domain) = who.split_once('@').unwrap_or_default();
    let home = domain.split('.').next().unwrap_or_default();
    let claims = json!({"aud": *shared.client.lock().unwrap(), "oid": name, "tid": home,
        "nonce": *shared.nonce.lock().unwrap(), "preferred_username": who, "name": name});
    let home = json!({"uid": name, "utid": home});
    json!({"token_type": "Bearer", "expires_in": 3600, "access_token": tenant, "refresh_token": "refresh",
        "client_info": part(&home), "id_token": format!("e30.{}.x", part(&claims))})
}

/// Contoso's own token endpoint: what its policy asks for is met by a code that comes with the line's refresh token.
fn contoso_token(shared: &Shared, body: &[u8]) -> Answer {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    let claims: Value = serde_json::from_str(&form["claims"]).unwrap();
    assert_eq!(claims["access_token"]["xms_cc"]["values"][0], "cp1");
    let demand = *shared.demand.borrow();
    if let (Some(_), "authorization_code", Some(token)) =
        (demand, form["grant_type"].as_str(), form.get("refresh_token"))
    {
        shared.strengthened.lock().unwrap().push(token.clone());
        shared.demand.send_replace(None);
    } else if let Some(code) = demand {
        let text = format!("AADSTS{code}: Contoso asks for more (policy \"Guests: more\"). Trace ID: x");
        let refused =
            json!({"error": "interaction_required", "error_description": text, "error_codes": [code]});
        let mut answer = json_answer(&refused);
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        return answer;
    }
    json_answer(&tokens(shared, "contoso"))
}

fn unauthorized() -> Answer {
    let mut answer =
        json_answer(&json!({"error": {"code": "InvalidAuthenticationToken", "message": "not valid"}}));
    *answer.status_mut() = StatusCode::UNAUTHORIZED;
    answer
}

fn keys(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_encoded_point(false);
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "k", "x": text(point.x().unwrap()),
        "y": text(point.y().unwrap())}]})
}

fn access(shared: &Shared, body: &[u8]) -> Answer {
    let question: Value = serde_json::from_slice(body).unwrap();
    let report = json!({"drive": question["drive"], "item": question["item"], "nonce": question["nonce"],
        "person": "fabrikam.gustav", "iat": Runtime::tokio().now().as_second(), "state": "revoked",
        "reason": "guestDeleted", "message": "Your guest account at Contoso was deleted.",
        "remedy": "Ask Olivia at Contoso."});
    let text = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "k"})), part(&report));
    let signature: Signature = shared.key.sign(text.as_bytes());
    with_type("application/jose", format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes())))
}

/// Says *look* when access is taken away or asked more for, and is silent otherwise.
fn events(shared: &Shared) -> Answer {
    let changes = (shared.revoked.subscribe(), shared.demand.subscribe());
    let frames = futures_util::stream::unfold(changes, |(mut revoked, mut demand)| async move {
        tokio::select! {
            biased;
            changed = revoked.changed() => changed.ok()?,
            changed = demand.changed() => changed.ok()?,
        }
        let hint = Bytes::from_static(b"data: {\"drive\":\"d1\"}\n\n");
        Some((Ok::<_, Infallible>(Frame::data(hint)), (revoked, demand)))
    });
    let body = StreamBody::new(frames.boxed()).boxed_unsync();
    Response::builder().header("content-type", "text/event-stream").body(body).unwrap()
}

fn root(drive: &str, item: &str) -> Value {
    let folder = (item != "root").then_some("A part");
    let (tenant, domain) =
        if drive == "d1" { ("contoso", "contoso.example") } else { ("other", "other.example") };
    json!({"tenant": tenant, "organization": "Contoso", "initialDomain": domain, "site": "Project Falcon",
        "library": "Documents", "folder": folder, "drive": drive, "item": item, "chunkKey": "00".repeat(32),
        "epoch": "e", "role": "write", "webUrl": "http://127.0.0.1/site"})
}

/// Names the file's content: the hash of its manifest, which is one chunk's hash and length.
fn hello_content() -> String {
    let mut manifest = blake3::hash(HELLO).as_bytes().to_vec();
    manifest.extend(u32::try_from(HELLO.len()).unwrap().to_le_bytes());
    blake3::hash(&manifest).to_hex().to_string()
}

fn delta() -> Value {
    let item = |id: &str, parent: Value, name: &str, kind: &str, content: Value, size: usize| {
        json!({"type": "item", "id": id, "parent": parent, "name": name, "kind": kind, "size": size,
            "content": content, "eTag": "e1", "cTag": if kind == "file" { "c1" } else { "" },
            "modified": "2026-01-01T00:00:00Z", "role": "write", "op": null})
    };
    json!({"entries": [
        item("root", Value::Null, "root", "folder", Value::Null, 0),
        item("hello", json!("root"), "hello.txt", "file", json!(hello_content()), HELLO.len()),
    ], "cursor": "c", "more": false, "epoch": "e"})
}

fn contents() -> Answer {
    let header = br#"{"index":0,"error":null}"#;
    let mut pack = u32::try_from(header.len()).unwrap().to_le_bytes().to_vec();
    pack.extend_from_slice(header);
    pack.extend((HELLO.len() as u64).to_le_bytes());
    pack.extend_from_slice(HELLO);
    pack.extend([0; 4]);
    with_type("application/vnd.footbridge.pack", pack)
}

fn refusal() -> Answer {
    let mut answer = json_answer(&json!({"error": {"code": "itemNotFound", "message": "not found"}}));
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

fn json_answer(value: &Value) -> Answer {
    with_type("application/json", value.to_string())
}

fn with_type(media_type: &str, body: impl Into<Bytes>) -> Answer {
    let body = Full::new(body.into()).boxed_unsync();
    Response::builder().header("content-type", media_type).body(body).unwrap()
}
