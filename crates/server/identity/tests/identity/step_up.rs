//! Step-up: what was proven in a browser counts in the line it is added to, and nowhere else (X01, 5.3).

use identity::{AuthenticationFault, Authority, Grant, IdentityError, SignedIn, TokenAnswer};
use model::{
    AccessConditions, AccessControl, AccessPolicy, AccessPolicyId, ApplicationSet, GrantOperator, GuestSet,
    InAndOut, PolicyState, TenantId, UserSet,
};

use crate::cloud::{Cloud, REDIRECT, VERIFIER, claims, refused};

/// Contoso asks its guests for a second factor.
async fn ask_guests(cloud: &Cloud) {
    let (tenant, now) = (cloud.contoso, cloud.now());
    let policy = AccessPolicy {
        id: AccessPolicyId::from_random([7; 16]),
        tenant,
        display_name: "Guests: MFA".to_owned(),
        state: PolicyState::Enabled,
        conditions: AccessConditions {
            users: InAndOut {
                include: UserSet { guests: Some(GuestSet::everybody()), ..UserSet::default() },
                exclude: UserSet::default(),
            },
            applications: InAndOut {
                include: ApplicationSet { all: true, ..ApplicationSet::default() },
                exclude: ApplicationSet::default(),
            },
            ..AccessConditions::default()
        },
        operator: GrantOperator::And,
        controls: [AccessControl::Mfa].into(),
        sign_in_every_s: None,
        created: now,
        modified: now,
    };
    cloud.write(move |cloud| cloud.tenant(tenant).access_policies().put(&policy)).await;
}

/// Maria signs in in a browser and gives an organization a second factor.
async fn proven_at(cloud: &Cloud, place: TenantId) -> SignedIn {
    let person = cloud.sign_in("maria@fabrikam.example").await;
    let (home, line, until, now) = (cloud.fabrikam, person.line, person.until, cloud.now());
    cloud
        .write(move |cloud| cloud.tenant(home).evidence().note_second_factor(line, place, now, Some(until)))
        .await;
    let SignedIn { proofs, .. } = &person;
    SignedIn { proofs: model::Proofs { second_factor: [(place, now)].into(), ..proofs.clone() }, ..person }
}

async fn add_to(
    cloud: &Cloud,
    authority: Authority,
    code: &str,
    line: &str,
) -> Result<TokenAnswer, IdentityError> {
    let grant = Grant::AuthorizationCode {
        code: code.to_owned(),
        redirect_uri: REDIRECT.to_owned(),
        verifier: Some(VERIFIER.to_owned()),
        line: Some(line.to_owned()),
    };
    cloud.grant(authority, grant).await
}

#[tokio::test]
async fn r_x01_a_second_factor_given_in_the_browser_lets_the_clients_own_line_go_on() {
    let cloud = Cloud::start().await;
    let there = Authority::Tenant(cloud.contoso);
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    let line = cloud.first_refresh_token().await;
    ask_guests(&cloud).await;
    assert_eq!(refused(cloud.refresh(there, &line).await), 50_079);
    let bare = cloud.sign_in("maria@fabrikam.example").await;
    assert_eq!(refused(cloud.code_for(there, &bare).await), 50_079);

    let person = proven_at(&cloud, cloud.contoso).await;
    let code = cloud.code_for(there, &person).await.expect("a code");
    let stepped = add_to(&cloud, there, &code, &line).await.expect("tokens");
    assert_eq!(claims(&stepped.access_token)["tid"], cloud.contoso.to_string());
    let next = stepped.refresh_token.expect("the line's next token");
    let later = cloud.refresh(there, &next).await.expect("the line keeps what was proven");
    assert_eq!(claims(&later.access_token)["sid"], claims(&stepped.access_token)["sid"]);
    assert!(cloud.identity.authenticate(&later.access_token).await.is_ok());

    let other = cloud.first_refresh_token().await;
    assert_eq!(refused(cloud.refresh(there, &other).await), 50_079, "another device proved nothing");
    assert_eq!(refused(add_to(&cloud, there, &code, &other).await), 54_005, "a code works once");
    let newest = later.refresh_token.expect("asked for");
    assert!(cloud.refresh(there, &newest).await.is_ok(), "and its second use does not end the line");
}

#[tokio::test]
async fn s_5_3_a_second_factor_given_to_one_organization_does_not_count_in_another() {
    let cloud = Cloud::start().await;
    let there = Authority::Tenant(cloud.contoso);
    let guest = cloud.invite("maria@fabrikam.example").await;
    cloud.accept(guest).await;
    ask_guests(&cloud).await;
    let person = proven_at(&cloud, cloud.fabrikam).await;
    assert_eq!(refused(cloud.code_for(there, &person).await), 50_079);
    assert!(cloud.identity.enter(&person, cloud.contoso).await.is_err());
    let person = proven_at(&cloud, cloud.contoso).await;
    assert!(cloud.identity.enter(&person, cloud.contoso).await.is_ok());
}

#[tokio::test]
async fn a_code_is_added_to_nobody_elses_line_and_a_copied_line_ends() {
    let cloud = Cloud::start().await;
    let ada = cloud.session(cloud.at_home(cloud.ada)).await;
    let code = cloud.code_for(Authority::Home, &ada).await.expect("a code");
    let adas =
        cloud.exchange(Authority::Home, &code).await.expect("tokens").refresh_token.expect("asked for");
    let maria = cloud.sign_in("maria@fabrikam.example").await;
    let code = cloud.code_for(Authority::Home, &maria).await.expect("a code");
    assert_eq!(refused(add_to(&cloud, Authority::Home, &code, &adas).await), 70_000);
    assert_eq!(refused(add_to(&cloud, Authority::Home, &code, "no token").await), 70_000);

    let first = cloud.first_refresh_token().await;
    let second = cloud.refresh(Authority::Home, &first).await.expect("goes on").refresh_token.expect("next");
    cloud.refresh(Authority::Home, &second).await.expect("goes on");
    cloud.move_clock(61);
    assert_eq!(refused(add_to(&cloud, Authority::Home, &code, &first).await), 50_173);
    assert_eq!(refused(cloud.refresh(Authority::Home, &second).await), 50_173, "the whole line ended");
    assert!(cloud.exchange(Authority::Home, &code).await.is_ok(), "the code begins a line of its own");
}

#[tokio::test]
async fn tokens_of_a_line_that_ended_open_nothing() {
    let cloud = Cloud::start().await;
    let code = cloud.code(Authority::Home).await.expect("a code");
    let answer = cloud.exchange(Authority::Home, &code).await.expect("tokens");
    assert!(cloud.identity.authenticate(&answer.access_token).await.is_ok());
    assert_eq!(refused(cloud.exchange(Authority::Home, &code).await), 54_005);
    let after = cloud.identity.authenticate(&answer.access_token).await;
    assert!(matches!(after, Err(AuthenticationFault::Invalid)));
}
