//! Ask and answer: a request as a value that can be sent by anybody, and everything that came back.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;
use testkit::transfer::{PACK_END, PACK_MEDIA_TYPE, frame_prefix};

/// Stands in a form for the token that the page would have carried.
pub(crate) const FORM_TOKEN: &str = "token-of-the-page";

/// A request without its sender's credentials.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// Path and query, as they stand in the request line.
    pub(crate) target: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Ask {
    pub(crate) fn new(method: Method, target: impl Into<String>) -> Self {
        Self { method, target: target.into(), headers: Vec::new(), body: Bytes::new() }
    }

    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target)
    }

    pub(crate) fn delete(target: impl Into<String>) -> Self {
        Self::new(Method::DELETE, target)
    }

    pub(crate) fn post(target: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::POST, target).json(body)
    }

    pub(crate) fn patch(target: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PATCH, target).json(body)
    }

    pub(crate) fn put(target: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self::new(Method::PUT, target).body("application/octet-stream", body)
    }

    /// Posts a form. A field with [`FORM_TOKEN`] gets the sender's.
    pub(crate) fn form(target: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let body = serde_urlencoded::to_string(fields).expect("a form");
        Self::new(Method::POST, target).body("application/x-www-form-urlencoded", body)
    }

    /// Sends a pack of frames.
    pub(crate) fn pack(method: Method, target: impl Into<String>, frames: &[(Value, Vec<u8>)]) -> Self {
        Self::new(method, target).body(PACK_MEDIA_TYPE, pack(frames))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(self, kind: &'static str, body: impl Into<Bytes>) -> Self {
        let asked = self.header("content-type", kind);
        Self { body: body.into(), ..asked }
    }

    /// Adds a header. Headers of one name go out in the order they were added.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.headers.push((HeaderName::from_static(name), value));
        self
    }

    /// Returns whether the sender wrote this text themselves, so that an echo of it tells them nothing.
    pub(crate) fn says(&self, text: &str) -> bool {
        let body = String::from_utf8_lossy(&self.body);
        let written = format!("{} {body} {:?}", self.target, self.headers);
        readings(&written).iter().any(|reading| reading.contains(&text.to_lowercase()))
    }
}

/// Writes frames as a complete pack.
pub(crate) fn pack(frames: &[(Value, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (header, body) in frames {
        bytes.extend(frame_prefix(header.to_string().as_bytes(), body.len() as u64).expect("a header"));
        bytes.extend_from_slice(body);
    }
    bytes.extend(PACK_END);
    bytes
}

/// Everything that came back.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads the head, and the body to its end.
    pub(crate) async fn read(response: http::Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.map(|bytes| bytes.to_vec());
        // A body that breaks off was refused half way; what arrived is gone with the error, which says nothing.
        Self { status: parts.status, headers: parts.headers, body: body.unwrap_or_default() }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns everything the receiver can read, in every spelling a name could hide in.
    pub(crate) fn readings(&self) -> Vec<String> {
        let head: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        readings(&format!("{}\n\n{}", head.join("\n"), self.text()))
    }
}

/// Returns a text in lower case: as it is, percent-decoded once and twice, and with base64 of either kind opened.
fn readings(text: &str) -> Vec<String> {
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let once = decode(text);
    let twice = decode(&once);
    let mut opened = String::new();
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "-_+/".contains(c);
    for word in text.split(|c: char| !is_letter(c)).filter(|word| word.len() >= 16) {
        let word = word.replace('-', "+").replace('_', "/");
        for length in (word.len() - 3..=word.len()).rev() {
            if let Ok(bytes) = data_encoding::BASE64_NOPAD.decode(&word.as_bytes()[..length]) {
                opened.push_str(&String::from_utf8_lossy(&bytes));
                opened.push('\n');
                break;
            }
        }
    }
    let plain = text.replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&").replace("\\/", "/");
    [text.to_owned(), plain, once, twice, opened].map(|text| text.to_lowercase()).into()
}
