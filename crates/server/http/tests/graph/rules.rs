//! Rules of sharing-and-guests.md, each by its number, through the real router with real tokens: what a new organization
//! and its sites begin with, what may be shared how, which grants make guests, and what must hold before anything syncs.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

const SETTINGS: &str = "/v1.0/admin/sharepoint/settings";
const LEVELS: [&str; 4] =
    ["disabled", "existingExternalUserSharingOnly", "externalUserSharingOnly", "externalUserAndGuestSharing"];

/// Falcon with a folder *Plans*, in which there is a file.
struct Falcon {
    cloud: Cloud,
    anna: String,
    site: String,
    drive: String,
    plans: String,
    file: String,
}

impl Falcon {
    async fn start() -> Self {
        let cloud = Cloud::start().await;
        let anna = cloud.anna().await;
        let (site, drive) = cloud.falcon(&anna).await;
        let children = format!("/v1.0/drives/{drive}/root/children");
        let (_, plans) = cloud.post(&anna, &children, json!({"name": "Plans", "folder": {}})).await;
        let put = format!("/v1.0/drives/{drive}/root:/Plans/Offer.txt:/content");
        let (_, _, body) = cloud.send(&anna, Method::PUT, &put, &[], "the offer").await;
        let file: Value = serde_json::from_slice(&body).expect("JSON");
        Self { anna, site, drive, plans: text(&plans["id"]), file: text(&file["id"]), cloud }
    }

    fn item(&self, item: &str) -> String {
        format!("/v1.0/drives/{}/items/{item}", self.drive)
    }

    async fn set(&self, path: &str, body: Value) {
        let (status, now) = self.cloud.patch(&self.anna, path, body).await;
        assert_eq!(status, StatusCode::OK, "{now}");
    }

    async fn level(&self, level: &str) {
        self.set(SETTINGS, json!({"sharingCapability": level, "oneDriveSharingCapability": level})).await;
        self.set(&format!("/v1.0/admin/sites/{}", self.site), json!({"sharingCapability": level})).await;
    }

    async fn link(&self, item: &str, body: Value) -> (StatusCode, Value) {
        self.cloud.post(&self.anna, &format!("{}/createLink", self.item(item)), body).await
    }

    async fn share(&self, item: &str, to: &str) -> Option<String> {
        let body = json!({"recipients": [{"email": to}], "roles": ["write"]});
        let (status, answer) =
            self.cloud.post(&self.anna, &format!("{}/invite", self.item(item)), body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["value"][0]["error"]["code"].as_str().map(str::to_owned)
    }

    /// What a client is told that is to sync an address.
    async fn resolve(&self, token: &str, address: &str) -> (StatusCode, Option<String>) {
        let (status, told) =
            self.cloud.post(token, "/transfer/v1/resolve", json!({"address": address})).await;
        let code = told["error"]["innerError"]["code"].as_str().map(str::to_owned);
        (status, code)
    }

    async fn address(&self, item: &str) -> String {
        text(&self.cloud.get(&self.anna, &self.item(item)).await.1["webUrl"])
    }

    /// The addresses of Contoso's guests.
    async fn guests(&self) -> Vec<String> {
        let (_, users) = self.cloud.get(&self.anna, "/v1.0/users?$filter=userType%20eq%20'Guest'").await;
        let users = users["value"].as_array().expect("people").iter();
        users.filter(|user| user["userType"] == "Guest").map(|user| text(&user["mail"])).collect()
    }
}

#[tokio::test]
async fn l_02_a_new_organization_begins_with_guests_who_sign_in_and_without_links_for_anyone() {
    let falcon = Falcon::start().await;
    let (_, now) = falcon.cloud.get(&falcon.anna, SETTINGS).await;
    for level in ["sharingCapability", "oneDriveSharingCapability"] {
        assert_eq!(now[level], "externalUserSharingOnly", "stricter than the original's Anyone");
    }
}

#[tokio::test]
async fn l_12_a_new_site_begins_with_guests_and_a_personal_drive_follows_its_organization() {
    let falcon = Falcon::start().await;
    falcon
        .set(SETTINGS, json!({"sharingCapability": LEVELS[3], "oneDriveSharingCapability": LEVELS[3]}))
        .await;
    falcon.cloud.get(&falcon.anna, "/v1.0/me/drive").await;
    let (_, sites) = falcon.cloud.get(&falcon.anna, "/v1.0/admin/sites").await;
    let mut levels: Vec<String> = sites["value"]
        .as_array()
        .expect("sites")
        .iter()
        .map(|site| text(&site["footbridge"]["effectiveSharingCapability"]))
        .collect();
    levels.sort();
    assert_eq!(levels, ["externalUserAndGuestSharing", "externalUserSharingOnly"]);
}

#[tokio::test]
async fn l_03_at_every_level_there_is_each_stricter_kind_of_link() {
    let falcon = Falcon::start().await;
    for level in LEVELS {
        falcon.level(level).await;
        for scope in ["anonymous", "organization", "users", "existingAccess"] {
            let (status, made) = falcon.link(&falcon.plans, json!({"type": "view", "scope": scope})).await;
            let refused = scope == "anonymous" && level != LEVELS[3];
            assert_eq!(status == StatusCode::FORBIDDEN, refused, "{level} {scope} {made}");
        }
    }
}

#[tokio::test]
async fn l_04_no_link_opens_a_whole_site_or_library_without_sign_in() {
    let falcon = Falcon::start().await;
    falcon.level(LEVELS[3]).await;
    let anyone = json!({"type": "view", "scope": "anonymous"});
    let (_, root) = falcon.cloud.get(&falcon.anna, &format!("/v1.0/drives/{}/root", falcon.drive)).await;
    let (status, answer) = falcon.link(&text(&root["id"]), anyone.clone()).await;
    assert_eq!((status, codes(&answer).1), (StatusCode::FORBIDDEN, Some("anyoneLinkOfLibrary")));
    for item in [&falcon.plans, &falcon.file] {
        assert_eq!(falcon.link(item, anyone.clone()).await.0, StatusCode::CREATED);
    }
    let (status, _) =
        falcon.cloud.post(&falcon.anna, &format!("/v1.0/sites/{}/createLink", falcon.site), anyone).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "a site has no links at all");
}

