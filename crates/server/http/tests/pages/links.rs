//! Sharing links in the browser: anyone, password, expiry, specific people by sign-in and by code (A05, A12, B02, B04).

use directory::Notify;
use drive::links::{LinkChange, LinkRequest, LinkView, Setting, create_link, delete_link, update_link};
use drive::sharing::{Place, RecipientName};
use drive::sites::set_site_sharing;
use http::{Method, StatusCode};
use model::{ItemId, LinkKind, Role, SharingLevel};

use crate::browser::{Answer, Browser};
use crate::cloud::{Cloud, MARIA, ORIGIN};
use crate::shared_site::{SITE, SharedSite};

const CLEO: &str = "cleo@outside.example";

impl SharedSite {
    fn item(&self, item: ItemId) -> Place {
        Place::Item { drive: self.made.library.id, item }
    }

    async fn link(&self, place: Place, kind: LinkKind, to: &[&str]) -> LinkView {
        self.link_to(place, kind, Role::Read, to).await
    }

    async fn link_to(&self, place: Place, kind: LinkKind, role: Role, to: &[&str]) -> LinkView {
        let request = LinkRequest {
            place,
            kind,
            role,
            expires: None,
            password: None,
            recipients: to.iter().map(|text| RecipientName::Address((*text).to_owned())).collect(),
            message: None,
            notify: Notify::Mail,
            origin: ORIGIN.to_owned(),
        };
        create_link(&self.call, self.olivia, request).await.expect("makes").view
    }

    /// Puts a file into a folder, as Olivia.
    async fn file(&self, cloud: &Cloud, parent: ItemId, name: &str, bytes: &'static [u8]) -> ItemId {
        let token = cloud.token(self.olivia.home, self.olivia.tenant).await;
        let address = format!("/v1.0/drives/{}/items/{parent}:/{name}:/content", self.made.library.id);
        let (status, _, body) = cloud.send(&token, Method::PUT, &address, &[], bytes).await;
        assert_eq!(status, StatusCode::CREATED);
        let item: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        item["id"].as_str().expect("an id").parse().expect("an id")
    }

    async fn open_up(&self, level: SharingLevel) {
        directory::set_organization_sharing(&self.call, Some(level), None).await.expect("sets");
        set_site_sharing(&self.call, self.made.site.id, level).await.expect("sets");
    }

    async fn change(&self, link: &LinkView, expires: Setting<model::Timestamp>, password: Setting<String>) {
        let change = LinkChange { role: None, expires, password };
        let place = self.item(self.plans);
        update_link(&self.call, self.olivia, place, link.link.id, change).await.expect("changes");
    }
}

/// Returns the code of the newest mail.
async fn last_code(cloud: &Cloud) -> String {
    let mails = cloud.mails().await;
    let mails: Vec<serde_json::Value> =
        mails.iter().map(|mail| serde_json::from_str(mail).expect("JSON")).collect();
    let mail = mails.iter().rfind(|mail| mail["kind"] == "code").expect("a code was mailed");
    mail["message"].as_str().expect("a code").to_owned()
}

fn path(link: &LinkView) -> String {
    let url = link.url(ORIGIN).expect("shown");
    url.strip_prefix(ORIGIN).expect("of this cloud").to_owned()
}

