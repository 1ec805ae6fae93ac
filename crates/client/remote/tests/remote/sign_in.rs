//! Sign-in by browser and by code, against a scripted cloud; the browser's way back is a real socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use remote::{BrowserSignIn, DeviceSignIn, SignInContext, SignInError, Transport};
use runtime::Runtime;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use crate::fake_cloud::{Asked, FakeCloud, ORIGIN, json_answer};

fn discovery(token_host: &str) -> Value {
    json!({"authorization_endpoint": format!("{ORIGIN}/organizations/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{token_host}/organizations/oauth2/v2.0/token"),
        "device_authorization_endpoint": format!("{ORIGIN}/organizations/oauth2/v2.0/devicecode")})
}

fn signed_in(nonce: &str) -> http::Response<remote::Body> {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({"aud": transfer::CLIENT_ID, "oid": "o", "tid": "t", "nonce": nonce,
        "preferred_username": "gustav@fabrikam.example", "name": "Gustav"});
    json_answer(
        StatusCode::OK,
        &json!({"token_type": "Bearer", "expires_in": 3600, "access_token": "a", "refresh_token": "r",
            "id_token": format!("e30.{}.x", part(claims)), "client_info": part(json!({"uid": "u", "utid": "t"}))}),
    )
}

fn context(cloud: &Arc<FakeCloud>) -> SignInContext {
    let transport: Arc<dyn Transport> = cloud.clone();
    SignInContext { runtime: Runtime::tokio(), transport, origin: ORIGIN.parse().unwrap() }
}

pub async fn visit(address: &str, path: &str) -> String {
    let url = Url::parse(address).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    page
}

pub fn query(page: &str, name: &str) -> String {
    let url = Url::parse(page).unwrap();
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn a_person_signs_in_with_the_browser() {
    let nonce = Arc::new(std::sync::Mutex::new(String::new()));
    let told = Arc::clone(&nonce);
    let cloud = FakeCloud::new(move |asked: &Asked| {
        if asked.uri.ends_with("/openid-configuration") {
            return Some(json_answer(StatusCode::OK, &discovery(ORIGIN)));
        }
        asked.uri.ends_with("/organizations/oauth2/v2.0/token").then(|| signed_in(&told.lock().unwrap()))
    });
    let pending = BrowserSignIn::begin(context(&cloud), Some("gustav@fabrikam.example")).await.unwrap();
    let page = pending.page().to_owned();
    assert_eq!(query(&page, "login_hint"), "gustav@fabrikam.example");
    assert_eq!(query(&page, "code_challenge_method"), "S256");
    *nonce.lock().unwrap() = query(&page, "nonce");
    let (back, state) = (query(&page, "redirect_uri"), query(&page, "state"));
    assert!(visit(&back, "/?code=stolen&state=other").await.starts_with("HTTP/1.1 404"));
    let way_back = format!("/?code=c1&state={state}");
    let (page, signed_in) = tokio::join!(visit(&back, &way_back), pending.finish());
    assert!(page.contains("You are signed in"), "{page}");
    let signed_in = signed_in.unwrap();
    assert_eq!(signed_in.account.person(), "t.u");
    assert_eq!(signed_in.refresh_token, "r");
    let exchange = cloud.asked("/token");
    assert!(exchange[0].body.contains("code=c1") && exchange[0].body.contains("code_verifier="));
}

#[tokio::test]
async fn a_cloud_that_sends_secrets_elsewhere_is_refused() {
    let cloud = FakeCloud::new(|asked| {
        asked
            .uri
            .ends_with("/openid-configuration")
            .then(|| json_answer(StatusCode::OK, &discovery("https://evil.example")))
    });
    let refused = BrowserSignIn::begin(context(&cloud), None).await.err();
    assert!(matches!(refused, Some(SignInError::NoCloud { .. })), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_person_signs_in_with_a_code_on_another_computer() {
    let polls = AtomicUsize::new(0);
    let cloud = FakeCloud::new(move |asked: &Asked| {
        if asked.uri.ends_with("/openid-configuration") {
            return Some(json_answer(StatusCode::OK, &discovery(ORIGIN)));
        }
        if asked.uri.ends_with("/devicecode") {
            let granted = json!({"device_code": "d", "user_code": "ABCD", "verification_uri": ORIGIN,
                "expires_in": 900, "interval": 5});
            return Some(json_answer(StatusCode::OK, &granted));
        }
        let body = |error: &str| json!({"error": error, "error_description": "", "error_codes": []});
        Some(match polls.fetch_add(1, Ordering::Relaxed) {
            0 => json_answer(StatusCode::BAD_REQUEST, &body("authorization_pending")),
            1 => json_answer(StatusCode::BAD_REQUEST, &body("slow_down")),
            _ => signed_in("any"),
        })
    });
    let pending = DeviceSignIn::begin(context(&cloud)).await.unwrap();
    assert_eq!(pending.user_code(), "ABCD");
    assert_eq!(pending.finish().await.unwrap().account.home_user, "u");
}
