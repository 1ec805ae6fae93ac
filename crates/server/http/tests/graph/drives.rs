//! Drives: people's own, several libraries of one site, and permissions of one's own inside a library.

use http::{Method, StatusCode};
use model::SharingLevel;
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

#[tokio::test]
async fn a_member_has_a_drive_of_their_own_from_its_first_use_on_and_a_guest_has_none() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let carl = cloud.colleague("carl@contoso.example").await;
    let carl_drive = format!("/v1.0/users/{}/drive", text(&cloud.get(&carl, "/v1.0/me").await.1["id"]));
    assert_eq!(cloud.get(&anna, &carl_drive).await.0, StatusCode::NOT_FOUND, "there is none yet");
    let (status, mine) = cloud.get(&carl, "/v1.0/me/drive").await;
    assert_eq!((status, mine["driveType"].as_str()), (StatusCode::OK, Some("business")));
    assert_eq!(cloud.get(&carl, "/v1.0/me/drives").await.1["value"], json!([mine]));
    assert_eq!(cloud.get(&carl, &carl_drive).await.1, mine);
    assert_eq!(cloud.get(&carl, "/v1.0/users/carl@contoso.example/drive").await.1, mine);
    assert_eq!(cloud.get(&carl, &format!("/v1.0/drives/{}", text(&mine["id"]))).await.1, mine);
    let (status, _, _) =
        cloud.send(&carl, Method::PUT, "/v1.0/me/drive/root:/a.txt:/content", &[], "a").await;
    assert_eq!(status, StatusCode::CREATED);
    let (_, root) = cloud.get(&carl, "/v1.0/me/drive/root/children").await;
    assert_eq!(root["value"][0]["name"], "a.txt");
    for path in [carl_drive.as_str(), &format!("/v1.0/drives/{}", text(&mine["id"]))] {
        assert_eq!(
            cloud.get(&anna, path).await.0,
            StatusCode::NOT_FOUND,
            "an administrator sees it no more: {path}"
        );
    }
    let (_, found) = cloud.get(&carl, "/v1.0/sites?search=*").await;
    assert_eq!(found["value"], json!([]), "it is no site to be found");
    let asked = json!({"invitedUserEmailAddress": BEN, "inviteRedirectUrl": "https://cloud.example/"});
    cloud.post(&anna, "/v1.0/invitations", asked).await;
    let ben = cloud.ben_as_guest().await;
    assert_eq!(cloud.get(&ben, "/v1.0/me/drives").await.1["value"], json!([]));
    for path in ["/v1.0/me/drive", "/v1.0/me/drive/root", "/v1.0/me/drive/root:/a.txt:/content"] {
        let (status, answer) = cloud.get(&ben, path).await;
        assert_eq!((status, codes(&answer).0), (StatusCode::NOT_FOUND, "ResourceNotFound"), "{path}");
    }
}

async fn shared_by_carl(cloud: &Cloud) -> (String, String) {
    let carl = cloud.colleague("carl@contoso.example").await;
    let drive = text(&cloud.get(&carl, "/v1.0/me/drive").await.1["id"]);
    let new = json!({"name": "for Ben", "folder": {}});
    let (_, folder) = cloud.post(&carl, "/v1.0/me/drive/root/children", new).await;
    let path = format!("/v1.0/drives/{drive}/items/{}", text(&folder["id"]));
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"], "requireSignIn": true});
    let (status, shared) = cloud.post(&carl, &format!("{path}/invite"), share).await;
    assert!(status == StatusCode::OK && shared["value"][0]["id"].is_string(), "{shared}");
    (carl, path)
}

