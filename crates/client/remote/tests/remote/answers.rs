//! What answers mean: only the server's own, complete words count.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::{RemoteError, RemoteTree as _};
use http::{Response, StatusCode};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use remote::empty_body;
use serde_json::{Value, json};
use transfer::OperationId;

use crate::fake_cloud::{FakeCloud, ROOT, answer, json_answer, refusal, tokens, tree};

fn page() -> Value {
    json!({"entries": [], "cursor": "c1", "more": false, "epoch": "e"})
}

#[tokio::test]
async fn a_page_of_the_feed_is_read_with_the_cursor_escaped() {
    let cloud =
        FakeCloud::new(|asked| asked.uri.contains("/delta").then(|| json_answer(StatusCode::OK, &page())));
    let read = tree(&cloud).delta(Some("a b&c")).await.unwrap();
    assert_eq!(read.cursor, "c1");
    assert_eq!(cloud.asked("/delta")[0].uri, format!("{ROOT}/delta?cursor=a+b%26c"));
    assert_eq!(cloud.asked("/delta")[0].token, "Bearer access-1");
}

#[tokio::test]
async fn a_captive_portal_or_a_broken_answer_is_no_observation() {
    const HTML: &str = "<html>Please pay for the network</html>";
    type Make = fn() -> Response<remote::Body>;
    let cases: [(&str, Make); 7] = [
        ("a page instead of JSON", || answer(StatusCode::OK, "text/html", HTML)),
        ("a page with 404", || answer(StatusCode::NOT_FOUND, "text/html", HTML)),
        ("JSON that is no envelope with 404", || json_answer(StatusCode::NOT_FOUND, &json!({"ok": false}))),
        ("half an answer", || answer(StatusCode::OK, "application/json", r#"{"entries": [], "cur"#)),
        ("another JSON", || json_answer(StatusCode::OK, &json!({"entries": []}))),
        ("a page without a cursor", || {
            json_answer(StatusCode::OK, &json!({"entries": [], "cursor": "", "more": false, "epoch": "e"}))
        }),
        ("a redirect", || {
            Response::builder().status(302).header("location", "/portal").body(empty_body()).unwrap()
        }),
    ];
    for (case, make) in cases {
        let cloud = FakeCloud::new(move |asked| asked.uri.contains("/delta").then(make));
        let error = tree(&cloud).delta(None).await.unwrap_err();
        assert!(matches!(error, RemoteError::Transport(_)), "{case}: {error:?}");
    }
}

#[tokio::test]
async fn a_rejected_token_is_replaced_once() {
    let cloud = FakeCloud::new(|asked| {
        asked.uri.contains("/delta").then(|| match asked.token.as_str() {
            "Bearer access-1" => refusal(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
            _ => json_answer(StatusCode::OK, &page()),
        })
    });
    tree(&cloud).delta(None).await.unwrap();
    let cloud = FakeCloud::new(|asked| {
        asked.uri.contains("/delta").then(|| refusal(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"))
    });
    assert_eq!(tree(&cloud).delta(None).await, Err(RemoteError::SignInNeeded));
    assert_eq!(cloud.asked("/delta").len(), 2);
}

#[tokio::test]
async fn r_d09_a_hidden_root_is_a_question_and_never_a_deletion() {
    let cloud = FakeCloud::new(|asked| {
        asked.uri.contains("/drives/").then(|| refusal(StatusCode::NOT_FOUND, "itemNotFound"))
    });
    let tree = tree(&cloud);
    assert_eq!(tree.delta(None).await, Err(RemoteError::RootRefused));
    assert_eq!(tree.outcomes(&[OperationId("d:1".into())]).await, Err(RemoteError::RootRefused));
}

#[tokio::test]
async fn an_operation_the_server_never_saw_is_told_as_such() {
    let info = json!({"tenant": "resource", "organization": "Contoso", "initialDomain": "contoso.example",
        "site": "Falcon", "library": "Documents", "folder": null, "drive": "drive", "item": "root",
        "chunkKey": "00".repeat(32), "epoch": "e", "role": "write", "webUrl": "https://cloud.example/x"});
    let cloud = FakeCloud::new(move |asked| {
        if asked.uri.ends_with("/root") {
            return Some(json_answer(StatusCode::OK, &info));
        }
        asked.uri.contains("/operations/").then(|| refusal(StatusCode::NOT_FOUND, "itemNotFound"))
    });
    let outcomes = tree(&cloud).outcomes(&[OperationId("d:1".into())]).await.unwrap();
    assert_eq!(outcomes, [None]);
    assert!(cloud.asked("/operations/")[0].uri.ends_with("/operations/d%3A1"));
}

fn report(key: &SigningKey, nonce: &str) -> String {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let now = runtime::Runtime::tokio().now().as_second();
    let report = json!({"drive": "drive", "item": "root", "person": "home.user", "nonce": nonce, "iat": now,
        "state": "revoked", "reason": "guestDeleted", "message": "m", "remedy": "r"});
    let text = format!("{}.{}", part(json!({"alg": "ES256", "kid": "k"})), part(report));
    let signature: Signature = key.sign(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[tokio::test]
async fn r_d09_the_end_of_access_is_believed_only_when_signed_for_this_question() {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_encoded_point(false);
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let keys = json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "k",
        "x": text(point.x().unwrap()), "y": text(point.y().unwrap())}]});
    let asked_before = AtomicUsize::new(0);
    let cloud = FakeCloud::new(move |asked| {
        if asked.uri.ends_with("/discovery/v2.0/keys") {
            return Some(json_answer(StatusCode::OK, &keys));
        }
        if asked.uri.contains("/home/oauth2") {
            return Some(tokens("of-home", "refresh"));
        }
        asked.uri.ends_with("/transfer/v1/access").then(|| {
            let question: Value = serde_json::from_str(&asked.body).unwrap();
            let replayed = asked_before.fetch_add(1, Ordering::Relaxed) == 1;
            let nonce = if replayed { "an older one" } else { question["nonce"].as_str().unwrap() };
            answer(StatusCode::OK, "application/jose", report(&key, nonce))
        })
    });
    let tree = tree(&cloud);
    let believed = tree.access().await.unwrap().0;
    assert_eq!(believed.reason, Some(transfer::AccessReason::GuestDeleted));
    assert!(matches!(tree.access().await, Err(RemoteError::Transport(_))), "a replayed report");
    let asked = &cloud.asked("/transfer/v1/access")[0];
    assert_eq!(asked.token, "Bearer of-home", "the home account asks, the guest account may be gone");
}
