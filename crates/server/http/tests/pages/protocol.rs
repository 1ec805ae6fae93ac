//! Protocol routes as identity libraries read them.

use http::StatusCode;

use crate::cloud::{Cloud, ORIGIN};

#[tokio::test]
async fn the_discovery_document_names_every_endpoint_under_the_same_segment() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    for (segment, issuer) in [
        ("contoso.example".to_owned(), format!("{ORIGIN}/{}/v2.0", cloud.contoso)),
        (cloud.fabrikam.to_string(), format!("{ORIGIN}/{}/v2.0", cloud.fabrikam)),
        ("organizations".to_owned(), format!("{ORIGIN}/{{tenantid}}/v2.0")),
        ("common".to_owned(), format!("{ORIGIN}/{{tenantid}}/v2.0")),
    ] {
        let answer = browser.get(&format!("/{segment}/v2.0/.well-known/openid-configuration")).await;
        let document = answer.json();
        assert_eq!(document["issuer"], issuer.as_str());
        assert_eq!(document["token_endpoint"], format!("{ORIGIN}/{segment}/oauth2/v2.0/token"));
        let keys = document["jwks_uri"].as_str().expect("an address").strip_prefix(ORIGIN).expect("ours");
        let keys = browser.get(keys).await.json();
        assert_eq!(keys["keys"][0]["alg"], "ES256");
        assert!(keys["keys"][0].get("d").is_none(), "no private key is published");
    }
    let answer = browser.get("/nowhere.example/v2.0/.well-known/openid-configuration").await;
    assert_eq!(answer.json()["error_codes"], serde_json::json!([90002]));
}

#[tokio::test]
async fn instance_discovery_knows_this_host_only() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let ask = |origin: &str| {
        let query = [("authorization_endpoint", format!("{origin}/common/oauth2/v2.0/authorize"))];
        format!(
            "/common/discovery/instance?api-version=1.1&{}",
            serde_urlencoded::to_string(query).expect("a query")
        )
    };
    let answer = browser.get(&ask(ORIGIN)).await.json();
    assert_eq!(answer["metadata"][0]["aliases"][0], "cloud.example");
    let answer = browser.get(&ask("https://evil.example")).await;
    assert_eq!(
        (answer.status, answer.json()["error"].as_str()),
        (StatusCode::BAD_REQUEST, Some("invalid_instance"))
    );
}

#[tokio::test]
async fn token_errors_have_entras_body() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let token = "/organizations/oauth2/v2.0/token";
    let id = transfer::CLIENT_ID;
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Fields<'_>, u16, &str, u32); 6] = [
        (&[], 400, "invalid_request", 900_144),
        (&[("client_id", id)], 400, "invalid_request", 900_144),
        (&[("client_id", id), ("grant_type", "password")], 400, "unsupported_grant_type", 70_003),
        (&[("client_id", id), ("client_secret", "x")], 401, "invalid_client", 700_025),
        (
            &[("client_id", "x"), ("grant_type", "refresh_token"), ("refresh_token", "x")],
            400,
            "unauthorized_client",
            700_016,
        ),
        (
            &[("client_id", id), ("grant_type", "refresh_token"), ("refresh_token", "x")],
            400,
            "invalid_grant",
            70_000,
        ),
    ];
    for (fields, status, error, code) in cases {
        let answer = browser.post(token, fields).await;
        let body = answer.json();
        assert_eq!(answer.status.as_u16(), status, "{body}");
        assert_eq!((body["error"].as_str(), &body["error_codes"][0]), (Some(error), &code.into()), "{body}");
        let text = body["error_description"].as_str().expect("text");
        assert!(text.starts_with(&format!("AADSTS{code}: ")) && text.contains(" Trace ID: "), "{text}");
    }
    let headers = [("authorization", "Basic eDp5")];
    let answer = browser.post_with(token, &[("grant_type", "refresh_token")], &headers).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a library that tries Basic falls back");
}

#[tokio::test]
async fn a_program_that_looks_whether_the_sign_in_host_is_there_finds_it() {
    let cloud = Cloud::start().await;
    let answer = cloud.browser().head("/").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
}
