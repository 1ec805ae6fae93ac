//! Who has access, on a page: shared by address, with or without mail, and taken away again (B01, B12, A10).

use directory::set_organization_sharing;
use http::StatusCode;
use model::{Role, SharingLevel};

use crate::cloud::{Cloud, MARIA};
use crate::shared_site::{OLIVIA, SITE, SharedSite};

const BEN: &str = "ben@fabrikam.example";

impl SharedSite {
    fn plans_page(&self) -> String {
        format!("{SITE}/items/{}/{}", self.made.library.id, self.plans)
    }
}

#[tokio::test]
async fn r_b01_an_owner_shares_from_the_page_with_and_without_mail_and_takes_it_away() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let mut olivia = cloud.signed_in_as(OLIVIA).await;
    let folder = olivia.get(&site.plans_page()).await;
    let access = format!("{}/access", site.plans_page());
    assert!(folder.body.contains(&format!("href=\"{access}\"")), "{}", folder.body);
    let page = olivia.get(&access).await;
    assert!(page.body.contains("Share by address") && page.body.contains("Falcon Owners"), "{}", page.body);
    let to = format!("Maria Lopez <{MARIA}>\n{BEN}, nobody@contoso.example");
    let message = "Here are <b>the plans</b>.";
    let fields = [("to", to.as_str()), ("role", "write"), ("message", message), ("mail", "yes")];
    let shared = olivia.submit(&page, &fields).await;
    assert_eq!(shared.status, StatusCode::OK);
    for text in ["is told by mail", "got nothing", "Check the spelling", "has not accepted"] {
        assert!(shared.body.contains(text), "{text}: {}", shared.body);
    }
    let mails = cloud.mails().await;
    assert_eq!(mails.len(), 2, "nobody else is told");
    assert!(mails.iter().all(|mail| mail.contains(message)));

    let site_page = format!("{SITE}/access");
    assert!(olivia.get(SITE).await.body.contains(&format!("href=\"{site_page}\"")));
    let page = olivia.get(&site_page).await;
    let shared = olivia.submit(&page, &[("to", MARIA), ("role", "read")]).await;
    assert!(shared.body.contains("Nobody was told"), "{}", shared.body);
    assert_eq!(cloud.mails().await.len(), 2);
    let mut maria = cloud.signed_in().await;
    let consent = maria.get(SITE).await;
    maria.submit(&consent, &[("consent", "accept"), ("tenant", &consent.hidden("tenant"))]).await;
    assert!(maria.get(SITE).await.body.contains("Plans &#38; Drafts"));

    let page = olivia.get(&site_page).await;
    let remove = page
        .body
        .split("method=\"post\" action=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
    let remove: Vec<String> = remove.filter(|action| action.ends_with("/remove")).collect();
    let token = page.hidden("token");
    let stale = olivia.post(&remove[0], &[("token", "x")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    for action in &remove {
        let removed = olivia.post(action, &[("token", &token)]).await;
        assert_eq!(removed.location(), site_page, "{}", removed.body);
    }
    let page = maria.get(SITE).await;
    assert!(!page.body.contains("Plans &#38; Drafts</a>"), "the folder alone is left: {}", page.body);
    assert!(page.body.contains("Deeper"), "{}", page.body);
}

#[tokio::test]
async fn what_no_address_could_get_is_said_before_anything_is_sent() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let mut olivia = cloud.signed_in_as(OLIVIA).await;
    let access = format!("{}/access", site.plans_page());
    let warning = "notice warn";
    assert!(!olivia.get(&access).await.body.contains(warning));
    for (level, text) in [
        (SharingLevel::ExistingGuests, "An administrator can invite the person first"),
        (SharingLevel::Disabled, "An administrator can change the sharing level"),
    ] {
        set_organization_sharing(&site.call, Some(level), Some(level)).await.expect("sets");
        let page = olivia.get(&access).await;
        assert!(page.body.contains(warning) && page.body.contains(text), "{}", page.body);
        let refused = olivia.submit(&page, &[("to", MARIA), ("role", "read"), ("mail", "yes")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.body.contains("got nothing"), "{}", refused.body);
    }
    assert_eq!(cloud.mails().await.len(), 0);
}

#[tokio::test]
async fn who_may_not_share_sees_their_own_access_and_no_form() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, false, MARIA, Role::Write).await;
    site.share(&cloud, false, BEN, Role::Read).await;
    let mut maria = cloud.signed_in().await;
    let access = format!("{}/access", site.plans_page());
    assert_eq!(maria.get(&access).await.status, StatusCode::NOT_FOUND, "not accepted yet");
    let consent = maria.open(&link).await;
    maria.submit(&consent, &[("consent", "accept")]).await;
    let page = maria.get(&site.plans_page()).await;
    assert!(page.body.contains("Upload a file") && !page.body.contains("/access"), "{}", page.body);
    let own = maria.get(&access).await;
    assert!(own.body.contains(MARIA) && own.body.contains("Can edit"), "{}", own.body);
    assert!(!own.body.contains(BEN) && !own.body.contains("Share by address"), "{}", own.body);
    let token = page.hidden("token");
    let fields = [("token", token.as_str()), ("to", BEN), ("role", "write")];
    let tried = maria.post(&access, &fields).await;
    assert!(tried.status == StatusCode::FORBIDDEN && tried.body.contains("Ask an owner"), "{}", tried.body);
    let above = maria.get(&format!("{SITE}/access")).await;
    assert_eq!(above.status, StatusCode::NOT_FOUND, "the site as a whole is not theirs");
    let uploaded = maria
        .send_file(&format!("{}/upload", site.plans_page()), &[("token", &token)], Some(("a.txt", b"x")))
        .await;
    assert_eq!(uploaded.location(), site.plans_page(), "{}", uploaded.body);
    assert!(maria.get(&site.plans_page()).await.body.contains(">a.txt<"));
}

