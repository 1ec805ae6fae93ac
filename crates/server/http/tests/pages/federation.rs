//! Signing in at an organization's own issuer, a real one in a process of its own (X09).

use http::StatusCode;
use model::{
    AddressTrust, ClientAuthentication, DirectoryRole, Federation, FederationState, Newcomers, SharedSecret,
};
use serde_json::{Value, json};
use testkit::Issuer;

use crate::browser::{Answer, Browser};
use crate::cloud::{Cloud, MARIA, PASSWORD, authorize};

const SECRET: &str = "the client's secret";

/// Fabrikam's people at its issuer. Eve is Contoso's Anna by her own word; Sten has no account in the cloud.
fn settings(cloud: &Cloud) -> Value {
    let redirect = cloud.identity.federated_redirect(cloud.fabrikam);
    json!({
        "clients": [{ "client_id": "footbridge", "client_secret": SECRET, "redirect_uris": [redirect] }],
        "accounts": {
            "maria": { "email": MARIA, "email_verified": true, "name": "Maria Lopez" },
            "ben": { "email": "ben@fabrikam.example", "email_verified": false, "name": "Ben" },
            "eve": { "email": "anna@contoso.example", "email_verified": true, "name": "Anna" },
            "sten": { "email": "sten@fabrikam.example", "email_verified": true, "name": "Sten" },
            "double": { "email": MARIA, "email_verified": true, "name": "Maria again" },
        },
    })
}

fn federation(cloud: &Cloud, issuer: &Issuer) -> Federation {
    Federation {
        tenant: cloud.fabrikam,
        display_name: "Fabrikam One".to_owned(),
        issuer: issuer.issuer(),
        client_id: "footbridge".to_owned(),
        authentication: ClientAuthentication::SecretBasic(SharedSecret(SECRET.to_owned())),
        addresses: AddressTrust::Verified,
        newcomers: Newcomers::Refused,
        state: FederationState::On,
        created: cloud.runtime().now(),
        modified: cloud.runtime().now(),
    }
}

async fn keep(cloud: &Cloud, federation: Federation) {
    cloud.write(move |all| all.tenant(federation.tenant).federations().put(&federation)).await;
}

async fn start() -> (Cloud, Issuer) {
    let mut cloud = Cloud::start().await;
    let issuer = Issuer::start(&settings(&cloud)).await;
    cloud.allow_issuers(&[&issuer.host()]).await;
    keep(&cloud, federation(&cloud, &issuer)).await;
    (cloud, issuer)
}

/// Returns where the page leads that sends somebody to the issuer.
fn there(page: &Answer) -> String {
    let link =
        page.body.split_once("class=\"button main\" href=\"").map(|(_, rest)| rest).unwrap_or_default();
    link.split('"').next().unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
}

/// Opens the sign-in page, goes to the issuer as somebody and comes back.
async fn sign_in(browser: &mut Browser, issuer: &Issuer, address: &str) -> Answer {
    let page = browser.get("/sign-in?continue=/device").await;
    let page = browser.submit(&page, &[("address", address)]).await;
    assert!(page.body.contains("Fabrikam One"), "{}", page.body);
    let back = issuer.sign_in(&there(&page)).await;
    browser.get(back.strip_prefix("https://cloud.example").expect("the cloud")).await
}

#[tokio::test]
async fn r_x09_people_sign_in_at_their_organizations_own_issuer() {
    let (cloud, issuer) = start().await;
    let mut browser = cloud.browser();
    let answer = sign_in(&mut browser, &issuer, MARIA).await;
    assert_eq!(
        (answer.status, answer.location().as_str()),
        (StatusCode::SEE_OTHER, "/device"),
        "{}",
        answer.body
    );
    assert!(browser.get("/").await.body.contains("Maria Lopez"));

    // The issuer changes its keys; the same person is still the same.
    let issuer = issuer.restart(&settings(&cloud)).await;
    cloud.clock.move_on(60);
    let mut browser = cloud.browser();
    let answer = sign_in(&mut browser, &issuer, MARIA).await;
    assert_eq!(answer.location(), "/device", "{}", answer.body);
    // Another account of the issuer with the same address is not her.
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, &[("address", MARIA)]).await;
    let address = there(&page).replace("login_hint=maria", "login_hint=double");
    let back = issuer.sign_in(&address).await;
    let answer = browser.get(back.strip_prefix("https://cloud.example").expect("the cloud")).await;
    assert!(answer.body.contains("you have no account here yet"), "{}", answer.body);
}

