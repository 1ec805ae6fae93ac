//! What an issuer says is believed only after every check; every other answer is a fault, and nothing panics.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use data_encoding::BASE64URL_NOPAD;
use federation::{
    CodeExchange, IdentityClaims, Proof, ProviderFault, Providers, TokenFault, Web, WebAnswer, WebFault,
    WebRequest,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::EncodePrivateKey;
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::Clock;
use url::Url;

const ISSUER: &str = "https://idp.fabrikam.example/realm";
const CLIENT: &str = "footbridge";
const NONCE: &str = "the-nonce";

/// A web in which every address has one answer.
#[derive(Default)]
struct Answers {
    answers: Mutex<BTreeMap<String, (u16, Vec<u8>)>>,
    asked: Mutex<Vec<String>>,
}

impl Answers {
    fn say(&self, at: &str, status: u16, body: impl Into<Vec<u8>>) {
        self.answers.lock().expect("whole").insert(at.to_owned(), (status, body.into()));
    }

    fn times_asked(&self, at: &str) -> usize {
        self.asked.lock().expect("whole").iter().filter(|asked| *asked == at).count()
    }
}

#[async_trait]
impl Web for Answers {
    async fn send(&self, request: WebRequest) -> Result<WebAnswer, WebFault> {
        let at = request.url().to_string();
        self.asked.lock().expect("whole").push(at.clone());
        let found = self.answers.lock().expect("whole").get(&at).cloned();
        let (status, body) = found.ok_or(WebFault::Unreachable { host: at })?;
        Ok(WebAnswer { status, body })
    }

    fn goes_to(&self, url: &Url) -> bool {
        url.scheme() == "https" && url.host_str().is_some_and(|host| host.ends_with(".example"))
    }
}

struct Key {
    id: &'static str,
    secret: SecretKey,
}

impl Key {
    fn new(id: &'static str, seed: u8) -> Self {
        Self { id, secret: SecretKey::from_slice(&[seed; 32]).expect("a key") }
    }

    fn public(&self) -> Value {
        let point = self.secret.public_key().to_encoded_point(false);
        let part = |bytes: Option<&p256::FieldBytes>| BASE64URL_NOPAD.encode(bytes.expect("a point"));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id, "x": part(point.x()), "y": part(point.y()) })
    }

    fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.to_owned());
        self.sign_as(&header, claims)
    }

    fn sign_as(&self, header: &Header, claims: &Value) -> String {
        let der = self.secret.to_pkcs8_der().expect("encodes");
        jsonwebtoken::encode(header, claims, &EncodingKey::from_ec_der(der.as_bytes())).expect("signs")
    }
}

struct World {
    web: Arc<Answers>,
    clock: Clock,
    providers: Providers,
    key: Key,
}

impl World {
    fn new() -> Self {
        let (web, clock, key) = (Arc::new(Answers::default()), Clock::default(), Key::new("first", 7));
        web.say(&document_at(), 200, document().to_string());
        web.say("https://idp.fabrikam.example/keys", 200, json!({ "keys": [key.public()] }).to_string());
        let providers = Providers::new(web.clone(), clock.runtime());
        Self { web, clock, providers, key }
    }

    fn now(&self) -> i64 {
        self.clock.runtime().now().as_second()
    }

    fn claims(&self) -> Value {
        json!({
            "iss": ISSUER, "sub": "ben", "aud": CLIENT, "exp": self.now() + 300, "iat": self.now(), "nonce": NONCE,
            "email": "ben@fabrikam.example", "email_verified": true, "name": "Ben", "amr": ["pwd", "otp"], "acr": "2",
        })
    }

    async fn redeem(&self, token: &str) -> Result<IdentityClaims, ProviderFault> {
        let tokens = json!({ "id_token": token, "access_token": "at", "token_type": "Bearer" });
        self.web.say("https://idp.fabrikam.example/token", 200, tokens.to_string());
        let provider = self.providers.find(ISSUER).await?;
        let exchange = CodeExchange {
            code: "code".to_owned(),
            client_id: CLIENT.to_owned(),
            proof: Proof::Nothing,
            redirect_uri: "https://cloud.example/x/sign-in/federated".to_owned(),
            verifier: "verifier".to_owned(),
        };
        self.providers.redeem(&provider, exchange, NONCE).await
    }

    async fn fault(&self, token: &str) -> ProviderFault {
        self.redeem(token).await.expect_err(token)
    }
}

