//! What a site as a whole lets happen, by every road a program has: Graph, the transfer API, links, and the addresses that
//! speak for somebody (sharing-and-guests.md 2.11, S-1, S-2, A-3). What is set decides the next request of everybody.

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

const SETTINGS: &str = "/v1.0/admin/sharepoint/settings";

/// Falcon with a file, shared with Ben, who syncs it; and what was given to him before anything was set.
struct Shared {
    cloud: Cloud,
    anna: String,
    ben: String,
    site: String,
    drive: String,
    root: String,
    file: String,
    download: String,
    upload: String,
}

impl Shared {
    async fn start() -> Self {
        let cloud = Cloud::start().await;
        let anna = cloud.anna().await;
        let (site, drive) = cloud.falcon(&anna).await;
        let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
        let (status, _) = cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), share).await;
        assert_eq!(status, StatusCode::OK);
        let ben = cloud.ben_as_guest().await;
        let base = format!("/v1.0/drives/{drive}");
        let path = format!("{base}/root:/Offer.txt:/content");
        let (status, _, body) = cloud.send(&anna, Method::PUT, &path, &[], b"an offer".to_vec()).await;
        assert_eq!(status, StatusCode::CREATED);
        let made: Value = serde_json::from_slice(&body).expect("JSON");
        let file = text(&made["id"]);
        let (_, seen) = cloud.get(&ben, &format!("{base}/items/{file}")).await;
        let download = text(&seen["@microsoft.graph.downloadUrl"]);
        let session = format!("{base}/root:/Later.txt:/createUploadSession");
        let (_, session) = cloud.post(&ben, &session, json!({})).await;
        let address = json!({"address": "https://cloud.example/contoso.example/sites/Falcon"});
        let (status, root) = cloud.post(&ben, "/transfer/v1/resolve", address).await;
        assert_eq!(status, StatusCode::OK, "{root}");
        let upload = text(&session["uploadUrl"]);
        Self { anna, ben, site, drive, root: text(&root["item"]), file, download, upload, cloud }
    }

    /// Sets something of the site as its administrator.
    async fn set(&self, body: Value) {
        let path = format!("/v1.0/admin/sites/{}", self.site);
        let (status, now) = self.cloud.patch(&self.anna, &path, body).await;
        assert_eq!(status, StatusCode::OK, "{now}");
        assert_eq!(
            self.cloud.get(&self.anna, &path).await,
            (StatusCode::OK, now),
            "GET answers what PATCH did"
        );
    }

    /// Returns the status and the inner code of an answer to a request.
    async fn ask(&self, token: &str, path: &str) -> (StatusCode, Option<String>) {
        told(self.cloud.send(token, Method::GET, path, &[], Vec::new()).await)
    }

    async fn list(&self, token: &str) -> (StatusCode, Option<String>) {
        self.ask(token, &format!("/v1.0/drives/{}/root/children", self.drive)).await
    }

    async fn content(&self, token: &str) -> (StatusCode, Option<String>) {
        self.ask(token, &format!("/v1.0/drives/{}/items/{}/content", self.drive, self.file)).await
    }

    async fn delta(&self, token: &str) -> (StatusCode, Option<String>) {
        let drive = self.drive.replace('!', "%21");
        self.ask(token, &format!("/transfer/v1/drives/{drive}/items/{}/delta", self.root)).await
    }

    async fn by_address(&self, method: Method, url: &str) -> (StatusCode, Option<String>) {
        let path = url.strip_prefix(testkit::cloud::ORIGIN).expect("an address of this cloud");
        let (headers, body): (&[(&str, &str)], &[u8]) = match method {
            Method::PUT => (&[("content-range", "bytes 0-4/5"), ("content-length", "5")], b"later"),
            _ => (&[], b""),
        };
        told(self.cloud.send("none-at-all", method, path, headers, body.to_vec()).await)
    }

    /// What Ben's client is told who asks with his account at home.
    async fn report(&self) -> Value {
        let home = self.cloud.token(self.cloud.ben_at_home(), self.cloud.fabrikam).await;
        let question = json!({
            "tenant": self.cloud.contoso.to_string(), "drive": self.drive, "item": self.root, "nonce": "fresh",
        });
        let body = serde_json::to_vec(&question).expect("JSON");
        let headers = [("content-type", "application/json")];
        let (status, _, body) =
            self.cloud.send(&home, Method::POST, "/transfer/v1/access", &headers, body).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        let statement = String::from_utf8(body).expect("a statement");
        let payload = statement.split('.').nth(1).expect("a payload");
        let payload = data_encoding::BASE64URL_NOPAD.decode(payload.as_bytes()).expect("Base64");
        serde_json::from_slice(&payload).expect("JSON")
    }

    async fn share_with(&self, token: &str, address: &str) -> Option<String> {
        let body = json!({"recipients": [{"email": address}], "roles": ["read"]});
        let path = format!("/v1.0/drives/{}/items/{}/invite", self.drive, self.file);
        let (status, answer) = self.cloud.post(token, &path, body).await;
        match status {
            StatusCode::OK => answer["value"][0]["error"]["code"].as_str().map(str::to_owned),
            _ => codes(&answer).1.map(str::to_owned),
        }
    }

    async fn link(&self, token: &str, scope: &str) -> (StatusCode, Value) {
        let path = format!("/v1.0/drives/{}/items/{}/createLink", self.drive, self.file);
        self.cloud.post(token, &path, json!({"type": "view", "scope": scope})).await
    }

    async fn losses(&self, body: Value) -> Vec<(String, String)> {
        let path = format!("/v1.0/admin/sites/{}/preview", self.site);
        let (status, told) = self.cloud.post(&self.anna, &path, body).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let losses = told["value"].as_array().expect("losses").iter();
        losses.map(|loss| (text(&loss["code"]), loss["user"]["email"].to_string())).collect()
    }
}

