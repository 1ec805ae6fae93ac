//! Token endpoint: codes, refresh tokens and device codes work for whom, and where, they were given alone.

use identity::FOOTBRIDGE_CLIENT_ID;

use crate::world::{
    Answer, Ask, DOMAIN, Database, Door, REDIRECT, SCOPE, VERIFIER, Who, World, confused, forged, tampered,
    token_by_code, token_by_refresh, unsigned, with_bearer,
};

/// Checks that nothing was given, and that the error is OAuth's.
fn refused(answer: &Answer, name: &str) {
    assert_eq!(answer.status, 400, "{name}: {}", answer.text());
    let json = answer.json();
    assert!(json["error"].is_string(), "{name}: {json}");
    let description = json["error_description"].as_str().unwrap_or_default();
    assert!(description.starts_with("AADSTS") && description.len() > 40, "{name}: {json}");
    assert!(!answer.text().contains("access_token\""), "{name}");
}

#[tokio::test]
async fn what_is_not_a_live_access_token_of_this_cloud_opens_nothing() {
    let world = World::build(Database::Sqlite).await;
    let owner = world.tokens[&Who::Owner].clone();
    let session = world.credentials[&Who::Owner].session.clone().expect("a session");
    let code = world.code_of(&session, DOMAIN).await;
    let bad = [
        ("another key", forged(&owner.access)),
        ("no signature", unsigned(&owner.access)),
        ("the public key as a secret", confused(&owner.access, &world.identity)),
        ("another tenant", tampered(&owner.access, "tid", &world.fabrikam.to_string())),
        ("another audience", tampered(&owner.access, "aud", "https://elsewhere.example")),
        ("a later end", tampered(&owner.access, "scp", "everything")),
        ("the id token", owner.id.clone()),
        ("the refresh token", owner.refresh.clone()),
        ("a code", code),
        ("the session's secret", session.clone()),
        ("two parts", owner.access.rsplit_once('.').expect("parts").0.to_owned()),
        ("a very long text", "A".repeat(60_000)),
    ];
    for (name, token) in bad {
        let answer = world.send_bare(with_bearer(Ask::get("/v1.0/me"), &token)).await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.text());
        assert_eq!(answer.json()["error"]["code"], "InvalidAuthenticationToken", "{name}");
    }
    let by_cookie = world.send(Who::Owner, Door::Session, &Ask::get("/v1.0/me")).await;
    assert_eq!(by_cookie.status, 401, "a browser's session must not speak for a client");
    let ask = world.with_session(Ask::get("/sign-out"), Some(&owner.access), false);
    let page = world.send_bare(ask).await;
    assert!(!page.text().contains("olga@contoso.example"), "an access token must not be a session");
}