#[tokio::test]
async fn r_x09_an_issuer_speaks_for_its_own_organizations_people_alone() {
    let (cloud, issuer) = start().await;
    // A verified address of another organization, an address nobody verified, somebody without an account.
    for (who, said) in [
        ("eve@fabrikam.example", "outside your organization&#39;s domains"),
        ("ben@fabrikam.example", "you have no account here yet"),
        ("sten@fabrikam.example", "you have no account here yet"),
        ("nobody@fabrikam.example", "declined"),
    ] {
        let mut browser = cloud.browser();
        let answer = sign_in(&mut browser, &issuer, who).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{who}");
        assert!(answer.body.contains(said), "{who}: {}", answer.body);
        assert!(!browser.cookies.contains_key("__Host-footbridge-session"), "{who}");
    }
    // What the organization's administrators allow: its directory's word, and newcomers.
    let trusting = Federation {
        addresses: AddressTrust::All,
        newcomers: Newcomers::Added,
        ..federation(&cloud, &issuer)
    };
    keep(&cloud, trusting).await;
    for who in ["ben@fabrikam.example", "sten@fabrikam.example"] {
        let mut browser = cloud.browser();
        let answer = sign_in(&mut browser, &issuer, who).await;
        assert_eq!(answer.location(), "/device", "{who}: {}", answer.body);
    }
    let mut browser = cloud.browser();
    let answer = sign_in(&mut browser, &issuer, "eve@fabrikam.example").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
}

#[tokio::test]
async fn r_x09_administrators_alone_still_come_in_by_password() {
    let (cloud, _issuer) = start().await;
    let (fabrikam, ada) = (cloud.fabrikam, cloud.ada);
    cloud
        .write(move |all| {
            assert!(all.tenant(fabrikam).roles().list_of(ada)?.contains(&DirectoryRole::GlobalAdministrator));
            Ok(())
        })
        .await;
    for (who, comes_in) in [("ada@fabrikam.example", true), (MARIA, false)] {
        let mut browser = cloud.browser();
        let page = browser.get(&format!("/sign-in?step=password&hint={who}")).await;
        let wrong = browser.submit(&page, &[("password", "wrong")]).await;
        assert!(wrong.body.contains("not right"), "{}", wrong.body);
        let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert_eq!(answer.location() == "/", comes_in, "{who}: {}", answer.body);
        assert_eq!(answer.body.contains("at its own sign-in page"), !comes_in, "{who}: {}", answer.body);
    }
}

