//! Story: what `make demo` tells, in the order it happens.
//!
//! `check` goes on where the story ends: both directions byte by byte, then the guest's access ends and the files stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use runtime::Runtime;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::client::Client;
use crate::cloud::{Cloud, Organization, Ports};
use crate::process::Programs;
use crate::{mailbox, pages, token, tree};

/// The organization that shares.
pub const CONTOSO: Organization = Organization {
    name: "Contoso",
    domain: "contoso.example",
    admin: "olivia@contoso.example",
    admin_name: "Olivia Owner",
};
/// The organization whose person is invited.
pub const FABRIKAM: Organization = Organization {
    name: "Fabrikam",
    domain: "fabrikam.example",
    admin: "gustav@fabrikam.example",
    admin_name: "Gustav Guest",
};
/// Both people's password; the demo's cloud listens on this computer only.
pub const PASSWORD: &str = "correct horse battery staple";
/// How long a small change may take to arrive before the check fails; the time it really took is printed.
const ARRIVAL: Duration = Duration::from_secs(20);
/// How long both sides may take to become equal after changes and crashes.
const AGREEMENT: Duration = Duration::from_secs(120);

/// The cloud, both people, and where everything is.
pub struct Story {
    /// The server.
    pub cloud: Cloud,
    /// The owner's client at Contoso.
    pub owner: Client,
    /// The guest's client at Fabrikam.
    pub guest: Client,
    /// The owner's browser.
    pub owner_browser: Browser,
    /// The guest's browser.
    pub guest_browser: Browser,
    /// Token of the owner for Graph.
    pub owner_token: String,
    runtime: Runtime,
    folder: PathBuf,
    tell: Tell,
}

/// Where the story's steps are told: what happened, and a place to look (may be empty).
pub type Tell = fn(&str, &str);

impl Story {
    /// Starts a cloud with two organizations in an empty folder and signs both people's clients in.
    ///
    /// # Errors
    /// When a step fails; the message says which.
    pub async fn begin(
        programs: &Programs,
        folder: &Path,
        port: u16,
        runtime: Runtime,
    ) -> anyhow::Result<Self> {
        Self::begin_at(programs, folder, port.into(), runtime, say).await
    }

    /// As [`Story::begin`], with something else at the cloud's origin than the server, or told elsewhere.
    ///
    /// # Errors
    /// When a step fails; the message says which.
    pub async fn begin_at(
        programs: &Programs,
        folder: &Path,
        ports: Ports,
        runtime: Runtime,
        tell: Tell,
    ) -> anyhow::Result<Self> {
        let mut cloud = Cloud::new(programs.clone(), folder, ports, runtime.clone())?;
        cloud.bootstrap(&CONTOSO, PASSWORD).await?;
        cloud.bootstrap(&FABRIKAM, PASSWORD).await?;
        cloud.start().await?;
        tell("A cloud with two organizations runs", &cloud.origin);
        let mut owner = Client::new(programs.clone(), folder, "owner", runtime.clone())?;
        let mut guest = Client::new(programs.clone(), folder, "guest", runtime.clone())?;
        let (mut owner_browser, mut guest_browser) = (Browser::new()?, Browser::new()?);
        owner.start_agent()?;
        guest.start_agent()?;
        owner
            .sign_in(&mut owner_browser, &cloud.origin, CONTOSO.admin, PASSWORD)
            .await
            .context("the owner's sign-in")?;
        guest
            .sign_in(&mut guest_browser, &cloud.origin, FABRIKAM.admin, PASSWORD)
            .await
            .context("the guest's sign-in")?;
        tell("Both people's clients are signed in, each at home", "");
        let owner_token =
            token::for_script(&mut owner_browser, &cloud.origin, &CONTOSO, PASSWORD, &runtime).await?;
        Ok(Self {
            cloud,
            owner,
            guest,
            owner_browser,
            guest_browser,
            owner_token,
            runtime,
            folder: folder.to_owned(),
            tell,
        })
    }

