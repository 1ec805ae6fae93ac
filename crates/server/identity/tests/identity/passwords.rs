//! Sign-in at home: realm, password, session.

use identity::{HomeRealm, IdentityError, Refusal};
use model::Address;
use storage::StorageError;

use crate::cloud::{Cloud, PASSWORD, refused};

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

#[tokio::test]
async fn r_a04_the_address_finds_the_home_organization() {
    let cloud = Cloud::start().await;
    let realm = cloud.identity.home_realm(&address("Anyone@Fabrikam.example")).await.expect("reads");
    assert_eq!(realm, HomeRealm::Here { tenant: cloud.fabrikam, name: "Fabrikam".to_owned() });
    let realm = cloud.identity.home_realm(&address("maria@elsewhere.example")).await.expect("reads");
    assert_eq!(realm, HomeRealm::Nowhere);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_refused_alike() {
    let cloud = Cloud::start().await;
    for (who, password) in [
        ("maria@fabrikam.example", "wrong"),
        ("nobody@fabrikam.example", PASSWORD),
        ("maria@elsewhere.example", PASSWORD),
        ("maria@fabrikam.example", ""),
    ] {
        let result = cloud.identity.check_password(&address(who), password).await;
        assert_eq!(refused(result), 50_126, "{who}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(
        refused(cloud.identity.check_password(&address("maria@fabrikam.example"), &long).await),
        50_126
    );
}

#[tokio::test]
async fn r_a11_every_address_of_a_person_signs_in_the_same_person() {
    let cloud = Cloud::start().await;
    for who in ["maria@fabrikam.example", "maria.lopez@fabrikam.example", "MARIA@FABRIKAM.EXAMPLE"] {
        assert_eq!(cloud.sign_in(who).await.home, cloud.maria_at_home(), "{who}");
    }
}

#[tokio::test]
async fn r_a03_a_guest_account_holds_no_password_of_its_own() {
    let cloud = Cloud::start().await;
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let principal = "maria_fabrikam.example@contoso.example";
    let result = cloud.identity.check_password(&address(principal), PASSWORD).await;
    assert_eq!(refused(result), Refusal::BadCredentials.code());
}

#[tokio::test]
async fn a_blocked_account_learns_so_only_with_the_right_password() {
    let cloud = Cloud::start().await;
    let anna = cloud.add_member(cloud.fabrikam, &["anna@fabrikam.example"]).await;
    cloud.block(anna).await;
    let anna = address("anna@fabrikam.example");
    assert_eq!(refused(cloud.identity.check_password(&anna, "wrong").await), 50_126);
    assert_eq!(refused(cloud.identity.check_password(&anna, PASSWORD).await), 50_057);
}

#[tokio::test]
async fn r_a04_a_live_session_asks_no_password_and_ends_with_sign_out_time_or_the_account() {
    let cloud = Cloud::start().await;
    let sessions = async || {
        cloud.identity.start_session(cloud.maria_at_home()).await.expect("a session").as_str().to_owned()
    };
    let alive = async |cookie: &str| -> Result<bool, IdentityError> {
        Ok(cloud.identity.session(cookie).await?.is_some())
    };
    let (first, second, third) = (sessions().await, sessions().await, sessions().await);
    assert!(alive(&first).await.expect("reads"));
    cloud.identity.end_session(&first).await.expect("ends");
    assert!(!alive(&first).await.expect("reads"));
    assert!(alive(&second).await.expect("reads"));
    cloud.move_clock(25 * 3_600);
    assert!(!alive(&second).await.expect("reads"));
    cloud.move_clock(-25 * 3_600);
    let (tenant, maria, at) = (cloud.fabrikam, cloud.maria, cloud.now());
    assert!(alive(&third).await.expect("reads"));
    cloud
        .write(move |scope| -> Result<_, StorageError> { scope.tenant(tenant).users().delete(maria, at) })
        .await;
    assert!(!alive(&third).await.expect("reads"));
    for nonsense in ["", "x", "é", &"A".repeat(64)] {
        assert!(!alive(nonsense).await.expect("reads"), "{nonsense}");
    }
}

#[tokio::test]
async fn a_form_token_fits_only_its_browser_and_session() {
    let cloud = Cloud::start().await;
    let (one, other) = (cloud.identity.browser_cookie(), cloud.identity.browser_cookie());
    let token = cloud.identity.form_token(&one, None);
    assert!(cloud.identity.form_token_fits(&one, None, &token));
    assert!(!cloud.identity.form_token_fits(&other, None, &token));
    assert!(!cloud.identity.form_token_fits(&one, Some("session"), &token));
    assert!(!cloud.identity.form_token_fits(&one, None, ""));
}
