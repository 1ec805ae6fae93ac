//! `createLink`, links among permissions, and `/shares`.

use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

/// Falcon with a folder *Plans* that holds *Offer.txt*, open to links of every kind.
struct Shared {
    anna: String,
    drive: String,
    plans: String,
}

async fn falcon(cloud: &Cloud) -> Shared {
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let open = json!({"sharingCapability": "externalUserAndGuestSharing"});
    let (status, _) = cloud.patch(&anna, "/v1.0/admin/sharepoint/settings", open.clone()).await;
    assert_eq!(status, StatusCode::OK);
    cloud.patch(&anna, &format!("/v1.0/admin/sites/{site}"), open).await;
    let children = format!("/v1.0/drives/{drive}/root/children");
    let (status, plans) = cloud.post(&anna, &children, json!({"name": "Plans", "folder": {}})).await;
    assert_eq!(status, StatusCode::CREATED, "{plans}");
    let put = format!("/v1.0/drives/{drive}/root:/Plans/Offer.txt:/content");
    let (status, _, _) = cloud.send(&anna, Method::PUT, &put, &[], "the offer").await;
    assert_eq!(status, StatusCode::CREATED);
    Shared { anna, drive, plans: text(&plans["id"]) }
}

impl Shared {
    fn plans(&self) -> String {
        format!("/v1.0/drives/{}/items/{}", self.drive, self.plans)
    }

    async fn link(&self, cloud: &Cloud, body: Value) -> (StatusCode, Value) {
        cloud.post(&self.anna, &format!("{}/createLink", self.plans()), body).await
    }
}

fn share_of(link: &Value) -> String {
    let url = text(&link["link"]["webUrl"]);
    format!("/v1.0/shares/u!{}", BASE64URL_NOPAD.encode(url.as_bytes()))
}