fn document_at() -> String {
    format!("{ISSUER}/.well-known/openid-configuration")
}

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://idp.fabrikam.example/auth",
        "token_endpoint": "https://idp.fabrikam.example/token",
        "jwks_uri": "https://idp.fabrikam.example/keys",
        "userinfo_endpoint": "https://idp.fabrikam.example/me",
    })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

#[tokio::test]
async fn r_x09_an_id_token_of_the_issuer_for_this_question_is_believed() {
    let world = World::new();
    let claims = world.redeem(&world.key.sign(&world.claims())).await.expect("believed");
    assert_eq!((claims.subject.as_str(), claims.email_verified), ("ben", true));
    assert_eq!(claims.methods, ["pwd", "otp"]);
    assert_eq!(claims.class.as_deref(), Some("2"));
    let many = with(with(world.claims(), "aud", json!([CLIENT, "other"])), "azp", json!(CLIENT));
    world.redeem(&world.key.sign(&many)).await.expect("several audiences and an authorized party");
}

#[tokio::test]
async fn r_x09_an_id_token_with_anything_wrong_is_not_believed() {
    let world = World::new();
    let (good, now) = (world.claims(), world.now());
    let cases = [
        ("iss", json!("https://evil.example/realm"), TokenFault::Issuer),
        ("iss", json!("https://idp.fabrikam.example/realm/"), TokenFault::Issuer),
        ("aud", json!("other"), TokenFault::Audience),
        ("aud", json!([CLIENT, "other"]), TokenFault::Audience),
        ("aud", json!([]), TokenFault::Audience),
        ("azp", json!("other"), TokenFault::Audience),
        ("exp", json!(now - 121), TokenFault::Time),
        ("iat", json!(now + 200), TokenFault::Time),
        ("iat", json!(now - 1_000), TokenFault::Time),
        ("nbf", json!(now + 200), TokenFault::Time),
        ("nonce", json!("another"), TokenFault::Nonce),
        ("nonce", Value::Null, TokenFault::Nonce),
        ("sub", json!(""), TokenFault::Malformed),
        ("sub", json!("x".repeat(256)), TokenFault::Malformed),
        ("sub", json!("a\u{0}b"), TokenFault::Malformed),
        ("exp", json!("soon"), TokenFault::Malformed),
    ];
    for (name, value, expected) in cases {
        let said = format!("{name} {value}");
        let fault = world.fault(&world.key.sign(&with(good.clone(), name, value))).await;
        assert_eq!(fault, ProviderFault::Token(expected), "{said}");
    }
    let other = Key::new("first", 8);
    assert_eq!(world.fault(&other.sign(&good)).await, ProviderFault::Token(TokenFault::Signature));
    let token = world.key.sign(&good);
    let (head, rest) = token.split_once('.').expect("three parts");
    let (_, signature) = rest.split_once('.').expect("three parts");
    let forged = BASE64URL_NOPAD.encode(with(good.clone(), "sub", json!("ada")).to_string().as_bytes());
    let forged = format!("{head}.{forged}.{signature}");
    assert_eq!(world.fault(&forged).await, ProviderFault::Token(TokenFault::Signature));
}

#[tokio::test]
async fn r_x09_only_algorithms_of_the_list_with_a_key_of_their_kind_are_accepted() {
    let world = World::new();
    let body = BASE64URL_NOPAD.encode(world.claims().to_string().as_bytes());
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"none","kid":"first"}"#,
        r#"{"alg":"ES256","kid":"first","crit":["x"]}"#,
    ] {
        let token = format!("{}.{body}.", BASE64URL_NOPAD.encode(header.as_bytes()));
        assert!(matches!(world.fault(&token).await, ProviderFault::Token(_)), "{header}");
    }
    // The public key as the secret of a shared-secret signature.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("first".to_owned());
    let public = world.key.public().to_string();
    let token = jsonwebtoken::encode(&header, &world.claims(), &EncodingKey::from_secret(public.as_bytes()));
    let fault = world.fault(&token.expect("signs")).await;
    assert_eq!(fault, ProviderFault::Token(TokenFault::Algorithm));
    // The right key under the name of another algorithm, and a shared secret that the issuer publishes.
    let keys = json!({ "keys": [
        { "kty": "oct", "k": "c2VjcmV0", "kid": "first", "alg": "HS256" },
        with(world.key.public(), "alg", json!("ES384")),
    ] });
    world.web.say("https://idp.fabrikam.example/keys", 200, keys.to_string());
    let world = World { providers: Providers::new(world.web.clone(), world.clock.runtime()), ..world };
    let fault = world.fault(&world.key.sign(&world.claims())).await;
    assert_eq!(fault, ProviderFault::Token(TokenFault::UnknownKey));
}