#[tokio::test]
async fn d_05_a_personal_drive_has_a_list_of_domains_of_its_own() {
    let falcon = Falcon::start().await;
    let (anna, cloud) = (&falcon.anna, &falcon.cloud);
    let put = "/v1.0/me/drive/root:/Notes.txt:/content";
    let (_, _, body) = cloud.send(anna, Method::PUT, put, &[], "notes").await;
    let file: Value = serde_json::from_slice(&body).expect("JSON");
    let item =
        format!("/v1.0/drives/{}/items/{}", text(&file["parentReference"]["driveId"]), text(&file["id"]));
    let share = json!({"recipients": [{"email": BEN}], "roles": ["read"]});
    let (status, _) = cloud.post(anna, &format!("{item}/invite"), share.clone()).await;
    assert_eq!(status, StatusCode::OK);
    let ben = cloud.ben_as_guest().await;
    assert_eq!(cloud.get(&ben, &item).await.0, StatusCode::OK);
    let (_, sites) = cloud.get(anna, "/v1.0/admin/sites").await;
    let own =
        sites["value"].as_array().expect("sites").iter().find(|site| site["id"] != falcon.site.as_str());
    let own = text(&own.expect("Anna's own")["id"]);
    let list = json!({"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": ["fabrikam.example"]});
    falcon.set(&format!("/v1.0/admin/sites/{own}"), list).await;
    assert_eq!(cloud.get(&ben, &item).await.0, StatusCode::NOT_FOUND);
    let (_, answer) = cloud.post(anna, &format!("{item}/invite"), share).await;
    assert_eq!(answer["value"][0]["error"]["code"], "domainNotAllowedBySite");
    assert_eq!(falcon.share(&falcon.plans, BEN).await, None, "other sites are not concerned");
}

#[tokio::test]
async fn f_02_the_default_link_has_the_scope_that_is_set_existing_access_among_them() {
    let falcon = Falcon::start().await;
    for scope in ["users", "existingAccess", "organization"] {
        let default = json!({"defaultShareLinkScope": scope, "defaultShareLinkRole": "view"});
        falcon.set(SETTINGS, default).await;
        let (_, made) = falcon.link(&falcon.plans, json!({"type": "view"})).await;
        assert_eq!(made["link"]["scope"], scope, "{made}");
    }
}

