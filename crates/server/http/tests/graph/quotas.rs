//! Quotas: every road in refuses with 507, and the library says how full it is.

use http::{Method, StatusCode};
use model::{DriveId, TenantId};
use serde_json::{Value, json};

use crate::cloud::{Cloud, codes};

const FULL: StatusCode = StatusCode::INSUFFICIENT_STORAGE;

async fn put(cloud: &Cloud, token: &str, drive: &str, name: &str, length: usize) -> (StatusCode, Value) {
    let path = format!("/v1.0/drives/{drive}/root:/{name}:/content");
    let (status, _, body) = cloud.send(token, Method::PUT, &path, &[], vec![7; length]).await;
    (status, serde_json::from_slice(&body).expect("JSON"))
}

async fn quota(cloud: &Cloud, token: &str, drive: &str) -> Value {
    let (status, told) = cloud.get(token, &format!("/v1.0/drives/{drive}")).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    told["quota"].clone()
}

async fn limit(cloud: &Cloud, tenant: TenantId, drive: Option<&str>, bytes: u64) {
    let drive: Option<DriveId> = drive.map(|drive| drive.parse().expect("a drive"));
    cloud
        .write(move |cloud| match drive {
            Some(drive) => cloud.tenant(tenant).quotas().update_drive(drive, Some(bytes)),
            None => cloud.tenant(tenant).quotas().update_tenant(Some(bytes)),
        })
        .await;
}

#[tokio::test]
async fn a_full_library_refuses_every_road_in_and_says_how_full_it_is() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    limit(&cloud, cloud.contoso, Some(&drive), 1_000).await;
    assert_eq!(put(&cloud, &anna, &drive, "first.bin", 600).await.0, StatusCode::CREATED);

    let (status, refused) = put(&cloud, &anna, &drive, "second.bin", 600).await;
    assert_eq!((status, codes(&refused).0), (FULL, "quotaLimitReached"), "{refused}");
    let path = format!("/v1.0/drives/{drive}/root:/second.bin:/createUploadSession");
    let (_, session) = cloud.post(&anna, &path, json!({})).await;
    let url = session["uploadUrl"].as_str().expect("an address");
    let url = url.strip_prefix(testkit::cloud::ORIGIN).expect("of this cloud");
    let range = [("content-range", "bytes 0-99/600"), ("content-length", "100")];
    let (status, _, refused) = cloud.send("none-at-all", Method::PUT, url, &range, vec![7; 100]).await;
    assert_eq!(status, FULL, "{}", String::from_utf8_lossy(&refused));
    let chunk =
        testkit::transfer::ManifestChunk { hash: testkit::transfer::ChunkHash::of(&[7; 600]), length: 600 };
    let manifest = testkit::transfer::Manifest { chunks: vec![chunk] };
    let offer = testkit::transfer::UploadOffer { manifest, base_items: Vec::new() };
    let offer = serde_json::to_value(&offer).expect("JSON");
    let (status, refused) = cloud.post(&anna, &format!("/transfer/v1/drives/{drive}/uploads"), offer).await;
    assert_eq!((status, codes(&refused).0), (FULL, "quotaLimitReached"), "{refused}");

    assert_eq!(
        put(&cloud, &anna, &drive, "first.bin", 600).await.0,
        FULL,
        "what was there stays as a version"
    );
    assert_eq!(put(&cloud, &anna, &drive, "third.bin", 350).await.0, StatusCode::CREATED);
    let expected = json!({"total": 1_000, "used": 950, "remaining": 50, "deleted": 0, "state": "nearing"});
    assert_eq!(quota(&cloud, &anna, &drive).await, expected);
    let (_, drives) = cloud.get(&anna, &format!("/v1.0/sites/{site}/drives")).await;
    assert_eq!(drives["value"][0]["quota"], expected);
    limit(&cloud, cloud.contoso, Some(&drive), 500).await;
    let over = quota(&cloud, &anna, &drive).await;
    assert_eq!(
        (&over["total"], &over["remaining"], &over["state"]),
        (&json!(500), &json!(0), &json!("exceeded"))
    );
    assert_eq!(
        put(&cloud, &anna, &drive, "empty.txt", 0).await.0,
        StatusCode::CREATED,
        "nothing always fits"
    );
}

#[tokio::test]
async fn what_the_organization_may_keep_counts_over_all_its_libraries() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, first) = cloud.falcon(&anna).await;
    let (status, site) =
        cloud.post(&anna, "/v1.0/sites", json!({"name": "Heron", "displayName": "Heron"})).await;
    assert_eq!(status, StatusCode::CREATED, "{site}");
    let id = site["id"].as_str().expect("an id");
    let (_, drives) = cloud.get(&anna, &format!("/v1.0/sites/{id}/drives")).await;
    let second = drives["value"][0]["id"].as_str().expect("an id");
    limit(&cloud, cloud.contoso, None, 1_000).await;
    assert_eq!(put(&cloud, &anna, &first, "a.bin", 700).await.0, StatusCode::CREATED);
    assert_eq!(put(&cloud, &anna, second, "b.bin", 400).await.0, FULL);
    assert_eq!(put(&cloud, &anna, second, "b.bin", 200).await.0, StatusCode::CREATED);
    let told = quota(&cloud, &anna, second).await;
    assert_eq!((&told["total"], &told["used"], &told["remaining"]), (&json!(300), &json!(200), &json!(100)));
}
