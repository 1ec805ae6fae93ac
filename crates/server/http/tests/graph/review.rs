//! Access review, what is shared outside, the sharing report, the audit trail, and what owners are told (B09, B10).

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

/// Anna's site with a guest, a group with a guest, a link for anyone and one that names an address.
struct World {
    cloud: Cloud,
    anna: String,
    site: String,
    drive: String,
    file: String,
}

impl World {
    async fn new() -> Self {
        let cloud = Cloud::start().await;
        let anna = cloud.anna().await;
        let (site, drive) = cloud.falcon(&anna).await;
        let open = json!({"sharingCapability": "externalUserAndGuestSharing"});
        assert_eq!(
            cloud.patch(&anna, "/v1.0/admin/sharepoint/settings", open.clone()).await.0,
            StatusCode::OK
        );
        assert_eq!(cloud.patch(&anna, &format!("/v1.0/admin/sites/{site}"), open).await.0, StatusCode::OK);
        let path = format!("/v1.0/drives/{drive}/root:/=plan.txt:/content");
        let (_, _, put) = cloud.send(&anna, Method::PUT, &path, &[], "a").await;
        let file: Value = serde_json::from_slice(&put).expect("JSON");
        let file = text(&file["id"]);
        let world = Self { cloud, anna, site, drive, file };
        world.invite(&format!("/sites/{}", world.site), BEN).await;
        world.invite(&world.item(), "x@elsewhere.example").await;
        let link = json!({"type": "view", "scope": "anonymous"});
        let (status, made) =
            world.cloud.post(&world.anna, &format!("/v1.0{}/createLink", world.item()), link).await;
        assert!(status.is_success(), "{made}");
        world
    }

    fn item(&self) -> String {
        format!("/drives/{}/items/{}", self.drive, self.file)
    }

    async fn invite(&self, place: &str, address: &str) {
        let body = json!({"recipients": [{"email": address}], "roles": ["write"], "requireSignIn": true});
        let (status, said) = self.cloud.post(&self.anna, &format!("/v1.0{place}/invite"), body).await;
        assert!(status.is_success(), "{said}");
    }

    /// Reads all pages of a list, two rows at a time.
    async fn all(&self, token: &str, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut path = format!("/v1.0{path}{mark}$top=2");
        let mut rows = Vec::new();
        loop {
            let (status, page) = self.cloud.get(token, &path).await;
            assert_eq!(status, StatusCode::OK, "{page}");
            rows.extend(page["value"].as_array().expect("rows").clone());
            match page["@odata.nextLink"].as_str() {
                Some(next) => path = next.trim_start_matches(testkit::cloud::ORIGIN).to_owned(),
                None => return rows,
            }
        }
    }

    async fn operations(&self) -> Vec<String> {
        let rows = self.all(&self.anna, &format!("/admin/audit?site={}", self.site)).await;
        rows.iter().map(|row| text(&row["operation"])).collect()
    }

    /// The mails that wait, by kind and recipient.
    async fn mails(&self, kind: &str) -> Vec<String> {
        let mails = self.cloud.mails().await;
        let mails = mails.iter().filter_map(|mail| serde_json::from_str::<Value>(mail).ok());
        let mut told: Vec<String> =
            mails.filter(|mail| mail["kind"] == kind).map(|mail| text(&mail["recipient"])).collect();
        told.sort_unstable();
        told
    }
}