#[tokio::test]
async fn r_b02_an_anyone_link_shows_the_folder_and_nothing_above_or_beside_it() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.open_up(SharingLevel::Anyone).await;
    let link = site.link(site.item(site.plans), LinkKind::Anyone, &[]).await;
    let mut browser = cloud.browser();
    let page = browser.get(&path(&link)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Plans &#38; Drafts") && page.body.contains("Deeper"), "{}", page.body);
    for hidden in ["Documents", "Project Falcon", "footbridge://sync", "/sites/"] {
        assert!(!page.body.contains(hidden), "{hidden} in {}", page.body);
    }
    let root = format!("{}/items/{}", path(&link), site.made.library.root);
    assert_eq!(browser.get(&root).await.status, StatusCode::NOT_FOUND);
    let other = path(&link).replace("/g/", "/g/A");
    assert_eq!(browser.get(&other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&path(&link).replace(":f:", "contoso")).await.status, StatusCode::NOT_FOUND);
    site.open_up(SharingLevel::NewAndExistingGuests).await;
    let closed = browser.get(&path(&link)).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.body.contains("switched off") && !closed.body.contains("Plans"), "{}", closed.body);
    site.open_up(SharingLevel::Anyone).await;
    assert_eq!(browser.get(&path(&link)).await.status, StatusCode::OK);
    site.change(&link, Setting::Set("2001-01-01T00:00:00Z".parse().expect("a time")), Setting::Keep).await;
    let expired = browser.get(&path(&link)).await;
    assert_eq!(expired.status, StatusCode::GONE);
    assert!(expired.body.contains("expired") && !expired.body.contains("Plans"), "{}", expired.body);
    delete_link(&site.call, site.olivia, site.item(site.plans), link.link.id).await.expect("deletes");
    let deleted = browser.get(&path(&link)).await;
    assert_eq!((deleted.status, deleted.body), (StatusCode::NOT_FOUND, browser.get(&other).await.body));
}

#[tokio::test]
async fn a_links_password_is_asked_once_for_each_browser_and_guessed_ten_times() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.open_up(SharingLevel::Anyone).await;
    let link = site.link(site.item(site.plans), LinkKind::Anyone, &[]).await;
    let hash = cloud.identity.passwords().hash("Sesam öffne dich").await.expect("hashes");
    site.change(&link, Setting::Keep, Setting::Set(hash)).await;
    let mut browser = cloud.browser();
    let page = browser.get(&path(&link)).await;
    assert!(page.body.contains("asks for a password") && !page.body.contains("Plans"), "{}", page.body);
    let wrong = browser.submit(&page, &[("password", "wrong")]).await;
    assert!(wrong.body.contains("not the password"), "{}", wrong.body);
    let right = browser.submit(&wrong, &[("password", "Sesam öffne dich")]).await;
    assert_eq!(right.location(), path(&link));
    assert!(browser.get(&path(&link)).await.body.contains("Deeper"));
    let mut other = cloud.browser();
    let page = other.get(&path(&link)).await;
    assert!(!page.body.contains("Deeper"), "another browser proves nothing");
    for _ in 0..10 {
        other.submit(&page, &[("password", "guess")]).await;
    }
    let rests = other.submit(&page, &[("password", "Sesam öffne dich")]).await;
    assert_eq!(rests.status, StatusCode::TOO_MANY_REQUESTS);
    let again = cloud.identity.passwords().hash("another").await.expect("hashes");
    site.change(&link, Setting::Keep, Setting::Set(again)).await;
    assert!(!browser.get(&path(&link)).await.body.contains("Deeper"), "another password asks again");
    let stale = browser.post(&format!("{}/password", path(&link)), &[("password", "another")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN, "a form that no page of ours held");
}

