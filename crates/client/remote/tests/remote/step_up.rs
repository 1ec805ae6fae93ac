//! A step-up: one organization's page, the present line made stronger, and challenges of an API passed on.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use engine::{RemoteError, RemoteTree as _};
use http::{Response, StatusCode};
use remote::{Body, BrowserStepUp, SecretStore as _, SignInError};
use serde_json::{Value, json};
use url::Url;

use crate::fake_cloud::{Asked, FakeCloud, ORIGIN, account, json_answer, source, tokens, tree};
use crate::sign_in::{query, visit};

fn demand(claims: &str) -> Response<Body> {
    let refused = json!({"error": "interaction_required", "error_description": "AADSTS50076: Use MFA.",
        "error_codes": [50076], "claims": claims});
    json_answer(StatusCode::BAD_REQUEST, &refused)
}

fn form(asked: &Asked) -> std::collections::BTreeMap<String, String> {
    url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect()
}

fn granted(user: &str) -> Response<Body> {
    let info = URL_SAFE_NO_PAD.encode(json!({"uid": user, "utid": "home"}).to_string());
    json_answer(
        StatusCode::OK,
        &json!({"token_type": "Bearer", "expires_in": 3600, "access_token": "stronger",
            "refresh_token": "refresh-9", "client_info": info}),
    )
}

/// Begins a step-up and lets the browser come back with a code.
async fn step_up(source: &remote::TokenSource) -> (Url, Result<(), SignInError>) {
    let step = BrowserStepUp::begin(source, "resource", Some(r#"{"access_token":{"acrs":{"value":"c1"}}}"#));
    let step = step.await.unwrap();
    let page = Url::parse(step.page()).unwrap();
    let back = query(page.as_str(), "redirect_uri");
    let way_back = format!("/?code=c1&state={}", query(page.as_str(), "state"));
    let (_page, done) = tokio::join!(visit(&back, &way_back), step.finish());
    (page, done)
}

#[tokio::test]
async fn r_x01_a_step_up_goes_to_that_organizations_page_and_strengthens_the_present_line() {
    let cloud =
        FakeCloud::new(|asked| asked.uri.ends_with("/resource/oauth2/v2.0/token").then(|| granted("user")));
    let (source, secrets) = source(&cloud);
    let (page, done) = step_up(&source).await;
    done.unwrap();
    assert!(page.as_str().starts_with(&format!("{ORIGIN}/resource/oauth2/v2.0/authorize?")), "{page}");
    assert_eq!(query(page.as_str(), "login_hint"), "gustav@fabrikam.example");
    let claims: Value = serde_json::from_str(&query(page.as_str(), "claims")).unwrap();
    assert_eq!(claims["access_token"]["acrs"]["value"], "c1");
    let sent = form(&cloud.asked("/resource/oauth2")[0]);
    assert_eq!((sent["grant_type"].as_str(), sent["code"].as_str()), ("authorization_code", "c1"));
    assert_eq!(sent["refresh_token"], "refresh-0");
    assert_eq!(secrets.find(&account().key()).unwrap().as_deref(), Some("refresh-9"));
    // The token that came is used; nobody else is asked.
    assert_eq!(source.token("resource").await.unwrap().secret(), "stronger");
    assert_eq!(cloud.asked("/oauth2").len(), 1);
}

#[tokio::test]
async fn r_x01_somebody_elses_step_up_changes_nothing() {
    let cloud = FakeCloud::new(|asked| {
        asked.uri.ends_with("/resource/oauth2/v2.0/token").then(|| granted("somebody else"))
    });
    let (source, secrets) = source(&cloud);
    let (_page, done) = step_up(&source).await;
    assert!(matches!(&done, Err(SignInError::Refused(text)) if text.contains("gustav@")), "{done:?}");
    assert_eq!(secrets.find(&account().key()).unwrap().as_deref(), Some("refresh-0"));
}

#[tokio::test]
async fn r_x01_a_step_up_that_does_not_do_leaves_the_sign_in_as_it_was() {
    let cloud =
        FakeCloud::new(|asked| asked.uri.ends_with("/resource/oauth2/v2.0/token").then(|| demand("{}")));
    let (source, secrets) = source(&cloud);
    let (_page, done) = step_up(&source).await;
    assert!(matches!(&done, Err(SignInError::Refused(text)) if text.contains("Use MFA.")), "{done:?}");
    assert_eq!(secrets.find(&account().key()).unwrap().as_deref(), Some("refresh-0"));
}

#[tokio::test]
async fn s_5_6_a_challenge_of_the_api_is_repeated_to_the_token_endpoint_of_that_organization() {
    let asked_for = json!({"access_token": {"nbf": {"value": "1"}}}).to_string();
    let header = format!(
        "Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{}\"",
        STANDARD.encode(&asked_for)
    );
    let cloud: Arc<FakeCloud> = FakeCloud::new(move |asked| {
        if asked.uri.contains("/oauth2/") {
            let met = form(asked)["claims"].contains("nbf");
            return Some(if met { tokens("met", "refresh-2") } else { tokens("weak", "refresh-1") });
        }
        asked.uri.contains("/delta").then(|| match asked.token.as_str() {
            "Bearer met" => json_answer(
                StatusCode::OK,
                &json!({"entries": [], "cursor": "c", "more": false, "epoch": "e"}),
            ),
            _ => {
                let mut answer = json_answer(StatusCode::UNAUTHORIZED, &json!({}));
                answer.headers_mut().insert("www-authenticate", header.parse().unwrap());
                answer
            }
        })
    });
    tree(&cloud).delta(None).await.unwrap();
    let sent: Value = serde_json::from_str(&form(&cloud.asked("/oauth2/")[1])["claims"]).unwrap();
    assert_eq!(sent["access_token"]["xms_cc"]["values"][0], "cp1");
    // What the endpoint cannot give without the person asks for the person, and names what the browser is to be told.
    let cloud = FakeCloud::new(|asked| {
        if asked.uri.contains("/oauth2/") {
            return Some(if form(asked)["claims"].contains("nbf") { demand("{}") } else { tokens("w", "r") });
        }
        let mut answer = json_answer(StatusCode::UNAUTHORIZED, &json!({}));
        let claims = STANDARD.encode(json!({"access_token": {"nbf": {}}}).to_string());
        let header = format!("Bearer error=\"insufficient_claims\", claims=\"{claims}\"");
        answer.headers_mut().insert("www-authenticate", header.parse().unwrap());
        Some(answer)
    });
    let refused = tree(&cloud).delta(None).await.unwrap_err();
    assert!(matches!(refused, RemoteError::InteractionNeeded { .. }), "{refused:?}");
}
