//! Copying over Graph, with the monitor the way clients poll it: without a token.

use axum::body::Body;
use drive::copy::{Advance, advance_copy};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use storage::{Operator, StorageError};
use testkit::cloud::ORIGIN;
use tower::ServiceExt;

use crate::cloud::{Cloud, codes, text};

/// Does what the worker would do with the copies that are queued.
async fn work_off_copies(cloud: &Cloud) {
    let now = cloud.store.runtime().now();
    let due = Operator::new(cloud.store.clone()).read(move |all| all.list_due_jobs(now, 100)).await;
    let due: Result<Vec<_>, StorageError> = due;
    for job in due.expect("reads") {
        let Ok(copy) = job.payload.parse() else { continue };
        while advance_copy(&cloud.store, job.tenant, copy).await.expect("goes on") == Advance::More {}
    }
}

async fn copy(cloud: &Cloud, token: &str, path: &str, body: Value) -> String {
    let (status, headers, answer) = cloud.send(token, Method::POST, path, &[], body.to_string()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{}", String::from_utf8_lossy(&answer));
    headers["location"].to_str().expect("an address").to_owned()
}

/// Asks a monitor without a token.
async fn monitor(cloud: &Cloud, location: &str) -> (StatusCode, Value) {
    let path = location.strip_prefix(ORIGIN).expect("an address of this cloud");
    let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
    let (parts, body) = cloud.router.clone().oneshot(request).await.expect("answers").into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    (parts.status, serde_json::from_slice(&bytes).expect("JSON"))
}

#[tokio::test]
async fn a_copy_is_followed_by_its_monitor_until_it_is_there() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let new = json!({"name": "Plans", "folder": {}});
    let (_, folder) = cloud.post(&anna, &format!("{base}/root/children"), new).await;
    let put = format!("{base}/root:/Plans/a.txt:/content");
    cloud.send(&anna, Method::PUT, &put, &[], "hello").await;
    let file =
        copy(&cloud, &anna, &format!("{base}/root:/Plans/a.txt:/copy"), json!({"name": "b.txt"})).await;
    let (status, told) = monitor(&cloud, &file).await;
    assert_eq!(
        (status, &told["status"], &told["percentageComplete"]),
        (StatusCode::OK, &json!("completed"), &json!(100.0))
    );
    let (_, copied) = cloud.get(&anna, &format!("{base}/root:/Plans/b.txt")).await;
    assert_eq!((&copied["id"], &copied["size"]), (&told["resourceId"], &json!(5)));
    let body = json!({"parentReference": {"driveId": drive, "id": "root"}, "name": "Copied"});
    let location =
        copy(&cloud, &anna, &format!("{base}/items/{}/copy", text(&folder["id"])), body.clone()).await;
    let (status, told) = monitor(&cloud, &location).await;
    assert_eq!((status, &told["status"]), (StatusCode::ACCEPTED, &json!("inProgress")), "{told}");
    assert!(told["percentageComplete"].as_f64().is_some_and(|done| done < 100.0));
    work_off_copies(&cloud).await;
    let (status, told) = monitor(&cloud, &location).await;
    assert_eq!((status, &told["status"]), (StatusCode::OK, &json!("completed")), "{told}");
    let (_, children) = cloud.get(&anna, &format!("{base}/root:/Copied:/children")).await;
    let names: Vec<&str> = children["value"]
        .as_array()
        .expect("values")
        .iter()
        .filter_map(|item| item["name"].as_str())
        .collect();
    assert_eq!(names, ["a.txt", "b.txt"]);
    let (status, refused) =
        cloud.post(&anna, &format!("{base}/items/{}/copy", text(&folder["id"])), body.clone()).await;
    assert_eq!((status, codes(&refused).0), (StatusCode::CONFLICT, "nameAlreadyExists"));
    let renamed =
        format!("{base}/items/{}/copy?@microsoft.graph.conflictBehavior=rename", text(&folder["id"]));
    copy(&cloud, &anna, &renamed, body).await;
    assert_eq!(cloud.get(&anna, &format!("{base}/root:/Copied%201")).await.0, StatusCode::OK);
    let last = if location.ends_with('A') { 'B' } else { 'A' };
    let wrong = format!("{}{last}", &location[..location.len() - 1]);
    assert_eq!(monitor(&cloud, &wrong).await.0, StatusCode::NOT_FOUND);
    cloud.clock.move_on(25 * 3_600);
    assert_eq!(monitor(&cloud, &location).await.0, StatusCode::NOT_FOUND, "it ended");
}

#[tokio::test]
async fn replacing_by_a_copy_keeps_what_was_there_as_a_version() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    for (name, bytes) in [("a.txt", "new"), ("b.txt", "older")] {
        cloud.send(&anna, Method::PUT, &format!("{base}/root:/{name}:/content"), &[], bytes).await;
    }
    let path = format!("{base}/root:/a.txt:/copy?@microsoft.graph.conflictBehavior=replace");
    copy(&cloud, &anna, &path, json!({"name": "b.txt"})).await;
    let (_, versions) = cloud.get(&anna, &format!("{base}/root:/b.txt:/versions")).await;
    let sizes: Vec<u64> = versions["value"]
        .as_array()
        .expect("values")
        .iter()
        .filter_map(|version| version["size"].as_u64())
        .collect();
    assert_eq!(sizes, [3, 5]);
}
