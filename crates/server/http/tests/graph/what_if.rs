//! Before a policy is switched on: what it would say, whom it would stop, and what it said to those who came (C07, P-3).

use http::StatusCode;
use identity::{Authority, Grant};
use model::HomeAccount;
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, text};

const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";
const EVALUATE: &str = "/v1.0/identity/conditionalAccess/evaluate";
const SIGN_INS: &str = "/v1.0/auditLogs/signIns";
const OFFICE: &str = "192.0.2.7";
const ELSEWHERE: &str = "198.51.100.7";

fn policy(name: &str, state: &str, control: &str) -> Value {
    json!({
        "displayName": name, "state": state,
        "conditions": {
            "users": {"includeUsers": ["GuestsOrExternalUsers"]},
            "applications": {"includeApplications": ["All"]},
        },
        "grantControls": {"operator": "OR", "builtInControls": [control]},
    })
}

/// Makes a trusted location; returns conditions of a policy that is about everywhere else.
async fn outside_office(cloud: &Cloud, anna: &str) -> Value {
    let office = json!({
        "@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Office", "isTrusted": true,
        "ipRanges": [{"cidrAddress": "192.0.2.0/24"}],
    });
    cloud.post(anna, "/v1.0/identity/conditionalAccess/namedLocations", office).await;
    json!({"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]})
}

#[tokio::test]
async fn r_c07_what_if_says_of_each_policy_what_it_would_say() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let guest = cloud.invite(BEN).await;
    cloud.accept(directory::Offer::Any).await;
    let mut outside = policy("Outside", "enabledForReportingButNotEnforced", "block");
    outside["conditions"]["locations"] = outside_office(&cloud, &anna).await;
    for body in [
        outside,
        policy("Factor", "enabledForReportingButNotEnforced", "mfa"),
        policy("Off", "disabled", "block"),
    ] {
        assert_eq!(cloud.post(&anna, POLICIES, body).await.0, StatusCode::CREATED);
    }
    let ask = async |address: &str, user: String| {
        let body = json!({
            "signInIdentity": {"@odata.type": "#microsoft.graph.userSignIn", "userId": user},
            "signInConditions": {"ipAddress": address, "clientAppType": "mobileAppsAndDesktopClients", "devicePlatform": "linux"},
        });
        let (status, answer) = cloud.post(&anna, EVALUATE, body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let said = answer["value"].as_array().expect("a list").iter().map(|said| {
            let reason = text(&said["analysisReasons"]);
            (text(&said["displayName"]), text(&said["footbridge"]["result"]), reason)
        });
        said.collect::<Vec<_>>()
    };
    let said =
        |name: &str, result: &str, reason: &str| (name.to_owned(), result.to_owned(), reason.to_owned());
    let off = said("Off", "notApplied", "policyNotEnabled");
    let factor = said("Factor", "userActionRequired", "notSet");
    let inside = [said("Outside", "notApplied", "location"), factor.clone(), off.clone()];
    assert_eq!(ask(OFFICE, guest.to_string()).await, inside);
    let out = [said("Outside", "failure", "notSet"), factor, off];
    assert_eq!(ask(ELSEWHERE, guest.to_string()).await, out);
    assert!(ask(ELSEWHERE, cloud.anna.to_string()).await.iter().all(|(_, result, _)| result == "notApplied"));
    let nobody = json!({"signInIdentity": {"userId": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}});
    assert_eq!(cloud.post(&anna, EVALUATE, nobody).await.0, StatusCode::NOT_FOUND);
    let carl = cloud.colleague("carl@contoso.example").await;
    let own = json!({"signInIdentity": {"userId": guest.to_string()}});
    assert_eq!(cloud.post(&carl, EVALUATE, own).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn r_c07_results_of_sign_ins_are_kept_and_tell_whom_a_policy_would_stop() {
    let mut cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let guest = cloud.invite(BEN).await;
    cloud.accept(directory::Offer::Any).await;
    let outside = outside_office(&cloud, &anna).await;
    let mut report = policy("Outside", "enabledForReportingButNotEnforced", "block");
    report["conditions"]["locations"] = outside;
    let (_, made) = cloud.post(&anna, POLICIES, report).await;
    let there = Authority::Tenant(cloud.contoso);
    let session = cloud.session(cloud.ben_at_home()).await;
    cloud.come_from(OFFICE);
    let code = cloud.code(there, &session).await.expect("a code");
    let tokens = cloud.exchange(there, &code).await.expect("tokens");
    let stopped = async |cloud: &Cloud| {
        let body = json!({"id": made["id"]});
        let (status, answer) = cloud.post(&anna, &format!("{POLICIES}/preview"), body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["value"].as_array().expect("a list").clone()
    };
    assert_eq!(stopped(&cloud).await, Vec::<Value>::new(), "their last sign-in came from the office");
    cloud.come_from(ELSEWHERE);
    let refresh = tokens.refresh_token.expect("asked for");
    let home = Authority::Tenant(cloud.fabrikam);
    let tokens = cloud.grant(there, Grant::RefreshToken(refresh)).await.expect("only reported");
    let found = stopped(&cloud).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (text(&found[0]["id"]), text(&found[0]["ipAddress"])),
        (guest.to_string(), ELSEWHERE.to_owned())
    );
    assert_eq!(found[0]["footbridge"]["result"], json!("failure"));
    let path = format!("{POLICIES}/{}", text(&made["id"]));
    assert_eq!(cloud.patch(&anna, &path, json!({"state": "enabled"})).await.0, StatusCode::OK);
    let refresh = tokens.refresh_token.expect("asked for");
    assert!(cloud.grant(there, Grant::RefreshToken(refresh.clone())).await.is_err());
    assert!(cloud.grant(home, Grant::RefreshToken(refresh)).await.is_ok(), "another organization's policy");

    let (_, list) = cloud.get(&anna, SIGN_INS).await;
    let seen: Vec<(Value, Value, Value)> = list["value"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|entry| entry["userId"] == json!(guest.to_string()))
        .map(|entry| {
            let result = entry["appliedConditionalAccessPolicies"][0]["result"].clone();
            (entry["ipAddress"].clone(), entry["status"]["errorCode"].clone(), result)
        })
        .collect();
    let expected = [
        (json!(ELSEWHERE), json!(53_003), json!("failure")),
        (json!(ELSEWHERE), json!(0), json!("reportOnlyFailure")),
        (json!(OFFICE), json!(0), json!("reportOnlyNotApplied")),
    ];
    assert_eq!(seen, expected, "{list}");
    let (_, page) = cloud.get(&anna, &format!("{SIGN_INS}?$top=1")).await;
    assert_eq!(page["value"][0], list["value"][0]);
    let next = text(&page["@odata.nextLink"]).replace("https://cloud.example", "");
    assert_eq!(cloud.get(&anna, &next).await.1["value"][0], list["value"][1]);
    let ada = cloud.token(HomeAccount { tenant: cloud.fabrikam, user: cloud.ada }, cloud.fabrikam).await;
    let (_, theirs) = cloud.get(&ada, SIGN_INS).await;
    assert!(!theirs.to_string().contains(&guest.to_string()), "another organization's sign-ins");
    let carl = cloud.colleague("carl@contoso.example").await;
    assert_eq!(cloud.get(&carl, SIGN_INS).await.0, StatusCode::FORBIDDEN);
}