#[tokio::test]
async fn a_05_guests_of_one_folder_are_not_shown_to_one_another() {
    let falcon = Falcon::start().await;
    for guest in [BEN, "maria@fabrikam.example"] {
        assert_eq!(falcon.share(&falcon.plans, guest).await, None);
    }
    let ben = falcon.cloud.ben_as_guest().await;
    let permissions = format!("{}/permissions", falcon.item(&falcon.plans));
    let (_, seen) = falcon.cloud.get(&falcon.anna, &permissions).await;
    assert!(seen.to_string().contains("maria@fabrikam.example"));
    let (status, seen) = falcon.cloud.get(&ben, &permissions).await;
    assert_eq!(status, StatusCode::OK);
    assert!(seen.to_string().contains(BEN) && !seen.to_string().contains("maria"), "{seen}");
}

#[tokio::test]
async fn s_3_4_guests_are_made_by_naming_somebody_outside_and_by_no_other_grant() {
    let falcon = Falcon::start().await;
    falcon.level(LEVELS[3]).await;
    let site = format!("/v1.0/sites/{}/invite", falcon.site);
    let named = |address: &str| json!({"recipients": [{"email": address}], "roles": ["read"]});
    let link = |scope: &str, to: Option<&str>| json!({"type": "view", "scope": scope, "recipients": to.map(|to| json!([{"email": to}])).unwrap_or(json!([]))});
    assert_eq!(falcon.link(&falcon.plans, link("anonymous", None)).await.0, StatusCode::CREATED);
    assert_eq!(falcon.link(&falcon.plans, link("organization", None)).await.0, StatusCode::CREATED);
    assert_eq!(falcon.guests().await, Vec::<String>::new(), "links for anyone and for members make none");
    let mut expected = Vec::new();
    let mut made = async |address: &str| {
        expected.push(address.to_owned());
        expected.sort();
        let mut guests = falcon.guests().await;
        guests.sort();
        assert_eq!(guests, expected, "{address}");
    };
    let (status, _) = falcon.cloud.post(&falcon.anna, &site, named("one@fabrikam.example")).await;
    assert_eq!(status, StatusCode::OK);
    made("one@fabrikam.example").await;
    assert_eq!(falcon.share(&falcon.plans, "two@fabrikam.example").await, None);
    made("two@fabrikam.example").await;
    falcon.link(&falcon.plans, link("users", Some("three@fabrikam.example"))).await;
    made("three@fabrikam.example").await;
    let invitation = json!({"invitedUserEmailAddress": "four@fabrikam.example", "inviteRedirectUrl": "https://cloud.example/"});
    let (status, told) = falcon.cloud.post(&falcon.anna, "/v1.0/invitations", invitation).await;
    assert_eq!((status, &told["status"]), (StatusCode::CREATED, &json!("PendingAcceptance")));
    made("four@fabrikam.example").await;
    falcon.set(SETTINGS, json!({"isGuestIntegrationEnabled": false})).await;
    assert_eq!(falcon.share(&falcon.plans, "five@fabrikam.example").await, None);
    assert_eq!(falcon.guests().await.len(), 4, "without the integration a folder is opened by a code");
}

