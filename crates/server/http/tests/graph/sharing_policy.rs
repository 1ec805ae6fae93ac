//! The sharing policy end to end: what administrators set decides the next request of everybody, tokens that are out
//! included, and what is loosened again gives back what it took (B05 to B08, sharing-and-guests.md section 2).

use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

const SETTINGS: &str = "/v1.0/admin/sharepoint/settings";
const DAY: i64 = 24 * 60 * 60;

/// Falcon, shared with Ben, who is a guest with a token.
struct Shared {
    anna: String,
    ben: String,
    site: String,
    drive: String,
}

impl Shared {
    async fn start(cloud: &Cloud) -> Self {
        let anna = cloud.anna().await;
        let (site, drive) = cloud.falcon(&anna).await;
        share(cloud, &anna, &site, BEN).await.expect("shares");
        let ben = cloud.ben_as_guest().await;
        Self { anna, ben, site, drive }
    }

    /// What Ben gets who asks for the site.
    async fn seen_by_ben(&self, cloud: &Cloud) -> StatusCode {
        cloud.get(&self.ben, &format!("/v1.0/sites/{}", self.site)).await.0
    }

    fn admin(&self) -> String {
        format!("/v1.0/admin/sites/{}", self.site)
    }
}

/// Shares a site; the error is the inner code.
async fn share(cloud: &Cloud, token: &str, site: &str, to: &str) -> Result<(), String> {
    let body = json!({"recipients": [{"email": to}], "roles": ["write"]});
    let (status, answer) = cloud.post(token, &format!("/v1.0/sites/{site}/invite"), body).await;
    match status {
        StatusCode::OK => match &answer["value"][0]["error"] {
            Value::Null => Ok(()),
            error => Err(text(&error["code"])),
        },
        _ => Err(codes(&answer).1.unwrap_or_else(|| codes(&answer).0).to_owned()),
    }
}

async fn set(cloud: &Cloud, token: &str, path: &str, body: Value) -> Value {
    let (status, now) = cloud.patch(token, path, body).await;
    assert_eq!(status, StatusCode::OK, "{now}");
    assert_eq!(cloud.get(token, path).await, (StatusCode::OK, now.clone()), "GET answers what PATCH did");
    now
}

#[tokio::test]
async fn r_b07_a_list_of_domains_closes_what_stands_and_refuses_what_is_new_until_it_is_loosened() {
    let cloud = Cloud::start().await;
    let shared = Shared::start(&cloud).await;
    let (anna, site) = (&shared.anna, &shared.site);
    let cases = [
        (
            json!({"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": ["Fabrikam.example"]}),
            false,
        ),
        (
            json!({"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": ["fabrikam.test"]}),
            true,
        ),
        (
            json!({"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": ["fabrikam.test"]}),
            false,
        ),
        (
            json!({"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": ["fabrikam.example"]}),
            true,
        ),
        (json!({"sharingDomainRestrictionMode": "none"}), true),
    ];
    for (body, open) in cases {
        set(&cloud, anna, SETTINGS, body.clone()).await;
        let expected = if open { StatusCode::OK } else { StatusCode::NOT_FOUND };
        assert_eq!(shared.seen_by_ben(&cloud).await, expected, "{body}");
        let drive = format!("/v1.0/drives/{}/root/children", shared.drive);
        assert_eq!(cloud.get(&shared.ben, &drive).await.0, expected, "{body}");
        assert_eq!(cloud.get(anna, &drive).await.0, StatusCode::OK, "members are not concerned");
        let refused = Err("domainNotAllowedByOrganization".to_owned());
        for address in [BEN, "maria@fabrikam.example"] {
            let expected = if open { Ok(()) } else { refused.clone() };
            assert_eq!(share(&cloud, anna, site, address).await, expected, "{address} {body}");
        }
    }
}