#[tokio::test]
async fn r_a12_who_has_no_organization_here_gets_a_code_and_reads_why_it_does_not_sync() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.link(site.item(site.plans), LinkKind::SpecificPeople, &[CLEO]).await;
    let mut browser = cloud.browser();
    let door = browser.get(&path(&link)).await;
    assert!(
        door.body.contains("shared with certain people") && !door.body.contains("Plans"),
        "{}",
        door.body
    );
    let unnamed = browser.submit(&door, &[("address", "dora@outside.example")]).await;
    let named = browser.submit(&door, &[("address", CLEO)]).await;
    assert_eq!(unnamed.body.replace("dora@outside.example", CLEO), named.body, "never told who is named");
    let code = last_code(&cloud).await;
    let wrong = browser.submit(&named, &[("code", "0")]).await;
    assert!(wrong.body.contains("not right"), "{}", wrong.body);
    let right = browser.submit(&wrong, &[("code", &code)]).await;
    assert_eq!(right.location(), path(&link));
    let page = browser.get(&path(&link)).await;
    assert!(page.body.contains("Deeper"), "{}", page.body);
    assert!(
        page.body.contains("never syncs") && page.body.contains("add your organization"),
        "{}",
        page.body
    );
    assert_eq!(browser.get(SITE).await.location().split('?').next(), Some("/sign-in"), "nothing else opens");
    let other = site
        .link(site.item(site.made.library.root), LinkKind::SpecificPeople, &["dora@outside.example"])
        .await;
    assert!(!browser.get(&path(&other)).await.body.contains("Documents"), "another link is another matter");
    site.open_up(SharingLevel::ExistingGuests).await;
    assert_eq!(browser.get(&path(&link)).await.status, StatusCode::FORBIDDEN);
    site.open_up(SharingLevel::NewAndExistingGuests).await;
    delete_link(&site.call, site.olivia, site.item(site.plans), link.link.id).await.expect("deletes");
    assert_eq!(browser.get(&path(&link)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_b04_a_single_file_opens_in_the_browser_of_the_guest_it_was_shared_with() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let file = site.file(&cloud, site.plans, "Offer.html", b"<script>alert(1)</script>").await;
    let link = site.link(site.item(file), LinkKind::SpecificPeople, &[MARIA]).await;
    let mut browser = cloud.browser();
    assert!(browser.get(&path(&link)).await.location().starts_with("/sign-in?continue="));
    let mut browser = cloud.signed_in().await;
    let consent = browser.get(&path(&link)).await;
    assert!(consent.body.contains("invites you"), "{}", consent.body);
    let tenant = consent.hidden("tenant");
    let page = browser.submit(&consent, &[("consent", "accept"), ("tenant", &tenant)]).await;
    let page = browser.follow(page).await;
    assert!(
        page.body.contains("Offer.html") && page.body.contains("To sync it, ask for the folder"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("Plans") && !page.body.contains("footbridge://"), "{}", page.body);
    let start = page.body.find("/content\"").expect("a download");
    let address = page.body[..start + 8].rsplit('"').next().expect("an address").to_owned();
    saved(&browser.get(&address).await);
    assert_eq!(cloud.browser().get(&address).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_anyone_links_file_is_saved_and_never_shown_and_by_the_address_that_rclone_makes() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.open_up(SharingLevel::Anyone).await;
    let file = site.file(&cloud, site.plans, "Offer.html", b"<script>alert(1)</script>").await;
    let link = site.link(site.item(site.plans), LinkKind::Anyone, &[]).await;
    let mut browser: Browser = cloud.browser();
    let page = browser.get(&format!("{}/items/{file}", path(&link))).await;
    assert!(page.body.contains("Offer.html") && page.body.contains("Download"), "{}", page.body);
    saved(&browser.get(&format!("{}/items/{file}/content", path(&link))).await);
    let own = site.link(site.item(file), LinkKind::Anyone, &[]).await;
    let secret = own.ticket.as_ref().expect("shown").as_str().to_owned();
    saved(&browser.get(&format!("/_layouts/15/download.aspx?share={secret}")).await);
    assert_eq!(browser.get("/_layouts/15/download.aspx?share=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_b02_an_anyone_link_that_lets_edit_takes_files_and_folders_in_the_browser() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.open_up(SharingLevel::Anyone).await;
    let link = site.link_to(site.item(site.plans), LinkKind::Anyone, Role::Write, &[]).await;
    let mut browser = cloud.browser();
    let page = browser.get(&path(&link)).await;
    assert!(page.body.contains("Upload a file") && page.body.contains("New folder"), "{}", page.body);
    let at = format!("{}/items/{}", path(&link), site.plans);
    let token = page.hidden("token");
    let upload = format!("{at}/upload");
    let sent = browser.send_file(&upload, &[("token", &token)], Some(("Größe \"1\".txt", b"one"))).await;
    assert_eq!(sent.status, StatusCode::BAD_REQUEST, "a quote is no letter of a name");
    for (name, bytes) in [("Größe.txt", &b"one"[..]), ("Größe.txt", b"two")] {
        let sent = browser.send_file(&upload, &[("token", &token)], Some((name, bytes))).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, at.clone()), "{}", sent.body);
    }
    let page = browser.get(&at).await;
    assert!(page.body.contains(">Größe.txt<") && page.body.contains("Größe 1.txt"), "both: {}", page.body);
    let fields = [("token", token.as_str()), ("same-name", "replace")];
    browser.send_file(&upload, &fields, Some(("Größe.txt", b"three"))).await;
    let file =
        page.body.split(">Größe.txt<").next().expect("before").rsplit('"').nth(1).expect("its address");
    assert_eq!(browser.get(&format!("{file}/content")).await.body, "three");
    let shown = browser.get(file).await;
    assert!(shown.body.contains("Replace this file"), "{}", shown.body);
    let long = vec![b'x'; 3_000_000];
    let sent =
        browser.send_file(&format!("{file}/upload"), &[("token", &token)], Some(("other name", &long))).await;
    assert_eq!(sent.location(), file, "{}", sent.body);
    assert_eq!(browser.get(&format!("{file}/content")).await.body.len(), long.len());
    let made = browser.post(&format!("{at}/folder"), &[("token", &token), ("name", "Neu")]).await;
    assert_eq!(made.location(), at, "{}", made.body);
    assert!(browser.get(&at).await.body.contains(">Neu<"));
    let again = browser.post(&format!("{at}/folder"), &[("token", &token), ("name", "neu")]).await;
    assert!(again.status == StatusCode::CONFLICT && again.body.contains("already there"), "{}", again.body);
}

#[tokio::test]
async fn a_form_by_a_link_is_refused_where_the_link_does_not_reach_or_let_edit_and_from_elsewhere() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    site.open_up(SharingLevel::Anyone).await;
    let link = site.link_to(site.item(site.plans), LinkKind::Anyone, Role::Write, &[]).await;
    let view = site.link(site.item(site.plans), LinkKind::Anyone, &[]).await;
    let mut browser = cloud.browser();
    let token = browser.get(&path(&link)).await.hidden("token");
    assert!(!browser.get(&path(&view)).await.body.contains("Upload a file"));
    let file = Some(("a.txt", &b"x"[..]));
    let at = |link: &LinkView, item: ItemId| format!("{}/items/{item}/upload", path(link));
    let sent = browser.send_file(&at(&link, site.made.library.root), &[("token", &token)], file).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND, "above what it opens");
    let sent = browser.send_file(&at(&view, site.plans), &[("token", &token)], file).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN, "it lets view");
    for fields in [&[][..], &[("token", "x")]] {
        let sent = browser.send_file(&at(&link, site.plans), fields, file).await;
        assert!(sent.status == StatusCode::FORBIDDEN && sent.body.contains("out of date"), "{}", sent.body);
    }
    let sent = browser.send_file(&at(&link, site.plans), &[("token", &token)], None).await;
    assert!(
        sent.status == StatusCode::BAD_REQUEST && sent.body.contains("No file was chosen"),
        "{}",
        sent.body
    );
    let folder = format!("{}/items/{}/folder", path(&link), site.plans);
    let sent = browser.post(&folder, &[("token", "x"), ("name", "Neu")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    site.open_up(SharingLevel::NewAndExistingGuests).await;
    let sent = browser.send_file(&at(&link, site.plans), &[("token", &token)], file).await;
    assert!(sent.status == StatusCode::FORBIDDEN && sent.body.contains("switched off"), "{}", sent.body);
    site.open_up(SharingLevel::Anyone).await;
    let page = browser.get(&path(&link)).await;
    assert!(!page.body.contains("a.txt") && !page.body.contains("Neu"), "nothing arrived: {}", page.body);
}

fn saved(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "<script>alert(1)</script>"));
    let header = |name: &str| answer.headers[name].to_str().expect("text").to_owned();
    assert!(header("content-disposition").starts_with("attachment"));
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
}