fn told((status, _, body): (StatusCode, HeaderMap, Vec<u8>)) -> (StatusCode, Option<String>) {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let code = &body["error"]["innerError"]["code"];
    (status, code.as_str().map(str::to_owned))
}

fn refused(code: &str) -> (StatusCode, Option<String>) {
    (StatusCode::FORBIDDEN, Some(code.to_owned()))
}

const FINE: (StatusCode, Option<String>) = (StatusCode::OK, None);

#[tokio::test]
async fn s_3_3_a_locked_site_lets_nobody_in_by_any_road_and_opens_again_as_it_was() {
    let shared = Shared::start().await;
    shared.set(json!({"lockState": "NoAccess"})).await;
    let locked = refused("siteLocked");
    for token in [&shared.anna, &shared.ben] {
        assert_eq!(shared.list(token).await, locked, "its owner too");
        assert_eq!(shared.content(token).await, locked);
        assert_eq!(shared.delta(token).await, locked);
    }
    assert_eq!(shared.by_address(Method::GET, &shared.download).await, locked);
    assert_eq!(shared.by_address(Method::PUT, &shared.upload).await.0, StatusCode::FORBIDDEN);
    let report = shared.report().await;
    assert_eq!((&report["state"], &report["reason"]), (&json!("suspended"), &json!("siteLocked")));
    let carl = shared.cloud.colleague("carl@contoso.example").await;
    assert_eq!(shared.list(&carl).await.0, StatusCode::NOT_FOUND, "to others there is still nothing");
    let admin = format!("/v1.0/admin/sites/{}", shared.site);
    for token in [&carl, &shared.ben] {
        let (status, _) = shared.cloud.patch(token, &admin, json!({"lockState": "Unlock"})).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "administrators alone take it away");
    }
    shared.set(json!({"lockState": "Unlock"})).await;
    assert_eq!((shared.list(&shared.ben).await, shared.content(&shared.ben).await), (FINE, FINE));
    assert_eq!(shared.by_address(Method::GET, &shared.download).await, FINE);
    assert_eq!(shared.report().await["state"], "active");
}