#[tokio::test]
async fn r_x09_an_answer_counts_once_in_the_browser_that_asked() {
    let (cloud, issuer) = start().await;
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in?continue=/device").await;
    let page = browser.submit(&page, &[("address", MARIA)]).await;
    let kept = browser.cookies.clone();
    let back = issuer.sign_in(&there(&page)).await;
    let back = back.strip_prefix("https://cloud.example").expect("the cloud");
    // Login CSRF: another browser, one that asked for itself, and a changed state.
    let mut other = cloud.browser();
    let mut asked = cloud.browser();
    let page = asked.get("/sign-in").await;
    asked.submit(&page, &[("address", MARIA)]).await;
    for stranger in [&mut other, &mut asked] {
        let answer = stranger.get(back).await;
        assert!(answer.body.contains("this browser did not ask for it"), "{}", answer.body);
        assert!(!stranger.cookies.contains_key("__Host-footbridge-session"));
    }
    for (from, to) in [
        (format!("/{}/", cloud.fabrikam), format!("/{}/", cloud.contoso)),
        ("iss=".to_owned(), "iss=x".to_owned()),
        ("state=".to_owned(), "state=x".to_owned()),
    ] {
        let mut changed = cloud.browser();
        changed.cookies = kept.clone();
        let answer = changed.get(&back.replace(&from, &to)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{to}: {}", answer.body);
    }
    let answer = browser.get(back).await;
    assert_eq!(answer.location(), "/device", "{}", answer.body);
    // The code was used: with everything the browser kept it is worth nothing.
    let mut again = cloud.browser();
    again.cookies = kept.clone();
    let answer = again.get(back).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    // Too late.
    let mut late = cloud.browser();
    let page = late.get("/sign-in").await;
    let page = late.submit(&page, &[("address", MARIA)]).await;
    let back = issuer.sign_in(&there(&page)).await;
    cloud.clock.move_on(901);
    let answer = late.get(back.strip_prefix("https://cloud.example").expect("the cloud")).await;
    assert!(answer.body.contains("asked too long ago"), "{}", answer.body);
}

#[tokio::test]
async fn r_x09_a_client_gets_its_code_after_its_person_said_so_on_a_page_of_ours() {
    let (cloud, issuer) = start().await;
    let mut browser = cloud.browser();
    let page = browser.open(&authorize("organizations", &[("login_hint", MARIA)])).await;
    let back = issuer.sign_in(&there(&page)).await;
    let answer = browser.open(back.strip_prefix("https://cloud.example").expect("the cloud")).await;
    // An issuer that lets people through without asking must not hand codes to whatever listens on this computer.
    assert!(answer.body.contains("to Footbridge?"), "{}", answer.body);
    let answer = browser.submit(&answer, &[("choice", "continue")]).await;
    assert!(answer.location().starts_with("http://127.0.0.1:4711/?code="), "{}", answer.location());
}

#[tokio::test]
async fn r_x09_the_cloud_proves_itself_to_the_issuer_as_was_agreed() {
    let mut cloud = Cloud::start().await;
    let redirect = cloud.identity.federated_redirect(cloud.fabrikam);
    let keys = cloud.identity.published_keys().clone();
    let client = |id: &str, method: &str| {
        json!({
            "client_id": id, "client_secret": SECRET, "redirect_uris": [redirect], "token_endpoint_auth_method": method,
        })
    };
    let mut own_key = client("own-key", "private_key_jwt");
    own_key["jwks"] = keys;
    own_key["token_endpoint_auth_signing_alg"] = json!("ES256");
    let settings = json!({
        "keys": "rsa",
        "conform": true,
        "clients": [
            client("basic", "client_secret_basic"), client("post", "client_secret_post"), client("public", "none"), own_key,
        ],
        "accounts": { "maria": { "email": MARIA, "email_verified": true } },
    });
    let issuer = Issuer::start(&settings).await;
    cloud.allow_issuers(&[&issuer.host()]).await;
    let secret = |text: &str| SharedSecret(text.to_owned());
    let cases = [
        ("basic", ClientAuthentication::SecretBasic(secret(SECRET)), true),
        ("basic", ClientAuthentication::SecretBasic(secret("wrong")), false),
        ("post", ClientAuthentication::SecretPost(secret(SECRET)), true),
        ("public", ClientAuthentication::Nothing, true),
        ("own-key", ClientAuthentication::OwnKey, true),
        ("own-key", ClientAuthentication::Nothing, false),
    ];
    for (client, authentication, accepted) in cases {
        let said = format!("{client} {authentication:?}");
        let client_id = client.to_owned();
        keep(&cloud, Federation { client_id, authentication, ..federation(&cloud, &issuer) }).await;
        let answer = sign_in(&mut cloud.browser(), &issuer, MARIA).await;
        assert_eq!(answer.location() == "/device", accepted, "{said}: {}", answer.body);
    }
}

#[tokio::test]
async fn r_x09_an_issuer_that_is_down_leaves_the_administrators_a_way_in() {
    let (cloud, issuer) = start().await;
    drop(issuer);
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, &[("address", "ada@fabrikam.example")]).await;
    assert!(page.body.contains("cannot be used now"), "{}", page.body);
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
}

#[tokio::test]
async fn r_x09_a_second_factor_given_at_the_issuer_is_one_given_at_home() {
    let (cloud, issuer) = start().await;
    let mut issuer = issuer;
    for (methods, counts) in [(json!(["pwd"]), false), (json!(["pwd", "otp"]), true), (json!(["mfa"]), true)]
    {
        let mut settings = settings(&cloud);
        settings["methods"] = methods.clone();
        settings["conform"] = json!(false);
        issuer = issuer.restart(&settings).await;
        cloud.clock.move_on(60);
        let mut browser = cloud.browser();
        let answer = sign_in(&mut browser, &issuer, MARIA).await;
        assert_eq!(answer.location(), "/device", "{}", answer.body);
        let session = &browser.cookies["__Host-footbridge-session"];
        let person = cloud.identity.session(session).await.expect("reads").expect("signed in");
        let given = person.proofs.second_factor.contains_key(&cloud.fabrikam);
        assert_eq!(given, counts, "{methods}");
    }
}
