//! `POST /$batch`: many requests in one, each as it would be alone (graph-surface.md 10).

use data_encoding::BASE64;
use http::StatusCode;
use serde_json::{Value, json};

use crate::cloud::{Cloud, codes};

const BATCH: &str = "/v1.0/$batch";

async fn batch(cloud: &Cloud, token: &str, requests: Value) -> Vec<Value> {
    let (status, answer) = cloud.post(token, BATCH, json!({ "requests": requests })).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["responses"].as_array().expect("responses").clone()
}

fn of<'a>(answers: &'a [Value], id: &str) -> &'a Value {
    answers.iter().find(|answer| answer["id"] == id).expect("an answer to each")
}

#[tokio::test]
async fn r_x04_a_batch_runs_what_depends_on_each_other_in_order_and_answers_each_alone() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let root = format!("/drives/{drive}/root");
    let answers = batch(
        &cloud,
        &anna,
        json!([
            // As Microsoft's SDK for Python writes it: absolute, with two slashes, in its own spelling.
            { "id": "3", "method": "GET", "depends_on": ["2"],
              "url": format!("https://cloud.example/v1.0/{root}:/Plans:/children") },
            { "id": "2", "method": "PUT", "dependsOn": ["1"], "url": format!("{root}:/Plans/a.bin:/content"),
              "headers": { "Content-Type": "application/octet-stream" }, "body": BASE64.encode(&[0, 159, 1]) },
            { "id": "1", "method": "POST", "url": format!("{root}/children"),
              "headers": { "content-type": "application/json", "authorization": "Bearer nobody" },
              "body": { "name": "Plans", "folder": {} } },
            { "id": "4", "method": "GET", "url": "me?$select=userType" },
            { "id": "5", "method": "GET", "url": "/v1.0/drives/x/root" },
            { "id": "6", "method": "GET", "url": "/me", "dependsOn": ["5"] },
            { "id": "7", "method": "GET", "dependsOn": ["2"], "url": format!("{root}:/Plans/a.bin:/content") },
        ]),
    )
    .await;
    let status = |id: &str| of(&answers, id)["status"].clone();
    assert_eq!([status("1"), status("2"), status("3")], [json!(201), json!(201), json!(200)], "{answers:?}");
    assert_eq!(of(&answers, "3")["body"]["value"][0]["size"], 3);
    assert_eq!(of(&answers, "4")["body"]["userType"], "Member");
    assert_eq!((status("5"), codes(&of(&answers, "5")["body"]).0), (json!(404), "itemNotFound"));
    assert_eq!(status("6"), 424, "what it depends on failed");
    assert_eq!(of(&answers, "7")["body"], BASE64.encode(&[0, 159, 1]));
}

#[tokio::test]
async fn a_batch_opens_nothing_and_bad_ones_are_refused() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let stranger = cloud.colleague("carl@contoso.example").await;
    let requests = json!([
        { "id": "1", "method": "GET", "url": format!("/sites/{site}") },
        { "id": "2", "method": "DELETE", "url": format!("/drives/{drive}/root") },
        { "id": "3", "method": "POST", "url": "/$batch", "body": { "requests": [] } },
        { "id": "4", "method": "GET", "url": "https://evil.example/v1.0/me" },
        { "id": "5", "method": "GET", "url": "/../sign-in" },
        { "id": "6", "method": "NO METHOD", "url": "/me" },
    ]);
    let answers = batch(&cloud, &stranger, requests).await;
    let statuses: Vec<i64> = answers.iter().filter_map(|answer| answer["status"].as_i64()).collect();
    assert_eq!(statuses, [404, 404, 400, 400, 404, 400], "{answers:?}");
    let request = |id: &str, on: &str| json!({ "id": id, "method": "GET", "url": "/me", "dependsOn": [on] });
    let many: Vec<Value> =
        (0..21).map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/me" })).collect();
    for bad in [json!([]), json!(many), json!([request("1", "2"), request("2", "1")]), json!(["x"])] {
        let (status, answer) = cloud.post(&anna, BATCH, json!({ "requests": bad })).await;
        assert_eq!((status, codes(&answer).0), (StatusCode::BAD_REQUEST, "invalidRequest"), "{bad}");
    }
    let (status, _) = cloud.post("nobody", BATCH, json!({ "requests": many[..1] })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}