#[tokio::test]
async fn r_x10_earlier_versions_and_what_was_deleted_come_back_from_pages() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let token = cloud.token(site.olivia.home, site.olivia.tenant).await;
    let drive = format!("/v1.0/drives/{}", site.made.library.id);
    let put = async |bytes: &'static [u8]| {
        let (_, _, body) =
            cloud.send(&token, http::Method::PUT, &format!("{drive}/root:/a.txt:/content"), &[], bytes).await;
        let item: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        item["id"].as_str().expect("an id").to_owned()
    };
    put(b"first").await;
    let file = put(b"second").await;
    let mut olivia = cloud.signed_in_as(OLIVIA).await;
    let address = format!("{SITE}/items/{}/{file}", site.made.library.id);
    let page = olivia.get(&address).await;
    assert!(page.body.contains(&format!("href=\"{address}/versions\"")), "{}", page.body);
    let versions = olivia.get(&format!("{address}/versions")).await;
    assert!(versions.body.contains(">2.0<") && versions.body.contains(">1.0<"), "{}", versions.body);
    let stale = olivia.post(&versions.action(), &[("token", "x")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    let restored = olivia.submit(&versions, &[]).await;
    assert_eq!(restored.location(), format!("{address}/versions"), "{}", restored.body);
    assert_eq!(olivia.get(&format!("{address}/content")).await.body, "first");

    cloud.ask(&token, http::Method::DELETE, &format!("{drive}/items/{file}"), None).await;
    assert_eq!(olivia.get(&address).await.status, StatusCode::NOT_FOUND);
    let bin = olivia.get(&format!("{SITE}/recycle-bin")).await;
    assert!(bin.body.contains(">a.txt<") && bin.body.contains("kept until"), "{}", bin.body);
    let id = bin.hidden("id");
    let back = olivia.submit(&bin, &[("id", &id)]).await;
    assert_eq!(back.location(), format!("{SITE}/recycle-bin"), "{}", back.body);
    assert!(olivia.get(&format!("{SITE}/recycle-bin")).await.body.contains("nothing here"));
    assert_eq!(olivia.get(&format!("{address}/content")).await.body, "first");
}
