//! Authorization codes: what may be asked for, and that a code works once, for one client, at one place.

use identity::{Authority, AuthorizeParameters, FOOTBRIDGE_CLIENT_ID, Grant, Refusal};

use crate::cloud::{Cloud, REDIRECT, VERIFIER, claims, parameters, refused};

#[test]
fn requests_that_must_not_be_answered_are_refused() {
    type Change = fn(&mut AuthorizeParameters);
    let cases: &[(&str, Change, Refusal)] = &[
        ("no client", |p| p.client_id = None, Refusal::Malformed("client_id")),
        ("unknown client", |p| p.client_id = Some("x".into()), Refusal::UnknownClient),
        (
            "open redirect",
            |p| p.redirect_uri = Some("https://evil.example/".into()),
            Refusal::RedirectMismatch,
        ),
        (
            "open redirect by user name",
            |p| p.redirect_uri = Some("http://localhost@evil.example/".into()),
            Refusal::RedirectMismatch,
        ),
        ("token in the address", |p| p.response_type = Some("token".into()), Refusal::UnsupportedResponse),
        ("no PKCE", |p| p.code_challenge = None, Refusal::ChallengeMissing),
        ("PKCE downgrade", |p| p.code_challenge_method = Some("plain".into()), Refusal::ChallengeMissing),
        ("PKCE downgrade by default", |p| p.code_challenge_method = None, Refusal::ChallengeMissing),
        (
            "not a challenge",
            |p| p.code_challenge = Some("short".into()),
            Refusal::Malformed("code_challenge"),
        ),
    ];
    for (name, change, expected) in cases {
        let mut changed = parameters();
        change(&mut changed);
        assert_eq!(changed.request().expect_err(name), *expected, "{name}");
    }
}

#[tokio::test]
async fn r_a03_a_code_becomes_tokens_of_the_home_organization() {
    let cloud = Cloud::start().await;
    let code = cloud.code(Authority::Home).await.expect("a code");
    let answer = cloud.exchange(Authority::Home, &code).await.expect("tokens");
    let access = claims(&answer.access_token);
    assert_eq!(access["tid"], cloud.fabrikam.to_string());
    assert_eq!(access["oid"], cloud.maria.to_string());
    assert_eq!(access["acct"], 0);
    assert_eq!(access["scp"], "Files.ReadWrite.All");
    let id = claims(answer.id_token.as_deref().expect("an id token"));
    assert_eq!(id["aud"], FOOTBRIDGE_CLIENT_ID);
    assert_eq!(id["nonce"], "a nonce");
    assert_eq!(id["preferred_username"], "maria@fabrikam.example");
    assert_eq!(answer.expires_in, 3_600);
}

#[tokio::test]
async fn a_replayed_code_is_refused_and_revokes_what_came_of_it() {
    let cloud = Cloud::start().await;
    let code = cloud.code(Authority::Home).await.expect("a code");
    let answer = cloud.exchange(Authority::Home, &code).await.expect("tokens");
    assert_eq!(refused(cloud.exchange(Authority::Home, &code).await), 54_005);
    let refresh = answer.refresh_token.expect("a refresh token");
    assert_eq!(refused(cloud.refresh(Authority::Home, &refresh).await), 50_173);
}

#[tokio::test]
async fn a_code_needs_its_verifier_its_redirect_and_its_time() {
    let cloud = Cloud::start().await;
    let code = cloud.code(Authority::Home).await.expect("a code");
    let present = async |redirect_uri: &str, verifier: Option<&str>| {
        let grant = Grant::AuthorizationCode {
            code: code.clone(),
            redirect_uri: redirect_uri.to_owned(),
            verifier: verifier.map(str::to_owned),
            line: None,
        };
        refused(cloud.grant(Authority::Home, grant).await)
    };
    assert_eq!(present(REDIRECT, None).await, 501_481);
    assert_eq!(present(REDIRECT, Some("another verifier")).await, 501_481);
    assert_eq!(present("http://localhost:4712/", Some(VERIFIER)).await, 70_000);
    cloud.move_clock(301);
    assert_eq!(present(REDIRECT, Some(VERIFIER)).await, 70_008);
    assert_eq!(refused(cloud.exchange(Authority::Home, "not a code").await), 70_000);
}

#[tokio::test]
async fn a_code_of_one_organization_is_refused_at_another() {
    let cloud = Cloud::start().await;
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let code = cloud.code(Authority::Tenant(cloud.fabrikam)).await.expect("a code");
    assert_eq!(refused(cloud.exchange(Authority::Tenant(cloud.contoso), &code).await), 70_000);
    let code = cloud.code(Authority::Tenant(cloud.contoso)).await.expect("a code");
    let answer = cloud.exchange(Authority::Tenant(cloud.contoso), &code).await.expect("tokens");
    assert_eq!(claims(&answer.access_token)["oid"], guest.to_string());
}

#[tokio::test]
async fn who_is_no_guest_gets_no_code_for_the_organization() {
    let cloud = Cloud::start().await;
    assert_eq!(refused(cloud.code(Authority::Tenant(cloud.contoso)).await), 50_020);
    cloud.invite("maria@fabrikam.example").await;
    assert_eq!(refused(cloud.code(Authority::Tenant(cloud.contoso)).await), 50_014);
}
