//! The authorization endpoint: where it sends people, and what it refuses to redirect.

use http::StatusCode;

use crate::cloud::{Cloud, MARIA, authorize, exchange};

#[tokio::test]
async fn r_a03_a_signed_in_person_gets_a_code_that_becomes_tokens() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let answer = browser.get(&authorize("organizations", &[])).await;
    assert_eq!(answer.redirected("state").as_deref(), Some("a state"));
    let code = answer.redirected("code").expect("a code");
    let tokens = exchange(&mut browser, "organizations", &code).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let tokens = tokens.json();
    assert!(tokens["expires_in"].is_i64() && tokens["token_type"] == "Bearer", "{tokens}");
    for part in ["access_token", "refresh_token", "id_token", "client_info"] {
        assert!(tokens[part].is_string(), "{part}");
    }
    let again = exchange(&mut browser, "organizations", &code).await;
    assert_eq!(again.json()["error_codes"], serde_json::json!([54005]), "a code works once");
}

#[tokio::test]
async fn r_a03_the_home_refresh_token_opens_the_other_organization() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    let mut browser = cloud.signed_in().await;
    let code = browser.get(&authorize("organizations", &[])).await.redirected("code").expect("a code");
    let tokens = exchange(&mut browser, "organizations", &code).await.json();
    let refresh = tokens["refresh_token"].as_str().expect("a token").to_owned();
    let fields = [
        ("client_id", transfer::CLIENT_ID),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    for organization in ["contoso.example".to_owned(), cloud.contoso.to_string()] {
        let answer = browser.post(&format!("/{organization}/oauth2/v2.0/token"), &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.json()["scope"], "openid profile offline_access Files.ReadWrite.All");
    }
}

#[tokio::test]
async fn nothing_is_redirected_to_an_address_that_is_not_the_clients() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    for changes in [
        [("redirect_uri", "https://evil.example/")],
        [("redirect_uri", "http://localhost@evil.example/")],
        [("redirect_uri", "http://127.0.0.1.evil.example/")],
        [("redirect_uri", "")],
        [("client_id", "11111111-1111-4111-8111-111111111111")],
        [("client_id", "")],
    ] {
        let answer = browser.get(&authorize("organizations", &changes)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{changes:?}");
        assert!(answer.location().is_empty(), "{changes:?}");
    }
    let answer = browser.get(&authorize("nowhere.example", &[])).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn other_mistakes_are_told_to_the_client() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    for (changes, error) in [
        ([("response_type", "token")], "unsupported_response_type"),
        ([("code_challenge_method", "plain")], "invalid_request"),
        ([("code_challenge_method", "")], "invalid_request"),
        ([("code_challenge", "")], "invalid_request"),
        ([("response_mode", "form_post")], "unsupported_response_type"),
    ] {
        let answer = browser.get(&authorize("organizations", &changes)).await;
        assert!(answer.location().starts_with("http://127.0.0.1:4711/?"), "{changes:?}");
        assert_eq!(answer.redirected("error").as_deref(), Some(error), "{changes:?}");
        assert_eq!(answer.redirected("state").as_deref(), Some("a state"));
    }
}

#[tokio::test]
async fn who_is_no_guest_is_sent_back_with_the_reason() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let answer = browser.get(&authorize("contoso.example", &[])).await;
    assert_eq!(answer.redirected("error").as_deref(), Some("access_denied"));
    assert!(answer.redirected("error_description").is_some_and(|text| text.starts_with("AADSTS50020")));
}

#[tokio::test]
async fn prompt_and_hint_are_respected() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let answer = browser.get(&authorize("organizations", &[("prompt", "none")])).await;
    assert_eq!(answer.redirected("error").as_deref(), Some("login_required"));
    let mut browser = cloud.signed_in().await;
    let answer = browser.get(&authorize("organizations", &[("prompt", "none")])).await;
    assert!(answer.redirected("code").is_some());
    let answer =
        browser.get(&authorize("organizations", &[("prompt", "login"), ("login_hint", MARIA)])).await;
    assert!(answer.location().starts_with("/sign-in?"), "{}", answer.location());
    let page = browser.open(&authorize("organizations", &[("prompt", "select_account")])).await;
    assert!(page.body.contains("Go on as Maria Lopez"), "{}", page.body);
    let page = browser.open(&authorize("organizations", &[("login_hint", "anna@fabrikam.example")])).await;
    assert!(page.body.contains("somebody else is signed in"), "{}", page.body);
    let alias = authorize("organizations", &[("login_hint", "maria.lopez@fabrikam.example")]);
    assert!(browser.get(&alias).await.redirected("code").is_some(), "an alias is the same person");
}

#[tokio::test]
async fn a_posted_request_is_answered_like_one_in_the_address() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let link = authorize("organizations", &[("response_mode", "fragment")]);
    let (path, query) = link.split_once('?').expect("a query");
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(query).expect("fields");
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.post(path, &fields).await;
    let answer = browser.follow(answer).await;
    assert!(answer.location().starts_with("http://127.0.0.1:4711/#code="), "{}", answer.location());
}
