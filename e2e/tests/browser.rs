//! The browser part of the story in a real Chromium: the mail's link, sign-in at home, consent, the site with its Sync
//! button. Pictures of each page go to `target/e2e`, to be looked at.

use demo::story::{FABRIKAM, PASSWORD};
use e2e::chromium::Chromium;
use e2e::world;

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
    let text = browser.text().await?;
    assert!(text.contains("Project Falcon") && text.contains("Odd names"), "{text}");
    let address = sync.attr("href").await?.unwrap_or_default();
    for part in ["cloud=", "tenant=", "drive=", "item=", "address="] {
        assert!(address.contains(part), "{address}");
    }
    world.story.guest.sync_add(&address).await?;
    world.story.owner_and_guest_agree().await?;
    browser.client.clone().close().await?;
    Ok(())
}
