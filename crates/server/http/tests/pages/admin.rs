//! The admin center: sharing and one site's settings changed after a preview, the lists of sites and guests, and nothing
//! of it for anybody else (B05 to B08, B12, B13).

use std::collections::BTreeMap;

use directory::{create_group, organization_sharing};
use drive::sites::site_sharing;
use http::StatusCode;
use model::{DirectoryRole, DomainMode, Role, Sharers, SharingLevel, Site, SiteId};

use crate::browser::{Answer, Browser};
use crate::cloud::{Cloud, MARIA};
use crate::shared_site::{OLIVIA, SITE, SharedSite};

const ADMIN: &str = "/contoso.example/admin";
const SHARING: &str = "/contoso.example/admin/sharing";

/// Returns what a browser would send of a page's form, buttons apart.
fn form_of(page: &Answer) -> BTreeMap<String, String> {
    let form = page.body.split_once("<form method=\"post\"").map_or("", |(_, rest)| rest);
    let form = form.split_once("</form>").map_or(form, |(form, _)| form);
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest)?;
        Some(rest.split('"').next().unwrap_or_default().to_owned())
    };
    let mut fields = BTreeMap::new();
    for tag in form.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default()) {
        if attribute(tag, "type").as_deref() != Some("radio") || tag.ends_with("checked") {
            fields.extend(attribute(tag, "name").zip(attribute(tag, "value")));
        }
    }
    for rest in form.split("<textarea ").skip(1) {
        let (tag, rest) = rest.split_once(">\n").expect("a text");
        let text = rest.split("</textarea>").next().unwrap_or_default();
        fields.insert(attribute(tag, "name").expect("a name"), text.to_owned());
    }
    fields
}

async fn send(browser: &mut Browser, page: &Answer, changes: &[(&str, &str)]) -> Answer {
    let mut fields = form_of(page);
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(&page.action(), &fields).await
}

/// Olivia administers Contoso and shared Falcon with Maria, who accepted.
async fn start(cloud: &Cloud) -> (SharedSite, Browser, Browser) {
    let site = SharedSite::make(cloud).await;
    let link = site.share(cloud, true, MARIA, Role::Read).await;
    let mut maria = cloud.signed_in().await;
    let consent = maria.open(&link).await;
    maria.submit(&consent, &[("consent", "accept")]).await;
    assert_eq!(maria.get(SITE).await.status, StatusCode::OK);
    (site, cloud.signed_in_as(OLIVIA).await, maria)
}

#[tokio::test]
async fn r_b05_the_level_changes_only_after_the_preview_of_who_loses_access_was_confirmed() {
    let cloud = Cloud::start().await;
    let (site, mut olivia, mut maria) = start(&cloud).await;
    assert!(olivia.get("/").await.body.contains(&format!("href=\"{ADMIN}\"")), "the start page leads there");
    let overview = olivia.open("/admin").await;
    for text in ["Contoso", "of 1 sites", "have accepted", SHARING] {
        assert!(overview.body.contains(text), "{text}: {}", overview.body);
    }
    let form = olivia.get(SHARING).await;
    let preview = send(&mut olivia, &form, &[("sites", "disabled")]).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    for text in ["1 guest or link loses", MARIA, "Project Falcon", "Nothing is changed yet"] {
        assert!(preview.body.contains(text), "{text}: {}", preview.body);
    }
    assert_eq!(maria.get(SITE).await.status, StatusCode::OK, "nothing is changed by looking");
    let file = send(&mut olivia, &preview, &[("step", "csv")]).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert!(file.body.contains(&format!("Project Falcon,falcon,guest,{MARIA},{MARIA}")), "{}", file.body);
    let unseen = send(&mut olivia, &preview, &[("step", "confirm"), ("seal", "x")]).await;
    assert!(unseen.body.contains("Something changed since you looked"), "{}", unseen.body);
    let other = send(&mut olivia, &preview, &[("step", "confirm"), ("personal", "existing")]).await;
    assert!(other.body.contains("Something changed since you looked"), "only what was seen is confirmed");
    assert_eq!(maria.get(SITE).await.status, StatusCode::OK);
    let back = send(&mut olivia, &preview, &[("step", "back")]).await;
    assert_eq!(form_of(&back).get("sites").map(String::as_str), Some("disabled"), "what was chosen stays");

    let done = send(&mut olivia, &preview, &[("step", "confirm")]).await;
    assert_eq!(done.location(), format!("{SHARING}?saved=yes"), "{}", done.body);
    assert_eq!(maria.get(SITE).await.status, StatusCode::NOT_FOUND);
    let form = olivia.open(&done.location()).await;
    assert!(form.body.contains("Saved.") && form.body.contains("At present personal drives are set to"));
    let preview = send(&mut olivia, &form, &[("sites", "anyone")]).await;
    assert!(preview.body.contains("Nobody who has access now loses it"), "{}", preview.body);
    send(&mut olivia, &preview, &[("step", "confirm")]).await;
    assert_eq!(maria.get(SITE).await.status, StatusCode::OK, "loosened again, it is there again");
    let now = organization_sharing(&site.call).await.expect("reads");
    assert_eq!((now.sites, now.personal), (SharingLevel::Anyone, SharingLevel::NewAndExistingGuests));
}