#[tokio::test]
async fn s_3_2_a_read_only_site_is_read_by_everybody_and_changed_by_nobody() {
    let shared = Shared::start().await;
    shared.set(json!({"lockState": "readonly"})).await;
    for token in [&shared.anna, &shared.ben] {
        assert_eq!((shared.list(token).await, shared.content(token).await), (FINE, FINE));
        assert_eq!(shared.delta(token).await, FINE);
        let path = format!("/v1.0/drives/{}/items/{}/content", shared.drive, shared.file);
        let put = shared.cloud.send(token, Method::PUT, &path, &[], b"other".to_vec()).await;
        assert_eq!(told(put), refused("siteReadOnly"));
    }
    let (status, code) = shared.by_address(Method::PUT, &shared.upload).await;
    assert_eq!(
        (status, code.as_deref()),
        (StatusCode::FORBIDDEN, Some("siteReadOnly")),
        "what was begun ends"
    );
    assert_eq!(
        shared.share_with(&shared.anna, "maria@fabrikam.example").await.as_deref(),
        Some("siteReadOnly")
    );
    let (status, answer) = shared.link(&shared.anna, "users").await;
    assert_eq!((status, codes(&answer).1), (StatusCode::FORBIDDEN, Some("siteReadOnly")));
    let report = shared.report().await;
    assert_eq!((&report["state"], &report["reason"]), (&json!("readOnly"), &json!("siteReadOnly")));
    let drive = shared.drive.replace('!', "%21");
    let delta = format!("/transfer/v1/drives/{drive}/items/{}/delta", shared.root);
    let (_, page) = shared.cloud.get(&shared.ben, &delta).await;
    assert!(
        page.to_string().contains("\"role\":\"read\"") && !page.to_string().contains("\"role\":\"write\""),
        "{page}"
    );

    let permissions = format!("/v1.0/sites/{}/permissions", shared.site);
    let (_, listed) = shared.cloud.get(&shared.anna, &permissions).await;
    let bens =
        listed["value"].as_array().expect("permissions").iter().find(|one| one.to_string().contains(BEN));
    let bens = text(&bens.expect("Ben's")["id"]);
    let (status, _) = shared.cloud.delete(&shared.anna, &format!("{permissions}/{bens}")).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "taking access away is always possible");
    assert_eq!(shared.list(&shared.ben).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn s_01_s_02_what_is_for_the_browser_is_closed_to_programs_and_says_so() {
    let shared = Shared::start().await;
    let cases = [
        ("AllowLimitedAccess", "siteOpensInBrowserOnly"),
        ("AuthenticationContext", "authenticationContextRequired"),
        ("BlockAccess", "deviceNotManaged"),
    ];
    for (policy, code) in cases {
        shared.set(json!({"conditionalAccessPolicy": policy})).await;
        for token in [&shared.anna, &shared.ben] {
            assert_eq!(shared.list(token).await, refused(code), "{policy}");
            assert_eq!(shared.content(token).await, refused(code), "{policy}");
            assert_eq!(shared.delta(token).await, refused(code), "{policy}");
        }
        assert_eq!(shared.by_address(Method::GET, &shared.download).await, refused(code), "{policy}");
        let report = shared.report().await;
        assert_eq!((&report["state"], &report["reason"]), (&json!("suspended"), &json!("syncNotAllowed")));
        let address = json!({"address": "https://cloud.example/contoso.example/sites/Falcon"});
        let (status, answer) = shared.cloud.post(&shared.ben, "/transfer/v1/resolve", address).await;
        assert_eq!(
            (status, codes(&answer).1),
            (StatusCode::FORBIDDEN, Some(code)),
            "told when it is added, too"
        );
    }
    shared.set(json!({"conditionalAccessPolicy": "AllowFullAccess"})).await;
    assert_eq!(shared.delta(&shared.ben).await, FINE);
}

#[tokio::test]
async fn s_2_11_blocked_downloads_leave_names_and_stop_sync_links_and_copies_to_elsewhere() {
    let shared = Shared::start().await;
    let (_, made) = shared.link(&shared.anna, "organization").await;
    let address = data_encoding::BASE64URL_NOPAD.encode(text(&made["link"]["webUrl"]).as_bytes());
    let content = format!("/v1.0/shares/u!{address}/driveItem/content");
    assert_eq!(shared.ask(&shared.anna, &content).await, FINE);
    shared.set(json!({"blockDownloadPolicy": true})).await;
    let blocked = refused("downloadBlocked");
    assert_eq!(shared.list(&shared.ben).await, FINE, "names stay");
    assert_eq!(shared.content(&shared.anna).await, blocked);
    assert_eq!(shared.by_address(Method::GET, &shared.download).await, blocked);
    assert_eq!(shared.ask(&shared.anna, &content).await, blocked);
    assert_eq!(shared.delta(&shared.ben).await, blocked);
    assert_eq!(shared.report().await["reason"], "syncNotAllowed");
    let (_, own) = shared.cloud.get(&shared.anna, "/v1.0/me/drive").await;
    let (_, root) = shared.cloud.get(&shared.anna, "/v1.0/me/drive/root").await;
    let copy = json!({"parentReference": {"driveId": own["id"], "id": root["id"]}});
    let path = format!("/v1.0/drives/{}/items/{}/copy", shared.drive, shared.file);
    let (status, answer) = shared.cloud.post(&shared.anna, &path, copy).await;
    assert_eq!((status, codes(&answer).1), (StatusCode::FORBIDDEN, Some("downloadBlocked")));
    shared.set(json!({"blockDownloadPolicy": false})).await;
    assert_eq!(shared.content(&shared.ben).await, FINE);
}

#[tokio::test]
async fn s_2_11_a_site_without_organization_links_makes_none_and_opens_none_anew() {
    let shared = Shared::start().await;
    let (_, made) = shared.link(&shared.anna, "organization").await;
    let address = data_encoding::BASE64URL_NOPAD.encode(text(&made["link"]["webUrl"]).as_bytes());
    let item = format!("/v1.0/shares/u!{address}/driveItem");
    let carl = shared.cloud.colleague("carl@contoso.example").await;
    shared.set(json!({"disableCompanyWideSharingLinks": true})).await;
    assert_eq!(shared.ask(&carl, &item).await.0, StatusCode::FORBIDDEN);
    let (status, answer) = shared.link(&shared.anna, "organization").await;
    assert_eq!((status, codes(&answer).1), (StatusCode::FORBIDDEN, Some("organizationLinksDisabled")));
    shared.set(json!({"disableCompanyWideSharingLinks": false})).await;
    assert_eq!(shared.ask(&carl, &item).await, FINE, "nothing was deleted");
}

#[tokio::test]
async fn s_2_11_a_preview_tells_whom_a_lock_would_stop_and_of_what() {
    let shared = Shared::start().await;
    let both = |code: &str| -> Vec<String> { vec![code.to_owned(); 2] };
    let cases = [
        (json!({"lockState": "NoAccess"}), both("siteLocked")),
        (json!({"lockState": "ReadOnly"}), both("siteReadOnly")),
        (json!({"conditionalAccessPolicy": "AllowLimitedAccess"}), both("siteOpensInBrowserOnly")),
        (json!({"conditionalAccessPolicy": "BlockAccess"}), both("deviceNotManaged")),
        (json!({"blockDownloadPolicy": true}), both("downloadBlocked")),
        (json!({"lockState": "Unlock"}), Vec::new()),
    ];
    for (body, expected) in cases {
        let losses = shared.losses(body.clone()).await;
        assert_eq!(losses.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>(), expected, "{body}");
    }
    assert_eq!(shared.list(&shared.ben).await, FINE, "nothing was changed");
    let path = format!("/v1.0/admin/sites/{}", shared.site);
    for bad in [
        json!({"lockState": "Shut"}),
        json!({"conditionalAccessPolicy": "Sometimes"}),
        json!({"lockState": 1}),
    ] {
        assert_eq!(shared.cloud.patch(&shared.anna, &path, bad).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_03_what_is_shared_of_a_personal_drive_is_shared_on_only_where_the_organization_lets_it() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let carl = cloud.colleague("carl@contoso.example").await;
    cloud.colleague("dora@contoso.example").await;
    let path = "/v1.0/me/drive/root:/Notes.txt:/content";
    let (_, _, body) = cloud.send(&anna, Method::PUT, path, &[], b"notes".to_vec()).await;
    let file: Value = serde_json::from_slice(&body).expect("JSON");
    let item =
        format!("/v1.0/drives/{}/items/{}", text(&file["parentReference"]["driveId"]), text(&file["id"]));
    let share = |to: &str| json!({"recipients": [{"email": to}], "roles": ["write"]});
    let invite = format!("{item}/invite");
    assert_eq!(cloud.post(&anna, &invite, share("carl@contoso.example")).await.0, StatusCode::OK);
    let mut seen = Vec::new();
    for setting in ["Off", "On", "Unspecified"] {
        let (status, now) = cloud.patch(&anna, SETTINGS, json!({"odbMembersCanShare": setting})).await;
        assert_eq!((status, &now["odbMembersCanShare"]), (StatusCode::OK, &json!(setting)));
        let (_, answer) = cloud.post(&carl, &invite, share("dora@contoso.example")).await;
        seen.push(answer["value"][0]["error"]["code"].as_str().map(str::to_owned));
        let (status, _) =
            cloud.post(&carl, &format!("{item}/createLink"), json!({"type": "view", "scope": "users"})).await;
        assert_eq!(status == StatusCode::FORBIDDEN, setting == "Off", "{setting}");
    }
    assert_eq!(seen, [Some("mayNotManageSharing".to_owned()), None, None]);
    let (_, now) = cloud.patch(&anna, SETTINGS, json!({"odbAccessRequests": "Off"})).await;
    assert_eq!(now["odbAccessRequests"], "Off");
    assert_eq!(
        cloud.patch(&anna, SETTINGS, json!({"odbMembersCanShare": "Maybe"})).await.0,
        StatusCode::BAD_REQUEST
    );
}
