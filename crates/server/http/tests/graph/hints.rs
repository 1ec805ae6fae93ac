//! Hints: they come at once, only to who may see some of what changed, and say nothing but where to look.

use axum::body::Body;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use http::{Method, Request, StatusCode};
use serde_json::json;
use tower::ServiceExt;

use crate::cloud::{BEN, Cloud, text};

struct Stream(axum::body::BodyDataStream);

impl Stream {
    async fn open(cloud: &Cloud, token: &str, drive: &str) -> Self {
        let request = Request::builder()
            .uri(format!("/transfer/v1/events?drives={drive}"))
            .header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).expect("a request");
        let answer = cloud.router.clone().oneshot(request).await.expect("answers");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut stream = Self(answer.into_body().into_data_stream());
        assert_eq!(stream.next().await, ": open\n\n");
        stream
    }

    async fn next(&mut self) -> String {
        let bytes = self.0.next().await.expect("goes on").expect("bytes");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[tokio::test]
async fn r_d05_a_hint_follows_a_change_and_only_for_what_one_may_see() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let new = json!({"name": "shared", "folder": {}});
    let (_, folder) = cloud.post(&anna, &format!("{base}/root/children"), new).await;
    let folder = text(&folder["id"]);
    let share = json!({"recipients": [{"email": BEN}], "roles": ["read"]});
    let (_, shared) = cloud.post(&anna, &format!("{base}/items/{folder}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let (mut annas, mut bens) =
        (Stream::open(&cloud, &anna, &drive).await, Stream::open(&cloud, &ben, &drive).await);
    let put = async |path: &str| {
        let (status, _, _) = cloud.send(&anna, Method::PUT, &format!("{base}{path}"), &[], "x").await;
        assert_eq!(status, StatusCode::CREATED);
    };
    put("/root:/outside.txt:/content").await;
    let hint = format!("data: {{\"drive\":\"{drive}\"}}\n\n");
    assert_eq!(annas.next().await, hint);
    put(&format!("/items/{folder}:/inside.txt:/content")).await;
    // Had the change outside given Ben a hint, the second one would still be on its way.
    assert_eq!(bens.next().await, hint);
    let quiet = select(Box::pin(bens.next()), Box::pin(annas.next())).await;
    let Either::Right((second, rest)) = quiet else { panic!("Ben heard of something outside") };
    assert_eq!(second, hint);
    let permission = text(&shared["value"][0]["id"]);
    let (status, _) = cloud.delete(&anna, &format!("{base}/items/{folder}/permissions/{permission}")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    put("/root:/again.txt:/content").await;
    assert_eq!(rest.await, hint, "who loses access is told to look, once");
}

#[tokio::test]
async fn a_stranger_hears_nothing_and_cannot_tell_why() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let colleague = cloud.colleague("carl@contoso.example").await;
    let path = format!("/transfer/v1/events?drives={drive}");
    for drives in [path.as_str(), "/transfer/v1/events?drives=nonsense"] {
        let request = Request::builder().uri(drives).header("authorization", format!("Bearer {colleague}"));
        let answer = cloud.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.expect("answers").status(), StatusCode::OK);
    }
    assert_eq!(cloud.get(&anna, "/transfer/v1/events").await.0, StatusCode::BAD_REQUEST);
}
