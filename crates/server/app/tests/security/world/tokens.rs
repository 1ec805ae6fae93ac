//! Tokens: real ones from the product's own token endpoint, and everything that looks like one and is none.

use data_encoding::BASE64URL_NOPAD;
use identity::{AuthorizeParameters, FOOTBRIDGE_CLIENT_ID, Identity};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use model::Address;
use p256::pkcs8::EncodePrivateKey;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ask::Ask;
use super::{PASSWORD, SCOPE, VERIFIER, World};

pub(crate) const REDIRECT: &str = "http://localhost:4711/";

/// What the token endpoint answered.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) id: String,
}

impl World {
    /// Signs a person in at home by password and returns their browser's session.
    pub(crate) async fn session_of(&self, address: &str) -> String {
        let address: Address = address.parse().expect("an address");
        let home = self.identity.check_password(&address, PASSWORD).await.expect("the password is right");
        self.identity.start_session(home).await.expect("a session").as_str().to_owned()
    }

    /// Gets a code for an organization by the session of somebody who may have one.
    pub(crate) async fn code_of(&self, session: &str, organization: &str) -> String {
        let authority = self.identity.authority(organization).await.expect("an organization");
        let person = self.identity.session(session).await.expect("reads").expect("signed in");
        let request = parameters().request().expect("a good request");
        let code = self.identity.issue_code(authority, &request, &person).await.expect("a code");
        code.as_str().to_owned()
    }

    /// Gets tokens for an organization from the token endpoint.
    pub(crate) async fn tokens_of(&self, session: &str, organization: &str) -> Tokens {
        let code = self.code_of(session, organization).await;
        let answer = self.send_bare(token_by_code(organization, &code)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        let text = |name: &str| json[name].as_str().unwrap_or_else(|| panic!("{name}")).to_owned();
        Tokens { access: text("access_token"), refresh: text("refresh_token"), id: text("id_token") }
    }
}

/// Asks for tokens by a code.
pub(crate) fn token_by_code(organization: &str, code: &str) -> Ask {
    let fields = [
        ("client_id", FOOTBRIDGE_CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    Ask::form(format!("/{organization}/oauth2/v2.0/token"), &fields)
}

/// Asks for tokens by a refresh token.
pub(crate) fn token_by_refresh(organization: &str, refresh: &str) -> Ask {
    let fields =
        [("client_id", FOOTBRIDGE_CLIENT_ID), ("grant_type", "refresh_token"), ("refresh_token", refresh)];
    Ask::form(format!("/{organization}/oauth2/v2.0/token"), &fields)
}

/// Asks for a program's token by its secret.
pub(crate) fn token_by_secret(organization: &str, program: &str, secret: &str) -> Ask {
    let fields = [
        ("client_id", program),
        ("grant_type", "client_credentials"),
        ("client_secret", secret),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    Ask::form(format!("/{organization}/oauth2/v2.0/token"), &fields)
}

pub(crate) fn challenge() -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER))
}

fn parameters() -> AuthorizeParameters {
    AuthorizeParameters {
        client_id: Some(FOOTBRIDGE_CLIENT_ID.to_owned()),
        redirect_uri: Some(REDIRECT.to_owned()),
        response_type: Some("code".to_owned()),
        scope: Some(SCOPE.to_owned()),
        nonce: None,
        code_challenge: Some(challenge()),
        code_challenge_method: Some("S256".to_owned()),
    }
}

fn part(token: &str, at: usize) -> Value {
    let text = token.split('.').nth(at).expect("three parts");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64")).expect("JSON")
}

/// Signs a real token's claims with a key of our own, under the name of the cloud's key.
pub(crate) fn forged(token: &str) -> String {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = part(token, 0)["typ"].as_str().map(str::to_owned);
    header.kid = part(token, 0)["kid"].as_str().map(str::to_owned);
    let secret = p256::SecretKey::from_slice(&[7; 32]).expect("a key");
    let document = secret.to_pkcs8_der().expect("a document");
    let key = EncodingKey::from_ec_der(document.as_bytes());
    jsonwebtoken::encode(&header, &part(token, 1), &key).expect("signs")
}

/// Signs a real token's claims with the published key as an HMAC secret: the classic confusion of algorithms.
pub(crate) fn confused(token: &str, published: &Identity) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.typ = part(token, 0)["typ"].as_str().map(str::to_owned);
    header.kid = part(token, 0)["kid"].as_str().map(str::to_owned);
    let x = published.published_keys()["keys"][0]["x"].as_str().expect("a key").to_owned();
    let secret = BASE64URL_NOPAD.decode(x.as_bytes()).expect("base64");
    jsonwebtoken::encode(&header, &part(token, 1), &EncodingKey::from_secret(&secret)).expect("signs")
}

/// Says that no signature is needed.
pub(crate) fn unsigned(token: &str) -> String {
    let mut header = part(token, 0);
    header["alg"] = Value::from("none");
    let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}.", encode(&header), encode(&part(token, 1)))
}

/// Writes another claim into a real token and keeps its signature.
pub(crate) fn tampered(token: &str, claim: &str, value: &str) -> String {
    let mut claims = part(token, 1);
    claims[claim] = Value::from(value);
    let parts: Vec<&str> = token.split('.').collect();
    format!("{}.{}.{}", parts[0], BASE64URL_NOPAD.encode(claims.to_string().as_bytes()), parts[2])
}