#[tokio::test]
async fn r_b07_a_sites_list_narrows_the_organizations_and_never_widens_it() {
    let cloud = Cloud::start().await;
    let shared = Shared::start(&cloud).await;
    let (anna, admin) = (&shared.anna, shared.admin());
    let allow = |domains: &[&str]| json!({"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": domains});
    let block = |domains: &[&str]| json!({"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": domains});
    set(&cloud, anna, &admin, block(&["fabrikam.example"])).await;
    assert_eq!(shared.seen_by_ben(&cloud).await, StatusCode::NOT_FOUND);
    let refused = Err("domainNotAllowedBySite".to_owned());
    assert_eq!(share(&cloud, anna, &shared.site, BEN).await, refused);
    set(&cloud, anna, &admin, json!({"sharingDomainRestrictionMode": "none"})).await;
    assert_eq!(shared.seen_by_ben(&cloud).await, StatusCode::OK);

    set(&cloud, anna, SETTINGS, allow(&["fabrikam.example", "tailspin.example"])).await;
    for beyond in [allow(&["other.example"]), block(&["fabrikam.example"])] {
        let (status, body) = cloud.patch(anna, &admin, beyond).await;
        assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("domainsBeyondOrganization")));
    }
    set(&cloud, anna, &admin, allow(&["tailspin.example"])).await;
    assert_eq!(shared.seen_by_ben(&cloud).await, StatusCode::NOT_FOUND);
    // A site's list that is older than the organization's does not win over it.
    set(&cloud, anna, &admin, allow(&["fabrikam.example"])).await;
    set(&cloud, anna, SETTINGS, allow(&["tailspin.example"])).await;
    assert_eq!(shared.seen_by_ben(&cloud).await, StatusCode::NOT_FOUND);
    let carl = cloud.colleague("carl@contoso.example").await;
    for path in [SETTINGS, admin.as_str()] {
        for token in [&carl, &shared.ben] {
            let (status, body) = cloud.patch(token, path, block(&["contoso.example"])).await;
            assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("roleRequired")), "{path}");
        }
    }
}

