//! Refresh tokens: rotation, parallel use, reuse, and the other organization's token (flow 3).

use identity::{Authority, FOOTBRIDGE_CLIENT_ID, Grant, TokenRequest};
use storage::StorageError;

use crate::cloud::{Cloud, claims, refused};

#[tokio::test]
async fn r_a03_one_sign_in_reaches_the_other_organization() {
    let cloud = Cloud::start().await;
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let refresh = cloud.first_refresh_token().await;
    let answer = cloud.refresh(Authority::Tenant(cloud.contoso), &refresh).await.expect("a token");
    let access = claims(&answer.access_token);
    assert_eq!(access["tid"], cloud.contoso.to_string());
    assert_eq!(access["oid"], guest.to_string());
    assert_eq!(access["acct"], 1);
    assert_eq!(access["home_tid"], cloud.fabrikam.to_string());
    assert_eq!(access["home_oid"], cloud.maria.to_string());
    assert_eq!(access["idp"], format!("https://cloud.example/{}/v2.0", cloud.fabrikam));
    // Clients file tokens under the account at home, so that they find the refresh token again.
    let expected = format!("{{\"uid\":\"{}\",\"utid\":\"{}\"}}", cloud.maria, cloud.fabrikam);
    let info = data_encoding::BASE64URL_NOPAD.decode(answer.client_info.as_bytes()).expect("base64");
    assert_eq!(String::from_utf8(info).expect("text"), expected);
    // And the other way again with the token that came back.
    let next = answer.refresh_token.expect("a refresh token");
    let answer = cloud.refresh(Authority::Home, &next).await.expect("a token");
    assert_eq!(claims(&answer.access_token)["tid"], cloud.fabrikam.to_string());
}

#[tokio::test]
async fn r_a02_a_token_for_the_organization_needs_an_accepted_enabled_guest() {
    let cloud = Cloud::start().await;
    let refresh = cloud.first_refresh_token().await;
    let at_contoso = async || cloud.refresh(Authority::Tenant(cloud.contoso), &refresh).await;
    assert_eq!(refused(at_contoso().await), 50_020);
    let guest = cloud.invite("maria.lopez@fabrikam.example").await;
    assert_eq!(refused(at_contoso().await), 50_014);
    cloud.accept(guest).await;
    // None of the refusals has cost the refresh token.
    let answer = at_contoso().await.expect("a token");
    let refresh = answer.refresh_token.expect("a refresh token");
    cloud.block_guest(guest).await;
    assert_eq!(refused(cloud.refresh(Authority::Tenant(cloud.contoso), &refresh).await), 50_057);
    let (contoso, at) = (cloud.contoso, cloud.now());
    cloud
        .write(move |scope| -> Result<_, StorageError> { scope.tenant(contoso).users().delete(guest, at) })
        .await;
    assert_eq!(refused(cloud.refresh(Authority::Tenant(cloud.contoso), &refresh).await), 50_020);
    // At home everything goes on.
    assert!(cloud.refresh(Authority::Home, &refresh).await.is_ok());
}

#[tokio::test]
async fn an_unknown_organization_gives_nothing() {
    let cloud = Cloud::start().await;
    let refresh = cloud.first_refresh_token().await;
    let nowhere = Authority::Tenant(model::TenantId::from_random([99; 16]));
    assert_eq!(refused(cloud.refresh(nowhere, &refresh).await), 90_002);
}

#[tokio::test]
async fn a_family_is_one_sign_in_and_dies_alone() {
    let cloud = Cloud::start().await;
    let (laptop, desktop) = (cloud.first_refresh_token().await, cloud.first_refresh_token().await);
    let next = cloud.refresh(Authority::Home, &laptop).await.expect("tokens").refresh_token.expect("a token");
    assert!(cloud.refresh(Authority::Home, &next).await.is_ok());
    cloud.move_clock(61);
    assert_eq!(refused(cloud.refresh(Authority::Home, &laptop).await), 50_173);
    assert_eq!(refused(cloud.refresh(Authority::Home, &next).await), 50_173);
    assert!(cloud.refresh(Authority::Home, &desktop).await.is_ok());
}

#[tokio::test]
async fn refresh_tokens_end_and_belong_to_their_client() {
    let cloud = Cloud::start().await;
    let refresh = cloud.first_refresh_token().await;
    let request = TokenRequest {
        authority: Authority::Home,
        client_id: "00000000-0000-4000-8000-000000000000".to_owned(),
        grant: Grant::RefreshToken(refresh.clone()),
        scope: None,
    };
    assert_eq!(refused(cloud.identity.token(request).await), 700_016);
    assert_eq!(refused(cloud.refresh(Authority::Home, "nonsense").await), 70_000);
    cloud.move_clock(91 * 24 * 3_600);
    assert_eq!(refused(cloud.refresh(Authority::Home, &refresh).await), 700_082);
    let request = |client_id: &str| TokenRequest {
        authority: Authority::Home,
        client_id: client_id.to_owned(),
        grant: Grant::RefreshToken(refresh.clone()),
        scope: None,
    };
    assert_eq!(refused(cloud.identity.token(request(&FOOTBRIDGE_CLIENT_ID.to_uppercase())).await), 700_082);
}

#[tokio::test]
async fn blocking_the_account_at_home_ends_everything() {
    let cloud = Cloud::start().await;
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let refresh = cloud.first_refresh_token().await;
    cloud.block(cloud.maria).await;
    for authority in [Authority::Home, Authority::Tenant(cloud.contoso)] {
        assert_eq!(refused(cloud.refresh(authority, &refresh).await), 50_057);
    }
}