#[tokio::test]
async fn r_b09_owners_and_administrators_find_everything_shared_outside_and_nothing_else() {
    let world = World::new().await;
    let rows = world.all(&world.anna, "/admin/sharedOutside").await;
    let mut found: Vec<&str> = rows.iter().filter_map(|row| row["holderType"].as_str()).collect();
    found.sort_unstable();
    assert_eq!(found, ["anyone", "guest", "named"], "{rows:?}");
    let guest = rows.iter().find(|row| row["holderType"] == "guest").expect("the guest");
    assert_eq!(
        (&guest["holder"]["email"], &guest["through"], &guest["role"]),
        (&json!(BEN), &json!("direct"), &json!("write"))
    );
    let all = world.all(&world.anna, &format!("/sites/{}/accessReview", world.site)).await;
    assert!(all.iter().any(|row| row["holderType"] == "group") && all.len() > rows.len());
    let kolja = world.cloud.colleague("kolja@contoso.example").await;
    let refused = world.cloud.get(&kolja, "/v1.0/admin/sharedOutside").await;
    assert_eq!((refused.0, codes(&refused.1).1), (StatusCode::FORBIDDEN, Some("roleRequired")));
    let hidden = world.cloud.get(&kolja, &format!("/v1.0/admin/sharedOutside?site={}", world.site)).await;
    assert_eq!(hidden.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_b09_a_decision_keeps_or_ends_one_access_and_is_recorded() {
    let world = World::new().await;
    let ben = world.cloud.ben_as_guest().await;
    assert_eq!(world.cloud.get(&ben, &format!("/v1.0/sites/{}", world.site)).await.0, StatusCode::OK);
    let rows = world.all(&world.anna, "/admin/sharedOutside").await;
    let of = |kind: &str| rows.iter().find(|row| row["holderType"] == kind).expect("a row").clone();
    let path = format!("/v1.0/sites/{}/accessReview/decisions", world.site);
    let keep = json!({"permissionId": of("guest")["permissionId"], "decision": "keep"});
    assert_eq!(world.cloud.post(&world.anna, &path, keep).await.0, StatusCode::OK);
    let kept = world.all(&world.anna, "/admin/sharedOutside").await;
    assert!(kept.iter().any(|row| row["decision"] == "keep" && row["decided"].is_string()), "{kept:?}");
    let me = world.cloud.get(&world.anna, "/v1.0/users?$filter=userType%20eq%20'Guest'").await.1;
    let guest = text(&me["value"][0]["id"]);
    let review = world.cloud.get(&world.anna, &format!("/v1.0/users/{guest}/accessReview")).await.1;
    assert_eq!(review["value"][0]["siteName"], "Project Falcon", "{review}");
    assert!(review["value"][0]["lastUsed"].is_string() || review["value"][0]["lastUsed"].is_null());
    for (kind, id) in [("guest", "permissionId"), ("anyone", "linkId")] {
        let remove = json!({id: of(kind)[id], "decision": "remove"});
        let (status, said) = world.cloud.post(&world.anna, &path, remove.clone()).await;
        assert_eq!(status, StatusCode::OK, "{said}");
        assert_eq!(world.cloud.post(&world.anna, &path, remove).await.0, StatusCode::NOT_FOUND, "it is gone");
    }
    assert_eq!(world.cloud.get(&ben, &format!("/v1.0/sites/{}", world.site)).await.0, StatusCode::NOT_FOUND);
    let operations = world.operations().await;
    for operation in ["AccessReviewDecision", "SharingRevoked", "AnonymousLinkRemoved"] {
        assert!(operations.iter().any(|known| known == operation), "{operation}: {operations:?}");
    }
    let groups = world.all(&world.anna, &format!("/sites/{}/accessReview", world.site)).await;
    let owners =
        groups.iter().find(|row| row["holderType"] == "group" && row["role"] == "owner").expect("owners");
    let remove = json!({"permissionId": owners["permissionId"], "decision": "remove"});
    let refused = world.cloud.post(&world.anna, &path, remove).await;
    assert_eq!((refused.0, codes(&refused.1).1), (StatusCode::FORBIDDEN, Some("lastOwner")));
}

#[tokio::test]
async fn s_7_4_the_report_has_the_originals_columns_and_no_formula() {
    let world = World::new().await;
    world.invite(&world.item(), BEN).await;
    let path = format!("/v1.0/sites/{}/sharingReport", world.site);
    let (status, headers, body) = world.cloud.send(&world.anna, Method::GET, &path, &[], "").await;
    assert_eq!(
        (status, headers["content-type"].to_str().expect("text")),
        (StatusCode::OK, "text/csv; charset=utf-8")
    );
    let report = String::from_utf8(body).expect("UTF-8");
    let first = report.lines().next().expect("a line");
    let columns = "Resource Path,Item Type,Permission,User Name,User E-mail,User or Group Type,Link ID,Link Type,AccessViaLinkID";
    assert_eq!(first, columns);
    assert!(report.contains(&format!("Falcon/=plan.txt,File,Contribute,{BEN},{BEN},Guest,,,")), "{report}");
    assert!(report.contains("SharePoint group") && !report.contains("anonymous"), "{report}");
}

#[tokio::test]
async fn r_b09_the_audit_trail_is_asked_in_pages_exported_and_verified() {
    let world = World::new().await;
    let site = format!("/admin/audit?site={}", world.site);
    let rows = world.all(&world.anna, &site).await;
    let set = rows.iter().find(|row| row["operation"] == "SharingSet").expect("it was shared");
    assert_eq!(
        (&set["targetUserOrGroupType"], &set["targetUserOrGroupName"]),
        (&json!("Guest"), &json!(BEN))
    );
    assert_eq!(
        (&set["workload"], &set["recordType"]),
        (&json!("SharePoint"), &json!("SharePointSharingOperation"))
    );
    assert!(set["objectId"].as_str().is_some_and(|url| url.contains("/sites/Falcon")), "{set}");
    let link = rows.iter().find(|row| row["operation"] == "SecureLinkCreated").expect("a link was made");
    let added = rows.iter().find(|row| row["operation"] == "AddedToSecureLink").expect("with a name in it");
    assert_eq!(link["uniqueSharingId"], added["uniqueSharingId"]);
    let filtered =
        world.all(&world.anna, &format!("{site}&operation=SharingSet,FileUploaded&person={BEN}")).await;
    assert!(!filtered.is_empty() && filtered.iter().all(|row| row["operation"] == "SharingSet"));
    let graph = "/auditLogs/directoryAudits?$filter=activityDisplayName%20eq%20'SharingSet'";
    let graph = world.all(&world.anna, graph).await;
    assert_eq!(graph[0]["initiatedBy"]["user"]["userPrincipalName"], "anna@contoso.example");
    let exported = |format: &str| format!("/v1.0{}&format={format}", site.replace("audit?", "audit/export?"));
    let (_, _, csv) = world.cloud.send(&world.anna, Method::GET, &exported("csv"), &[], "").await;
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert!(csv.starts_with("CreationTime,UserId,Operation") && csv.contains("'=plan.txt"), "{csv}");
    assert_eq!(csv.lines().count(), rows.len() + 1);
    let (_, _, lines) = world.cloud.send(&world.anna, Method::GET, &exported("jsonl"), &[], "").await;
    let lines = String::from_utf8(lines).expect("UTF-8");
    assert!(lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    world.cloud.identity.seal_audit(world.cloud.contoso).await.expect("seals");
    let verified = world.cloud.get(&world.anna, "/v1.0/admin/audit/verification").await.1;
    assert_eq!((verified["intact"] == true, &verified["unsealed"]), (true, &json!(0)), "{verified}");
    let days = json!({"retentionInDays": 365});
    assert_eq!(
        world.cloud.patch(&world.anna, "/v1.0/admin/audit/settings", days.clone()).await,
        (StatusCode::OK, days)
    );
}

#[tokio::test]
async fn s_7_2_every_way_to_share_writes_the_originals_operations() {
    let world = World::new().await;
    // A known guest and the owners' group; a new guest of a site; an unknown address by a link; a link for anyone.
    let written = world.operations().await;
    for operation in [
        "AddedToGroup",
        "SharingInvitationCreated",
        "SharingSet",
        "SecureLinkCreated",
        "AddedToSecureLink",
        "AnonymousLinkCreated",
    ] {
        assert!(written.iter().any(|known| known == operation), "{operation}: {written:?}");
    }
    let made = written.iter().rposition(|known| known == "SecureLinkCreated");
    let added = written.iter().rposition(|known| known == "AddedToSecureLink");
    assert!(made.zip(added).is_some(), "{written:?}");
    world.cloud.ben_as_guest().await;
    let accepted = world.all(&world.anna, "/admin/audit?operation=SharingInvitationAccepted").await;
    assert_eq!(accepted[0]["eventData"]["AcceptedBy"], BEN);
    assert_eq!(accepted[0]["targetUserOrGroupName"], BEN);
}

#[tokio::test]
async fn r_b10_owners_hear_of_what_somebody_else_opens_to_people_outside() {
    let world = World::new().await;
    assert_eq!(world.mails("ownerShared").await, [""; 0], "who did it is not told");
    let bcc = json!({"bccExternalSharingInvitationsList": ["watch@contoso.example"]});
    let path = "/v1.0/admin/sharing/notifications";
    assert_eq!(world.cloud.patch(&world.anna, path, bcc).await.0, StatusCode::OK);
    let kolja = world.cloud.colleague("kolja@contoso.example").await;
    world.invite(&format!("/sites/{}", world.site), "kolja@contoso.example").await;
    let share = json!({"recipients": [{"email": "new@fabrikam.example"}], "roles": ["read"]});
    let (status, said) =
        world.cloud.post(&kolja, &format!("/v1.0{}/invite", world.item()), share.clone()).await;
    assert!(status.is_success(), "{said}");
    let told = ["anna@contoso.example", "watch@contoso.example"];
    assert_eq!(world.mails("ownerShared").await, told);
    // Asking again gives nothing new, and nobody is told again.
    world.cloud.post(&kolja, &format!("/v1.0{}/invite", world.item()), share).await;
    assert_eq!(world.mails("ownerShared").await, told);
    let link = json!({"type": "view", "scope": "anonymous", "expirationDateTime": "2099-01-01T00:00:00Z"});
    world.cloud.post(&kolja, &format!("/v1.0{}/createLink", world.item()), link).await;
    assert_eq!(world.mails("ownerAnyoneLink").await, ["anna@contoso.example"]);
    world.cloud.ben_as_guest().await;
    assert_eq!(world.mails("ownerAccepted").await, ["anna@contoso.example"]);

    let off = json!({"notifyOwnersWhenItemsReshared": false, "ownerAnonymousNotification": false,
        "notifyOwnersWhenInvitationsAccepted": false, "bccExternalSharingInvitationsList": []});
    assert_eq!(world.cloud.patch(&world.anna, path, off).await.0, StatusCode::OK);
    let share = json!({"recipients": [{"email": "maria@fabrikam.example"}], "roles": ["read"]});
    world.cloud.post(&kolja, &format!("/v1.0{}/invite", world.item()), share).await;
    assert_eq!(world.mails("ownerShared").await, told, "nobody more");
}

#[tokio::test]
async fn e_05_owners_are_warned_once_a_week_of_guests_whose_time_ends_in_two_to_three_weeks() {
    let world = World::new().await;
    let life = json!({"externalUserExpirationRequired": true, "externalUserExpireInDays": 30});
    let (status, said) = world.cloud.patch(&world.anna, "/v1.0/admin/sharepoint/settings", life).await;
    assert_eq!(status, StatusCode::OK, "{said}");
    world.invite(&format!("/sites/{}", world.site), "maria@fabrikam.example").await;
    let system = storage::System::new(world.cloud.store.clone(), world.cloud.contoso, "test");
    let warn =
        || async { directory::warn_of_ending_stays(&system, testkit::cloud::ORIGIN).await.expect("warns") };
    assert_eq!(warn().await, 0, "the end is four weeks away");
    world.cloud.clock.move_on(13 * 24 * 3_600);
    assert_eq!(warn().await, 1);
    assert_eq!(world.mails("staysEnding").await, ["anna@contoso.example"]);
    assert_eq!(warn().await, 0, "once a week");
    world.cloud.clock.move_on(7 * 24 * 3_600 + 60);
    assert_eq!(warn().await, 0, "each end is in one warning");
}
