//! Hints: one stream for all roots of an account and tenant, and no hint is lost.

use std::sync::Mutex;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use remote::{HintHub, TransportError};
use tokio::sync::mpsc;

use crate::fake_cloud::{FakeCloud, api};

type Pieces = mpsc::UnboundedReceiver<Bytes>;

fn stream(pieces: Pieces) -> Response<remote::Body> {
    let frames = futures_util::stream::unfold(pieces, |mut pieces| async {
        let piece = pieces.recv().await?;
        Some((Ok::<_, TransportError>(Frame::data(piece)), pieces))
    });
    Response::builder()
        .status(StatusCode::OK)
        .header("content-type", "text/event-stream")
        .body(StreamBody::new(frames.boxed()).boxed_unsync())
        .unwrap()
}

#[tokio::test]
async fn a_hint_wakes_the_roots_of_its_drive_and_a_broken_stream_wakes_all() {
    let (sender, pieces) = mpsc::unbounded_channel();
    let script = Mutex::new(Some(pieces));
    let cloud = FakeCloud::new(move |asked| {
        if !asked.uri.contains("/events") {
            return None;
        }
        // Connections made before both roots subscribed are replaced; only the full one gets the stream.
        let both = asked.uri.ends_with("events?drives=a%2Cb");
        let pieces = if both { script.lock().unwrap().take() } else { None };
        pieces.map(stream)
    });
    let hub = HintHub::new(api(&cloud));
    let (a, b) = (hub.subscribe("a"), hub.subscribe("b"));
    // Whoever connects looks, because what happened before is not told.
    a.next().await;
    b.next().await;
    sender.send(Bytes::from_static(b": heartbeat\n\ndata: {\"drive\":\"b\"}\n\n")).unwrap();
    b.next().await;
    assert!(futures_util::poll!(Box::pin(a.next())).is_pending(), "another drive's hint");
    sender.send(Bytes::from_static(b"data: {\"drive\":\"a\"}\n\n")).unwrap();
    a.next().await;
    drop(sender);
    a.next().await;
    b.next().await;
}
