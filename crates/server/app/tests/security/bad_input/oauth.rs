//! Bad requests to the identity provider: its error form, its pages, and where it sends a browser.

use http::Method;
use identity::FOOTBRIDGE_CLIENT_ID;
use serde_json::json;

use super::row::{Form, Row};
use crate::world::{Ask, DOMAIN, FORM_TOKEN, PASSWORD, REDIRECT, SCOPE, Who, World, challenge};

pub(super) fn rows(_: &World) -> Vec<Row> {
    [token(), authorize(), forms()].into_iter().flatten().collect()
}

fn oauth(name: &str, ask: Ask, status: u16, holds: &'static str) -> Row {
    Row::graph(name, ask, status, holds).of(Form::OAuth).by(Who::Anonymous)
}

fn token() -> Vec<Row> {
    let at = format!("/{DOMAIN}/oauth2/v2.0/token");
    let form = |fields: &[(&str, &str)]| Ask::form(at.clone(), fields);
    let client = ("client_id", FOOTBRIDGE_CLIENT_ID);
    let refresh = ("grant_type", "refresh_token");
    let long = "x".repeat(50_000);
    vec![
        oauth(
            "a token by JSON",
            Ask::post(at.clone(), &json!({ "grant_type": "x" })),
            400,
            "invalid_request",
        ),
        oauth("a token by nothing", Ask::new(Method::POST, at.clone()), 400, "invalid_request"),
        oauth("no grant", form(&[client]), 400, "invalid_request"),
        oauth("no client", form(&[refresh, ("refresh_token", "x")]), 400, "error"),
        oauth(
            "an unknown client",
            form(&[("client_id", "x"), refresh, ("refresh_token", "x")]),
            400,
            "error",
        ),
        oauth("an unknown grant", form(&[client, ("grant_type", "magic")]), 400, "unsupported_grant_type"),
        oauth("a password grant", form(&[client, ("grant_type", "password")]), 400, "unsupported_grant_type"),
        oauth(
            "an account of another cloud",
            form(&[
                client,
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", "x.y.z"),
            ]),
            400,
            "AADSTS1000104",
        ),
        oauth("no refresh token", form(&[client, refresh]), 400, "invalid_request"),
        oauth(
            "a false refresh token",
            form(&[client, refresh, ("refresh_token", "x")]),
            400,
            "invalid_grant",
        ),
        oauth(
            "a long refresh token",
            form(&[client, refresh, ("refresh_token", &long)]),
            400,
            "invalid_grant",
        ),
        oauth("NUL in a token", form(&[client, refresh, ("refresh_token", "a\0b")]), 400, "invalid_grant"),
        oauth(
            "an organization nobody has",
            Ask::form("/nobody.example/oauth2/v2.0/token", &[client, refresh, ("refresh_token", "x")]),
            400,
            "AADSTS90002",
        ),
        oauth(
            "an organization by traversal",
            Ask::form("/..%2f..%2fx/oauth2/v2.0/token", &[client, refresh, ("refresh_token", "x")]),
            400,
            "AADSTS90002",
        ),
        oauth(
            "a device without a client",
            Ask::form(format!("/{DOMAIN}/oauth2/v2.0/devicecode"), &[("scope", SCOPE)]),
            400,
            "invalid_request",
        ),
        oauth(
            "a device of an unknown client",
            Ask::form(format!("/{DOMAIN}/oauth2/v2.0/devicecode"), &[("client_id", "x"), ("scope", SCOPE)]),
            400,
            "unauthorized_client",
        ),
    ]
}

/// Writes an authorization request with one field replaced.
fn authorization(name: &str, value: &str) -> Ask {
    let challenge = challenge();
    let fields = [
        ("client_id", FOOTBRIDGE_CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", SCOPE),
        ("state", "the-state"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("response_mode", "query"),
    ];
    let fields = fields.map(|(known, usual)| (known, if known == name { value } else { usual }));
    let query = serde_urlencoded::to_string(fields).expect("a query");
    Ask::get(format!("/{DOMAIN}/oauth2/v2.0/authorize?{query}"))
}

fn authorize() -> Vec<Row> {
    let mut rows = Vec::new();
    for redirect in [
        "https://evil.example/",
        "http://localhost.evil.example/",
        "http://localhost@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://localhost/",
        "http://localhost\r\nX: y/",
        "",
    ] {
        let ask = authorization("redirect_uri", redirect);
        rows.push(Row::graph(format!("a redirect to {redirect:?}"), ask, 400, "AADSTS").of(Form::Page));
    }
    let page = Row::graph("an unknown client", authorization("client_id", "x"), 400, "AADSTS700016");
    rows.push(page.of(Form::Page));
    for (name, value, holds) in [
        ("response_type", "token", "error="),
        ("response_type", "", "error="),
        ("code_challenge", "", "error="),
        ("code_challenge", "short", "error="),
        ("code_challenge_method", "plain", "error="),
        ("response_mode", "form_post", "error="),
    ] {
        let row = Row::graph(format!("{name}={value:?}"), authorization(name, value), 303, holds);
        rows.push(row.of(Form::Redirect));
    }
    let split = authorization("state", "a\r\nSet-Cookie: x=y\r\n\r\n<script>").target;
    let fields = [("request", split.as_str()), ("choice", "continue"), ("token", FORM_TOKEN)];
    let split = Ask::form("/sign-in/continue", &fields);
    rows.push(Row::graph("a state with line ends", split, 303, "state=a%0D%0A").of(Form::Redirect));
    let unknown = Ask::get("/nobody.example/oauth2/v2.0/authorize?client_id=x");
    rows.push(Row::graph("an organization nobody has", unknown, 404, "AADSTS90002").of(Form::Page));
    rows
}

fn forms() -> Vec<Row> {
    let mut rows = Vec::new();
    for then in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\nLocation: https://evil.example/",
        "javascript:alert(1)",
        &format!("/{}", "x".repeat(9_000)),
    ] {
        let fields = [
            ("address", "leo@fabrikam.example"),
            ("password", PASSWORD),
            ("continue", then),
            ("token", FORM_TOKEN),
        ];
        let ask = Ask::form("/sign-in/password", &fields);
        let row = Row::graph(format!("signed in, then {then:.30?}"), ask, 303, "/");
        rows.push(row.of(Form::Redirect).by(Who::Anonymous));
    }
    for at in
        ["/sign-in", "/sign-in/password", "/sign-in/continue", "/device", "/sign-out", "/redeem", "/redeem/x"]
    {
        let ask = Ask::new(Method::POST, at).json(&json!({ "token": "x" }));
        let row = Row::graph(format!("JSON for the form {at}"), ask, 415, "<title>");
        rows.push(row.of(Form::Page).by(Who::Reader));
        let ask =
            Ask::new(Method::POST, at).body("application/x-www-form-urlencoded", vec![0xff, b'=', 0xfe]);
        let row = Row::graph(format!("noise for the form {at}"), ask, 403, "<title>");
        rows.push(row.of(Form::Page).by(Who::Reader));
    }
    for address in ["", "x", "a@b@c", "a\r\n@b.example", "<script>@b.example", "x@nobody.example"] {
        let ask = Ask::form("/sign-in", &[("address", address), ("token", FORM_TOKEN)]);
        let row = Row::graph(format!("signing in as {address:?}"), ask, 200, "<title>");
        rows.push(row.of(Form::Page).by(Who::Anonymous));
    }
    rows
}