#[tokio::test]
async fn s_6_1_1_before_anything_syncs_external_sharing_is_on() {
    let falcon = Falcon::start().await;
    assert_eq!(falcon.share(&falcon.plans, BEN).await, None);
    let ben = falcon.cloud.ben_as_guest().await;
    let address = falcon.address(&falcon.plans).await;
    assert_eq!(falcon.resolve(&ben, &address).await, (StatusCode::OK, None));
    for path in [SETTINGS.to_owned(), format!("/v1.0/admin/sites/{}", falcon.site)] {
        falcon.set(&path, json!({"sharingCapability": "disabled"})).await;
        assert_eq!(falcon.resolve(&ben, &address).await.0, StatusCode::NOT_FOUND, "{path}");
        falcon.set(&path, json!({"sharingCapability": "externalUserSharingOnly"})).await;
        assert_eq!(falcon.resolve(&ben, &address).await.0, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn s_6_1_2_a_folder_syncs_by_a_link_that_needs_sign_in_and_neither_a_file_nor_an_anyone_link_does() {
    let falcon = Falcon::start().await;
    falcon.level(LEVELS[3]).await;
    let to_ben = |scope: &str| json!({"type": "edit", "scope": scope, "recipients": if scope == "users" { json!([{"email": BEN}]) } else { json!([]) }});
    let mut links = Vec::new();
    for (item, scope) in [(&falcon.plans, "users"), (&falcon.file, "users"), (&falcon.plans, "anonymous")] {
        let (status, made) = falcon.link(item, to_ben(scope)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        links.push(text(&made["link"]["webUrl"]));
    }
    let ben = falcon.cloud.ben_as_guest().await;
    let refused = |code: &str| (StatusCode::FORBIDDEN, Some(code.to_owned()));
    assert_eq!(falcon.resolve(&ben, &links[1]).await, refused("singleFile"));
    assert_eq!(falcon.resolve(&ben, &links[2]).await, refused("sharedWithoutSignIn"));
    assert_eq!(falcon.resolve(&ben, &links[0]).await, (StatusCode::OK, None));
}

#[tokio::test]
async fn s_6_1_3_who_has_no_work_account_on_this_cloud_opens_by_code_what_never_syncs() {
    let falcon = Falcon::start().await;
    let body = json!({"recipients": [{"email": "guest@mail.example"}], "roles": ["write"]});
    let invite = format!("{}/invite", falcon.item(&falcon.plans));
    let (status, answer) = falcon.cloud.post(&falcon.anna, &invite, body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let home = falcon.cloud.token(falcon.cloud.ben_at_home(), falcon.cloud.fabrikam).await;
    let address = falcon.address(&falcon.plans).await;
    assert_eq!(
        falcon.resolve(&home, &address).await.0,
        StatusCode::NOT_FOUND,
        "a token of another organization"
    );
}

#[tokio::test]
async fn m_05_where_somebodys_mail_is_delivered_decides_nothing() {
    let falcon = Falcon::start().await;
    assert_eq!(falcon.share(&falcon.plans, BEN).await, None);
    // No mail was delivered to anybody: the guest accepts at the site itself, and syncs.
    let ben = falcon.cloud.ben_as_guest().await;
    let address = falcon.address(&falcon.plans).await;
    assert_eq!(falcon.resolve(&ben, &address).await, (StatusCode::OK, None));
}

#[tokio::test]
async fn k_06_sharing_for_the_first_time_may_drop_what_was_inherited() {
    let falcon = Falcon::start().await;
    let (cloud, anna) = (&falcon.cloud, &falcon.anna);
    let carl = cloud.colleague("carl@contoso.example").await;
    let site = format!("/v1.0/sites/{}/invite", falcon.site);
    let share = |to: &str, retain: Option<bool>| json!({"recipients": [{"email": to}], "roles": ["write"], "retainInheritedPermissions": retain});
    assert_eq!(cloud.post(anna, &site, share("carl@contoso.example", None)).await.0, StatusCode::OK);
    let (plans, file) = (falcon.item(&falcon.plans), falcon.item(&falcon.file));
    assert_eq!(cloud.get(&carl, &file).await.0, StatusCode::OK);

    let (status, answer) = cloud.post(&carl, &format!("{plans}/invite"), share(BEN, Some(false))).await;
    assert_eq!(
        (status, codes(&answer).1),
        (StatusCode::FORBIDDEN, Some("mayNotManageSharing")),
        "owners alone"
    );
    let (status, answer) =
        cloud.post(anna, &format!("{plans}/invite"), share("nobody@contoso.example", Some(false))).await;
    assert_eq!((status, &answer["value"][0]["error"]["code"]), (StatusCode::OK, &json!("noSuchMember")));
    assert_eq!(cloud.get(&carl, &file).await.0, StatusCode::OK, "what shares nothing drops nothing");

    assert_eq!(cloud.post(anna, &format!("{plans}/invite"), share(BEN, Some(true))).await.0, StatusCode::OK);
    assert_eq!(cloud.get(&carl, &file).await.0, StatusCode::OK, "kept, as it is when nothing is said");
    let ben = cloud.ben_as_guest().await;
    let (status, _) =
        cloud.post(anna, &format!("{file}/invite"), share("maria@fabrikam.example", Some(false))).await;
    assert_eq!(status, StatusCode::OK);
    for token in [&carl, &ben] {
        assert_eq!(cloud.get(token, &file).await.0, StatusCode::NOT_FOUND);
        assert_eq!(cloud.get(token, &plans).await.0, StatusCode::OK);
    }
    assert_eq!(
        cloud.get(anna, &file).await.0,
        StatusCode::OK,
        "who shares keeps it, and so do the site's owners"
    );
}
