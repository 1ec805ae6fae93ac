//! Terms of use in the browser: shown, accepted, declined, and asked again when they change (C02, 5.7).

use data_encoding::BASE64;
use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::cloud::{Cloud, MARIA, PASSWORD, authorize, exchange};

const AGREEMENTS: &str = "/v1.0/identityGovernance/termsOfUse/agreements";
const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";

fn version(text: &str, major: bool) -> Value {
    let german = format!("Deutsch: {text}");
    let file = |name: &str, language: &str, text: &str| {
        json!({"fileName": name, "language": language, "isDefault": language == "en", "isMajorVersion": major,
               "fileData": {"data": BASE64.encode(text.as_bytes())}})
    };
    json!({"localizations": [file("terms.txt", "en", text), file("terms-de.txt", "de", &german)]})
}

async fn administrator(cloud: &Cloud) -> String {
    cloud.token(model::HomeAccount { tenant: cloud.contoso, user: cloud.anna }, cloud.contoso).await
}

/// Contoso asks its guests to accept terms; the agreement's address.
async fn ask(cloud: &Cloud, token: &str) -> String {
    let new = json!({"displayName": "House rules", "file": version("Be <b>kind</b>.", true)});
    let (status, made) = cloud.post(token, AGREEMENTS, new).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let policy = json!({
        "displayName": "Guests accept",
        "state": "enabled",
        "conditions": {"users": {"includeUsers": ["GuestsOrExternalUsers"]},
                       "applications": {"includeApplications": ["All"]}, "clientAppTypes": ["all"]},
        "grantControls": {"operator": "AND", "builtInControls": [], "termsOfUse": [made["id"]]},
    });
    let (status, kept) = cloud.post(token, POLICIES, policy).await;
    assert_eq!(status, StatusCode::CREATED, "{kept}");
    assert_eq!(kept["grantControls"]["termsOfUse"], json!([made["id"]]));
    format!("{AGREEMENTS}/{}", made["id"].as_str().expect("an id"))
}

async fn asked(cloud: &Cloud) -> (Browser, Answer) {
    let mut browser = cloud.browser();
    let page = browser.open(&authorize("contoso.example", &[("login_hint", MARIA)])).await;
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    let page = browser.follow(answer).await;
    (browser, page)
}

async fn refresh(browser: &mut Browser, tokens: &Value) -> Value {
    let token = tokens["refresh_token"].as_str().expect("a token");
    let fields =
        [("client_id", transfer::CLIENT_ID), ("grant_type", "refresh_token"), ("refresh_token", token)];
    browser.post("/contoso.example/oauth2/v2.0/token", &fields).await.json()
}

#[tokio::test]
async fn r_c02_a_guest_accepts_terms_in_the_browser_and_a_new_version_asks_again() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    let anna = administrator(&cloud).await;
    let agreement = ask(&cloud, &anna).await;

    let (mut browser, page) = asked(&cloud).await;
    assert!(page.body.contains("House rules") && page.body.contains("Be &#60;b&#62;kind"), "{}", page.body);
    let version_1 = page.hidden("version");
    let declined = browser.submit(&page, &[("version", &version_1), ("reply", "decline")]).await;
    assert!(declined.body.contains("You did not accept"), "{}", declined.body);
    let answer = browser.submit(&page, &[("version", &version_1), ("reply", "accept")]).await;
    let code = answer.redirected("code").expect("a code");
    let tokens = exchange(&mut browser, "contoso.example", &code).await.json();
    let access = tokens["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(cloud.get(&access, "/v1.0/me").await.0, StatusCode::OK);
    let (_, answers) = cloud.get(&anna, &format!("{agreement}/acceptances")).await;
    let states: Vec<&str> =
        answers["value"].as_array().expect("a list").iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states, ["accepted", "declined"]);

    // A correction asks nobody; a version that everybody must accept ends nothing that runs, but no token is given any more.
    cloud.clock.move_on(1);
    let minor = json!({"file": version("Be kind, please.", false)});
    assert_eq!(cloud.patch(&anna, &agreement, minor).await.0, StatusCode::OK);
    let tokens = refresh(&mut browser, &tokens).await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    cloud.clock.move_on(1);
    let running = tokens["access_token"].as_str().expect("a token").to_owned();
    let major = json!({"file": version("Be very kind.", true)});
    assert_eq!(cloud.patch(&anna, &agreement, major).await.0, StatusCode::OK);
    assert_eq!(cloud.get(&running, "/v1.0/me").await.0, StatusCode::OK, "not in the middle of it");
    let refused = refresh(&mut browser, &tokens).await;
    assert_eq!(
        (&refused["error"], &refused["error_codes"]),
        (&json!("interaction_required"), &json!([50_158]))
    );

    let (mut browser, page) = asked(&cloud).await;
    assert!(page.body.contains("Be very kind."), "{}", page.body);
    let old = browser.submit(&page, &[("version", &version_1), ("reply", "accept")]).await;
    assert!(old.body.contains("terms have changed"), "{}", old.body);
    let newest = page.hidden("version");
    let answer = browser.submit(&page, &[("version", &newest), ("reply", "accept")]).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.body);
    let again = refresh(&mut browser, &tokens).await;
    assert!(again["access_token"].is_string(), "the client's own line goes on: {again}");
}