#[tokio::test]
async fn r_b05_the_level_of_personal_drives_masks_what_they_share_and_never_is_the_looser_one() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (carl, folder) = shared_by_carl(&cloud).await;
    let ben = cloud.ben_as_guest().await;
    assert_eq!(cloud.get(&ben, &folder).await.0, StatusCode::OK);
    let contoso = cloud.call(cloud.at_contoso(cloud.anna));
    let set = async |sites, personal| {
        directory::set_organization_sharing(&contoso, sites, personal).await.expect("sets");
    };
    for (sites, personal, open) in [
        (None, Some(SharingLevel::Disabled), false),
        (None, Some(SharingLevel::ExistingGuests), true),
        (Some(SharingLevel::Disabled), Some(SharingLevel::Anyone), false),
        (Some(SharingLevel::Anyone), None, true),
    ] {
        set(sites, personal).await;
        let expected = if open { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(cloud.get(&ben, &folder).await.0, expected, "{sites:?} {personal:?}");
        assert_eq!(cloud.get(&carl, &folder).await.0, StatusCode::OK, "its owner stays");
    }
    assert_eq!(cloud.get(&anna, &folder).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_b06_a_personal_drive_has_its_own_level_and_its_owner_cannot_lose_it() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (carl, folder) = shared_by_carl(&cloud).await;
    let ben = cloud.ben_as_guest().await;
    let (_, sites) = cloud.get(&anna, "/v1.0/admin/sites").await;
    let personal =
        sites["value"].as_array().expect("sites").iter().find(|site| site["displayName"] == "carl");
    let id = text(&personal.expect("administrators set its level")["id"]);
    let admin = format!("/v1.0/admin/sites/{id}");
    for (level, open) in [("disabled", false), ("existingExternalUserSharingOnly", true)] {
        let (status, answer) = cloud.patch(&anna, &admin, json!({"sharingCapability": level})).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let expected = if open { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(cloud.get(&ben, &folder).await.0, expected, "{level}");
    }
    let (status, _) = cloud.patch(&carl, &admin, json!({"sharingCapability": "disabled"})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (_, held) = cloud.get(&carl, &format!("/v1.0/sites/{id}/permissions")).await;
    let own = text(&held["value"][0]["id"]);
    let (status, _) = cloud.delete(&carl, &format!("/v1.0/sites/{id}/permissions/{own}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "nobody gives up their own drive by accident");
    assert_eq!(cloud.get(&carl, &folder).await.0, StatusCode::OK);
}

#[tokio::test]
async fn r_d07_each_of_a_sites_libraries_syncs_by_itself() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, first) = cloud.falcon(&anna).await;
    let libraries = format!("/v1.0/sites/{site}/drives");
    let (status, second) = cloud.post(&anna, &libraries, json!({"name": "Drawings"})).await;
    assert_eq!(status, StatusCode::CREATED, "{second}");
    let (status, taken) = cloud.post(&anna, &libraries, json!({"name": "DRAWINGS"})).await;
    assert_eq!((status, codes(&taken).0), (StatusCode::CONFLICT, "nameAlreadyExists"));
    for name in ["", "a/b", "x".repeat(300).as_str()] {
        let (status, _) = cloud.post(&anna, &libraries, json!({"name": name})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
    }
    let (_, listed) = cloud.get(&anna, &libraries).await;
    let listed: Vec<String> =
        listed["value"].as_array().expect("drives").iter().map(|d| text(&d["id"])).collect();
    assert_eq!(listed, [first.clone(), text(&second["id"])]);
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"], "requireSignIn": true});
    cloud.post(&anna, &format!("/v1.0/drives/{}/root/invite", text(&second["id"])), share).await;
    let ben = cloud.ben_as_guest().await;
    let (_, listed) = cloud.get(&ben, &libraries).await;
    assert_eq!(listed["value"].as_array().map(Vec::len), Some(1), "one library of the site is open");
    let (status, _) = cloud.post(&ben, &libraries, json!({"name": "Mine"})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    for (who, drive, name) in [(&anna, &first, "Documents"), (&ben, &listed_id(&listed), "Drawings")] {
        let address = text(&cloud.get(who, &format!("/v1.0/drives/{drive}")).await.1["webUrl"]);
        let (status, root) = cloud.post(who, "/transfer/v1/resolve", json!({"address": address})).await;
        assert_eq!((status, root["library"].as_str()), (StatusCode::OK, Some(name)), "{root}");
        let put = format!("/v1.0/drives/{drive}/root:/{name}.txt:/content");
        assert_eq!(cloud.send(who, Method::PUT, &put, &[], name).await.0, StatusCode::CREATED);
        let feed = format!("/transfer/v1/drives/{drive}/items/{}/delta", text(&root["item"]));
        let (_, page) = cloud.get(who, &feed).await;
        let names: Vec<&Value> =
            page["entries"].as_array().expect("entries").iter().map(|e| &e["name"]).collect();
        assert_eq!(
            names.last().and_then(|name| name.as_str()),
            Some(format!("{name}.txt").as_str()),
            "{page}"
        );
    }
    assert_eq!(cloud.get(&ben, &format!("/v1.0/drives/{first}")).await.0, StatusCode::NOT_FOUND);
}

fn listed_id(listed: &Value) -> String {
    text(&listed["value"][0]["id"])
}

#[tokio::test]
async fn inheritance_is_broken_and_restored_by_owners() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let folder = async |parent: &str, name: &str| {
        let new = json!({"name": name, "folder": {}});
        text(&cloud.post(&anna, &format!("{base}/{parent}/children"), new).await.1["id"])
    };
    let outer = folder("root", "outer").await;
    let inner = folder(&format!("items/{outer}"), "inner").await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"], "requireSignIn": true});
    cloud.post(&anna, &format!("{base}/items/{outer}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let path = format!("{base}/items/{inner}/inheritance");
    assert_eq!(cloud.get(&anna, &path).await.1, json!({"inherits": true}));
    let broken = json!({"inherits": false});
    let (status, answer) = cloud.ask(&ben, Method::PUT, &path, Some(broken.clone())).await;
    assert_eq!((status, codes(&answer).1), (StatusCode::FORBIDDEN, Some("mayNotManageSharing")));
    assert_eq!(cloud.ask(&anna, Method::PUT, &path, Some(broken.clone())).await, (StatusCode::OK, broken));
    let (_, held) = cloud.get(&anna, &format!("{base}/items/{inner}/permissions")).await;
    let held = held["value"].as_array().expect("permissions").clone();
    assert!(held.iter().all(|one| one["inheritedFrom"].is_null()), "{held:?}");
    let bens = held.iter().find(|one| one["grantedToV2"]["user"].is_object()).expect("Ben's");
    let (status, _) =
        cloud.delete(&anna, &format!("{base}/items/{inner}/permissions/{}", text(&bens["id"]))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(cloud.get(&ben, &path).await.0, StatusCode::NOT_FOUND);
    let (_, seen) = cloud.get(&ben, &format!("{base}/items/{outer}")).await;
    assert_eq!(seen["folder"]["childCount"], 0, "what is hidden is not counted");
    let (_, children) = cloud.get(&ben, &format!("{base}/items/{outer}/children")).await;
    assert_eq!(children["value"], json!([]));
    let (status, _) = cloud.delete(&ben, &format!("{base}/items/{outer}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    cloud.ask(&anna, Method::PUT, &path, Some(json!({"inherits": true}))).await;
    assert_eq!(cloud.get(&ben, &path).await.1, json!({"inherits": true}));
}
