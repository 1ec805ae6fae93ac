//! `invite` and `permissions` of sites, libraries and items.

use http::StatusCode;
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

#[tokio::test]
async fn r_b01_a_library_is_shared_listed_changed_and_taken_away_over_graph() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let root = format!("/v1.0/drives/{}/root", drive.replace('!', "%21"));
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"], "message": "Have a look",
        "requireSignIn": true, "sendInvitation": true});
    let (status, shared) = cloud.post(&anna, &format!("{root}/invite"), share).await;
    assert_eq!(status, StatusCode::OK, "{shared}");
    let permission = &shared["value"][0];
    let id = text(&permission["id"]);
    assert_eq!(permission["roles"], json!(["write"]));
    assert_eq!(permission["invitation"]["email"], BEN);
    assert!(permission.get("grantedTo").is_none(), "not accepted yet");

    let ben = cloud.ben_as_guest().await;
    let (_, own) = cloud.get(&ben, &format!("{root}/permissions")).await;
    assert_eq!(own["value"].as_array().map(Vec::len), Some(1), "only what applies to them: {own}");
    assert_eq!(own["value"][0]["grantedToV2"]["user"]["email"], BEN);
    let (_, all) = cloud.get(&anna, &format!("{root}/permissions")).await;
    let inherited: Vec<&Value> = all["value"]
        .as_array()
        .expect("values")
        .iter()
        .filter(|one| one["inheritedFrom"].is_object())
        .collect();
    assert_eq!((inherited.len(), all["value"].as_array().map(Vec::len)), (3, Some(4)));

    let one = format!("{root}/permissions/{id}");
    let (status, changed) = cloud.patch(&anna, &one, json!({"roles": ["read"]})).await;
    assert_eq!((status, &changed["roles"]), (StatusCode::OK, &json!(["read"])));
    let (status, body) = cloud.patch(&ben, &one, json!({"roles": ["write"]})).await;
    assert_eq!(
        (status, codes(&body)),
        (StatusCode::FORBIDDEN, ("accessDenied", Some("mayNotManageSharing")))
    );
    assert_eq!(cloud.delete(&anna, &one).await.0, StatusCode::NO_CONTENT);
    for path in [one.clone(), format!("{root}/permissions")] {
        assert_eq!(cloud.get(&ben, &path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(cloud.get(&anna, &one).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn each_recipient_of_an_invitation_has_an_outcome() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, _) = cloud.falcon(&anna).await;
    let share = json!({"recipients": [{"email": BEN}, {"email": "nobody@contoso.example"}, {"alias": "a b"}],
        "roles": ["read"]});
    let (status, shared) = cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), share).await;
    assert_eq!(status, StatusCode::OK);
    let errors: Vec<Option<&str>> =
        shared["value"].as_array().expect("values").iter().map(|one| one["error"]["code"].as_str()).collect();
    assert_eq!(errors, [None, Some("noSuchMember"), Some("invalidAddress")]);
    assert_eq!(shared["value"][1]["recipient"]["email"], "nobody@contoso.example");
}

#[tokio::test]
async fn what_cannot_be_asked_is_said() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let invite = format!("/v1.0/sites/{site}/invite");
    let to = json!([{"email": BEN}]);
    let cases = [
        (json!({"recipients": to, "roles": ["read"], "requireSignIn": false, "sendInvitation": false}), 400),
        (json!({"recipients": to, "roles": ["read"], "requireSignIn": false}), 400),
        (json!({"recipients": to, "roles": ["read"], "requireSignIn": false, "sendInvitation": true}), 501),
        (json!({"recipients": to, "roles": ["rule"]}), 400),
        (json!({"recipients": to, "roles": []}), 400),
        (json!({"recipients": [], "roles": ["read"]}), 400),
        (json!({"recipients": [{}], "roles": ["read"]}), 400),
    ];
    for (body, expected) in cases {
        let (status, answer) = cloud.post(&anna, &invite, body.clone()).await;
        assert_eq!(status.as_u16(), expected, "{body} {answer}");
    }
    let owner = json!({"recipients": to, "roles": ["owner"]});
    let (_, answer) = cloud.post(&anna, &invite, owner).await;
    assert_eq!(answer["value"][0]["error"]["code"], "ownerIsNotShared");
    for path in ["b!AAAAAAAAAAAAAAAAAAAAAA/root", &format!("{drive}/items/01AAAA"), "nonsense/root"] {
        let (status, _) = cloud.get(&anna, &format!("/v1.0/drives/{path}/permissions")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}