#[tokio::test]
async fn r_b08_only_members_of_chosen_groups_share_outside_and_existing_shares_stay() {
    let cloud = Cloud::start().await;
    let shared = Shared::start(&cloud).await;
    let (anna, site) = (&shared.anna, &shared.site);
    let open = json!({"sharingCapability": "externalUserAndGuestSharing"});
    set(&cloud, anna, SETTINGS, open.clone()).await;
    set(&cloud, anna, &shared.admin(), open).await;
    let (_, group) = cloud.post(anna, "/v1.0/groups", json!({"displayName": "Partner managers"})).await;
    let (_, me) = cloud.get(anna, "/v1.0/me").await;
    let chosen = |guests: Value, anyone: Value| {
        json!({
            "isExternalSharingLimitedToGroups": true,
            "whoCanShareAuthenticatedGuestAllowList": guests,
            "whoCanShareAnonymousAllowList": anyone,
        })
    };
    set(&cloud, anna, SETTINGS, chosen(json!([group["id"]]), json!([]))).await;
    let maria = "maria@fabrikam.example";
    assert_eq!(share(&cloud, anna, site, maria).await, Err("sharerInNoGroup".to_owned()));
    assert_eq!(share(&cloud, anna, site, "anna@contoso.example").await, Ok(()), "inside is not concerned");
    assert_eq!(shared.seen_by_ben(&cloud).await, StatusCode::OK, "what was shared stays (G-6)");

    let member = format!("/v1.0/groups/{}/members/$ref", text(&group["id"]));
    let reference =
        json!({"@odata.id": format!("https://cloud.example/v1.0/directoryObjects/{}", text(&me["id"]))});
    let (status, answer) = cloud.post(anna, &member, reference).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    assert_eq!(share(&cloud, anna, site, maria).await, Ok(()));
    let children = format!("/v1.0/drives/{}/root/children", shared.drive);
    let (_, plans) = cloud.post(anna, &children, json!({"name": "Plans", "folder": {}})).await;
    let link = format!("/v1.0/drives/{}/items/{}/createLink", shared.drive, text(&plans["id"]));
    let anyone = json!({"type": "view", "scope": "anonymous"});
    let (status, body) = cloud.post(anna, &link, anyone.clone()).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("sharerGroupGuestsOnly")));
    set(&cloud, anna, SETTINGS, chosen(json!([]), json!([group["id"]]))).await;
    assert_eq!(cloud.post(anna, &link, anyone).await.0, StatusCode::CREATED);
    let unknown = chosen(json!(["00000000-0000-4000-8000-000000000000"]), json!([]));
    assert_eq!(cloud.patch(anna, SETTINGS, unknown).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn e_02_e_04_e_06_a_guests_time_in_a_site_ends_and_an_extension_brings_everything_back() {
    let cloud = Cloud::start().await;
    let shared = Shared::start(&cloud).await;
    let anna = &shared.anna;
    set(&cloud, anna, SETTINGS, json!({"externalUserExpireInDays": 30})).await;
    cloud.clock.move_on(40 * DAY);
    let (anna, ben) = (&cloud.anna().await, &cloud.token(cloud.ben_at_home(), cloud.contoso).await);
    let site = format!("/v1.0/sites/{}", shared.site);
    assert_eq!(cloud.get(ben, &site).await.0, StatusCode::OK, "who was there before has no end (E-3)");

    let (_, second) = cloud.post(anna, "/v1.0/sites", json!({"name": "Heron", "displayName": "Heron"})).await;
    let heron = text(&second["id"]);
    share(&cloud, anna, &heron, BEN).await.expect("shares");
    let guests = format!("/v1.0/sites/{heron}/guests");
    let (_, listed) = cloud.get(anna, &guests).await;
    assert_eq!(listed["value"][0]["user"]["email"], BEN, "{listed}");
    assert!(listed["value"][0]["expirationDateTime"].is_string(), "{listed}");
    let path = format!("/v1.0/sites/{heron}");
    assert_eq!(cloud.get(ben, &path).await.0, StatusCode::OK);
    assert_eq!(cloud.get(ben, &guests).await.0, StatusCode::FORBIDDEN, "owners alone");
    cloud.clock.move_on(31 * DAY);
    let (anna, ben) = (&cloud.anna().await, &cloud.token(cloud.ben_at_home(), cloud.contoso).await);
    assert_eq!(cloud.get(ben, &path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(cloud.get(ben, &site).await.0, StatusCode::OK, "each site has its own clock (E-2)");
    let extend = format!("{guests}/{}/extend", text(&listed["value"][0]["user"]["id"]));
    assert_eq!(cloud.post(ben, &extend, json!({})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(cloud.post(anna, &extend, json!({})).await.0, StatusCode::OK);
    assert_eq!(cloud.get(ben, &path).await.0, StatusCode::OK);
}

#[tokio::test]
async fn n_01_n_02_f_04_links_for_anyone_are_worth_what_their_caps_say_now() {
    let cloud = Cloud::start().await;
    let shared = Shared::start(&cloud).await;
    let anna = &shared.anna;
    let open = json!({"sharingCapability": "externalUserAndGuestSharing"});
    set(&cloud, anna, SETTINGS, open.clone()).await;
    set(&cloud, anna, &shared.admin(), open.clone()).await;
    let children = format!("/v1.0/drives/{}/root/children", shared.drive);
    let (_, plans) = cloud.post(anna, &children, json!({"name": "Plans", "folder": {}})).await;
    let link = format!("/v1.0/drives/{}/items/{}/createLink", shared.drive, text(&plans["id"]));
    let (status, made) = cloud.post(anna, &link, json!({"type": "edit", "scope": "anonymous"})).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let opened =
        format!("/v1.0/shares/u!{}", BASE64URL_NOPAD.encode(text(&made["link"]["webUrl"]).as_bytes()));
    let open_it = async |expected| {
        let (status, _, body) = cloud.send(anna, Method::GET, &opened, &[], "").await;
        assert_eq!(status, expected, "{}", String::from_utf8_lossy(&body));
    };
    open_it(StatusCode::OK).await;

    let caps = json!({"requireAnonymousLinksExpireInDays": 10, "folderAnonymousLinkType": "view"});
    set(&cloud, anna, SETTINGS, caps).await;
    let permission = format!(
        "/v1.0/drives/{}/items/{}/permissions/{}",
        shared.drive,
        text(&plans["id"]),
        text(&made["id"])
    );
    let (_, shown) = cloud.get(anna, &permission).await;
    assert_eq!(shown["roles"], json!(["read"]), "{shown}");
    assert!(shown["expirationDateTime"].is_string(), "{shown}");
    let (status, body) = cloud.post(anna, &link, json!({"type": "edit", "scope": "anonymous"})).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("anyoneLinkRoleAboveCap")));
    let long = json!({"type": "view", "scope": "anonymous", "expirationDateTime": "2199-01-01T00:00:00Z"});
    let (status, body) = cloud.post(anna, &link, long).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("anyoneLinkLastsTooLong")));
    let (status, widened) = cloud.patch(anna, &permission, json!({"roles": ["write"]})).await;
    assert_eq!(status, StatusCode::OK, "it has that role already: {widened}");
    cloud.clock.move_on(11 * DAY);
    let anna = &cloud.anna().await;
    let open_it = async |expected| {
        let (status, _, _) = cloud.send(anna, Method::GET, &opened, &[], "").await;
        assert_eq!(status, expected);
    };
    open_it(StatusCode::FORBIDDEN).await;
    set(&cloud, anna, SETTINGS, json!({"requireAnonymousLinksExpireInDays": 0})).await;
    open_it(StatusCode::OK).await;

    set(&cloud, anna, SETTINGS, json!({"defaultShareLinkScope": "anonymous"})).await;
    let (_, made) = cloud.post(anna, &link, json!({"type": "view"})).await;
    assert_eq!(made["link"]["scope"], "anonymous", "{made}");
    set(&cloud, anna, &shared.admin(), json!({"sharingCapability": "externalUserSharingOnly"})).await;
    let (_, made) = cloud.post(anna, &link, json!({"type": "view"})).await;
    assert_eq!(made["link"]["scope"], "organization", "{made}");
}

#[tokio::test]
async fn a_preview_tells_what_a_change_would_end_and_changes_nothing() {
    let cloud = Cloud::start().await;
    let shared = Shared::start(&cloud).await;
    let anna = &shared.anna;
    let preview = async |path: &str, body: Value| {
        let (status, told) = cloud.post(anna, &format!("{path}/preview"), body).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let losses = told["value"].as_array().expect("a list").clone();
        losses.iter().map(|loss| (text(&loss["user"]["email"]), text(&loss["code"]))).collect::<Vec<_>>()
    };
    let blocked = json!({"sharingBlockedDomainList": ["fabrikam.example"]});
    for path in [SETTINGS.to_owned(), shared.admin()] {
        let closed = (BEN.to_owned(), "domainClosed".to_owned());
        assert_eq!(preview(&path, blocked.clone()).await, [closed]);
        let off = (BEN.to_owned(), "sharingClosed".to_owned());
        assert_eq!(preview(&path, json!({"sharingCapability": "disabled"})).await, [off]);
        assert_eq!(preview(&path, json!({"sharingBlockedDomainList": ["other.example"]})).await, []);
        let (status, _) = cloud.post(&shared.ben, &format!("{path}/preview"), blocked.clone()).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    assert_eq!(shared.seen_by_ben(&cloud).await, StatusCode::OK);
}

#[tokio::test]
async fn s_4_9_who_may_invite_and_of_which_domains_is_the_organizations_to_say() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let carl = cloud.colleague("carl@contoso.example").await;
    let policy = "/v1.0/policies/authorizationPolicy";
    let invite = async |token: &str, address: &str| {
        let body = json!({"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://cloud.example/"});
        let (status, answer) = cloud.post(token, "/v1.0/invitations", body).await;
        if status == StatusCode::CREATED {
            "invited".to_owned()
        } else {
            text(&answer["error"]["innerError"]["code"])
        }
    };
    assert_eq!(invite(&carl, BEN).await, "invited");
    set(&cloud, &anna, policy, json!({"allowInvitesFrom": "adminsAndGuestInviters"})).await;
    assert_eq!(invite(&carl, BEN).await, "mayNotInvite");
    assert_eq!(invite(&anna, BEN).await, "invited");
    set(&cloud, &anna, policy, json!({"allowInvitesFrom": "none"})).await;
    assert_eq!(invite(&anna, BEN).await, "mayNotInvite", "administrators too");
    let lists = json!({"allowInvitesFrom": "everyone", "guestBlockedDomainList": ["fabrikam.example"]});
    set(&cloud, &anna, policy, lists).await;
    assert_eq!(invite(&carl, BEN).await, "invited", "who is known is no new guest");
    assert_eq!(invite(&carl, "maria@fabrikam.example").await, "domainNotAllowedByDirectory");
    // The invitation that is pending fails at redemption (4.9).
    let (status, _) = cloud.patch(&carl, policy, json!({"allowInvitesFrom": "everyone"})).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let boundary = cloud.boundary();
    let offer = directory::Offer::Any;
    let accepted = directory::accept_invitation(&boundary, cloud.runtime(), cloud.ben_at_home(), offer).await;
    assert!(matches!(
        accepted,
        Err(directory::DirectoryError::Refused(policy::Reason::DomainRefusedByDirectory))
    ));
}
