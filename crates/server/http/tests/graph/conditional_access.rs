//! Conditional access end to end: policies decide tokens, pages' sessions and every request (C05, C06).

use http::StatusCode;
use identity::{Authority, Grant, IdentityError};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";

fn policy(name: &str, users: Value, controls: Value) -> Value {
    json!({
        "displayName": name,
        "state": "enabled",
        "conditions": {
            "users": users,
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"],
            "locations": null,
        },
        "grantControls": {"operator": "OR", "builtInControls": controls, "termsOfUse": []},
        "sessionControls": null,
    })
}

fn guests() -> Value {
    json!({"includeUsers": ["GuestsOrExternalUsers"]})
}

/// Sets a policy and returns its address.
async fn add(cloud: &Cloud, token: &str, body: Value) -> String {
    let (status, made) = cloud.post(token, POLICIES, body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("{POLICIES}/{}", text(&made["id"]));
    assert_eq!(cloud.get(token, &path).await, (StatusCode::OK, made));
    path
}

/// What Ben gets who asks for a token of Contoso: the number of the refusal and its text, if any.
async fn refusal(cloud: &Cloud) -> Option<(u32, String)> {
    let session = cloud.session(cloud.ben_at_home()).await;
    let error = cloud.code(Authority::Tenant(cloud.contoso), &session).await.err()?;
    let refusal = if let IdentityError::Refused(refusal) = error { Some(refusal) } else { None };
    let refusal = refusal.expect("a refusal, not a failure");
    assert_eq!(refusal.error(), "interaction_required");
    Some((refusal.code(), refusal.to_string()))
}

#[tokio::test]
async fn r_c05_a_policy_in_force_refuses_the_token_and_names_itself_and_what_it_asks_for() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, _) = cloud.falcon(&anna).await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), share).await;
    cloud.accept(directory::Offer::Any).await;
    let cases = [
        (json!(["block"]), 53_003),
        (json!(["mfa"]), 50_079),
        (json!(["compliantDevice"]), 53_000),
        (json!(["domainJoinedDevice"]), 53_001),
        (json!(["compliantDevice", "mfa"]), 50_079),
    ];
    for (controls, number) in cases {
        let path = add(&cloud, &anna, policy("Guests: more", guests(), controls.clone())).await;
        let (code, said) = refusal(&cloud).await.expect("refused");
        assert_eq!(code, number, "{controls}");
        assert!(said.contains("\"Guests: more\""), "{said}");
        assert_eq!(cloud.get(&anna, &format!("/v1.0/sites/{site}")).await.0, StatusCode::OK);
        assert_eq!(cloud.delete(&anna, &path).await.0, StatusCode::NO_CONTENT);
        assert_eq!(refusal(&cloud).await, None);
        assert_eq!(cloud.get(&anna, &path).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn r_c06_a_policy_that_arrives_later_ends_what_runs_with_the_next_request_and_gives_it_back() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let home = cloud.token(cloud.ben_at_home(), cloud.fabrikam).await;
    let seen = async || cloud.get(&ben, &format!("/v1.0/drives/{drive}/root/children")).await.0;
    assert_eq!(seen().await, StatusCode::OK);
    let path = add(&cloud, &anna, policy("No guests", guests(), json!(["block"]))).await;
    assert_eq!(seen().await, StatusCode::UNAUTHORIZED, "the token that is out opens nothing");
    assert_eq!(cloud.get(&home, "/v1.0/me").await.0, StatusCode::OK, "another organization's policy");
    for (state, expected) in [
        ("enabledForReportingButNotEnforced", StatusCode::OK),
        ("enabled", StatusCode::UNAUTHORIZED),
        ("disabled", StatusCode::OK),
    ] {
        let (status, now) = cloud.patch(&anna, &path, json!({"state": state})).await;
        assert_eq!((status, &now["state"]), (StatusCode::OK, &json!(state)), "{now}");
        assert_eq!(seen().await, expected, "{state}");
    }
}

#[tokio::test]
async fn p_02_exclusions_groups_homes_and_kinds_of_client_decide_whom_a_policy_is_about() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, group) = cloud.post(&anna, "/v1.0/groups", json!({"displayName": "Trusted partners"})).await;
    let guest = cloud.invite(BEN).await;
    cloud.accept(directory::Offer::Any).await;
    let kind = |homes: Value| {
        let tenants = json!({"membershipKind": "enumerated", "members": homes});
        json!({"includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest", "externalTenants": tenants}})
    };
    let (contoso, fabrikam) = (cloud.contoso.to_string(), cloud.fabrikam.to_string());
    let but_group = json!({"includeUsers": ["GuestsOrExternalUsers"], "excludeGroups": [group["id"]]});
    let cases = [
        (json!({"includeUsers": [guest.to_string()]}), true),
        (json!({"includeUsers": ["None"]}), false),
        (json!({"includeUsers": ["GuestsOrExternalUsers"], "excludeUsers": [guest.to_string()]}), false),
        (kind(json!([fabrikam])), true),
        (kind(json!([contoso])), false),
        (json!({"includeRoles": ["95e79109-95c0-4d8e-aee3-d01accf2d47b"]}), false),
        (but_group.clone(), true),
    ];
    for (users, refused) in cases {
        let path = add(&cloud, &anna, policy("Who", users.clone(), json!(["block"]))).await;
        assert_eq!(refusal(&cloud).await.is_some(), refused, "{users}");
        cloud.delete(&anna, &path).await;
    }
    let path = add(&cloud, &anna, policy("Who", but_group, json!(["block"]))).await;
    let reference = json!({"@odata.id": format!("https://cloud.example/v1.0/directoryObjects/{guest}")});
    let member = format!("/v1.0/groups/{}/members/$ref", text(&group["id"]));
    assert_eq!(cloud.post(&anna, &member, reference).await.0, StatusCode::NO_CONTENT);
    assert_eq!(refusal(&cloud).await, None, "whoever is taken into the group is let in at once");
    cloud.delete(&anna, &path).await;

    let mut desktop = policy("No programs", guests(), json!(["block"]));
    desktop["conditions"]["clientAppTypes"] = json!(["mobileAppsAndDesktopClients"]);
    add(&cloud, &anna, desktop).await;
    let session = cloud.session(cloud.ben_at_home()).await;
    assert!(cloud.identity.enter(&session, cloud.contoso).await.is_ok(), "browsers are not concerned");
    assert!(refusal(&cloud).await.is_some());
}