#[tokio::test]
async fn r_b02_links_of_four_kinds_are_made_listed_changed_and_deleted_over_graph() {
    let cloud = Cloud::start().await;
    let shared = falcon(&cloud).await;
    let kinds = [
        (json!({"type": "view", "scope": "anonymous"}), "anonymous", "read"),
        (json!({"type": "edit", "scope": "organization"}), "organization", "write"),
        (json!({"type": "view", "scope": "users", "recipients": [{"email": BEN}]}), "users", "read"),
        (json!({"type": "edit", "scope": "existingAccess"}), "existingAccess", "read"),
    ];
    let mut ids = Vec::new();
    for (body, scope, role) in kinds {
        let (status, made) = shared.link(&cloud, body.clone()).await;
        assert_eq!((status, &made["roles"]), (StatusCode::CREATED, &json!([role])), "{made}");
        assert_eq!(made["link"]["scope"], scope);
        assert!(text(&made["link"]["webUrl"]).starts_with("https://cloud.example/:f:/g/"), "{made}");
        let (status, again) = shared.link(&cloud, body).await;
        assert_eq!(
            (status, &again["id"], &again["shareId"]),
            (StatusCode::OK, &made["id"], &made["shareId"])
        );
        ids.push(text(&made["id"]));
    }
    let permissions = format!("{}/permissions", shared.plans());
    let (_, all) = cloud.get(&shared.anna, &permissions).await;
    let links = all["value"].as_array().expect("values").iter().filter(|one| one["link"].is_object());
    assert_eq!(links.count(), 4, "{all}");
    let one = format!("{permissions}/{}", ids[0]);
    let change = json!({"expirationDateTime": "2099-01-01T10:00:00.123456789+02:00", "password": "geheim"});
    let (status, changed) = cloud.patch(&shared.anna, &one, change).await;
    assert_eq!((status, &changed["hasPassword"]), (StatusCode::OK, &json!(true)), "{changed}");
    assert_eq!(changed["expirationDateTime"], "2099-01-01T08:00:00.123Z");
    let (_, found) = cloud.get(&shared.anna, &one).await;
    assert_eq!((&found["link"]["scope"], &found["hasPassword"]), (&json!("anonymous"), &json!(true)));
    assert!(!found.to_string().contains("argon2"), "{found}");
    let (_, cleared) =
        cloud.patch(&shared.anna, &one, json!({"expirationDateTime": null, "password": ""})).await;
    assert_eq!((&cleared["hasPassword"], cleared.get("expirationDateTime")), (&json!(false), None));
    assert_eq!(cloud.delete(&shared.anna, &one).await.0, StatusCode::NO_CONTENT);
    assert_eq!(cloud.get(&shared.anna, &one).await.0, StatusCode::NOT_FOUND);
    assert_eq!(cloud.delete(&shared.anna, &one).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_link_opens_is_read_by_its_address_for_the_request_or_for_good() {
    let cloud = Cloud::start().await;
    let shared = falcon(&cloud).await;
    let (_, made) = shared.link(&cloud, json!({"type": "edit", "scope": "organization"})).await;
    let carl = cloud.colleague("carl@contoso.example").await;
    let share = share_of(&made);
    let (status, item) = cloud.get(&carl, &format!("{share}/driveItem")).await;
    assert_eq!((status, &item["id"]), (StatusCode::OK, &json!(shared.plans)), "{item}");
    assert_eq!(item["webUrl"], made["link"]["webUrl"], "the site's own address may be hidden");
    assert_eq!(cloud.get(&carl, &shared.plans()).await.0, StatusCode::NOT_FOUND, "for the request alone");
    let (_, children) = cloud.get(&carl, &format!("{share}/driveItem/children")).await;
    assert_eq!(children["value"][0]["name"], "Offer.txt");
    let by_token = format!("/v1.0/shares/{}?$expand=driveItem", text(&made["shareId"]));
    let (_, whole) = cloud.get(&carl, &by_token).await;
    assert_eq!((&whole["name"], &whole["driveItem"]["id"]), (&json!("Plans"), &json!(shared.plans)));
    let (_, permission) = cloud.get(&carl, &format!("{share}/permission")).await;
    assert_eq!((&permission["roles"], permission["link"].get("webUrl")), (&json!(["write"]), None));
    let prefer = [("prefer", "redeemSharingLink")];
    let (status, _, _) = cloud.send(&carl, Method::GET, &format!("{share}/driveItem"), &prefer, "").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(cloud.get(&carl, &shared.plans()).await.0, StatusCode::OK, "for good");

    let ben = cloud.token(cloud.ben_at_home(), cloud.fabrikam).await;
    let (status, headers, _) = cloud.send(&ben, Method::GET, &share, &[], "").await;
    let told = headers["www-authenticate"].to_str().expect("text");
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(told.contains(&format!("/{}/oauth2/v2.0/authorize", cloud.contoso)), "{told}");
    for share in ["x", "u!", "u!aHR0cHM6Ly9ldmlsLmV4YW1wbGUvOmY6L2cveA"] {
        assert_eq!(
            cloud.get(&carl, &format!("/v1.0/shares/{share}")).await.0,
            StatusCode::NOT_FOUND,
            "{share}"
        );
    }
}

#[tokio::test]
async fn a_shared_files_bytes_are_had_by_the_link_and_one_guest_names_are_added_by_grant() {
    let cloud = Cloud::start().await;
    let shared = falcon(&cloud).await;
    let by_path = format!("/v1.0/drives/{}/root:/Plans/Offer.txt:/createLink", shared.drive);
    let (status, made) = cloud.post(&shared.anna, &by_path, json!({"type": "view", "scope": "users"})).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert!(text(&made["link"]["webUrl"]).contains("/:u:/g/"));
    let share = share_of(&made);
    let grant = format!("{share}/permission/grant");
    let to = json!({"recipients": [{"email": BEN}, {"email": "nobody@contoso.example"}], "roles": ["read"]});
    let (status, granted) = cloud.post(&shared.anna, &grant, to.clone()).await;
    assert_eq!(status, StatusCode::OK, "{granted}");
    assert_eq!(granted["value"][1]["error"]["code"], "noSuchMember");
    let ben = cloud.ben_as_guest().await;
    let content = format!("{share}/driveItem/content");
    let (status, headers, body) =
        cloud.send(&ben, Method::GET, &content, &[("range", "bytes=4-8")], "").await;
    assert_eq!((status, body.as_slice()), (StatusCode::PARTIAL_CONTENT, b"offer".as_slice()));
    assert!(headers["content-disposition"].to_str().expect("text").starts_with("attachment"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let carl = cloud.colleague("carl@contoso.example").await;
    assert_eq!(cloud.get(&carl, &format!("{share}/driveItem")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(cloud.post(&carl, &grant, to).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_b04_the_transfer_api_names_the_reason_why_a_shared_file_does_not_sync() {
    let cloud = Cloud::start().await;
    let shared = falcon(&cloud).await;
    let by_path = format!("/v1.0/drives/{}/root:/Plans/Offer.txt:/createLink", shared.drive);
    let to = json!({"type": "view", "scope": "users", "recipients": [{"email": BEN}]});
    let (_, made) = cloud.post(&shared.anna, &by_path, to).await;
    let ben = cloud.ben_as_guest().await;
    let ask = json!({"address": made["link"]["webUrl"]});
    let (status, refused) = cloud.post(&ben, "/transfer/v1/resolve", ask).await;
    assert_eq!((status, codes(&refused)), (StatusCode::FORBIDDEN, ("accessDenied", Some("singleFile"))));
    let message = text(&refused["error"]["message"]);
    assert!(
        message.contains("opens in the browser") && message.contains("folder that holds the file"),
        "{message}"
    );
    let (_, anyone) = shared.link(&cloud, json!({"type": "view", "scope": "anonymous"})).await;
    let ask = json!({"address": anyone["link"]["webUrl"]});
    let (_, refused) = cloud.post(&ben, "/transfer/v1/resolve", ask).await;
    assert_eq!(codes(&refused), ("accessDenied", Some("sharedWithoutSignIn")));
}

#[tokio::test]
async fn r_a05_the_integration_is_set_over_the_settings_and_a_code_share_is_shown_as_a_link() {
    let cloud = Cloud::start().await;
    let shared = falcon(&cloud).await;
    let settings = "/v1.0/admin/sharepoint/settings";
    let (_, before) = cloud.get(&shared.anna, settings).await;
    assert_eq!(before["isGuestIntegrationEnabled"], true);
    let (status, after) =
        cloud.patch(&shared.anna, settings, json!({"isGuestIntegrationEnabled": false})).await;
    assert_eq!((status, &after["isGuestIntegrationEnabled"]), (StatusCode::OK, &json!(false)));
    let invite = json!({"recipients": [{"email": BEN}], "roles": ["read"], "sendInvitation": true});
    let (status, answer) = cloud.post(&shared.anna, &format!("{}/invite", shared.plans()), invite).await;
    assert_eq!(status, StatusCode::OK);
    let outcome = &answer["value"][0];
    assert_eq!((&outcome["link"]["scope"], &outcome["recipient"]["email"]), (&json!("users"), &json!(BEN)));
    assert_eq!(outcome["grantedToIdentitiesV2"][0]["user"]["email"], BEN);
    let carl = cloud.colleague("carl@contoso.example").await;
    let (status, _) = cloud.patch(&carl, settings, json!({"isGuestIntegrationEnabled": true})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn links_that_cannot_be_are_said() {
    let cloud = Cloud::start().await;
    let shared = falcon(&cloud).await;
    let cases = [
        (json!({}), 400, "invalidRequest"),
        (json!({"type": "look"}), 400, "invalidRequest"),
        (json!({"type": "blocksDownload"}), 501, "notSupported"),
        (json!({"type": "view", "scope": "world"}), 400, "invalidRequest"),
        (json!({"type": "view", "scope": "organization", "password": "x"}), 400, "invalidRequest"),
        (
            json!({"type": "view", "scope": "organization", "recipients": [{"email": BEN}]}),
            400,
            "invalidRequest",
        ),
        (json!({"type": "view", "expirationDateTime": "2001-01-01T00:00:00Z"}), 400, "invalidRequest"),
        (json!({"type": "view", "scope": "users", "recipients": [{"email": "x"}]}), 403, "accessDenied"),
    ];
    for (body, expected, code) in cases {
        let (status, answer) = shared.link(&cloud, body.clone()).await;
        assert_eq!((status.as_u16(), codes(&answer).0), (expected, code), "{body} {answer}");
    }
    let closed = json!({"sharingCapability": "externalUserSharingOnly"});
    cloud.patch(&shared.anna, "/v1.0/admin/sharepoint/settings", closed).await;
    let (status, answer) = shared.link(&cloud, json!({"type": "view", "scope": "anonymous"})).await;
    assert_eq!((status, codes(&answer).1), (StatusCode::FORBIDDEN, Some("sharingLevelAdmitsNoAnyoneLink")));
}
