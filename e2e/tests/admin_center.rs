//! The admin center in a real Chromium: the organization's sharing changed by preview and confirmation, and the level of a
//! site from the list of active sites. Pictures of each page, as wide as a desk and as narrow as a phone, go to
//! `target/e2e`, to be looked at.

use demo::story::{CONTOSO, PASSWORD};
use e2e::chromium::Chromium;
use e2e::world;

/// Keeps a page's picture in both widths.
async fn pictures(browser: &Chromium, name: &str) -> anyhow::Result<()> {
    for (kind, width, height) in [("phone", 400, 860), ("desk", 1_100, 860)] {
        browser.client.set_window_size(width, height).await?;
        browser.picture(&format!("admin-{name}-{kind}")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_b05_r_b06_r_b13_an_administrator_sees_who_loses_access_before_confirming() -> anyhow::Result<()> {
    let mut world = world().await?;
    let site = world.story.owner_fills_the_site(3).await?;
    world.story.guest_is_invited_and_syncs(&site).await?;
    let browser = Chromium::start(&world.runtime).await?;
    let home = format!("{}/sign-in", world.story.cloud.origin);
    browser.client.goto(&home).await?;
    browser.fill("address", CONTOSO.admin).await?;
    browser.press("button[type=submit]").await?;
    browser.fill("password", PASSWORD).await?;
    browser.press("button[type=submit]").await?;
    browser.press("a[href$='/admin']").await?;
    browser.find(".figures").await?;
    pictures(&browser, "overview").await?;

    browser.press("a[href$='/admin/sharing']").await?;
    browser.press("label[for=sites-disabled]").await?;
    pictures(&browser, "sharing").await?;
    browser.press("main form button[type=submit]").await?;
    browser.find("button[value=confirm]").await?;
    pictures(&browser, "preview").await?;
    let text = browser.text().await?;
    assert!(text.contains("Nothing is changed yet") && text.contains("gustav@fabrikam.example"), "{text}");
    browser.press("button[value=confirm]").await?;
    browser.find("[role=status]").await?;
    assert!(browser.text().await?.contains("Saved."));
    browser.press("label[for=sites-anyone]").await?;
    browser.press("main form button[type=submit]").await?;
    browser.press("button[value=confirm]").await?;
    browser.find("[role=status]").await?;

    browser.press("a[href$='/admin/sites']").await?;
    browser.find("button[name=column][value=hide]").await?;
    pictures(&browser, "sites").await?;
    browser.press("button[name=column]").await?;
    browser.press("button[name=column][value=show]").await?;
    browser.press("td a.button").await?;
    browser.press("label[for=level-disabled]").await?;
    pictures(&browser, "site").await?;
    browser.press("main form button[type=submit]").await?;
    browser.press("button[value=confirm]").await?;
    browser.find("[role=status]").await?;
    let text = browser.text().await?;
    assert!(text.contains("“Only people in your organization” is in effect"), "{text}");

    browser.press("a[href$='/admin/guests']").await?;
    browser.find("td a.button").await?;
    pictures(&browser, "guests").await?;
    browser.client.clone().close().await?;
    Ok(())
}
