//! Versions and the recycle bin over Graph.

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

async fn put(cloud: &Cloud, token: &str, path: &str, bytes: &str) -> Value {
    let (status, _, body) = cloud.send(token, Method::PUT, path, &[], bytes.to_owned()).await;
    assert!(status.is_success(), "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).expect("JSON")
}

fn ids(list: &Value) -> Vec<String> {
    list["value"].as_array().expect("values").iter().map(|entry| text(&entry["id"])).collect()
}

#[tokio::test]
async fn r_x10_versions_are_listed_read_restored_and_deleted_over_graph() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let path = format!("/v1.0/drives/{drive}/root:/a.txt:/content");
    let file = put(&cloud, &anna, &path, "one").await;
    put(&cloud, &anna, &path, "second").await;
    let versions = format!("/v1.0/drives/{drive}/items/{}/versions", text(&file["id"]));
    let (_, list) = cloud.get(&anna, &versions).await;
    assert_eq!(ids(&list), ["2.0", "1.0"], "{list}");
    assert_eq!((&list["value"][0]["size"], &list["value"][1]["size"]), (&json!(6), &json!(3)));
    assert!(list["value"][1]["lastModifiedBy"]["user"]["displayName"].is_string(), "{list}");
    assert!(text(&list["value"][1]["lastModifiedDateTime"]).ends_with('Z'));
    let (_, first) = cloud.get(&anna, &format!("{versions}?$top=1")).await;
    let next = text(&first["@odata.nextLink"]).replace("https://cloud.example", "");
    assert_eq!(ids(&cloud.get(&anna, &next).await.1), ["1.0"]);
    let content = format!("{versions}/1.0/content");
    let (status, headers, bytes) = cloud.send(&anna, Method::GET, &content, &[], Body::empty()).await;
    assert_eq!((status, bytes.as_slice()), (StatusCode::OK, &b"one"[..]));
    assert!(headers["content-disposition"].to_str().is_ok_and(|text| text.starts_with("attachment")));
    let range = [("range", "bytes=1-1")];
    let (status, _, part) = cloud.send(&anna, Method::GET, &content, &range, Body::empty()).await;
    assert_eq!((status, part.as_slice()), (StatusCode::PARTIAL_CONTENT, &b"n"[..]));
    let restore = format!("{versions}/1.0/restoreVersion");
    let (status, _, body) = cloud.send(&anna, Method::POST, &restore, &[], Body::empty()).await;
    assert_eq!((status, body.len()), (StatusCode::NO_CONTENT, 0));
    let (_, now) = cloud.get(&anna, &format!("/v1.0/drives/{drive}/root:/a.txt")).await;
    assert_eq!((&now["id"], &now["size"]), (&file["id"], &json!(3)));
    assert_eq!(ids(&cloud.get(&anna, &versions).await.1), ["3.0", "2.0", "1.0"]);
    let (status, refused) = cloud.delete(&anna, &format!("{versions}/3.0")).await;
    assert_eq!((status, codes(&refused).1), (StatusCode::BAD_REQUEST, Some("presentVersion")));
    assert_eq!(cloud.delete(&anna, &format!("{versions}/2.0")).await.0, StatusCode::NO_CONTENT);
    assert_eq!(ids(&cloud.get(&anna, &versions).await.1), ["3.0", "1.0"]);
    let bin = format!("/v1.0/sites/{site}/recycleBin/items");
    let (_, binned) = cloud.get(&anna, &bin).await;
    let entry = &binned["value"][0];
    assert_eq!(
        (&entry["footbridge"]["kind"], &entry["footbridge"]["version"]),
        (&json!("version"), &json!("2.0"))
    );
    let (status, back) = cloud.post(&anna, &format!("{bin}/restore"), json!({ "ids": [entry["id"]] })).await;
    assert_eq!((status, back["value"][0].get("error")), (StatusCode::MULTI_STATUS, None), "{back}");
    assert_eq!(ids(&cloud.get(&anna, &versions).await.1), ["3.0", "2.0", "1.0"]);
}

