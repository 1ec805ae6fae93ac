//! Serving: connections on which nothing arrives end and keep nobody else from being answered.

use std::time::Duration;

use app::serve::{Patience, serve};
use axum::routing::{get, post};
use axum::{Extension, Router};
use http_api::PeerAddress;
use runtime::Runtime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

const SHORT: Patience =
    Patience { head: Duration::from_millis(300), body: Duration::from_millis(300), connections: 2 };

struct Server {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<bool>,
}

async fn start() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listens");
    let address = listener.local_addr().expect("an address");
    let length = |body: String| async move { body.len().to_string() };
    let peer = |Extension(PeerAddress(address)): Extension<PeerAddress>| async move { address.to_string() };
    let router = Router::new().route("/", get(|| async { "here" })).route("/", post(length));
    let router = router.route("/peer", get(peer));
    let (stop, stopped) = oneshot::channel::<()>();
    let stopping = async {
        let _either = stopped.await;
    };
    let (end, ended) = oneshot::channel();
    let runtime = Runtime::tokio();
    let serving = serve(listener, router, runtime.clone(), SHORT, stopping);
    runtime.spawn("server", async { end.send(serving.await.is_ok()).expect("somebody waits") }).detach();
    Server { address, stop, ended }
}

impl Server {
    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        stream.write_all(text.as_bytes()).await.expect("sends");
        stream
    }

    async fn end(self) {
        self.stop.send(()).expect("still serving");
        assert!(self.ended.await.expect("ends"), "in order");
    }
}

/// Reads until the other side ends the connection.
async fn all(mut stream: TcpStream) -> String {
    let mut text = Vec::new();
    // An end in the middle may come as a reset.
    let _either = stream.read_to_end(&mut text).await;
    String::from_utf8(text).expect("text")
}

#[tokio::test]
async fn who_sends_half_a_request_is_let_go_and_the_next_is_answered() {
    let server = start().await;
    let idle = [server.send("").await, server.send("GET / HTTP/1.1\r\nHost: a\r\nX-").await];
    let third = server.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(all(third).await.ends_with("here"), "answered once the idle ones ended");
    for stream in idle {
        assert!(!all(stream).await.contains("200 OK"));
    }
    server.end().await;
}

#[tokio::test]
async fn who_stops_in_the_middle_of_a_body_is_let_go() {
    let server = start().await;
    let half = server.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf").await;
    assert!(!all(half).await.contains("200 OK"));
    let whole = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nwhole";
    assert!(all(server.send(whole).await).await.ends_with('5'));
    server.end().await;
}

#[tokio::test]
async fn what_is_open_when_the_server_stops_is_answered_first() {
    let server = start().await;
    let mut open = server.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nha").await;
    let ended = server.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(all(ended).await.ends_with("here"), "so the other one was accepted before");
    server.stop.send(()).expect("still serving");
    open.write_all(b"lf").await.expect("sends");
    assert!(all(open).await.ends_with('4'));
    assert!(server.ended.await.expect("ends"), "in order");
}

#[tokio::test]
async fn every_request_knows_the_other_side_of_its_own_connection() {
    let server = start().await;
    let ask = "GET /peer HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n\r\n";
    assert!(all(server.send(ask).await).await.ends_with("\r\n127.0.0.1"));
    server.end().await;
}
