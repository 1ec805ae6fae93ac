//! The browser part of the story in a real Chromium: the mail's link, sign-in at home, consent, the site with its Sync
//! button. Pictures of each page go to `target/e2e`, to be looked at.
//!
//! The same browser then signs a client in by "Continue", which also proves that the pages' policy lets a form end at a
//! client on this computer.

use demo::story::{FABRIKAM, PASSWORD};
use e2e::chromium::Chromium;
use e2e::world;
use url::Url;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_a04_r_a06_r_d01_an_invited_person_gets_from_the_mail_to_the_sync_button() -> anyhow::Result<()> {
    let world = world().await?;
    let site = world.story.owner_fills_the_site(40).await?;
    let link = world.story.invite_guest(&site).await?;
    let browser = Chromium::start(&world.runtime).await?;
    browser.client.goto(&link).await?;
    browser.picture("1-invitation").await?;
    assert!(browser.text().await?.contains("Contoso"), "the invitation names who invites");
    browser.fill("address", FABRIKAM.admin).await?;
    browser.press("button[type=submit]").await?;
    browser.fill("password", PASSWORD).await?;
    browser.picture("2-password").await?;
    browser.press("button[type=submit]").await?;
    browser.find("button[name=consent][value=accept]").await?;
    browser.picture("3-consent").await?;
    browser.press("button[name=consent][value=accept]").await?;
    let sync = browser.find("a[href^='footbridge:']").await?;
    browser.picture("4-site").await?;
    let site = browser.client.current_url().await?;
    let text = browser.text().await?;
    assert!(text.contains("Project Falcon") && text.contains("Odd names"), "{text}");
    let address = sync.attr("href").await?.unwrap_or_default();
    for part in ["cloud=", "tenant=", "drive=", "item=", "address="] {
        assert!(address.contains(part), "{address}");
    }
    a_client_signs_in_by_a_click(&browser, &site).await?;
    world.story.guest.sync_add(&address).await?;
    world.story.owner_and_guest_agree().await?;
    browser.client.clone().close().await?;
    Ok(())
}

async fn a_client_signs_in_by_a_click(browser: &Chromium, cloud: &Url) -> anyhow::Result<()> {
    let fields = [
        ("client_id", transfer::CLIENT_ID),
        ("redirect_uri", "http://127.0.0.1:49151/back"),
        ("response_type", "code"),
        ("scope", "openid offline_access"),
        ("state", "e2e"),
        ("code_challenge", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("code_challenge_method", "S256"),
    ];
    let link = Url::parse_with_params(cloud.join("/organizations/oauth2/v2.0/authorize")?.as_str(), fields)?;
    browser.client.goto(link.as_str()).await?;
    browser.find("button[name=choice][value=continue]").await?;
    browser.picture("5-continue").await?;
    browser.press("button[name=choice][value=continue]").await?;
    // Nothing listens there; the address is what counts.
    let back = browser.client.current_url().await?;
    assert!(back.as_str().starts_with("http://127.0.0.1:49151/back?code="), "{back}");
    Ok(())
}
