//! The audit trail and access reviews, for administrators and for owners of the site asked about; and what stands between a
//! person and syncing.

use serde_json::json;

use crate::isolation::case::{Case, Expect, case};
use crate::world::{Ask, Who};

const ADMINS: [Who; 2] = [Who::Admin, Who::StrangerAdmin];

pub(super) fn cases() -> Vec<Case> {
    [trail(), of_a_site(), settings(), explain(), review(), notifications()].into_iter().flatten().collect()
}

/// Questions that only administrators may ask. They are told of sites and people, not of what is in a site: the
/// operation asked for here says nothing else.
fn trail() -> Vec<Case> {
    let about = "operation=SiteCollectionCreated";
    let filter = "$filter=activityDisplayName%20eq%20'SiteCollectionCreated'";
    vec![
        case("GET /v1.0/admin/audit", "every site that was made", move |_| {
            Ask::get(format!("/v1.0/admin/audit?{about}"))
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], |at| at.things.falcon.site.clone()),
        case("GET /v1.0/auditLogs/directoryAudits", "every site that was made", move |_| {
            Ask::get(format!("/v1.0/auditLogs/directoryAudits?{filter}"))
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], |_| "Falkenhorst-Vorhaben".to_owned()),
        case("GET /v1.0/admin/audit/export", "every site that was made", move |_| {
            Ask::get(format!("/v1.0/admin/audit/export?format=jsonl&{about}"))
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], |at| at.things.falcon.site.clone()),
        case("GET /v1.0/admin/audit/verification", "whether it is intact", |_| {
            Ask::get("/v1.0/admin/audit/verification")
        })
        .everybody(Expect::Blind(403))
        .open(&ADMINS),
    ]
}

fn of_a_site() -> Vec<Case> {
    let cases = [
        case("GET /v1.0/admin/audit", "what happened in the site", |at| {
            Ask::get(format!("/v1.0/admin/audit?operation=AddedToGroup&site={}", at.things.falcon.site))
        }),
        case("GET /v1.0/admin/audit/export", "what happened in the site", |at| {
            Ask::get(format!(
                "/v1.0/admin/audit/export?operation=AddedToGroup&site={}",
                at.things.falcon.site
            ))
        }),
    ];
    let open = |case: Case| {
        case.forbidden(&[Who::FolderGuest, Who::Reader, Who::SiteGuest])
            .shows(&[Who::Owner, Who::Admin], |at| at.things.falcon.site.clone())
    };
    cases.into_iter().map(open).collect()
}

fn settings() -> Vec<Case> {
    vec![
        case("GET /v1.0/admin/audit/settings", "how long it is kept", |_| {
            Ask::get("/v1.0/admin/audit/settings")
        })
        .everybody(Expect::Blind(403))
        .open(&ADMINS),
        case("PATCH /v1.0/admin/audit/settings", "how long it is kept", |_| {
            Ask::patch("/v1.0/admin/audit/settings", &json!({ "retentionInDays": 365 }))
        })
        .everybody(Expect::Blind(403))
        .open(&ADMINS),
    ]
}

fn explain() -> Vec<Case> {
    let gustav = || json!({ "person": "gustav@fabrikam.example" });
    vec![
        case("POST /v1.0/sites/{site}/explain", "a guest and the site", move |at| {
            Ask::post(format!("/v1.0/sites/{}/explain", at.things.falcon.site), &gustav())
        })
        .forbidden(&[Who::Reader])
        .shows(&[Who::Owner, Who::Admin, Who::SiteGuest], |_| "noPermission".to_owned()),
        case("POST /v1.0/drives/{drive}/items/{item}/explain", "oneself and the hidden folder", |at| {
            let (drive, item) = (&at.things.falcon.drive, &at.things.hidden);
            Ask::post(format!("/v1.0/drives/{drive}/items/{item}/explain"), &json!({}))
        })
        .open(&[Who::Reader, Who::SiteGuest, Who::Owner, Who::Admin]),
        case("POST /v1.0/drives/{drive}/root/explain", "oneself and the library", |at| {
            Ask::post(format!("/v1.0/drives/{}/root/explain", at.things.falcon.drive), &json!({}))
        })
        .open(&[Who::Reader, Who::SiteGuest, Who::Owner]),
    ]
}

fn review() -> Vec<Case> {
    let outside = &[Who::FolderGuest, Who::Reader, Who::SiteGuest];
    vec![
        case("GET /v1.0/admin/sharedOutside", "one row of everything", |_| {
            Ask::get("/v1.0/admin/sharedOutside?$top=1&$skiptoken=l.")
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::Admin], Expect::Told)
        .open(&[Who::StrangerAdmin]),
        case("GET /v1.0/admin/sharedOutside", "what the site shares", |at| {
            Ask::get(format!("/v1.0/admin/sharedOutside?site={}", at.things.falcon.site))
        })
        .forbidden(outside)
        .for_these(&[Who::Admin], Expect::Told)
        .shows(&[Who::Owner], |_| "gustav@fabrikam.example".to_owned()),
        case("GET /v1.0/sites/{site}/accessReview", "who has access", |at| {
            Ask::get(format!("/v1.0/sites/{}/accessReview", at.things.falcon.site))
        })
        .forbidden(outside)
        .for_these(&[Who::Admin], Expect::Told)
        .shows(&[Who::Owner], |_| "gustav@fabrikam.example".to_owned()),
        case("GET /v1.0/sites/{site}/sharingReport", "who has access, as a table", |at| {
            Ask::get(format!("/v1.0/sites/{}/sharingReport", at.things.falcon.site))
        })
        .forbidden(outside)
        .for_these(&[Who::Admin], Expect::Told)
        .shows(&[Who::Owner], |_| "gustav@fabrikam.example".to_owned()),
        case("GET /v1.0/users/{user}/accessReview", "what a guest has", |at| {
            Ask::get(format!("/v1.0/users/{}/accessReview", at.things.spare_guest))
        })
        .for_these(&[Who::FolderGuest, Who::Reader, Who::SiteGuest, Who::PlainGuest], Expect::Blind(403))
        .for_these(&[Who::HeronGuest, Who::Revoked], Expect::Blind(403))
        .for_these(&[Who::Admin], Expect::Told)
        .open(&[Who::Owner, Who::Colleague]),
        case("POST /v1.0/sites/{site}/accessReview/decisions", "a permission stays", |at| {
            let body = json!({ "permissionId": at.things.falcon.permission, "decision": "keep" });
            Ask::post(format!("/v1.0/sites/{}/accessReview/decisions", at.things.falcon.site), &body)
        })
        .forbidden(outside)
        .open(&[Who::Owner, Who::Admin]),
    ]
}

fn notifications() -> Vec<Case> {
    const PATH: &str = "/v1.0/admin/sharing/notifications";
    vec![
        case("GET /v1.0/admin/sharing/notifications", "who is told", |_| Ask::get(PATH))
            .everybody(Expect::Blind(403))
            .open(&ADMINS),
        case("PATCH /v1.0/admin/sharing/notifications", "who is told", |_| {
            Ask::patch(PATH, &json!({ "ownerAnonymousNotification": true }))
        })
        .everybody(Expect::Blind(403))
        .open(&ADMINS),
    ]
}
