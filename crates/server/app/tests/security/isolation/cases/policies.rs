//! Administration of sites and policies: administrators see and set them, a site's owners see how long guests stay.

use serde_json::json;

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, Who};

pub(super) fn cases() -> Vec<Case> {
    [sharing(), what_if(), conditional_access(), terms_of_use(), named_locations(), cross_tenant()]
        .into_iter()
        .flatten()
        .collect()
}

fn sharing() -> Vec<Case> {
    let display_name = |_: &At<'_>| "Falkenhorst-Vorhaben".to_owned();
    vec![
        case("GET /v1.0/admin/sharepoint/settings", "the levels", |_| {
            Ask::get("/v1.0/admin/sharepoint/settings")
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("PATCH /v1.0/admin/sharepoint/settings", "the levels", |_| {
            let body = json!({ "sharingCapability": "externalUserSharingOnly" });
            Ask::patch("/v1.0/admin/sharepoint/settings", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("POST /v1.0/admin/sharepoint/settings/preview", "a change of the levels", |_| {
            let body = json!({ "sharingCapability": "disabled" });
            Ask::post("/v1.0/admin/sharepoint/settings/preview", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], display_name),
        case("GET /v1.0/policies/authorizationPolicy", "who invites", |_| {
            Ask::get("/v1.0/policies/authorizationPolicy")
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("PATCH /v1.0/policies/authorizationPolicy", "who invites", |_| {
            let body = json!({ "allowInvitesFrom": "adminsGuestInvitersAndAllMembers" });
            Ask::patch("/v1.0/policies/authorizationPolicy", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("POST /v1.0/admin/guests/invite", "two at once", |at| {
            let people = json!([
                { "name": "Neu", "email": format!("neu-a{}@anderswo.example", at.who as usize) },
                { "email": "keine Adresse" },
            ]);
            let body = json!({ "people": people, "inviteRedirectUrl": "https://cloud.example/" });
            Ask::post("/v1.0/admin/guests/invite", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Application])
        .open(&Who::MEMBERS)
        .open(&Who::AT_FABRIKAM),
        case("POST /v1.0/admin/guests/{user}/merge", "a guest with somebody who is none", |at| {
            let body = json!({ "duplicateId": at.things.owner });
            Ask::post(format!("/v1.0/admin/guests/{}/merge", at.things.spare_guest), &body)
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .for_these(&[Who::Admin], Expect::Status(400)),
        case("GET /v1.0/sites/{site}/guests", "how long guests stay", |at| {
            Ask::get(format!("/v1.0/sites/{}/guests", at.things.falcon.site))
        })
        .forbidden(&[Who::FolderGuest, Who::Reader, Who::SiteGuest])
        .shows(&[Who::Owner], |_| "gustav@fabrikam.example".to_owned()),
        case("POST /v1.0/sites/{site}/guests/{guest}/extend", "a guest stays on", |at| {
            let (site, guest) = (&at.things.falcon.site, &at.things.spare_guest);
            Ask::post(format!("/v1.0/sites/{site}/guests/{guest}/extend"), &json!({}))
        })
        .forbidden(&[Who::FolderGuest, Who::Reader, Who::SiteGuest])
        .open(&[Who::Owner]),
        case("GET /v1.0/admin/sites/{site}", "the site's sharing", |at| {
            Ask::get(format!("/v1.0/admin/sites/{}", at.things.falcon.site))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case("POST /v1.0/admin/sites/{site}/preview", "a change of the site's level", |at| {
            let body = json!({ "sharingCapability": "disabled" });
            Ask::post(format!("/v1.0/admin/sites/{}/preview", at.things.falcon.site), &body)
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .shows(&[Who::Admin], display_name),
        case("GET /v1.0/admin/sites", "every site", |_| Ask::get("/v1.0/admin/sites"))
            .everybody(Expect::Blind(403))
            .open(&[Who::StrangerAdmin])
            .shows(&[Who::Admin, Who::Application], |_| "Falkenhorst-Vorhaben".to_owned()),
        case("PATCH /v1.0/admin/sites/{site}", "the site's gate, left open", |at| {
            let body = json!({ "lockState": "Unlock", "conditionalAccessPolicy": "AllowFullAccess" });
            Ask::patch(format!("/v1.0/admin/sites/{}", at.things.falcon.site), &body)
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case("PATCH /v1.0/admin/sites/{site}", "the site's level", |at| {
            let body = json!({ "sharingCapability": "externalUserSharingOnly" });
            Ask::patch(format!("/v1.0/admin/sites/{}", at.things.falcon.site), &body)
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
    ]
}

fn conditional_access() -> Vec<Case> {
    vec![
        case("GET /v1.0/identity/conditionalAccess/policies", "all policies", |_| {
            Ask::get("/v1.0/identity/conditionalAccess/policies")
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("POST /v1.0/identity/conditionalAccess/policies", "a policy about nobody", |_| {
            let conditions = json!({ "users": { "includeUsers": ["None"] } });
            let grant = json!({ "operator": "OR", "builtInControls": ["block"] });
            let body = json!({ "displayName": "Niemand", "conditions": conditions, "grantControls": grant });
            Ask::post("/v1.0/identity/conditionalAccess/policies", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /v1.0/identity/conditionalAccess/policies/{policy}", "one policy", |at| {
            Ask::get(format!("/v1.0/identity/conditionalAccess/policies/{}", at.things.access_policy))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .shows(&[Who::Admin], |_| "Torwache".to_owned()),
        case("PATCH /v1.0/identity/conditionalAccess/policies/{policy}", "one policy", |at| {
            let body = json!({ "state": "disabled" });
            Ask::patch(
                format!("/v1.0/identity/conditionalAccess/policies/{}", at.things.access_policy),
                &body,
            )
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case("DELETE /v1.0/identity/conditionalAccess/policies/{policy}", "one policy", |at| {
            Ask::delete(format!("/v1.0/identity/conditionalAccess/policies/{}", at.things.access_policy))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
    ]
}

fn terms_of_use() -> Vec<Case> {
    const AGREEMENTS: &str = "/v1.0/identityGovernance/termsOfUse/agreements";
    let one = |at: &At<'_>| format!("{AGREEMENTS}/{}", at.things.agreement);
    let name = |_: &At<'_>| "Hausordnung".to_owned();
    let file = json!({ "fileName": "b.txt", "language": "de", "fileData": { "data": "QW5kZXJz" } });
    let new = json!({ "displayName": "Neue Ordnung", "files": [file] });
    vec![
        case("GET /v1.0/identityGovernance/termsOfUse/agreements", "all agreements", |_| {
            Ask::get(AGREEMENTS)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], name),
        case("POST /v1.0/identityGovernance/termsOfUse/agreements", "an agreement", move |_| {
            Ask::post(AGREEMENTS, &new)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /v1.0/identityGovernance/termsOfUse/agreements/{agreement}", "one", move |at| {
            Ask::get(one(at))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .shows(&[Who::Admin], name),
        case(
            "GET /v1.0/identityGovernance/termsOfUse/agreements/{agreement}/acceptances",
            "nobody's",
            move |at| Ask::get(format!("{}/acceptances", one(at))),
        )
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case("PATCH /v1.0/identityGovernance/termsOfUse/agreements/{agreement}", "one", move |at| {
            Ask::patch(one(at), &json!({ "isViewingBeforeAcceptanceRequired": true }))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case("DELETE /v1.0/identityGovernance/termsOfUse/agreements/{agreement}", "one", move |at| {
            Ask::delete(one(at))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
    ]
}

fn named_locations() -> Vec<Case> {
    const LOCATIONS: &str = "/v1.0/identity/conditionalAccess/namedLocations";
    let one = |at: &At<'_>| format!("{LOCATIONS}/{}", at.things.named_location);
    vec![
        case("GET /v1.0/identity/conditionalAccess/namedLocations", "all locations", |_| Ask::get(LOCATIONS))
            .everybody(Expect::Blind(403))
            .open(&[Who::StrangerAdmin])
            .shows(&[Who::Admin], |_| "Dachboden".to_owned()),
        case("POST /v1.0/identity/conditionalAccess/namedLocations", "a location", |_| {
            let body = json!({
                "@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Keller",
                "ipRanges": [{ "cidrAddress": "198.51.100.0/24" }],
            });
            Ask::post(LOCATIONS, &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /v1.0/identity/conditionalAccess/namedLocations/{location}", "one location", move |at| {
            Ask::get(one(at))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .shows(&[Who::Admin], |_| "Dachboden".to_owned()),
        case("PATCH /v1.0/identity/conditionalAccess/namedLocations/{location}", "one location", move |at| {
            Ask::patch(one(at), &json!({ "isTrusted": true }))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case(
            "DELETE /v1.0/identity/conditionalAccess/namedLocations/{location}",
            "one location",
            move |at| Ask::delete(one(at)),
        )
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
    ]
}

fn cross_tenant() -> Vec<Case> {
    const DEFAULT: &str = "/v1.0/policies/crossTenantAccessPolicy/default";
    const PARTNERS: &str = "/v1.0/policies/crossTenantAccessPolicy/partners";
    let one = |at: &At<'_>| format!("{PARTNERS}/{}", at.things.partner);
    let trust = || json!({ "inboundTrust": { "isMfaAccepted": false } });
    vec![
        case("GET /v1.0/policies/crossTenantAccessPolicy/default", "the default", |_| Ask::get(DEFAULT))
            .everybody(Expect::Blind(403))
            .open(&[Who::Admin, Who::StrangerAdmin]),
        case("PATCH /v1.0/policies/crossTenantAccessPolicy/default", "the default", move |_| {
            Ask::patch(DEFAULT, &trust())
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /v1.0/policies/crossTenantAccessPolicy/partners", "all organizations", |_| {
            Ask::get(PARTNERS)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], |at| at.things.partner.clone()),
        case("POST /v1.0/policies/crossTenantAccessPolicy/partners", "an organization", |at| {
            Ask::post(PARTNERS, &json!({ "tenantId": at.world.runtime.uuid().to_string() }))
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /v1.0/policies/crossTenantAccessPolicy/partners/{tenant}", "one organization", move |at| {
            Ask::get(one(at))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .shows(&[Who::Admin], |at| at.things.partner.clone()),
        case(
            "PATCH /v1.0/policies/crossTenantAccessPolicy/partners/{tenant}",
            "one organization",
            move |at| Ask::patch(one(at), &trust()),
        )
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case(
            "DELETE /v1.0/policies/crossTenantAccessPolicy/partners/{tenant}",
            "one organization",
            move |at| Ask::delete(one(at)),
        )
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
    ]
}

fn what_if() -> Vec<Case> {
    vec![
        case("POST /v1.0/identity/conditionalAccess/evaluate", "a sign-in that is thought of", |at| {
            let body = json!({ "signInIdentity": { "userId": at.things.owner } });
            Ask::post("/v1.0/identity/conditionalAccess/evaluate", &body)
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .shows(&[Who::Admin], |_| "Torwache".to_owned()),
        case("POST /v1.0/identity/conditionalAccess/policies/preview", "whom a policy would stop", |_| {
            let conditions = json!({
                "users": { "includeUsers": ["GuestsOrExternalUsers"] }, "applications": { "includeApplications": ["All"] },
            });
            let grant = json!({ "operator": "OR", "builtInControls": ["block"] });
            let body = json!({ "displayName": "Probe", "conditions": conditions, "grantControls": grant });
            Ask::post("/v1.0/identity/conditionalAccess/policies/preview", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], |_| "gustav@fabrikam.example".to_owned()),
        case("GET /v1.0/auditLogs/signIns", "every sign-in", |_| Ask::get("/v1.0/auditLogs/signIns"))
            .everybody(Expect::Blind(403))
            .open(&[Who::Admin, Who::StrangerAdmin]),
    ]
}
