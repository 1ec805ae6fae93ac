//! Cross-tenant access end to end: both organizations are asked at invitation, redemption, token and request (4.10).

use http::StatusCode;
use identity::{Authority, IdentityError};
use model::{HomeAccount, UserId};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

const DEFAULT: &str = "/v1.0/policies/crossTenantAccessPolicy/default";
const PARTNERS: &str = "/v1.0/policies/crossTenantAccessPolicy/partners";

fn targets(access: &str, target: &str, kind: &str) -> Value {
    json!({"accessType": access, "targets": [{"target": target, "targetType": kind}]})
}

fn all(access: &str) -> Value {
    json!({
        "usersAndGroups": targets(access, "AllUsers", "user"),
        "applications": targets(access, "AllApplications", "application"),
    })
}

fn users(access: &str, target: &str, kind: &str) -> Value {
    json!({"usersAndGroups": targets(access, target, kind), "applications": targets("allowed", "AllApplications", "application")})
}

async fn ada(cloud: &Cloud) -> String {
    let home = HomeAccount { tenant: cloud.fabrikam, user: cloud.ada };
    cloud.token(home, cloud.fabrikam).await
}

async fn refusal(cloud: &Cloud, user: UserId) -> Option<u32> {
    let session = cloud.session(HomeAccount { tenant: cloud.fabrikam, user }).await;
    let error = cloud.code(Authority::Tenant(cloud.contoso), &session).await.err();
    assert_eq!(cloud.identity.enter(&session, cloud.contoso).await.is_ok(), error.is_none(), "pages too");
    let code = if let IdentityError::Refused(refusal) = error? { Some(refusal.code()) } else { None };
    Some(code.expect("a refusal, not a failure"))
}

#[tokio::test]
async fn x_01_the_default_lets_everybody_cross_and_trusts_nothing() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (status, now) = cloud.get(&anna, DEFAULT).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(now["b2bCollaborationInbound"], all("allowed"));
    assert_eq!(now["b2bCollaborationOutbound"], all("allowed"));
    assert_eq!(now["inboundTrust"]["isMfaAccepted"], json!(false));
    assert_eq!(
        now["automaticUserConsentSettings"],
        json!({"inboundAllowed": false, "outboundAllowed": false})
    );
    assert_eq!(cloud.get(&anna, PARTNERS).await.1["value"], json!([]));
}

