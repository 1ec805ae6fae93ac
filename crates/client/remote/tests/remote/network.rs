//! The real transport against a real socket: what a broken network looks like.

use http::Request;
use http_body_util::BodyExt as _;
use remote::{ReqwestTransport, Transport as _, empty_body};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Answers one connection with `text` and hangs up; returns its address.
async fn server(text: &'static str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let serve = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _read = stream.read(&mut request).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
    };
    runtime::Runtime::tokio().spawn("server", serve).detach();
    address
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_short_body_is_an_error() {
    let transport = ReqwestTransport::new().unwrap();
    let address =
        server("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await;
    let answer = transport.send(Request::get(address).body(empty_body()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 302);

    let address = server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf").await;
    let answer = transport.send(Request::get(address).body(empty_body()).unwrap()).await.unwrap();
    assert!(answer.into_body().collect().await.is_err());
}

#[tokio::test]
async fn nobody_listening_is_an_error_without_the_address() {
    let transport = ReqwestTransport::new().unwrap();
    let request = Request::get("http://127.0.0.1:1/?secret=1").body(empty_body()).unwrap();
    let error = transport.send(request).await.err().unwrap();
    assert!(!error.0.contains("secret"), "{error}");
}