#[tokio::test]
async fn a_refresh_token_at_home_stays_good_when_another_organization_refuses() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    cloud.invite(BEN).await;
    cloud.accept(directory::Offer::Any).await;
    let session = cloud.session(cloud.ben_at_home()).await;
    let code = cloud.code(Authority::Tenant(cloud.fabrikam), &session).await.expect("a code");
    let tokens = cloud.exchange(Authority::Tenant(cloud.fabrikam), &code).await.expect("tokens");
    let refresh = tokens.refresh_token.expect("asked for");
    let path = add(&cloud, &anna, policy("MFA", guests(), json!(["mfa"]))).await;
    let there = Authority::Tenant(cloud.contoso);
    let refused = cloud.grant(there, Grant::RefreshToken(refresh.clone())).await;
    assert!(matches!(refused, Err(IdentityError::Refused(ref refusal)) if refusal.code() == 50_079));
    cloud.delete(&anna, &path).await;
    assert!(cloud.grant(there, Grant::RefreshToken(refresh)).await.is_ok());
}

#[tokio::test]
async fn policies_that_shut_out_their_maker_or_say_what_is_not_judged_are_refused() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let everybody = json!({"includeUsers": ["All"]});
    for controls in [json!(["block"]), json!(["compliantDevice"])] {
        let (status, body) = cloud.post(&anna, POLICIES, policy("All", everybody.clone(), controls)).await;
        assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("wouldLockYouOut")));
    }
    let mut off = policy("All", everybody, json!(["block"]));
    off["state"] = json!("disabled");
    let path = add(&cloud, &anna, off).await;
    let (status, body) = cloud.patch(&anna, &path, json!({"state": "enabled"})).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("wouldLockYouOut")));

    let mut more = Vec::new();
    for (part, value) in [
        ("/conditions/devices", json!({"deviceFilter": {"mode": "include", "rule": "x"}})),
        ("/conditions/signInRiskLevels", json!(["high"])),
        ("/sessionControls", json!({"signInFrequency": {"value": 1}})),
    ] {
        let mut body = policy("More", guests(), json!(["block"]));
        let (at, name) = part.rsplit_once('/').expect("a part");
        body.pointer_mut(at).expect("there")[name] = value;
        more.push(body);
    }
    for body in more {
        assert_eq!(cloud.post(&anna, POLICIES, body.clone()).await.0, StatusCode::NOT_IMPLEMENTED, "{body}");
    }
    for controls in [json!([]), json!(["block", "mfa"])] {
        let (status, _) = cloud.post(&anna, POLICIES, policy("None", guests(), controls)).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    let carl = cloud.colleague("carl@contoso.example").await;
    assert_eq!(cloud.get(&carl, POLICIES).await.0, StatusCode::FORBIDDEN);
}
