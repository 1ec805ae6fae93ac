//! Accepting invitations: by the mail's link and by the site's own address.

use http::StatusCode;
use model::Role;
use storage::StorageError;

use crate::cloud::{Cloud, MARIA, ORIGIN, PASSWORD, authorize, exchange};
use crate::shared_site::{SITE, SharedSite};

const ALIAS: &str = "maria.lopez@fabrikam.example";

#[tokio::test]
async fn r_a06_the_mails_link_leads_through_sign_in_at_home_and_consent_to_the_site() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    assert!(link.starts_with("/redeem/"), "{link}");
    let mut browser = cloud.browser();
    let page = browser.open(&link).await;
    assert!(page.body.contains("Contoso invited you"), "{}", page.body);
    assert_eq!(page.hidden("continue"), link);
    assert!(page.body.contains(&format!("value=\"{MARIA}\"")), "the address is pre-filled");
    let page = browser.submit(&page, &[("address", MARIA)]).await;
    assert!(page.body.contains("Your password at Fabrikam"), "{}", page.body);
    let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
    let page = browser.follow(answer).await;
    for part in ["Contoso invites you", "your name and your e-mail address", "Here are &#60;b&#62;the plans"]
    {
        assert!(page.body.contains(part), "{part} is missing in {}", page.body);
    }
    let answer = browser.submit(&page, &[("consent", "accept")]).await;
    assert_eq!(answer.location(), SITE);
    let page = browser.follow(answer).await;
    assert!(
        page.body.contains("Project Falcon") && page.body.contains("footbridge://sync?"),
        "{}",
        page.body
    );
    // Opening the mail again goes straight to the site.
    assert_eq!(browser.get(&link).await.location(), SITE);
}

#[tokio::test]
async fn a_client_that_is_refused_for_a_pending_invitation_is_told_the_page_that_mends_it() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = cloud.signed_in().await;
    let code =
        browser.continue_at(&authorize("organizations", &[])).await.redirected("code").expect("a code");
    let tokens = exchange(&mut browser, "organizations", &code).await.json();
    let fields = [
        ("client_id", transfer::CLIENT_ID),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().expect("a token")),
    ];
    let token = "/contoso.example/oauth2/v2.0/token";
    let refused = browser.post(token, &fields).await.json();
    let page = refused["footbridge_page"].as_str().expect("a page").to_owned();
    assert!(refused["error_description"].as_str().is_some_and(|text| text.contains(&page)), "{refused}");
    let page = browser.get(page.strip_prefix(ORIGIN).expect("ours")).await;
    assert!(page.body.contains("Contoso invites you"), "{}", page.body);
    let answer = browser.submit(&page, &[("consent", "accept"), ("tenant", &page.hidden("tenant"))]).await;
    assert!(browser.follow(answer).await.body.contains("You have access"));
    assert_eq!(browser.post(token, &fields).await.status, StatusCode::OK);
}

#[tokio::test]
async fn r_a06_the_sites_own_address_works_the_same_without_the_mails_link() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = cloud.signed_in().await;
    let page = browser.open(SITE).await;
    assert!(page.body.contains("Contoso invites you"), "{}", page.body);
    assert!(!page.body.contains("Project Falcon"), "nothing of the site is told before");
    let answer = browser.submit(&page, &[("consent", "accept"), ("tenant", &page.hidden("tenant"))]).await;
    assert_eq!(answer.location(), SITE);
    assert!(browser.follow(answer).await.body.contains("Project Falcon"));
}

#[tokio::test]
async fn r_a11_whichever_address_was_invited_the_person_is_found() {
    for whole in [true, false] {
        let cloud = Cloud::start().await;
        let site = SharedSite::make(&cloud).await;
        let link = site.share(&cloud, whole, ALIAS, Role::Write).await;
        let mut browser = cloud.signed_in().await;
        let page = browser.open(if whole { &link } else { SITE }).await;
        let answer =
            browser.submit(&page, &[("consent", "accept"), ("tenant", &page.hidden("tenant"))]).await;
        let page = browser.follow(answer).await;
        assert!(page.body.contains("footbridge://sync?"), "{}", page.body);
        // A later share to the other address is the same guest: no second invitation.
        site.share(&cloud, true, MARIA, Role::Write).await;
        assert!(browser.open(SITE).await.body.contains("footbridge://sync?"));
    }
}

