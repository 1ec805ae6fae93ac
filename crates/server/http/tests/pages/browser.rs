//! A browser without a screen: cookies, redirects within the cloud, and forms with their hidden fields.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// An answer as a person or a program sees it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> String {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().expect("text")).to_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Returns a query parameter of the redirect.
    pub(crate) fn redirected(&self, name: &str) -> Option<String> {
        let url = url::Url::parse("https://cloud.example").expect("a URL").join(&self.location()).ok()?;
        url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    }

    /// Returns the value of a form's hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&start).map(|(_, rest)| rest).unwrap_or_default();
        unescape(rest.split('"').next().unwrap_or_default())
    }

    /// Returns the address of the first form.
    pub(crate) fn action(&self) -> String {
        let rest =
            self.body.split_once("method=\"post\" action=\"").map(|(_, rest)| rest).unwrap_or_default();
        unescape(rest.split('"').next().unwrap_or_default())
    }
}

fn unescape(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
}

/// A person's browser.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// Opens an address without following redirects.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, Body::empty(), &[]).await
    }

    pub(crate) async fn head(&mut self, path: &str) -> Answer {
        self.send("HEAD", path, Body::empty(), &[]).await
    }

    /// Opens an address and follows redirects within the cloud.
    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        let answer = self.get(path).await;
        self.follow(answer).await
    }

    pub(crate) async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..8 {
            let location = answer.location();
            let local = location.strip_prefix("https://cloud.example").unwrap_or(&location).to_owned();
            if !answer.status.is_redirection() || !local.starts_with('/') {
                return answer;
            }
            answer = self.get(&local).await;
        }
        answer
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[]).await
    }

    pub(crate) async fn post_with(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/x-www-form-urlencoded"));
        self.send("POST", path, Body::from(body), &headers).await
    }

    /// Sends the form of a file, as a browser does, with its fields in the order of the page.
    pub(crate) async fn send_file(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let field =
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(field.as_bytes());
        }
        if let Some((name, bytes)) = file {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: text/html\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let kind = ("content-type", "multipart/form-data; boundary=edge");
        self.send("POST", path, Body::from(body), &[kind]).await
    }

    /// Sends a page's form with its hidden token and continuation.
    pub(crate) async fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let mut all: Vec<(String, String)> =
            ["token", "continue", "address", "user_code", "request", "offer"]
                .into_iter()
                .filter(|name| !fields.iter().any(|(given, _)| given == name))
                .map(|name| (name.to_owned(), page.hidden(name)))
                .filter(|(_, value)| !value.is_empty())
                .collect();
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&page.action(), &fields).await
    }

    /// Opens a client's request as somebody signed in and says yes to it.
    pub(crate) async fn continue_at(&mut self, link: &str) -> Answer {
        let page = self.get(link).await;
        self.submit(&page, &[("choice", "continue")]).await
    }

    /// Asks the transfer API whether a root is open.
    pub(crate) async fn ask(&mut self, token: &str, question: &serde_json::Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send("POST", "/transfer/v1/access", Body::from(question.to_string()), &headers).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Body, headers: &[(&str, &str)]) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request =
            Request::builder().method(method).uri(path).header(header::COOKIE, cookies.join("; "));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).expect("a request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("answers").into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("text");
            assert!(
                text.contains("HttpOnly") && text.contains("SameSite=Lax") && text.contains("Secure"),
                "{text}"
            );
            let (name, rest) = text.split_once('=').expect("a cookie");
            assert!(name.starts_with("__Host-"), "{name}");
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        if parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/html; charset=utf-8") {
            let policy = parts.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
            assert!(!body.contains("<script"), "pages have no scripts");
        }
        Answer { status: parts.status, headers: parts.headers, body }
    }
}