#[tokio::test]
async fn r_x09_new_keys_are_asked_for_once_in_a_while_and_old_ones_end() {
    let world = World::new();
    let keys = "https://idp.fabrikam.example/keys";
    world.redeem(&world.key.sign(&world.claims())).await.expect("believed");
    let second = Key::new("second", 9);
    world.web.say(keys, 200, json!({ "keys": [second.public()] }).to_string());
    // A stranger's tokens do not make the server ask again and again.
    for _ in 0..3 {
        let fault = world.fault(&second.sign(&world.claims())).await;
        assert_eq!(fault, ProviderFault::Token(TokenFault::UnknownKey));
    }
    assert_eq!(world.web.times_asked(keys), 1);
    world.clock.move_on(31);
    world.redeem(&second.sign(&world.claims())).await.expect("the new key is known");
    assert_eq!(world.web.times_asked(keys), 2);
    let fault = world.fault(&world.key.sign(&world.claims())).await;
    assert_eq!(fault, ProviderFault::Token(TokenFault::UnknownKey), "the old key is gone");
}

#[tokio::test]
async fn r_x09_an_address_may_come_from_userinfo_about_the_same_subject() {
    let world = World::new();
    let mut claims = world.claims();
    claims.as_object_mut().expect("an object").retain(|name, _| name != "email" && name != "email_verified");
    let token = world.key.sign(&claims);
    let me = "https://idp.fabrikam.example/me";
    let said = json!({ "sub": "ben", "email": "ben@fabrikam.example", "email_verified": "true" });
    world.web.say(me, 200, said.to_string());
    let found = world.redeem(&token).await.expect("believed");
    assert_eq!((found.email.as_deref(), found.email_verified), (Some("ben@fabrikam.example"), true));
    world.web.say(me, 200, with(said, "sub", json!("ada")).to_string());
    assert!(matches!(world.fault(&token).await, ProviderFault::Document(_)));
    world.web.say(me, 403, "");
    assert_eq!(world.fault(&token).await, ProviderFault::Status(403));
}

#[tokio::test]
async fn r_x09_a_document_that_is_not_the_issuers_is_not_used() {
    for (name, value) in [
        ("issuer", json!("https://evil.example")),
        ("token_endpoint", json!("http://169.254.169.254/latest/meta-data")),
        ("jwks_uri", json!("http://localhost:5432/")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("userinfo_endpoint", json!("no address")),
        ("token_endpoint", Value::Null),
    ] {
        let world = World::new();
        world.web.say(&document_at(), 200, with(document(), name, value.clone()).to_string());
        assert!(world.providers.find(ISSUER).await.is_err(), "{name} {value}");
    }
    let world = World::new();
    for issuer in
        ["", "idp", "http://10.0.0.1/", "https://idp.fabrikam.example/?x", "https://idp.fabrikam.example/#x"]
    {
        assert!(world.providers.find(issuer).await.is_err(), "{issuer}");
    }
    world.web.say(&document_at(), 302, "");
    assert_eq!(world.providers.look_up(ISSUER).await.expect_err("a redirect"), ProviderFault::Status(302));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_token_and_no_answer_makes_the_server_fail(
        token in prop_oneof![".{0,80}", "[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}"],
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new();
            prop_assert!(world.redeem(&token).await.is_err());
            let keys = "https://idp.fabrikam.example/keys";
            world.web.say(keys, 200, body.clone());
            prop_assert!(world.providers.look_up(ISSUER).await.is_err());
            world.web.say(&document_at(), 200, body);
            prop_assert!(world.providers.look_up(ISSUER).await.is_err());
            Ok(())
        })?;
    }

    #[test]
    fn a_token_changed_anywhere_is_not_believed(at in 0_usize..400, to in "[A-Za-z0-9_-]") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new();
            let token = world.key.sign(&world.claims());
            let mut changed: Vec<char> = token.chars().collect();
            let at = at % changed.len();
            changed[at] = to.chars().next().expect("one");
            let changed: String = changed.into_iter().collect();
            // The last character of a base64 text holds bits that mean nothing.
            prop_assume!(changed != token && at + 1 != token.len());
            prop_assert!(world.redeem(&changed).await.is_err());
            Ok(())
        })?;
    }
}
