//! Second factors in the browser: asked for during a sign-in, and looked after on the account page (C01, X01, X12).

use data_encoding::BASE32_NOPAD;
use http::StatusCode;
use serde_json::json;
use totp_rs::{Builder, Secret};

use crate::browser::{Answer, Browser};
use crate::cloud::{Cloud, MARIA, PASSWORD, authorize, exchange};

const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";

/// Contoso asks whoever it names for a second factor.
async fn ask(cloud: &Cloud, users: serde_json::Value) {
    let token =
        cloud.token(model::HomeAccount { tenant: cloud.contoso, user: cloud.anna }, cloud.contoso).await;
    let body = json!({
        "displayName": "MFA for them",
        "state": "enabled",
        "conditions": {"users": users, "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    });
    let (status, made) = cloud.post(&token, POLICIES, body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
}

/// What an authenticator app shows, so many steps from now.
fn app_code(cloud: &Cloud, page: &Answer, steps: i64) -> String {
    let spelled =
        page.body.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a key");
    let secret = BASE32_NOPAD.decode(spelled.replace(' ', "").as_bytes()).expect("base 32");
    code_of(cloud, &secret, steps)
}

fn code_of(cloud: &Cloud, secret: &[u8], steps: i64) -> String {
    let secret = Secret::new_stack(secret.try_into().expect("20 bytes"));
    let now = cloud.runtime().now().as_second() + 30 * steps;
    Builder::new().with_secret(secret).build().expect("builds").generate(now.cast_unsigned()).to_string()
}

fn key_of(page: &Answer) -> Vec<u8> {
    let spelled =
        page.body.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a key");
    BASE32_NOPAD.decode(spelled.replace(' ', "").as_bytes()).expect("base 32")
}

fn recovery_codes(page: &Answer) -> Vec<String> {
    let list = page.body.split("<li><code>").skip(1);
    list.filter_map(|rest| rest.split("</code>").next()).map(str::to_owned).collect()
}

/// Maria signs in for a client's request and comes to what Contoso asks for.
async fn asked(cloud: &Cloud) -> (Browser, Answer) {
    let mut browser = cloud.browser();
    let page = browser.open(&authorize("contoso.example", &[("login_hint", MARIA)])).await;
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    assert!(answer.location().starts_with("/step-up/"), "{}", answer.location());
    let page = browser.follow(answer).await;
    (browser, page)
}

#[tokio::test]
async fn r_c01_a_guest_who_is_asked_for_mfa_enrols_in_the_browser_and_the_client_goes_on() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    ask(&cloud, json!({"includeUsers": ["GuestsOrExternalUsers"]})).await;

    let (mut browser, page) = asked(&cloud).await;
    assert!(page.body.contains("Contoso asks for a second factor"), "{}", page.body);
    let wrong = browser.submit(&page, &[("code", "000000")]).await;
    assert!(wrong.body.contains("not right"), "{}", wrong.body);
    let secret = key_of(&page);
    assert_eq!(secret, key_of(&wrong), "the same key is shown again");
    let codes = browser.submit(&wrong, &[("code", &app_code(&cloud, &wrong, 0))]).await;
    let recovery = recovery_codes(&codes);
    assert_eq!(recovery.len(), 10, "{}", codes.body);
    let then =
        codes.body.split("href=\"/step-up").nth(1).expect("goes on").split('"').next().expect("an address");
    let page = browser.open(&format!("/step-up{}", then.replace("&#38;", "&"))).await;
    let answer = browser.submit(&page, &[("choice", "continue")]).await;
    let code = answer.redirected("code").expect("a code");
    let tokens = exchange(&mut browser, "contoso.example", &code).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let access = tokens.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(cloud.get(&access, "/v1.0/me").await.0, StatusCode::OK);

    // Another browser gives a code of the app, and is answered at once.
    let (mut browser, page) = asked(&cloud).await;
    assert!(page.body.contains("Prove that it is you"), "{}", page.body);
    let replayed = browser.submit(&page, &[("code", &code_of(&cloud, &secret, 0))]).await;
    assert!(replayed.body.contains("used already"), "a code works once: {}", replayed.body);
    let answer = browser.submit(&replayed, &[("code", &code_of(&cloud, &secret, 1))]).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.location());

    // A recovery code does as well, once.
    let (mut browser, page) = asked(&cloud).await;
    let answer = browser.submit(&page, &[("code", &recovery[3].to_lowercase())]).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.location());
    let (mut browser, page) = asked(&cloud).await;
    let again = browser.submit(&page, &[("code", &recovery[3])]).await;
    assert!(again.body.contains("used already"), "{}", again.body);
}

#[tokio::test]
async fn wrong_codes_are_counted_and_the_wait_grows() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    ask(&cloud, json!({"includeUsers": ["GuestsOrExternalUsers"]})).await;
    let (mut browser, page) = asked(&cloud).await;
    let secret = key_of(&page);
    browser.submit(&page, &[("code", &code_of(&cloud, &secret, 0))]).await;
    let (mut browser, mut page) = asked(&cloud).await;
    for _ in 0..5 {
        page = browser.submit(&page, &[("code", "000000")]).await;
        assert!(page.body.contains("not right"), "{}", page.body);
    }
    page = browser.submit(&page, &[("code", &code_of(&cloud, &secret, 1))]).await;
    assert!(page.body.contains("too many wrong codes"), "also the right one waits: {}", page.body);
    cloud.clock.move_on(40);
    page = browser.submit(&page, &[("code", "000000")]).await;
    assert!(page.body.contains("not right"), "{}", page.body);
    cloud.clock.move_on(40);
    page = browser.submit(&page, &[("code", &code_of(&cloud, &secret, 0))]).await;
    assert!(page.body.contains("too many wrong codes"), "the second wait is longer: {}", page.body);
    cloud.clock.move_on(40);
    let answer = browser.submit(&page, &[("code", &code_of(&cloud, &secret, 0))]).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.body);
}

