//! The frame on the real router: unknown routes, missing tokens, safe headers, canonical paths.

use std::sync::Arc;

use axum::body::Body;
use http::{Request, StatusCode};
use http_api::{App, HttpSettings, router};
use http_body_util::BodyExt;
use identity::{Identity, IdentitySettings, PasswordCost};
use runtime::Runtime;
use storage::{DatabaseConfig, Store};
use tower::ServiceExt;

async fn app(directory: &tempfile::TempDir) -> App {
    let runtime = Runtime::tokio();
    let config = DatabaseConfig::Sqlite(directory.path().join("cloud.db"));
    let store = Store::open(config, runtime.clone()).await.expect("opens");
    store.migrate().await.expect("migrates");
    let origin = "http://127.0.0.1:8080".to_owned();
    let password_cost = PasswordCost { memory: 64, passes: 1, lanes: 1 };
    let settings = IdentitySettings { origin: origin.clone(), password_cost };
    let identity = Identity::open(store.clone(), runtime.clone(), settings).await.expect("opens");
    let cursors = drive::delta::CursorSealer::new(&[7; 32]);
    App {
        store,
        runtime,
        settings: Arc::new(HttpSettings { origin, mailbox: None }),
        identity,
        content: content::ContentStore::in_memory(),
        cursors,
    }
}

async fn ask(app: &App, method: &str, path: &str) -> (StatusCode, http::HeaderMap, String) {
    let request = Request::builder().method(method).uri(path).header("client-request-id", "abc-1");
    let response =
        router(app.clone()).oneshot(request.body(Body::empty()).expect("a request")).await.expect("answers");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn every_answer_carries_its_ids_and_safe_headers() {
    let directory = tempfile::tempdir().expect("a folder");
    let app = app(&directory).await;
    let (status, headers, body) = ask(&app, "GET", "//healthz").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "ok\n"));
    assert!(headers.contains_key("request-id"));
    assert_eq!(headers["client-request-id"], "abc-1");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_answer_in_graphs_envelope() {
    let directory = tempfile::tempdir().expect("a folder");
    let app = app(&directory).await;
    for (method, path, expected, code) in [
        ("GET", "/v1.0/nothing", StatusCode::NOT_FOUND, "itemNotFound"),
        ("DELETE", "/healthz", StatusCode::METHOD_NOT_ALLOWED, "notAllowed"),
    ] {
        let (status, _, body) = ask(&app, method, path).await;
        let error: graph_types::GraphError = serde_json::from_str(&body).expect("the envelope");
        assert_eq!((status, error.error.code.as_str()), (expected, code));
        assert!(error.error.inner_error.and_then(|inner| inner.request_id).is_some());
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_for_a_browser() {
    let directory = tempfile::tempdir().expect("a folder");
    let app = app(&directory).await;
    let request = Request::builder().uri("/nothing-here").header("accept", "text/html,*/*;q=0.8");
    let response =
        router(app).oneshot(request.body(Body::empty()).expect("a request")).await.expect("answers");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    assert!(String::from_utf8_lossy(&body).contains("There is nothing here for you"));
}
