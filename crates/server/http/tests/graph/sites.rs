//! `/sites`

use http::StatusCode;
use serde_json::json;

use crate::cloud::{BEN, Cloud, codes, text};

#[tokio::test]
async fn r_b15_a_site_is_made_from_the_product_and_found_in_every_way_clients_look() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (id, drive) = cloud.falcon(&anna).await;
    let guid = id.split(',').nth(1).expect("a guid");
    let ways = [
        format!("/v1.0/sites/{id}"),
        format!("/v1.0/sites/{}", id.replace(',', "%2C")),
        format!("/v1.0/sites/{guid}"),
        "/v1.0/sites/root:/sites/falcon".to_owned(),
        "/v1.0/sites/cloud.example:/sites/Falcon".to_owned(),
        "/v1.0/sites/cloud.example%3A/contoso.example/sites/Falcon".to_owned(),
    ];
    for way in ways {
        let (status, site) = cloud.get(&anna, &way).await;
        assert_eq!((status, &site["id"]), (StatusCode::OK, &json!(id)), "{way}: {site}");
        assert_eq!(site["webUrl"], "https://cloud.example/contoso.example/sites/Falcon");
        assert_eq!(site["footbridge"]["role"], "owner");
    }
    for path in [format!("/v1.0/sites/{id}/drives"), "/v1.0/sites/root:/sites/Falcon:/drives".to_owned()] {
        let (_, drives) = cloud.get(&anna, &path).await;
        assert_eq!(drives["value"][0]["id"], json!(drive), "{path}");
        assert_eq!(drives["value"][0]["driveType"], "documentLibrary");
        assert!(drives["value"][0]["quota"]["total"].as_u64() > Some(0));
    }
    let (status, first) = cloud.get(&anna, &format!("/v1.0/sites/{id}/drive")).await;
    assert_eq!((status, &first["id"]), (StatusCode::OK, &json!(drive)), "{first}");
    let folder = json!({ "name": "Plans", "folder": {} });
    let (status, _) = cloud.post(&anna, &format!("/v1.0/sites/{id}/drive/root/children"), folder).await;
    assert_eq!(status, StatusCode::CREATED);
    let (_, plans) = cloud.get(&anna, &format!("/v1.0/sites/{guid}/drive/root:/Plans:?$select=name")).await;
    assert_eq!(plans["name"], "Plans", "{plans}");
    for search in ["falcon", "*", "%22project%22"] {
        let (_, found) = cloud.get(&anna, &format!("/v1.0/sites?search={search}")).await;
        assert_eq!(found["value"][0]["id"], json!(id), "{search}");
    }
    let (status, root) = cloud.get(&anna, "/v1.0/sites/root").await;
    assert_eq!((status, &root["displayName"]), (StatusCode::OK, &json!("Contoso")));
    let (status, taken) =
        cloud.post(&anna, "/v1.0/sites", json!({"name": "FALCON", "displayName": "x"})).await;
    assert_eq!((status, codes(&taken).0), (StatusCode::CONFLICT, "nameAlreadyExists"));
}

#[tokio::test]
async fn a_site_is_not_found_by_whoever_has_nothing_in_it() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (id, _) = cloud.falcon(&anna).await;
    let carl = cloud.colleague("carl@contoso.example").await;
    let ben_at_home = cloud.token(cloud.ben_at_home(), cloud.fabrikam).await;
    let guid = id.split(',').nth(1).expect("a guid");
    for token in [&carl, &ben_at_home] {
        for path in [
            format!("/v1.0/sites/{guid}"),
            format!("/v1.0/sites/{guid}/drives"),
            format!("/v1.0/sites/{guid}/permissions"),
            "/v1.0/sites/root:/sites/Falcon".to_owned(),
        ] {
            let (status, body) = cloud.get(token, &path).await;
            assert_eq!((status, codes(&body)), (StatusCode::NOT_FOUND, ("itemNotFound", None)), "{path}");
        }
        let (_, found) = cloud.get(token, "/v1.0/sites?search=*").await;
        assert_eq!(found["value"], json!([]));
    }
}

#[tokio::test]
async fn a_guest_sees_the_site_that_was_shared_and_members_see_that_it_is_open_to_outsiders() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (id, drive) = cloud.falcon(&anna).await;
    let path = format!("/v1.0/sites/{id}");
    assert_eq!(cloud.get(&anna, &path).await.1["footbridge"]["openToOutsiders"], false);
    let share = json!({"recipients": [{"email": BEN}], "roles": ["read"]});
    cloud.post(&anna, &format!("{path}/invite"), share).await;
    assert_eq!(cloud.get(&anna, &path).await.1["footbridge"]["openToOutsiders"], true);
    let ben = cloud.ben_as_guest().await;
    let (status, seen) = cloud.get(&ben, &path).await;
    assert_eq!((status, text(&seen["footbridge"]["role"])), (StatusCode::OK, "read".to_owned()));
    let (_, drives) = cloud.get(&ben, &format!("{path}/drives")).await;
    assert_eq!(drives["value"][0]["id"], json!(drive));
    let (status, _) = cloud.post(&ben, "/v1.0/sites", json!({"name": "Mine", "displayName": "Mine"})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}
