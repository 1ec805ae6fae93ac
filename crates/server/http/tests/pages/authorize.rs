//! The authorization endpoint: where it sends people, and what it refuses to redirect.

use http::StatusCode;

use crate::cloud::{Cloud, MARIA, PASSWORD, authorize, exchange};

#[tokio::test]
async fn r_a03_a_signed_in_person_gets_a_code_that_becomes_tokens() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let answer = browser.continue_at(&authorize("organizations", &[])).await;
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
    let code =
        browser.continue_at(&authorize("organizations", &[])).await.redirected("code").expect("a code");
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
    let page = browser.get(&authorize("contoso.example", &[])).await;
    assert!(page.location().is_empty() && page.body.contains("every file you can reach at"), "{}", page.body);
    let answer = browser.submit(&page, &[("choice", "continue")]).await;
    assert_eq!(answer.redirected("error").as_deref(), Some("access_denied"));
    assert!(answer.redirected("error_description").is_some_and(|text| text.starts_with("AADSTS50020")));
}

#[tokio::test]
async fn a_live_session_alone_gives_no_code_to_whoever_listens_on_this_computer() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let link = authorize("organizations", &[]);
    let page = browser.get(&link).await;
    assert_eq!((page.status, page.location().as_str()), (StatusCode::OK, ""));
    assert!(page.body.contains("Continue as Maria Lopez (Fabrikam) to Footbridge?"), "{}", page.body);
    // Opening it again, or the page's own form without its token, in another browser or from another site.
    assert!(browser.get(&link).await.location().is_empty());
    let (request, token) = (page.hidden("request"), page.hidden("token"));
    let fields = |token| [("request", request.as_str()), ("choice", "continue"), ("token", token)];
    let foreign = cloud.signed_in().await.get(&link).await.hidden("token");
    for bad in ["", "nonsense", &foreign] {
        let answer = browser.post("/sign-in/continue", &fields(bad)).await;
        assert_eq!((answer.status, answer.location().as_str()), (StatusCode::FORBIDDEN, ""), "{bad}");
    }
    let cross = [("sec-fetch-site", "cross-site")];
    let answer = browser.post_with("/sign-in/continue", &fields(&token), &cross).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = cloud.browser().post("/sign-in/continue", &fields(&token)).await;
    assert!(answer.location().starts_with("/sign-in?"), "{}", answer.location());
    // A form that names another address than the client's gets nothing either.
    let evil = request.replace("127.0.0.1%3A4711", "evil.example");
    for other in [evil.as_str(), "https://evil.example/", "/device", ""] {
        let fields = [("request", other), ("choice", "continue"), ("token", token.as_str())];
        let answer = browser.post("/sign-in/continue", &fields).await;
        assert!(answer.status.is_client_error() && answer.location().is_empty(), "{other}");
    }
    let answer = browser.post("/sign-in/continue", &fields(&token)).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.body);
}

#[tokio::test]
async fn cancel_is_told_to_the_client() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let page = browser.get(&authorize("organizations", &[])).await;
    let answer = browser.submit(&page, &[("choice", "cancel")]).await;
    assert_eq!(answer.redirected("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.redirected("state").as_deref(), Some("a state"));
    assert!(answer.redirected("code").is_none());
}

#[tokio::test]
async fn a_password_counts_for_the_request_it_was_given_for_and_no_other() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let page = browser.open(&authorize("organizations", &[("login_hint", MARIA)])).await;
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.location());
    for same_or_other in ["a state", "another state"] {
        let link = authorize("organizations", &[("login_hint", MARIA), ("state", same_or_other)]);
        assert!(browser.get(&link).await.location().is_empty(), "{same_or_other}");
    }
    // Whoever enters another person's password than was expected is asked first.
    cloud.add_member(cloud.fabrikam, &["anna@fabrikam.example"]).await;
    let mut browser = cloud.browser();
    let page = browser.open(&authorize("organizations", &[("login_hint", MARIA)])).await;
    let fields = [("address", "anna@fabrikam.example"), ("password", PASSWORD)];
    let answer = browser.submit(&page, &fields).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("The app expects") && page.body.contains(MARIA), "{}", page.body);
}

#[tokio::test]
async fn prompt_and_hint_are_respected() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let answer = browser.get(&authorize("organizations", &[("prompt", "none")])).await;
    assert_eq!(answer.redirected("error").as_deref(), Some("login_required"));
    let mut browser = cloud.signed_in().await;
    let answer = browser.get(&authorize("organizations", &[("prompt", "none")])).await;
    assert_eq!(answer.redirected("error").as_deref(), Some("interaction_required"));
    let answer =
        browser.get(&authorize("organizations", &[("prompt", "login"), ("login_hint", MARIA)])).await;
    assert!(answer.location().starts_with("/sign-in?"), "{}", answer.location());
    let page = browser.open(&authorize("organizations", &[("prompt", "select_account")])).await;
    assert!(page.body.contains("Use another account"), "{}", page.body);
    let page = browser.open(&authorize("organizations", &[("login_hint", "anna@fabrikam.example")])).await;
    assert!(page.body.contains("somebody else is signed in"), "{}", page.body);
    let alias = authorize("organizations", &[("login_hint", "maria.lopez@fabrikam.example")]);
    let page = browser.get(&alias).await;
    assert!(!page.body.contains("The app expects"), "an alias is the same person: {}", page.body);
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
    let page = browser.follow(answer).await;
    let answer = browser.submit(&page, &[("choice", "continue")]).await;
    assert!(answer.location().starts_with("http://127.0.0.1:4711/#code="), "{}", answer.location());
}