#[tokio::test]
async fn s_5_7_agreements_are_kept_as_asked_and_what_cannot_be_is_refused_with_a_reason() {
    let cloud = Cloud::start().await;
    cloud.accepted_guest().await;
    let anna = administrator(&cloud).await;
    let agreement = ask(&cloud, &anna).await;
    let change = json!({"isViewingBeforeAcceptanceRequired": true, "userReacceptRequiredFrequency": "P30D",
        "termsExpiration": {"startDateTime": "2030-01-01T00:00:00Z", "frequency": "P52W"}});
    let (status, kept) = cloud.patch(&anna, &agreement, change).await;
    assert_eq!(status, StatusCode::OK, "{kept}");
    assert_eq!(kept["termsExpiration"]["frequency"], "P364D");
    assert_eq!(kept["userReacceptRequiredFrequency"], "P30D");
    assert_eq!(kept["displayName"], "House rules");
    let (mut browser, page) = asked(&cloud).await;
    let version = page.hidden("version");
    let unread = browser.submit(&page, &[("version", &version), ("reply", "accept")]).await;
    assert!(unread.body.contains("read the terms first"), "{}", unread.body);
    let answer = browser.submit(&page, &[("version", &version), ("reply", "accept"), ("read", "yes")]).await;
    assert!(answer.redirected("code").is_some(), "{}", answer.body);

    for (body, status) in [
        (json!({"isPerDeviceAcceptanceRequired": true}), StatusCode::NOT_IMPLEMENTED),
        (json!({"userReacceptRequiredFrequency": "P1Y"}), StatusCode::BAD_REQUEST),
        (
            json!({"file": {"localizations": [{"fileName": "a", "language": "en", "fileData": {"data": "%"}}]}}),
            StatusCode::BAD_REQUEST,
        ),
        (json!({"displayName": ""}), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(cloud.patch(&anna, &agreement, body.clone()).await.0, status, "{body}");
    }
    assert_eq!(
        cloud.post(&anna, AGREEMENTS, json!({"displayName": "Empty"})).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(cloud.delete(&anna, &agreement).await.0, StatusCode::FORBIDDEN, "a policy asks for it");
    let nowhere = format!("{AGREEMENTS}/00000000-0000-4000-8000-000000000000");
    assert_eq!(cloud.get(&anna, &nowhere).await.0, StatusCode::NOT_FOUND);
    let policy = json!({"displayName": "x", "grantControls": {"operator": "OR",
        "termsOfUse": ["00000000-0000-4000-8000-000000000000"]}});
    assert_eq!(cloud.post(&anna, POLICIES, policy).await.0, StatusCode::FORBIDDEN);
}