#[tokio::test]
async fn r_b07_r_b08_lists_are_set_on_the_page_and_mistakes_stand_beside_what_was_typed() {
    let cloud = Cloud::start().await;
    let (site, mut olivia, mut maria) = start(&cloud).await;
    create_group(&site.call, "Partner managers").await.expect("makes a group");
    let form = olivia.get(SHARING).await;
    for (field, typed, text) in [
        ("domains", "*.fabrikam.example", "is no domain"),
        ("domains", "fabrikam.example", "Say above what the list means"),
        ("groups-guests", "Nobody knows", "no security group called"),
        ("guest-days", "soon", "Write a number of days"),
        ("guest-days", "7", "between 30 and 730 days"),
        ("anyone-days", "9000", "up to 730 days"),
        ("sites", "open", "Choose one of these"),
    ] {
        let wrong = send(&mut olivia, &form, &[(field, typed)]).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{field}");
        assert!(
            wrong.body.contains(&format!("id=\"{field}-mistake\" role=\"alert\"")),
            "{field}: {}",
            wrong.body
        );
        assert!(wrong.body.contains(text), "{text}: {}", wrong.body);
        assert!(field == "sites" || form_of(&wrong)[field] == typed, "{field} keeps what was typed");
    }
    let changes = [
        ("domain-mode", "block"),
        ("domains", "Fabrikam.example\nlitware.example"),
        ("sharers", "groups"),
        ("groups-guests", "partner managers"),
    ];
    let preview = send(&mut olivia, &form, &changes).await;
    for text in ["2 listed, among them fabrikam.example", MARIA, "closed to addresses of your domain"] {
        assert!(preview.body.contains(text), "{text}: {}", preview.body);
    }
    send(&mut olivia, &preview, &[("step", "confirm")]).await;
    assert_eq!(maria.get(SITE).await.status, StatusCode::NOT_FOUND);
    let now = organization_sharing(&site.call).await.expect("reads");
    assert_eq!((now.policy.domains, now.policy.sharers), (DomainMode::BlockList, Sharers::Groups));
    assert_eq!((now.domains.len(), now.groups.len()), (2, 1));
    assert!(form_of(&olivia.get(SHARING).await)["groups-guests"] == "Partner managers");
}

