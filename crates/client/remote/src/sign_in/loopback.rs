//! Loopback: the small listener that catches the browser's way back. It answers on 127.0.0.1 only, to one `state`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use runtime::{Runtime, Task};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

use super::SignInError;

const REQUEST_LIMIT: usize = 16 * 1024;
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// What the browser brought.
#[derive(Debug)]
pub(crate) enum Arrival {
    Code(String),
    Refused(String),
}

/// A listener that waits for one redirect.
pub(crate) struct Loopback {
    address: String,
    arrivals: mpsc::Receiver<Arrival>,
    _listening: Task,
}

impl Loopback {
    /// Opens a free port and waits for a redirect that carries `state`.
    pub(crate) async fn open(runtime: &Runtime, state: &str) -> Result<Self, SignInError> {
        let failed = |error: std::io::Error| SignInError::NoListener(error.to_string());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let (sender, arrivals) = mpsc::channel(4);
        let (inner, state) = (runtime.clone(), Arc::<str>::from(state));
        let listening = runtime.spawn("sign-in listener", async move {
            // A browser opens connections it never uses, so each has its own task.
            while let Ok((stream, _peer)) = listener.accept().await {
                let (runtime, sender, state) = (inner.clone(), sender.clone(), Arc::clone(&state));
                let serve = async move {
                    let _late = runtime.timeout(REQUEST_TIME, serve(stream, &state, &sender)).await;
                };
                inner.spawn("sign-in answer", serve).detach();
            }
        });
        Ok(Self { address: format!("http://127.0.0.1:{port}/"), arrivals, _listening: listening })
    }

    /// Returns the redirect address.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the browser.
    pub(crate) async fn arrival(&mut self) -> Option<Arrival> {
        self.arrivals.recv().await
    }
}

async fn serve(mut stream: TcpStream, state: &str, sender: &mpsc::Sender<Arrival>) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if request.len() > REQUEST_LIMIT || stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let (status, text, arrival) = match read_arrival(&String::from_utf8_lossy(line), state) {
        Some(arrival @ Arrival::Code(_)) => (
            "200 OK",
            "You are signed in. You can close this page and go back to what you were doing.",
            Some(arrival),
        ),
        Some(arrival @ Arrival::Refused(_)) => (
            "200 OK",
            "You are not signed in. You can close this page; the program tells you more.",
            Some(arrival),
        ),
        None => ("404 Not Found", "There is nothing here.", None),
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Footbridge</title><p>{text}</p></html>"
    );
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await?;
    if let Some(arrival) = arrival {
        let _nobody_waits = sender.send(arrival).await;
    }
    Ok(())
}

/// Reads a request line; none when it is not the redirect this sign-in waits for.
fn read_arrival(line: &str, state: &str) -> Option<Arrival> {
    let target = line.strip_prefix("GET ")?.split(' ').next()?;
    let url = Url::parse("http://127.0.0.1/").ok()?.join(target).ok()?;
    let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    if url.path() != "/" || query.get("state").map(String::as_str) != Some(state) {
        return None;
    }
    if let Some(code) = query.get("code") {
        return Some(Arrival::Code(code.clone()));
    }
    let error = query.get("error")?;
    let text = query.get("error_description").filter(|text| !text.is_empty()).unwrap_or(error);
    Some(Arrival::Refused(text.clone()))
}

#[cfg(test)]
mod tests {
    use super::{Arrival, read_arrival};

    #[test]
    fn only_the_redirect_of_this_sign_in_is_taken() {
        let code = read_arrival("GET /?code=abc&state=right HTTP/1.1", "right");
        assert!(matches!(code, Some(Arrival::Code(code)) if code == "abc"));
        let refused = read_arrival("GET /?error=access_denied&state=right HTTP/1.1", "right");
        assert!(matches!(refused, Some(Arrival::Refused(text)) if text == "access_denied"));
        for other in [
            "GET /?code=abc&state=wrong HTTP/1.1",
            "GET /?code=abc HTTP/1.1",
            "GET /favicon.ico HTTP/1.1",
            "POST /?code=abc&state=right HTTP/1.1",
            "nonsense",
        ] {
            assert!(read_arrival(other, "right").is_none(), "{other}");
        }
    }
}
