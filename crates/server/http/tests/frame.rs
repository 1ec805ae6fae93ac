//! The frame on the real router: unknown routes, missing tokens, safe headers, canonical paths.

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use testkit::cloud::Cloud;
use tower::ServiceExt;

async fn ask(cloud: &Cloud, method: &str, path: &str) -> (StatusCode, http::HeaderMap, String) {
    let request = Request::builder().method(method).uri(path).header("client-request-id", "abc-1");
    let response =
        cloud.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("answers");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn every_answer_carries_its_ids_and_safe_headers() {
    let cloud = Cloud::start().await;
    let (status, headers, body) = ask(&cloud, "GET", "//healthz").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "ok\n"));
    assert!(headers.contains_key("request-id"));
    assert_eq!(headers["client-request-id"], "abc-1");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_answer_in_graphs_envelope() {
    let cloud = Cloud::start().await;
    for (method, path, expected, code) in [
        ("GET", "/v1.0/nothing", StatusCode::NOT_FOUND, "itemNotFound"),
        ("DELETE", "/healthz", StatusCode::METHOD_NOT_ALLOWED, "notAllowed"),
    ] {
        let (status, _, body) = ask(&cloud, method, path).await;
        let error: graph_types::GraphError = serde_json::from_str(&body).expect("the envelope");
        assert_eq!((status, error.error.code.as_str()), (expected, code));
        assert!(error.error.inner_error.and_then(|inner| inner.request_id).is_some());
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_for_a_browser() {
    let cloud = Cloud::start().await;
    let request = Request::builder().uri("/nothing-here").header("accept", "text/html,*/*;q=0.8");
    let request = request.body(Body::empty()).expect("a request");
    let response = cloud.router.clone().oneshot(request).await.expect("answers");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("There is nothing here for you"));
}
