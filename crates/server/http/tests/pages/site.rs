//! Sites in the browser: what is shown to whom.

use drive::sites::{SiteSharingChange, change_site_sharing};
use http::StatusCode;
use model::{DeviceAccess, LockState, Role};
use policy::Reason;

use crate::cloud::{Cloud, MARIA, ORIGIN};
use crate::shared_site::{OLIVIA, SITE, SharedSite};

async fn accepted(cloud: &Cloud, link: &str) -> crate::browser::Browser {
    let mut browser = cloud.signed_in().await;
    let page = browser.open(link).await;
    browser.submit(&page, &[("consent", "accept")]).await;
    browser
}

#[tokio::test]
async fn r_d01_a_site_and_a_folder_have_a_sync_button_and_the_same_as_a_command() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = accepted(&cloud, &link).await;
    let page = browser.get(SITE).await;
    let button = |page: &crate::browser::Answer| {
        let start = page.body.find("footbridge://sync?").expect("a button");
        page.body[start..].split('"').next().unwrap_or_default().replace("&#38;", "&")
    };
    let parts = |link: &str| -> std::collections::BTreeMap<String, String> {
        serde_urlencoded::from_str(link.split_once('?').expect("a query").1).expect("fields")
    };
    let fields = parts(&button(&page));
    assert_eq!(fields["cloud"], ORIGIN);
    assert_eq!(fields["tenant"], cloud.contoso.to_string());
    assert_eq!(fields["drive"], site.made.library.id.to_string());
    assert_eq!(fields["item"], site.made.library.root.to_string());
    assert_eq!(fields["address"], MARIA);
    assert!(page.body.contains(&format!("footbridge sync add {ORIGIN}{SITE}")), "{}", page.body);
    assert!(page.body.contains("Plans &#38; Drafts") && page.body.contains(MARIA), "{}", page.body);
    let folder = format!("{SITE}/items/{}/{}", site.made.library.id, site.plans);
    assert!(page.body.contains(&format!("href=\"{folder}\"")), "{}", page.body);
    let page = browser.get(&folder).await;
    assert_eq!(parts(&button(&page))["item"], site.plans.to_string());
    assert!(page.body.contains("Deeper") && page.body.contains(">Documents</a>"), "{}", page.body);
}

#[tokio::test]
async fn r_b14_a_site_open_to_outsiders_says_so_to_its_own_people_too() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let mut olivia = cloud.signed_in_as(OLIVIA).await;
    let mark = "People outside Contoso have access here";
    let page = olivia.get(SITE).await;
    assert!(page.body.contains("This folder") || page.body.contains("Plans"), "{}", page.body);
    assert!(!page.body.contains(mark));
    site.share(&cloud, false, MARIA, Role::Read).await;
    assert!(olivia.get(SITE).await.body.contains(mark));
}

#[tokio::test]
async fn r_b15_a_view_only_visitor_is_told_that_sync_is_one_way() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Read).await;
    let mut browser = accepted(&cloud, &link).await;
    assert!(browser.get(SITE).await.body.contains("Sync is one way here"));
}

#[tokio::test]
async fn a_guest_of_one_folder_sees_that_folder_and_no_name_above_it() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, false, MARIA, Role::Write).await;
    let mut browser = accepted(&cloud, &link).await;
    let page = browser.get(SITE).await;
    assert!(page.body.contains("Deeper") && page.body.contains("Sync this folder"), "{}", page.body);
    assert!(!page.body.contains(">Documents<"), "{}", page.body);
    let root = format!("{SITE}/items/{}/{}", site.made.library.id, site.made.library.root);
    assert_eq!(browser.get(&root).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_hidden_and_what_is_not_there_are_the_same_page() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let hidden_folder = format!("{SITE}/items/{}/{}", site.made.library.id, site.plans);
    let mut maria = cloud.signed_in().await;
    let mut pages = Vec::new();
    for path in [
        SITE,
        &hidden_folder,
        "/contoso.example/sites/nothing",
        "/nowhere.example/sites/falcon",
        "/organizations/sites/falcon",
        "/fabrikam.example/sites/falcon",
        "/contoso.example/sites/falcon/items/x/y",
    ] {
        let page = maria.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        pages.push((path, page.body));
        // Who is not signed in learns nothing at all.
        let answer = cloud.browser().get(path).await;
        assert!(answer.location().starts_with("/sign-in?continue="), "{path}: {}", answer.location());
    }
    for (path, body) in &pages {
        assert_eq!(*body, pages[0].1, "{path}");
    }
}

#[tokio::test]
async fn r_a10_a_deleted_guest_sees_the_site_no_more() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = accepted(&cloud, &link).await;
    assert_eq!(browser.get(SITE).await.status, StatusCode::OK);
    let guest = browser_guest(&cloud).await;
    directory::delete_person(&site.call, guest).await.expect("deletes");
    assert_eq!(browser.get(SITE).await.status, StatusCode::NOT_FOUND);
}

async fn browser_guest(cloud: &Cloud) -> model::UserId {
    let home = model::HomeAccount { tenant: cloud.fabrikam, user: cloud.maria };
    let system = storage::System::new(cloud.store.clone(), cloud.contoso, "test");
    let found = system.read(move |scope| scope.users().find_by_home(home)).await.expect("reads");
    found.expect("the guest").id
}

#[tokio::test]
async fn s_02_limited_access_shows_names_and_a_lock_says_so_to_those_who_have_access() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut browser = accepted(&cloud, &link).await;
    let set = async |change: SiteSharingChange| {
        change_site_sharing(&site.call, site.made.site.id, change).await.expect("sets");
    };
    let none = SiteSharingChange::NONE;
    set(SiteSharingChange { devices: Some(DeviceAccess::Limited), ..none.clone() }).await;
    let page = browser.get(SITE).await;
    assert!(
        page.body.contains("Plans") && page.body.contains(Reason::BrowserOnly.message()),
        "{}",
        page.body
    );
    assert!(!page.body.contains("footbridge://sync") && !page.body.contains("footbridge sync add"));
    set(SiteSharingChange {
        devices: Some(DeviceAccess::Full),
        lock: Some(LockState::ReadOnly),
        ..none.clone()
    })
    .await;
    let page = browser.get(SITE).await;
    assert!(page.body.contains(Reason::SiteReadOnly.message()) && page.body.contains("footbridge://sync"));
    set(SiteSharingChange { lock: Some(LockState::NoAccess), ..none }).await;
    let page = browser.get(SITE).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.body.contains(Reason::SiteLocked.message()) && !page.body.contains("Plans"),
        "{}",
        page.body
    );
}