#[tokio::test]
async fn x_02_both_organizations_are_asked_at_every_token_and_request_and_at_once() {
    let cloud = Cloud::start().await;
    let (anna, ada) = (cloud.anna().await, ada(&cloud).await);
    cloud.invite(BEN).await;
    let ben = cloud.ben_as_guest().await;
    let seen = async || cloud.get(&ben, "/v1.0/me").await.0;
    let (fabrikam, contoso) = (cloud.fabrikam.to_string(), cloud.contoso.to_string());
    let cases = [
        (&anna, &fabrikam, "b2bCollaborationInbound", 500_213),
        (&ada, &contoso, "b2bCollaborationOutbound", 500_212),
    ];
    for (admin, other, way, number) in cases {
        let (status, made) =
            cloud.post(admin, PARTNERS, json!({"tenantId": other, way: all("blocked")})).await;
        assert_eq!((status, &made[way]), (StatusCode::CREATED, &all("blocked")), "{made}");
        assert_eq!(refusal(&cloud, cloud.ben).await, Some(number));
        assert_eq!(seen().await, StatusCode::UNAUTHORIZED, "the token that is out opens nothing");
        let partner = format!("{PARTNERS}/{other}");
        let ben_out = users("blocked", &cloud.ben.to_string(), "user");
        assert_eq!(cloud.patch(admin, &partner, json!({way: ben_out})).await.0, StatusCode::OK);
        assert_eq!(refusal(&cloud, cloud.ben).await, Some(number));
        let maria_out = users("blocked", &cloud.maria.to_string(), "user");
        assert_eq!(cloud.patch(admin, &partner, json!({way: maria_out})).await.0, StatusCode::OK);
        assert_eq!((refusal(&cloud, cloud.ben).await, seen().await), (None, StatusCode::OK));
        // What is null is inherited.
        assert_eq!(cloud.patch(admin, DEFAULT, json!({way: all("blocked")})).await.0, StatusCode::OK);
        assert_eq!(refusal(&cloud, cloud.ben).await, None);
        assert_eq!(cloud.patch(admin, &partner, json!({way: null})).await.0, StatusCode::OK);
        assert_eq!(refusal(&cloud, cloud.ben).await, Some(number));
        assert_eq!(cloud.patch(admin, DEFAULT, json!({way: null})).await.0, StatusCode::OK);
        assert_eq!(seen().await, StatusCode::OK);
        assert_eq!(cloud.delete(admin, &partner).await.0, StatusCode::NO_CONTENT);
        assert_eq!(cloud.get(admin, &partner).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn x_02_groups_at_home_decide_who_goes_out() {
    let cloud = Cloud::start().await;
    let ada = ada(&cloud).await;
    cloud.invite(BEN).await;
    cloud.accept(directory::Offer::Any).await;
    let (_, group) = cloud.post(&ada, "/v1.0/groups", json!({"displayName": "Travellers"})).await;
    let group = text(&group["id"]);
    let only = users("allowed", &group, "group");
    let body = json!({"tenantId": cloud.contoso.to_string(), "b2bCollaborationOutbound": only});
    assert_eq!(cloud.post(&ada, PARTNERS, body).await.0, StatusCode::CREATED);
    assert_eq!(refusal(&cloud, cloud.ben).await, Some(500_212));
    let reference =
        json!({"@odata.id": format!("https://cloud.example/v1.0/directoryObjects/{}", cloud.ben)});
    cloud.post(&ada, &format!("/v1.0/groups/{group}/members/$ref"), reference).await;
    assert_eq!(refusal(&cloud, cloud.ben).await, None);
}

#[tokio::test]
async fn x_02_nobody_is_invited_or_accepts_where_the_way_is_closed() {
    let cloud = Cloud::start().await;
    let (anna, ada) = (cloud.anna().await, ada(&cloud).await);
    let invite = json!({"invitedUserEmailAddress": BEN, "inviteRedirectUrl": "https://cloud.example/"});
    cloud.patch(&anna, DEFAULT, json!({"b2bCollaborationInbound": all("blocked")})).await;
    let (status, body) = cloud.post(&anna, "/v1.0/invitations", invite.clone()).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("crossTenantInboundBlocked")));
    cloud.patch(&anna, DEFAULT, json!({"b2bCollaborationInbound": null})).await;
    assert_eq!(cloud.post(&anna, "/v1.0/invitations", invite).await.0, StatusCode::CREATED);
    let session = cloud.session(cloud.ben_at_home()).await;
    for (admin, way) in [(&anna, "b2bCollaborationInbound"), (&ada, "b2bCollaborationOutbound")] {
        cloud.patch(admin, DEFAULT, json!({way: all("blocked")})).await;
        assert!(cloud.identity.accept_offer(&session, cloud.contoso).await.is_err(), "{way}");
        cloud.patch(admin, DEFAULT, json!({way: null})).await;
    }
    assert!(cloud.identity.accept_offer(&session, cloud.contoso).await.is_ok());
}

#[tokio::test]
async fn c_02_people_are_asked_unless_both_organizations_say_otherwise() {
    let cloud = Cloud::start().await;
    let (anna, ada) = (cloud.anna().await, ada(&cloud).await);
    let session = cloud.session(cloud.ben_at_home()).await;
    let unasked = async || cloud.identity.accepts_unasked(&session, cloud.contoso).await.expect("reads");
    assert!(!unasked().await);
    let inbound = json!({"automaticUserConsentSettings": {"inboundAllowed": true}});
    assert_eq!(cloud.patch(&anna, DEFAULT, inbound).await.0, StatusCode::OK);
    assert!(!unasked().await, "one side is not enough");
    let outbound = json!({"tenantId": cloud.contoso.to_string(), "automaticUserConsentSettings": {"outboundAllowed": true}});
    assert_eq!(cloud.post(&ada, PARTNERS, outbound).await.0, StatusCode::CREATED);
    assert!(unasked().await);
}

#[tokio::test]
async fn x_04_settings_that_contradict_themselves_or_are_not_judged_are_refused() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let half = json!({
        "usersAndGroups": targets("blocked", "AllUsers", "user"),
        "applications": targets("allowed", "AllApplications", "application"),
    });
    let (status, body) = cloud.patch(&anna, DEFAULT, json!({"b2bCollaborationInbound": half})).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("crossTenantSettingContradicts")));
    let own = json!({"tenantId": cloud.contoso.to_string()});
    assert_eq!(cloud.post(&anna, PARTNERS, own).await.0, StatusCode::BAD_REQUEST);
    let direct = json!({"b2bDirectConnectInbound": all("allowed")});
    assert_eq!(cloud.patch(&anna, DEFAULT, direct).await.0, StatusCode::NOT_IMPLEMENTED);
    let carl = cloud.colleague("carl@contoso.example").await;
    for path in [DEFAULT, PARTNERS] {
        assert_eq!(cloud.get(&carl, path).await.0, StatusCode::FORBIDDEN);
    }
}
