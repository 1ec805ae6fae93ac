//! Signing in on the pages.

use http::StatusCode;

use crate::cloud::{Cloud, MARIA, PASSWORD, authorize};

#[tokio::test]
async fn r_a04_the_address_leads_to_the_home_organizations_password_page() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in?continue=/device").await;
    let page = browser.submit(&page, &[("address", "Maria.Lopez@Fabrikam.example")]).await;
    assert!(page.body.contains("Your password at Fabrikam"), "{}", page.body);
    let page = browser.submit(&page, &[("password", "wrong")]).await;
    assert!(page.body.contains("not right"), "{}", page.body);
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, "/device"));
    assert!(browser.get("/").await.body.contains("Maria Lopez"));
}

#[tokio::test]
async fn r_a04_a_known_address_is_pre_filled_and_a_live_session_asks_no_password() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let link = authorize("organizations", &[("login_hint", MARIA)]);
    let page = browser.open(&link).await;
    assert!(page.body.contains("Your password at Fabrikam"), "{}", page.body);
    assert_eq!(page.hidden("address"), MARIA);
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    assert!(answer.location().starts_with("http://127.0.0.1:4711/?code="), "{}", answer.location());
    // The second client is signed in by a click.
    let answer = browser.continue_at(&link).await;
    assert!(answer.location().starts_with("http://127.0.0.1:4711/?code="), "{}", answer.location());
}

#[tokio::test]
async fn r_a12_an_address_of_no_organization_here_is_told_so() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in").await;
    let page = browser.submit(&page, &[("address", "x@elsewhere.example")]).await;
    assert!(page.body.contains("elsewhere.example is not on this cloud"), "{}", page.body);
    let page = browser.submit(&page, &[("address", "no address")]).await;
    assert!(page.body.contains("This is no address"), "{}", page.body);
}

#[tokio::test]
async fn an_unknown_person_sees_the_same_as_one_with_a_wrong_password() {
    let cloud = Cloud::start().await;
    let mut said = Vec::new();
    for who in [MARIA, "nobody@fabrikam.example"] {
        let mut browser = cloud.browser();
        let page = browser.get("/sign-in").await;
        let page = browser.submit(&page, &[("address", who)]).await;
        let page = browser.submit(&page, &[("password", "wrong")]).await;
        let token = page.hidden("token");
        said.push(page.body.replace(who, "x").replace(&token, ""));
    }
    assert_eq!(said[0], said[1]);
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in").await;
    let token = page.hidden("token");
    let fields = |token| [("address", MARIA), ("password", PASSWORD), ("continue", "/"), ("token", token)];
    // Login CSRF: another site's form has no token, or one that was made for the attacker's browser.
    let mut attacker = cloud.browser();
    let foreign = attacker.get("/sign-in").await.hidden("token");
    for bad in ["", "nonsense", &foreign] {
        let answer = browser.post("/sign-in/password", &fields(bad)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{bad}");
    }
    let headers = [("sec-fetch-site", "cross-site")];
    let answer = browser.post_with("/sign-in/password", &fields(&token), &headers).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = cloud.browser().post("/sign-in/password", &fields(&token)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "a browser without the cookie");
    assert!(!browser.cookies.keys().any(|name| name.contains("session")));
    let answer = browser.post("/sign-in/password", &fields(&token)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_in_never_redirects_to_another_host() {
    let cloud = Cloud::start().await;
    for evil in ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"] {
        let mut browser = cloud.browser();
        let query = serde_urlencoded::to_string([("continue", evil)]).expect("a query");
        let page = browser.get(&format!("/sign-in?{query}")).await;
        assert_eq!(page.hidden("continue"), "/", "{evil}");
        let fields = [
            ("address", MARIA),
            ("password", PASSWORD),
            ("continue", evil),
            ("token", &page.hidden("token")),
        ];
        assert_eq!(browser.post("/sign-in/password", &fields).await.location(), "/", "{evil}");
    }
}

#[tokio::test]
async fn markup_in_an_address_stays_text() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.browser();
    let page = browser.get("/sign-in?hint=%22%3E%3Cimg%20src%3Dx%3E@fabrikam.example").await;
    assert!(!page.body.contains("<img"), "{}", page.body);
}

#[tokio::test]
async fn signing_out_asks_and_ends_the_session() {
    let cloud = Cloud::start().await;
    let mut browser = cloud.signed_in().await;
    let stolen = browser.cookies.clone();
    let page = browser.open("/organizations/oauth2/v2.0/logout").await;
    assert!(page.body.contains("Sign out of this browser?"), "{}", page.body);
    assert_eq!(browser.post("/sign-out", &[("token", "wrong")]).await.status, StatusCode::FORBIDDEN);
    let answer = browser.submit(&page, &[]).await;
    assert!(answer.body.contains("You are signed out"), "{}", answer.body);
    let mut thief = cloud.browser();
    thief.cookies = stolen;
    assert!(!thief.get("/").await.body.contains("Maria"));
}

#[tokio::test]
async fn the_mailbox_shows_caught_mails_and_nothing_else() {
    let cloud = Cloud::start().await;
    let folder = cloud.folder.path().join("mail");
    std::fs::create_dir(&folder).expect("a folder");
    let mail = "To: maria@fabrikam.example\r\nSubject: Hello\r\n\r\nOpen https://cloud.example/redeem/x <b>now</b>\r\n";
    std::fs::write(folder.join("20261120-1.eml"), mail).expect("writes");
    let mut browser = cloud.browser();
    let page = browser.get("/mailbox").await;
    assert!(page.body.contains("href=\"/mailbox/20261120-1\""), "{}", page.body);
    let page = browser.get("/mailbox/20261120-1").await;
    assert!(page.body.contains("href=\"https://cloud.example/redeem/x\""), "{}", page.body);
    assert!(!page.body.contains("<b>now"), "{}", page.body);
    for path in ["/mailbox/..%2Fcloud", "/mailbox/..", "/mailbox/nothing", "/mailbox/%2Fetc%2Fpasswd"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