#[tokio::test]
async fn r_x10_the_bin_over_graph_goes_through_both_stages() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let (_, folder) =
        cloud.post(&anna, &format!("{base}/root/children"), json!({"name": "Plans", "folder": {}})).await;
    let folder = text(&folder["id"]);
    put(&cloud, &anna, &format!("{base}/items/{folder}:/a.txt:/content"), "hello").await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(&anna, &format!("{base}/items/{folder}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let mine = put(&cloud, &ben, &format!("{base}/items/{folder}:/mine.txt:/content"), "mine").await;
    let mine = text(&mine["id"]);
    assert_eq!(cloud.delete(&ben, &format!("{base}/items/{mine}")).await.0, StatusCode::NO_CONTENT);
    let bin = format!("/v1.0/sites/{site}/recycleBin/items");
    let (_, own) = cloud.get(&ben, &bin).await;
    assert_eq!(ids(&own), [mine.as_str()]);
    let entry = &own["value"][0];
    assert_eq!(entry["deletedFromLocation"], "sites/Falcon/Documents/Plans");
    assert_eq!(
        (&entry["name"], &entry["size"], &entry["footbridge"]["stage"]),
        (&json!("mine.txt"), &json!(4), &json!("first"))
    );
    assert_eq!(cloud.delete(&anna, &format!("{base}/items/{folder}")).await.0, StatusCode::NO_CONTENT);
    let (_, all) = cloud.get(&anna, &bin).await;
    assert_eq!(ids(&all), [folder.as_str(), mine.as_str()]);
    let (_, first) = cloud.get(&anna, &format!("{bin}?$top=1")).await;
    let next = text(&first["@odata.nextLink"]).replace("https://cloud.example", "");
    assert_eq!(ids(&cloud.get(&anna, &next).await.1), [mine.as_str()]);
    let body = json!({ "ids": [folder, "nonsense", mine] });
    let (status, outcomes) = cloud.post(&ben, &format!("{bin}/delete"), body.clone()).await;
    assert_eq!(status, StatusCode::MULTI_STATUS);
    let told = |at: usize| outcomes["value"][at]["error"]["code"].as_str();
    assert_eq!((told(0), told(1), told(2)), (Some("itemNotFound"), Some("itemNotFound"), None), "{outcomes}");
    let (_, outcomes) = cloud.post(&anna, &format!("{bin}/delete"), json!({ "ids": [folder] })).await;
    assert!(outcomes["value"][0].get("error").is_none(), "{outcomes}");
    assert_eq!(
        ids(&cloud.get(&anna, &format!("{bin}?stage=second")).await.1),
        [folder.as_str(), mine.as_str()]
    );
    let (_, outcomes) = cloud.post(&anna, &format!("{bin}/delete"), json!({ "ids": [mine] })).await;
    assert!(outcomes["value"][0].get("error").is_none(), "destroyed: {outcomes}");
    let (status, back) = cloud.post(&anna, &format!("{base}/items/{folder}/restore"), json!({})).await;
    assert_eq!((status, &back["id"]), (StatusCode::OK, &json!(folder)), "{back}");
    assert_eq!(ids(&cloud.get(&anna, &format!("{bin}?stage=second")).await.1), [""; 0]);
    assert_eq!(
        cloud.get(&ben, &format!("{base}/items/{folder}")).await.0,
        StatusCode::OK,
        "shared as before"
    );
    let destroy = format!("{base}/items/{folder}/permanentDelete");
    assert_eq!(cloud.post(&ben, &destroy, json!({})).await.0, StatusCode::FORBIDDEN);
    let (status, _, body) = cloud.send(&anna, Method::POST, &destroy, &[], Body::empty()).await;
    assert_eq!((status, body.len()), (StatusCode::NO_CONTENT, 0));
    let (status, _) = cloud.post(&anna, &format!("{base}/items/{folder}/restore"), json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