#[tokio::test]
async fn declining_leaves_the_invitation_open() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = cloud.signed_in().await;
    let page = browser.open(&link).await;
    let declined = browser.submit(&page, &[("consent", "decline")]).await;
    assert!(declined.body.contains("You declined"), "{}", declined.body);
    let page = browser.open(SITE).await;
    assert!(page.body.contains("Contoso invites you"), "still open: {}", page.body);
}

#[tokio::test]
async fn another_account_is_told_which_kind_of_address_was_invited_and_how_to_switch() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    cloud.add_member(cloud.fabrikam, &["anna@fabrikam.example"]).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut anna = cloud.signed_in_as("anna@fabrikam.example").await;
    let page = anna.open(&link).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("m•••@fabrikam.example") && !page.body.contains(MARIA), "{}", page.body);
    assert!(page.body.contains("Use another account"));
    // Mixed up on purpose: Anna sends the form that Maria's page holds, with her own token.
    let token = anna.get("/sign-out").await.hidden("token");
    let answer = anna.post(&link, &[("consent", "accept"), ("token", &token)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert_eq!(anna.open(SITE).await.status, StatusCode::NOT_FOUND);
    let mut maria = cloud.signed_in().await;
    assert!(maria.open(&link).await.body.contains("Contoso invites you"), "Maria still can");
}

#[tokio::test]
async fn a_consent_needs_the_form_of_this_browser() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = cloud.signed_in().await;
    for token in ["", "wrong"] {
        let answer = browser.post(&link, &[("consent", "accept"), ("token", token)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let tenant = cloud.contoso.to_string();
        let fields = [("consent", "accept"), ("tenant", tenant.as_str()), ("token", token)];
        assert_eq!(browser.post("/redeem", &fields).await.status, StatusCode::FORBIDDEN);
    }
    let answer = cloud.browser().post(&link, &[("consent", "accept")]).await;
    assert!(answer.location().starts_with("/sign-in?"), "{}", answer.location());
}

#[tokio::test]
async fn a_ticket_is_used_once_and_by_its_person_only() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut maria = cloud.signed_in().await;
    let page = maria.open(&link).await;
    maria.submit(&page, &[("consent", "accept")]).await;
    // The alias moves to somebody else at home; the replayed ticket gives them nothing.
    cloud.add_member(cloud.fabrikam, &["late@fabrikam.example"]).await;
    let (contoso, guest_address) = (cloud.contoso, "late@fabrikam.example");
    cloud
        .write(move |scope| -> Result<_, StorageError> {
            let maria = MARIA.parse().expect("an address");
            let guest = scope.tenant(contoso).users().find_by_address(&maria)?.expect("the guest");
            scope.tenant(contoso).users().add_address(guest.id, &guest_address.parse().expect("an address"))
        })
        .await;
    let mut late = cloud.signed_in_as(guest_address).await;
    let token = late.get("/sign-out").await.hidden("token");
    let answer = late.post(&link, &[("consent", "accept"), ("token", &token)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    assert_eq!(late.open(SITE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_ticket_of_another_organization_or_none_is_no_invitation() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let ticket = link.strip_prefix("/redeem/").expect("a ticket");
    let mut bytes = data_encoding::BASE64URL_NOPAD.decode(ticket.as_bytes()).expect("base64");
    bytes[..16].copy_from_slice(cloud.fabrikam.uuid().as_bytes());
    let mixed = data_encoding::BASE64URL_NOPAD.encode(&bytes);
    let mut browser = cloud.signed_in().await;
    for bad in [mixed.as_str(), "x", "é", &ticket[1..], "../sites"] {
        let path = format!("/redeem/{}", bad.replace('é', "%C3%A9").replace('/', "%2F"));
        assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{bad}");
    }
}
