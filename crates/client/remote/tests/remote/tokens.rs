//! Tokens from one refresh token: single flight, rotation, refusals.

use engine::Demand;
use futures_util::future::join_all;
use http::StatusCode;
use remote::{SecretStore as _, TokenError};
use serde_json::json;

use crate::fake_cloud::{FakeCloud, account, json_answer, source};

#[tokio::test]
async fn r_a03_one_refresh_token_reaches_every_organization_and_is_renewed_once_at_a_time() {
    let cloud = FakeCloud::new(|_| None);
    let (source, secrets) = source(&cloud);
    let tokens = join_all((0..20).map(|_| source.token("resource"))).await;
    assert!(tokens.iter().all(|token| token.as_ref().unwrap().secret() == "access-1"));
    assert_eq!(source.token("home").await.unwrap().secret(), "access-2");
    let asked = cloud.asked("");
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].uri, "https://cloud.example/resource/oauth2/v2.0/token");
    assert!(asked[0].body.contains("refresh_token=refresh-0"), "the saved one first");
    assert!(asked[1].body.contains("refresh_token=refresh-1"), "then the one that took its place");
    assert_eq!(secrets.find(&account().key()).unwrap().as_deref(), Some("refresh-2"));
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_lose_the_renewed_refresh_token() {
    let cloud = FakeCloud::new(|_| None);
    let (source, secrets) = source(&cloud);
    {
        let mut waiting = Box::pin(source.token("resource"));
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    }
    // The renewal goes on without its caller; the next one gets what it brought.
    assert_eq!(source.token("resource").await.unwrap().secret(), "access-1");
    assert_eq!(secrets.find(&account().key()).unwrap().as_deref(), Some("refresh-1"));
    assert_eq!(cloud.asked("").len(), 1);
}

#[tokio::test]
async fn a_refused_renewal_keeps_the_saved_sign_in() {
    let cloud = FakeCloud::new(|_| {
        let body = json!({"error": "interaction_required", "error_description": "AADSTS50076: Use MFA.",
            "error_codes": [50076]});
        Some(json_answer(StatusCode::BAD_REQUEST, &body))
    });
    let (source, secrets) = source(&cloud);
    let refused = source.token("resource").await.unwrap_err();
    assert_eq!(
        refused,
        TokenError::InteractionNeeded {
            demand: Demand::SecondFactor,
            message: "Use MFA.".to_owned(),
            claims: None,
            page: None
        }
    );
    assert_eq!(secrets.find(&account().key()).unwrap().as_deref(), Some("refresh-0"));
}

#[tokio::test]
async fn a_forgotten_account_needs_a_sign_in() {
    let cloud = FakeCloud::new(|_| None);
    let (source, secrets) = source(&cloud);
    source.token("resource").await.unwrap();
    source.forget().await.unwrap();
    assert_eq!(source.token("resource").await.unwrap_err(), TokenError::SignInNeeded);
    assert_eq!(secrets.find(&account().key()).unwrap(), None);
}