    /// Makes an empty site that the owner's client syncs.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn owner_makes_the_site(&self) -> anyhow::Result<Value> {
        let body = json!({"name": "falcon", "displayName": "Project Falcon", "sharingCapability": "externalUserSharingOnly"});
        let site = self
            .cloud
            .graph(&self.owner_token, "POST", "/sites", Some(body))
            .await
            .context("making the site")?;
        let address = site["webUrl"].as_str().context("the site has an address")?;
        self.owner.sync_add(address).await?;
        Ok(site)
    }

    /// Makes the site, fills it with real files through the owner's own client.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn owner_fills_the_site(&self, files: usize) -> anyhow::Result<Value> {
        let site = self.owner_makes_the_site().await?;
        let folder = self.owner_folder();
        let started = self.runtime.elapsed();
        let count = tree::fill(&folder, files)?;
        self.owner.wait_idle().await?;
        let seconds = (self.runtime.elapsed() - started).as_secs_f64();
        (self.tell)(
            &format!("Olivia filled Project Falcon with {count} real files ({seconds:.1} s)"),
            &folder.display().to_string(),
        );
        Ok(site)
    }

    /// Shares the site with the guest and answers with the link of the mail they get.
    ///
    /// # Errors
    /// When sharing is refused or no mail arrives.
    pub async fn invite_guest(&self, site: &Value) -> anyhow::Result<String> {
        let id = site["id"].as_str().context("the site has an id")?;
        let body = json!({
            "recipients": [{"email": FABRIKAM.admin}], "roles": ["write"], "requireSignIn": true,
            "sendInvitation": true, "message": "Here are the files of Project Falcon."
        });
        self.cloud
            .graph(&self.owner_token, "POST", &format!("/sites/{id}/invite"), Some(body))
            .await
            .context("sharing the site")?;
        mailbox::link_for(&self.runtime, &self.cloud.mail_folder(), FABRIKAM.admin, "/redeem/").await
    }

    /// Shares the site with the guest, who follows the mail's link, accepts, and presses Sync.
    ///
    /// # Errors
    /// When a step fails.
    pub async fn guest_is_invited_and_syncs(&mut self, site: &Value) -> anyhow::Result<()> {
        let link = self.invite_guest(site).await?;
        (self.tell)("Gustav got a mail with a link", &format!("{}/mailbox", self.cloud.origin));
        let page = pages::sign_in_at(&mut self.guest_browser, &link, FABRIKAM.admin, PASSWORD).await?;
        let sync = page
            .link("footbridge:")
            .with_context(|| format!("the page after accepting has no Sync button:\n{}", page.body))?;
        (self.tell)("Gustav accepted; the site opened in his browser, with a Sync button", page.url.as_str());
        let started = self.runtime.elapsed();
        self.guest.sync_add(&sync).await?;
        self.guest.wait_idle().await?;
        let seconds = (self.runtime.elapsed() - started).as_secs_f64();
        let folder = self.guest_folder();
        (self.tell)(
            &format!("Gustav's client synced the site ({seconds:.1} s)"),
            &folder.display().to_string(),
        );
        self.expect_equal()
    }

    /// Proves both directions: each kind of change made on one side arrives on the other, byte for byte.
    ///
    /// # Errors
    /// When something does not arrive or differs.
    pub async fn check_both_directions(&self) -> anyhow::Result<()> {
        let (owner, guest) = (self.owner_folder(), self.guest_folder());
        for (from, to, who) in [(&guest, &owner, "Gustav"), (&owner, &guest, "Olivia")] {
            let name = format!("A note by {who}.txt");
            let text = format!("{who} was here.\n");
            let started = self.runtime.elapsed();
            fs::write(from.join(&name), &text)?;
            self.arrives(&to.join(&name), text.as_bytes()).await?;
            let millis = (self.runtime.elapsed() - started).as_millis();
            (self.tell)(&format!("A file saved by {who} arrived on the other side after {millis} ms"), "");
            fs::write(from.join(&name), "edited\n")?;
            self.arrives(&to.join(&name), b"edited\n").await?;
            fs::create_dir(from.join(format!("{who}'s folder")))?;
            fs::rename(from.join(&name), from.join(format!("{who}'s folder/renamed.txt")))?;
            self.arrives(&to.join(format!("{who}'s folder/renamed.txt")), b"edited\n").await?;
            fs::remove_file(from.join(format!("{who}'s folder/renamed.txt")))?;
            self.leaves(&to.join(format!("{who}'s folder/renamed.txt"))).await?;
            fs::remove_dir(from.join(format!("{who}'s folder")))?;
            self.leaves(&to.join(format!("{who}'s folder"))).await?;
        }
        self.owner_and_guest_agree().await?;
        (self.tell)(
            "Creating, editing, renaming, moving and deleting work both ways; both folders are equal",
            "",
        );
        Ok(())
    }

    /// Ends the guest's access and shows what the guest then sees: an error with a remedy, and every file still there.
    ///
    /// # Errors
    /// When files are touched or no error is shown.
    pub async fn check_lost_access(&self) -> anyhow::Result<()> {
        let before = tree::files(&self.guest_folder())?;
        let guests = self
            .cloud
            .graph(&self.owner_token, "GET", "/users?$filter=userType%20eq%20'Guest'", None)
            .await?;
        let guest = guests["value"][0]["id"].as_str().context("the guest is listed")?;
        self.cloud.graph(&self.owner_token, "DELETE", &format!("/users/{guest}"), None).await?;
        fs::write(self.owner_folder().join("After the end.txt"), "Gustav must not get this.\n")?;
        let deadline = self.runtime.elapsed() + ARRIVAL;
        loop {
            let status = self.guest.status().await?;
            if status.to_string().contains("revoked") {
                break;
            }
            anyhow::ensure!(
                self.runtime.elapsed() < deadline,
                "the guest's client does not notice the end of access: {status}"
            );
            self.runtime.sleep(Duration::from_millis(100)).await;
        }
        self.owner.wait_idle().await?;
        anyhow::ensure!(
            tree::files(&self.guest_folder())? == before,
            "files of the guest were touched after the end of access"
        );
        (self.tell)(
            "Gustav's guest account was deleted: his client says so, and his files are still there",
            "",
        );
        let shown = self.guest.status_text().await?;
        anyhow::ensure!(
            shown.contains("none was touched"),
            "the status does not say that the files are safe: {shown}"
        );
        println!(
            "  What `footbridge status` tells him:\n{}",
            shown.lines().map(|line| format!("    {line}\n")).collect::<String>()
        );
        Ok(())
    }

    /// Fails when a program ended by itself.
    ///
    /// # Errors
    /// With the end of its log.
    pub fn check_running(&mut self) -> anyhow::Result<()> {
        self.cloud.check()?;
        self.owner.check()?;
        self.guest.check()
    }

    /// Ends every program in order.
    ///
    /// # Errors
    /// When one does not end.
    pub async fn end(mut self) -> anyhow::Result<()> {
        self.owner.stop_agent().await?;
        self.guest.stop_agent().await?;
        self.cloud.stop().await
    }

    /// The owner's synced folder.
    #[must_use]
    pub fn owner_folder(&self) -> PathBuf {
        self.owner.home().join("Contoso/Project Falcon - Documents")
    }

    /// The guest's synced folder.
    #[must_use]
    pub fn guest_folder(&self) -> PathBuf {
        self.guest.home().join("Contoso/Project Falcon - Documents")
    }

    /// Prints where to look while the demo runs.
    pub fn print_places(&self) {
        let origin = &self.cloud.origin;
        println!("\nWhere to look (everything is on this computer; stop with Ctrl-C):");
        for (what, place) in [
            ("the site in the browser", format!("{origin}/contoso.example/sites/falcon")),
            ("every mail the cloud sent", format!("{origin}/mailbox")),
            ("Olivia, who owns the site", format!("{} / {PASSWORD}", CONTOSO.admin)),
            ("Gustav, the guest", format!("{} / {PASSWORD}", FABRIKAM.admin)),
            ("Olivia's folder", self.owner_folder().display().to_string()),
            ("Gustav's folder", self.guest_folder().display().to_string()),
            ("logs and data", self.folder.display().to_string()),
        ] {
            println!("  {what:<28} {place}");
        }
        println!("Save a file in one of the two folders and watch it arrive in the other.");
    }

    /// Waits until both sides are equal and at rest.
    ///
    /// # Errors
    /// When they do not become equal.
    pub async fn owner_and_guest_agree(&self) -> anyhow::Result<()> {
        let deadline = self.runtime.elapsed() + AGREEMENT;
        loop {
            self.owner.wait_idle().await?;
            self.guest.wait_idle().await?;
            match self.expect_equal() {
                Ok(()) => return Ok(()),
                Err(difference) if self.runtime.elapsed() > deadline => return Err(difference),
                Err(_) => self.runtime.sleep(Duration::from_millis(200)).await,
            }
        }
    }

    fn expect_equal(&self) -> anyhow::Result<()> {
        match tree::difference(&self.owner_folder(), &self.guest_folder())? {
            None => Ok(()),
            Some(difference) => anyhow::bail!("the two folders differ: {difference}"),
        }
    }

    async fn arrives(&self, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let arrived = || fs::read(path).is_ok_and(|found| found == bytes);
        self.comes_true(arrived).await.with_context(|| format!("{} did not arrive", path.display()))
    }

    async fn leaves(&self, path: &Path) -> anyhow::Result<()> {
        self.comes_true(|| !path.exists()).await.with_context(|| format!("{} did not leave", path.display()))
    }

    async fn comes_true(&self, condition: impl Fn() -> bool) -> anyhow::Result<()> {
        let deadline = self.runtime.elapsed() + ARRIVAL;
        while !condition() {
            anyhow::ensure!(self.runtime.elapsed() < deadline, "not within {} s", ARRIVAL.as_secs());
            self.runtime.sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }
}

/// Tells one step of the story.
pub fn say(what: &str, place: &str) {
    if place.is_empty() { println!("• {what}.") } else { println!("• {what}: {place}") }
}