#[tokio::test]
async fn r_x12_a_person_looks_after_factors_and_sign_ins_and_a_password_alone_changes_no_factor() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    let mut browser = cloud.signed_in().await;
    let account = browser.get("/account").await;
    assert!(account.body.contains("Fabrikam") && account.body.contains("Contoso"), "{}", account.body);
    let home = format!("/account/{}", cloud.fabrikam);
    let page = browser.get(&format!("{home}/app")).await;
    let secret = key_of(&page);
    let codes = browser.submit(&page, &[("code", &code_of(&cloud, &secret, 0)), ("name", "Phone")]).await;
    assert_eq!(recovery_codes(&codes).len(), 10);
    assert!(browser.get(&home).await.body.contains("Phone"));
    let there = browser.get(&format!("/account/{}", cloud.contoso)).await;
    assert!(there.body.contains("You have none"), "another organization's are apart: {}", there.body);

    // Who has nothing but the password comes to a question, and removes nothing.
    let mut thief = cloud.signed_in().await;
    let page = thief.get(&home).await;
    let remove = page.body.split("action=\"").find(|rest| rest.contains("/remove\"")).expect("a form");
    let remove = remove.split('"').next().expect("an address").to_owned();
    let token = page.hidden("token");
    for path in [remove.clone(), format!("{home}/recovery-codes")] {
        let answer = thief.post(&path, &[("token", &token)]).await;
        assert!(answer.body.contains("Prove that it is you"), "{}", answer.body);
    }
    let offer = thief.get(&format!("{home}/app")).await;
    assert!(offer.body.contains("Prove that it is you"), "{}", offer.body);
    assert!(browser.get(&home).await.body.contains("Phone"));

    let page = browser.get(&home).await;
    let token = page.hidden("token");
    let renewed = browser.post(&format!("{home}/recovery-codes"), &[("token", &token)]).await;
    assert_eq!(recovery_codes(&renewed).len(), 10);
    assert_ne!(recovery_codes(&renewed), recovery_codes(&codes));
    assert_eq!(browser.post(&remove, &[("token", &token)]).await.location(), home);
    assert!(browser.get(&home).await.body.contains("You have none"));

    // The other browser is signed out from here, and a client too.
    let link = authorize("organizations", &[]);
    let code = browser.continue_at(&link).await.redirected("code").expect("a code");
    let tokens = exchange(&mut browser, "organizations", &code).await.json();
    let access = tokens["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(cloud.get(&access, "/v1.0/me").await.0, StatusCode::OK);
    let account = browser.get("/account").await;
    assert!(account.body.contains("Footbridge on a computer"), "{}", account.body);
    let token = account.hidden("token");
    let answer = browser.post("/account/sign-outs", &[("token", &token)]).await;
    assert_eq!(answer.location(), "/account");
    assert_eq!(cloud.get(&access, "/v1.0/me").await.0, StatusCode::UNAUTHORIZED);
    assert!(thief.get("/account").await.location().starts_with("/sign-in?"));
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_of_an_organization_that_asks_for_more_leads_to_it_and_back() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    let shared = crate::shared_site::SharedSite::make(&cloud).await;
    shared.share(&cloud, true, MARIA, model::Role::Read).await;
    let mut browser = cloud.signed_in().await;
    assert_eq!(browser.get(crate::shared_site::SITE).await.status, StatusCode::OK);
    ask(&cloud, json!({"includeUsers": ["GuestsOrExternalUsers"]})).await;
    let page = browser.open(crate::shared_site::SITE).await;
    assert!(page.body.contains("Contoso asks for a second factor"), "{}", page.body);
    browser.submit(&page, &[("code", &app_code(&cloud, &page, 0))]).await;
    assert_eq!(browser.get(crate::shared_site::SITE).await.status, StatusCode::OK);
    let nobody = browser.get("/step-up/nobody.example").await;
    let stranger = cloud.signed_in_as("ada@fabrikam.example").await.get("/step-up/contoso.example").await;
    assert_eq!(
        (nobody.status, &nobody.body),
        (stranger.status, &stranger.body),
        "organizations are not told apart"
    );
}
