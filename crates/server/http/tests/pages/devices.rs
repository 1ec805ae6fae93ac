//! Signing a device in by its code.

use http::StatusCode;
use transfer::CLIENT_ID;

use crate::cloud::Cloud;

const TOKEN: &str = "/organizations/oauth2/v2.0/token";

#[tokio::test]
async fn a_device_is_connected_by_its_code() {
    let cloud = Cloud::start().await;
    let mut device = cloud.browser();
    let fields = [("client_id", CLIENT_ID), ("scope", "openid offline_access")];
    let grant = device.post("/organizations/oauth2/v2.0/devicecode", &fields).await.json();
    assert!(grant["expires_in"].is_i64() && grant["interval"].is_i64(), "{grant}");
    assert_eq!(grant["verification_uri"], "https://cloud.example/device");
    let code = grant["device_code"].as_str().expect("a code").to_owned();
    let poll = [
        ("client_id", CLIENT_ID),
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", code.as_str()),
    ];
    assert_eq!(device.post(TOKEN, &poll).await.json()["error"], "authorization_pending");
    let shown = grant["user_code"].as_str().expect("a code").to_owned();
    let mut browser = cloud.signed_in().await;
    assert!(browser.get("/device").await.body.contains("Enter the code"));
    let page = browser.get(&format!("/device?user_code={shown}")).await;
    assert!(page.body.contains("Is this you?") && page.body.contains("Maria Lopez"), "{}", page.body);
    let fields = [("user_code", shown.as_str()), ("answer", "allow"), ("token", "wrong")];
    assert_eq!(browser.post("/device", &fields).await.status, StatusCode::FORBIDDEN);
    let page = browser.submit(&page, &[("answer", "allow")]).await;
    assert!(page.body.contains("The device is signed in"), "{}", page.body);
    let tokens = device.post(TOKEN, &poll).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    assert!(tokens.json()["refresh_token"].is_string());
}

#[tokio::test]
async fn a_code_asks_to_sign_in_first_and_an_unknown_one_is_told() {
    let cloud = Cloud::start().await;
    let answer = cloud.browser().get("/device?user_code=BCDF-GHJKL").await;
    assert!(answer.location().starts_with("/sign-in?continue=%2Fdevice"), "{}", answer.location());
    let page = cloud.signed_in().await.get("/device?user_code=BCDF-GHJKL").await;
    assert!(page.body.contains("No device waits with this code"), "{}", page.body);
}
