//! Access tokens: what is checked when one is presented, and signed statements.

use data_encoding::BASE64URL_NOPAD;
use identity::{Authentication, AuthenticationFault, Authority, TokenAnswer};
use model::UserKind;
use storage::StorageError;

use crate::cloud::{Cloud, claims};

async fn guest_token(cloud: &Cloud) -> TokenAnswer {
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let refresh = cloud.first_refresh_token().await;
    cloud.refresh(Authority::Tenant(cloud.contoso), &refresh).await.expect("a token")
}

async fn valid(cloud: &Cloud, token: &str) -> bool {
    match cloud.identity.authenticate(token).await {
        Ok(_) => true,
        Err(AuthenticationFault::Invalid) => false,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn r_a02_a_token_is_bound_to_the_object_in_its_organization() {
    let cloud = Cloud::start().await;
    let answer = guest_token(&cloud).await;
    let authenticated = cloud.identity.authenticate(&answer.access_token).await.expect("valid");
    let Authentication::Person(bearer) = authenticated else { panic!("not a person's token") };
    assert_eq!(bearer.caller.tenant, cloud.contoso);
    assert_eq!(bearer.caller.kind, UserKind::Guest);
    assert_eq!(bearer.caller.home, cloud.maria_at_home());
    assert_eq!(bearer.call.tenant(), cloud.contoso);
}

#[tokio::test]
async fn i_03_a_token_names_the_organization_the_object_in_it_the_home_issuer_and_guest_or_member() {
    let cloud = Cloud::start().await;
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let refresh = cloud.first_refresh_token().await;
    let issuer = |tenant: String| format!("/{tenant}/v2.0");
    let (contoso, fabrikam) = (cloud.contoso.to_string(), cloud.fabrikam.to_string());
    let cases = [
        (Authority::Tenant(cloud.contoso), &contoso, guest.to_string(), 1),
        (Authority::Home, &fabrikam, cloud.maria.to_string(), 0),
    ];
    for (authority, tenant, object, kind) in cases {
        let answer = cloud.refresh(authority, &refresh).await.expect("a token");
        let told = claims(&answer.access_token);
        assert_eq!((&told["tid"], &told["oid"]), (&tenant.as_str().into(), &object.as_str().into()));
        assert_eq!(told["acct"], kind, "{told}");
        let (idp, iss) = (told["idp"].as_str().expect("text"), told["iss"].as_str().expect("text"));
        assert!(idp.ends_with(&issuer(fabrikam.clone())), "whoever signs in at home says so: {idp}");
        assert!(iss.ends_with(&issuer(tenant.clone())), "{iss}");
    }
}

#[tokio::test]
async fn a_tampered_or_foreign_token_is_invalid() {
    let cloud = Cloud::start().await;
    let answer = guest_token(&cloud).await;
    let token = &answer.access_token;
    let parts: Vec<&str> = token.split('.').collect();
    let mut changed = claims(token);
    changed["tid"] = cloud.fabrikam.to_string().into();
    changed["oid"] = cloud.maria.to_string().into();
    let changed = BASE64URL_NOPAD.encode(changed.to_string().as_bytes());
    let none = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"at+jwt"}"#);
    let hmac = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"at+jwt"}"#);
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let statement = cloud.identity.sign_statement(&claims(token)).expect("signs");
    for bad in [
        format!("{header}.{changed}.{signature}"),
        format!("{none}.{payload}."),
        format!("{hmac}.{payload}.{signature}"),
        format!("{header}.{payload}"),
        answer.id_token.clone().expect("an id token"),
        statement,
        answer.refresh_token.clone().expect("a refresh token"),
        String::new(),
    ] {
        assert!(!valid(&cloud, &bad).await, "{bad}");
    }
    // A token of another cloud with the same ids is signed with another key.
    let elsewhere = Cloud::start().await;
    assert!(!valid(&elsewhere, token).await);
}

#[tokio::test]
async fn a_token_expires() {
    let cloud = Cloud::start().await;
    let answer = guest_token(&cloud).await;
    cloud.move_clock(3_601);
    let fault = cloud.identity.authenticate(&answer.access_token).await.err().expect("refused");
    assert!(matches!(fault, AuthenticationFault::Expired));
}

#[tokio::test]
async fn r_a10_deleting_the_guest_voids_the_token_at_once_and_leaves_home_alone() {
    let cloud = Cloud::start().await;
    let answer = guest_token(&cloud).await;
    let refresh = answer.refresh_token.clone().expect("a refresh token");
    let home = cloud.refresh(Authority::Home, &refresh).await.expect("a token");
    let guest = claims(&answer.access_token)["oid"].as_str().expect("an id").parse().expect("an id");
    let (contoso, at) = (cloud.contoso, cloud.now());
    cloud
        .write(move |scope| -> Result<_, StorageError> { scope.tenant(contoso).users().delete(guest, at) })
        .await;
    assert!(!valid(&cloud, &answer.access_token).await);
    assert!(valid(&cloud, &home.access_token).await);
}

#[tokio::test]
async fn blocking_the_account_at_home_voids_the_guests_token_at_once() {
    let cloud = Cloud::start().await;
    let answer = guest_token(&cloud).await;
    assert!(valid(&cloud, &answer.access_token).await);
    cloud.block(cloud.maria).await;
    assert!(!valid(&cloud, &answer.access_token).await);
}

#[tokio::test]
async fn keys_survive_a_restart() {
    let cloud = Cloud::start().await;
    let answer = guest_token(&cloud).await;
    let again = cloud.reopened().await;
    assert!(again.authenticate(&answer.access_token).await.is_ok());
    assert_eq!(again.published_keys(), cloud.identity.published_keys());
}

#[tokio::test]
async fn statements_verify_with_the_published_keys_and_replay_byte_for_byte() {
    let cloud = Cloud::start().await;
    let statement = serde_json::json!({ "drive": "d", "state": "revoked" });
    let first = cloud.identity.sign_statement(&statement).expect("signs");
    assert_eq!(first, cloud.identity.sign_statement(&statement).expect("signs"));
    let keys: jsonwebtoken::jwk::JwkSet =
        serde_json::from_value(cloud.identity.published_keys().clone()).expect("a key set");
    let header = jsonwebtoken::decode_header(&first).expect("a header");
    let key = keys.find(&header.kid.expect("a key id")).expect("is published");
    let key = jsonwebtoken::DecodingKey::from_jwk(key).expect("a key");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let read = jsonwebtoken::decode::<serde_json::Value>(&first, &key, &validation).expect("verifies");
    assert_eq!(read.claims, statement);
}
