//! Sharing links with the real programs: edited in a real Chromium without an account, and given to `sync add` (B01, B02,
//! B03, B04). Pictures of each page go to `target/e2e`, to be looked at.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use demo::story::{CONTOSO, FABRIKAM, PASSWORD};
use demo::{mailbox, pages};
use e2e::chromium::Chromium;
use e2e::{World, world};
use fantoccini::Locator;
use serde_json::{Value, json};

/// How long something may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
const CLEO: &str = "cleo@outside.example";
const SECRET: &str = "Sesam öffne dich";

async fn open_to_anyone(world: &World, site: &Value) -> anyhow::Result<()> {
    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let level = json!({ "sharingCapability": "externalUserAndGuestSharing" });
    cloud.graph(token, "PATCH", "/admin/sharepoint/settings", Some(level.clone())).await?;
    let site = site["id"].as_str().context("an id")?;
    cloud.graph(token, "PATCH", &format!("/admin/sites/{site}"), Some(level)).await?;
    Ok(())
}

/// Returns the address of an item of the site's library.
async fn item(world: &World, site: &Value, path: &str) -> anyhow::Result<String> {
    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let site = site["id"].as_str().context("an id")?;
    let drives = cloud.graph(token, "GET", &format!("/sites/{site}/drives"), None).await?;
    let drive = drives["value"][0]["id"].as_str().context("a library")?.to_owned();
    let item = cloud.graph(token, "GET", &format!("/drives/{drive}/root:/{path}:"), None).await?;
    Ok(format!("/drives/{drive}/items/{}", item["id"].as_str().context("an item")?))
}

async fn link(world: &World, item: &str, body: Value) -> anyhow::Result<(String, String)> {
    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let made = cloud.graph(token, "POST", &format!("{item}/createLink"), Some(body)).await?;
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a text");
    Ok((text(&made["link"]["webUrl"])?, text(&made["id"])?))
}

async fn arrives(world: &World, file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let waiting = async {
        while fs::read(file).ok().as_deref() != Some(bytes) {
            world.story.owner.wait_idle().await?;
        }
        Ok(())
    };
    world
        .runtime
        .timeout(PATIENCE, waiting)
        .await
        .with_context(|| format!("{} never arrives", file.display()))?
}