#[tokio::test]
async fn a_code_works_once_for_its_client_its_organization_and_its_verifier() {
    let world = World::build(Database::Sqlite).await;
    let session = world.credentials[&Who::SiteGuest].session.clone().expect("a session");
    let code = world.code_of(&session, DOMAIN).await;
    refused(&world.send_bare(token_by_code("fabrikam.example", &code)).await, "another organization");
    let fields = |client: &str, redirect: &str, verifier: &str, code: &str| {
        let fields = [
            ("client_id", client),
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        Ask::form(format!("/{DOMAIN}/oauth2/v2.0/token"), &fields)
    };
    let other = "b15665d9-eda6-4092-8539-0eec376afd59";
    for (name, client, redirect, verifier) in [
        ("another client", other, REDIRECT, VERIFIER),
        ("another redirect", FOOTBRIDGE_CLIENT_ID, "http://localhost:9/", VERIFIER),
        (
            "another verifier",
            FOOTBRIDGE_CLIENT_ID,
            REDIRECT,
            "another-verifier-of-at-least-43-characters-abc",
        ),
        ("no verifier", FOOTBRIDGE_CLIENT_ID, REDIRECT, ""),
    ] {
        let code = world.code_of(&session, DOMAIN).await;
        refused(&world.send_bare(fields(client, redirect, verifier, &code)).await, name);
    }
    let code = world.code_of(&session, DOMAIN).await;
    let first = world.send_bare(token_by_code(DOMAIN, &code)).await;
    assert_eq!(first.status, 200, "{}", first.text());
    refused(&world.send_bare(token_by_code(DOMAIN, &code)).await, "a second time");
    let refresh = first.json()["refresh_token"].as_str().expect("a token").to_owned();
    refused(&world.send_bare(token_by_refresh(DOMAIN, &refresh)).await, "what came of a code shown twice");
}

#[tokio::test]
async fn a_refresh_token_reaches_only_organizations_in_which_its_person_is_a_guest() {
    let world = World::build(Database::Sqlite).await;
    let cases = [
        (Who::Stranger, "50020"),
        (Who::StrangerAdmin, "50020"),
        (Who::Pending, "50014"),
        (Who::Deleted, "50020"),
    ];
    for (who, code) in cases {
        let token = &world.tokens[&who].refresh;
        let answer = world.send_bare(token_by_refresh(DOMAIN, token)).await;
        refused(&answer, &who.to_string());
        assert_eq!(answer.json()["error_codes"][0].to_string(), code, "{who}");
        let page = answer.json()["footbridge_page"].as_str().map(str::to_owned);
        let expected = format!("https://cloud.example/redeem?organization={DOMAIN}");
        assert_eq!(page, (who == Who::Pending).then_some(expected), "{who}: where a person can mend it");
    }
    // The owner is no guest of Fabrikam.
    let answer =
        world.send_bare(token_by_refresh("fabrikam.example", &world.tokens[&Who::Owner].refresh)).await;
    refused(&answer, "the owner at Fabrikam");
    let answer = world.send_bare(token_by_refresh(DOMAIN, &world.tokens[&Who::GuestAtHome].refresh)).await;
    assert_eq!(answer.status, 200, "one sign-in reaches where its person is a guest: {}", answer.text());
}

#[tokio::test]
async fn a_device_code_gives_nothing_to_who_guesses_and_nothing_beyond_who_approved_it() {
    let world = World::build(Database::Sqlite).await;
    let fields = [("client_id", FOOTBRIDGE_CLIENT_ID), ("scope", SCOPE)];
    let started =
        world.send_bare(Ask::form(format!("/{DOMAIN}/oauth2/v2.0/devicecode"), &fields)).await.json();
    let device = started["device_code"].as_str().expect("a code").to_owned();
    let user_code = started["user_code"].as_str().expect("a code").to_owned();
    let poll = |client: &str, organization: &str, device: &str| {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        let fields = [("client_id", client), ("grant_type", grant), ("device_code", device)];
        Ask::form(format!("/{organization}/oauth2/v2.0/token"), &fields)
    };
    let answer = world.send_bare(poll(FOOTBRIDGE_CLIENT_ID, DOMAIN, &user_code)).await;
    refused(&answer, "the code a person types is not the device's");
    let answer = world.send_bare(poll(FOOTBRIDGE_CLIENT_ID, DOMAIN, "guessed")).await;
    refused(&answer, "a guessed code");
    let answer = world.send_bare(poll("b15665d9-eda6-4092-8539-0eec376afd59", DOMAIN, &device)).await;
    refused(&answer, "another client");
    let page = Ask::form(
        "/device",
        &[("user_code", &user_code), ("answer", "allow"), ("token", crate::world::FORM_TOKEN)],
    );
    let approved = world.send(Who::Stranger, Door::Session, &page).await;
    assert!(!approved.status.is_server_error(), "{}", approved.text());
    world.clock.move_on(10);
    refused(
        &world.send_bare(poll(FOOTBRIDGE_CLIENT_ID, DOMAIN, &device)).await,
        "approved by somebody who is no guest of the organization",
    );
}