#[tokio::test]
async fn r_b13_one_sites_level_is_changed_from_the_list_of_active_sites() {
    let cloud = Cloud::start().await;
    let (site, mut olivia, mut maria) = start(&cloud).await;
    let (contoso, like) = (cloud.contoso, site.made.site.clone());
    cloud
        .write(move |scope| {
            let mut scope = scope.tenant(contoso);
            (0..60_u8).try_for_each(|number| {
                let (id, name) = (SiteId::from_random([number; 16]), format!("team-{number:02}"));
                let display_name = format!("Team {number:02}");
                scope.sites().create(&Site { id, name, display_name, ..like.clone() })
            })
        })
        .await;
    let list = format!("{ADMIN}/sites");
    let page = olivia.get(&list).await;
    assert!(page.body.contains("Project Falcon") && page.body.contains("Have access"), "{}", page.body);
    assert!(page.body.contains("Team 48") && !page.body.contains("Team 49"), "fifty on a page");
    let next =
        page.body.split("href=\"").find(|rest| rest.starts_with(&format!("{list}?"))).expect("a next page");
    let next = next.split('"').next().unwrap_or_default().replace("&#38;", "&");
    let page = olivia.get(&next).await;
    assert!(
        page.body.contains("Team 49") && page.body.contains("Team 59") && page.body.contains("First page")
    );
    let found = olivia.get(&format!("{list}?search=FALC")).await;
    assert!(found.body.contains("Project Falcon") && !found.body.contains("Team 0"), "{}", found.body);
    assert!(olivia.get(&format!("{list}?search=%25")).await.body.contains("No site has a name"));

    let column = "<th scope=\"col\">External sharing</th>";
    assert!(found.body.contains(column));
    let token = found.hidden("token");
    olivia.post(&list, &[("token", &token), ("column", "hide")]).await;
    assert!(!olivia.get(&list).await.body.contains(column), "it stays hidden");
    olivia.post(&list, &[("token", &token), ("column", "show")]).await;
    assert!(olivia.get(&list).await.body.contains(column));

    let path = format!("{list}/{}", site.made.site.id);
    assert!(found.body.contains(&format!("href=\"{path}\"")));
    let form = olivia.get(&path).await;
    let changes = [("level", "disabled"), ("guest-rule", "own"), ("guest-days", "90")];
    let preview = send(&mut olivia, &form, &changes).await;
    assert!(preview.body.contains(MARIA), "{}", preview.body);
    assert_eq!(maria.get(SITE).await.status, StatusCode::OK);
    let done = send(&mut olivia, &preview, &[("step", "confirm")]).await;
    assert_eq!(done.location(), format!("{path}?saved=yes"), "{}", done.body);
    assert_eq!(maria.get(SITE).await.status, StatusCode::NOT_FOUND);
    let now = site_sharing(&site.call, site.made.site.id).await.expect("reads");
    assert_eq!(now.site.sharing, SharingLevel::Disabled);
    assert_eq!(now.policy.guest_life.map(model::Lifetime::days), Some(90));

    // Where the organization is stricter, a looser level is refused at its field, and other settings can still be set.
    directory::set_organization_sharing(&site.call, Some(SharingLevel::ExistingGuests), None)
        .await
        .expect("sets");
    let form = olivia.get(&path).await;
    let refused = send(&mut olivia, &form, &[("level", "anyone")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("id=\"level-mistake\"") && refused.body.contains("more open than"));
    let preview = send(&mut olivia, &form, &[("anyone-rule", "own"), ("anyone-days", "14")]).await;
    send(&mut olivia, &preview, &[("step", "confirm")]).await;
    let now = site_sharing(&site.call, site.made.site.id).await.expect("reads");
    assert_eq!(now.policy.anyone_life.map(model::Lifetime::days), Some(14));
}

#[tokio::test]
async fn r_b12_guests_are_found_blocked_removed_and_restored_on_pages_that_say_what_ends() {
    let cloud = Cloud::start().await;
    let (_site, mut olivia, mut maria) = start(&cloud).await;
    cloud.invite("ben@fabrikam.example").await;
    let list = format!("{ADMIN}/guests");
    let page = olivia.get(&list).await;
    for text in [MARIA, "Project Falcon", "by olivia", "has not accepted yet"] {
        assert!(page.body.to_lowercase().contains(&text.to_lowercase()), "{text}: {}", page.body);
    }
    let found = olivia.get(&format!("{list}?search=MARIA")).await;
    assert!(found.body.contains(MARIA) && !found.body.contains("ben@"), "{}", found.body);
    let guest =
        found.body.split("href=\"").find(|rest| rest.starts_with(&format!("{list}/"))).expect("a page");
    let guest = guest.split('"').next().unwrap_or_default().to_owned();
    for (deed, ends, then, status) in [
        ("block", "computers stop syncing", "Blocked", StatusCode::NOT_FOUND),
        ("allow", "reach again", "Accepted", StatusCode::OK),
        ("remove", "stays on their computers", "Removed", StatusCode::NOT_FOUND),
        ("restore", "comes back", "Accepted", StatusCode::OK),
    ] {
        let asked = olivia.get(&format!("{guest}?deed={deed}")).await;
        assert!(asked.body.contains(ends) && asked.body.contains("Project Falcon"), "{deed}: {}", asked.body);
        let done = olivia.post(&guest, &[("token", &asked.hidden("token")), ("deed", deed)]).await;
        assert_eq!(done.location(), guest, "{deed}: {}", done.body);
        assert!(olivia.get(&guest).await.body.contains(&format!("<dd>{then}</dd>")), "{deed}");
        assert_eq!(maria.get(SITE).await.status, status, "{deed}");
    }
    let form = olivia.get(&format!("{ADMIN}/inviting")).await;
    let wrong = send(&mut olivia, &form, &[("domain-mode", "allow"), ("domains", "")]).await;
    assert!(wrong.body.contains("List at least one domain"), "{}", wrong.body);
    let changes =
        [("invites-from", "administrators"), ("domain-mode", "allow"), ("domains", "fabrikam.example")];
    let done = send(&mut olivia, &form, &changes).await;
    assert_eq!(done.location(), format!("{ADMIN}/inviting?saved=yes"), "{}", done.body);
    assert_eq!(form_of(&olivia.get(&done.location()).await)["invites-from"], "administrators");
    assert!(olivia.get(&format!("{ADMIN}/conditional-access")).await.body.contains("There are no policies"));
}

#[tokio::test]
async fn the_admin_center_exists_for_administrators_of_the_organization_alone() {
    let cloud = Cloud::start().await;
    let (site, mut olivia, mut maria) = start(&cloud).await;
    let falcon = format!("{ADMIN}/sites/{}", site.made.site.id);
    let guests = format!("{ADMIN}/guests");
    let (inviting, policies) = (format!("{ADMIN}/inviting"), format!("{ADMIN}/conditional-access"));
    let sites = format!("{ADMIN}/sites");
    let pages = [ADMIN, SHARING, &sites, &falcon, &guests, &inviting, &policies];
    cloud.add_member(cloud.contoso, &["karl@contoso.example"]).await;
    let mut karl = cloud.signed_in_as("karl@contoso.example").await;
    let mut ada = cloud.signed_in_as("ada@fabrikam.example").await;
    for page in pages {
        for browser in [&mut maria, &mut karl, &mut ada] {
            let absent = browser.get("/contoso.example/sites/no-such-site").await;
            let answer = browser.get(page).await;
            assert_eq!((answer.status, answer.body), (StatusCode::NOT_FOUND, absent.body), "{page}");
        }
        assert_eq!(olivia.get(page).await.status, StatusCode::OK, "{page}");
        assert!(cloud.browser().get(page).await.location().starts_with("/sign-in?"), "{page}");
    }
    assert_eq!(karl.get("/admin").await.status, StatusCode::NOT_FOUND);
    assert!(!karl.get("/").await.body.contains("Admin center"));
    assert_eq!(ada.get("/admin").await.location(), "/fabrikam.example/admin");

    // Ada's own list of sites shows none of Contoso's, and Contoso's site is not found by her address.
    assert!(!ada.get("/fabrikam.example/admin/sites").await.body.contains("Falcon"));
    let foreign = format!("/fabrikam.example/admin/sites/{}", site.made.site.id);
    assert_eq!(ada.get(&foreign).await.status, StatusCode::NOT_FOUND);

    // The SharePoint Administrator sets sharing, and manages neither guests nor the directory.
    let contoso = cloud.contoso;
    let lena = cloud.add_member(contoso, &["lena@contoso.example"]).await;
    cloud
        .write(move |scope| {
            scope.tenant(contoso).roles().create(lena, DirectoryRole::SharePointAdministrator)
        })
        .await;
    let mut lena = cloud.signed_in_as("lena@contoso.example").await;
    for page in [ADMIN, SHARING, &sites, &falcon, &guests] {
        assert_eq!(lena.get(page).await.status, StatusCode::OK, "{page}");
    }
    for page in [&inviting, &policies] {
        assert_eq!(lena.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let page = lena.get(&sites).await;
    let list = lena.get(&guests).await;
    let guest =
        list.body.split("href=\"").find(|rest| rest.starts_with(&format!("{guests}/"))).expect("a page");
    let guest = guest.split('"').next().unwrap_or_default().to_owned();
    assert!(!lena.get(&guest).await.body.contains("Block sign-in"));
    let tried = lena.post(&guest, &[("token", &page.hidden("token")), ("deed", "block")]).await;
    assert_eq!(tried.status, StatusCode::NOT_FOUND);
    assert_eq!(maria.get(SITE).await.status, StatusCode::OK);
    for page in [SHARING, &sites, &falcon, &guest, &inviting] {
        let stale = olivia.post(page, &[("token", "x")]).await;
        assert_eq!(stale.status, StatusCode::FORBIDDEN, "{page}");
    }
}