/// Sends a file by the form of the page that is open.
async fn upload(browser: &Chromium, file: &Path) -> anyhow::Result<()> {
    browser.press("details.tool:first-of-type > summary").await?;
    browser.find("input[type=file]").await?.send_keys(&file.display().to_string()).await?;
    browser.picture("link-4-upload").await?;
    browser.press("details.tool[open] button[type=submit]").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_b02_somebody_without_an_account_edits_by_a_link_and_the_owners_folder_gets_it()
-> anyhow::Result<()> {
    let world = world().await?;
    let site = world.story.owner_makes_the_site().await?;
    open_to_anyone(&world, &site).await?;
    let shared = world.story.owner_folder().join("For everybody");
    fs::create_dir(&shared)?;
    fs::write(shared.join("offer.txt"), "the first offer")?;
    world.story.owner.wait_idle().await?;
    let folder = item(&world, &site, "For%20everybody").await?;
    let asked = json!({ "type": "edit", "scope": "anonymous", "password": SECRET });
    let (address, id) = link(&world, &folder, asked).await?;

    let browser = Chromium::start(&world.runtime).await?;
    browser.client.goto(&address).await?;
    browser.picture("link-1-password").await?;
    browser.fill("password", "guess").await?;
    browser.press("button[type=submit]").await?;
    browser.find("#mistake").await?;
    browser.picture("link-2-wrong-password").await?;
    browser.fill("password", SECRET).await?;
    browser.press("button[type=submit]").await?;
    browser.find("table").await?;
    browser.picture("link-3-folder").await?;
    assert!(browser.text().await?.contains("offer.txt"));

    let sent = tempfile::tempdir()?;
    fs::write(sent.path().join("Größe & Preis.txt"), "from the browser")?;
    upload(&browser, &sent.path().join("Größe & Preis.txt")).await?;
    browser.client.wait().for_element(Locator::LinkText("Größe & Preis.txt")).await?;
    arrives(&world, &shared.join("Größe & Preis.txt"), b"from the browser").await?;
    browser.press("details.tool:nth-of-type(2) > summary").await?;
    browser.fill("name", "Drawings").await?;
    browser.press("details.tool[open] button[type=submit]").await?;
    browser.client.wait().for_element(Locator::LinkText("Drawings")).await?;
    browser.client.find(Locator::LinkText("offer.txt")).await?.click().await?;
    browser.find("dl.facts-list").await?;
    browser.picture("link-5-file").await?;
    fs::write(sent.path().join("second.txt"), "the second offer")?;
    upload(&browser, &sent.path().join("second.txt")).await?;
    arrives(&world, &shared.join("offer.txt"), b"the second offer").await?;
    assert!(shared.join("Drawings").is_dir());

    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let ended = json!({ "expirationDateTime": "2001-01-01T00:00:00Z" });
    cloud.graph(token, "PATCH", &format!("{folder}/permissions/{id}"), Some(ended)).await?;
    browser.client.goto(&address).await?;
    browser.picture("link-6-expired").await?;
    assert!(browser.text().await?.contains("expired"));
    browser.client.clone().close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_b01_an_owner_shares_on_the_page_and_an_outsider_comes_in_by_a_code() -> anyhow::Result<()> {
    let world = world().await?;
    let site = world.story.owner_makes_the_site().await?;
    let shared = world.story.owner_folder().join("Plans");
    fs::create_dir(&shared)?;
    fs::write(shared.join("plan.txt"), "a plan")?;
    world.story.owner.wait_idle().await?;

    let browser = Chromium::start(&world.runtime).await?;
    browser.client.goto(site["webUrl"].as_str().context("an address")?).await?;
    browser.fill("address", CONTOSO.admin).await?;
    browser.press("button[type=submit]").await?;
    browser.fill("password", PASSWORD).await?;
    browser.press("button[type=submit]").await?;
    browser.client.wait().for_element(Locator::LinkText("Plans")).await?.click().await?;
    browser.find("a[href$='/access']").await?;
    browser.picture("share-1-folder").await?;
    browser.press("a[href$='/access']").await?;
    let people = format!("{}\n{CLEO}\nnobody@contoso.example", FABRIKAM.admin);
    browser.find("textarea[name=to]").await?.send_keys(&people).await?;
    browser.find("textarea[name=message]").await?.send_keys("Please look at the plans.").await?;
    browser.picture("share-2-form").await?;
    browser.press("button[type=submit]").await?;
    browser.find("[role=status]").await?;
    browser.picture("share-3-outcomes").await?;
    let text = browser.text().await?;
    for said in ["is told by mail", "opens by a code", "got nothing", "Check the spelling"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let mails = world.story.cloud.mail_folder();
    let invited = mailbox::link_for(&world.runtime, &mails, FABRIKAM.admin, "/redeem/").await?;
    assert!(!invited.is_empty());

    let address = mailbox::link_for(&world.runtime, &mails, CLEO, "/g/").await?;
    let outside = Chromium::start(&world.runtime).await?;
    outside.client.goto(&address).await?;
    outside.picture("code-1-people").await?;
    outside.fill("address", CLEO).await?;
    outside.press("button[type=submit]").await?;
    outside.find("input[name=code]").await?;
    outside.picture("code-2-code").await?;
    assert!(!outside.text().await?.contains("Plans"), "nothing is told before the code");
    browser.client.clone().close().await?;
    outside.client.clone().close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_b03_r_b04_sync_add_takes_a_link_that_names_the_person_and_refuses_others_with_the_reason()
-> anyhow::Result<()> {
    let mut world = world().await?;
    let site = world.story.owner_makes_the_site().await?;
    open_to_anyone(&world, &site).await?;
    let shared = world.story.owner_folder().join("Plans");
    fs::create_dir(&shared)?;
    fs::write(shared.join("plan.txt"), "a plan")?;
    world.story.owner.wait_idle().await?;
    let (folder, file) = (item(&world, &site, "Plans").await?, item(&world, &site, "Plans/plan.txt").await?);
    let named = json!({ "type": "edit", "scope": "users", "recipients": [{ "email": FABRIKAM.admin }] });
    let (to_folder, _) = link(&world, &folder, named.clone()).await?;
    let (to_file, _) = link(&world, &file, named).await?;
    let (for_anyone, _) = link(&world, &folder, json!({ "type": "edit", "scope": "anonymous" })).await?;

    let early = world.story.guest.sync_add(&to_folder).await.expect_err("not accepted yet");
    assert!(format!("{early:#}").contains("accept"), "{early:#}");
    pages::sign_in_at(&mut world.story.guest_browser, &to_folder, FABRIKAM.admin, PASSWORD).await?;
    for (address, reason) in
        [(&for_anyone, "shared with you by name"), (&to_file, "folder that holds the file")]
    {
        let refused = world.story.guest.sync_add(address).await.expect_err("refused");
        assert!(format!("{refused:#}").contains(reason), "{reason}: {refused:#}");
    }
    assert!(world.story.guest.status().await?["roots"].as_array().is_some_and(Vec::is_empty));
    world.story.guest.sync_add(&to_folder).await?;
    world.story.guest.wait_idle().await?;
    let files =
        demo::tree::files(&world.story.guest.home().join("Contoso/Project Falcon - Documents - Plans"))?;
    let here: Vec<&Path> = files.keys().map(std::path::PathBuf::as_path).collect();
    let here: Vec<&Path> = here.into_iter().filter(|path| !path.starts_with(".footbridge")).collect();
    assert_eq!(here, [Path::new("plan.txt")]);
    world.story.check_running()?;
    Ok(())
}
