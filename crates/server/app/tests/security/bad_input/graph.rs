//! Bad requests to the directory, to sites, to sharing and to policies.
//!
//! Longer than most: it is one table, and each area of the API is a short list of rows in it.

use http::Method;
use serde_json::{Value, json};

use super::row::{Form, Row};
use crate::world::{Ask, DOMAIN, FORM_TOKEN, Who, World};

pub(super) fn rows(world: &World) -> Vec<Row> {
    [
        bodies(),
        batches(),
        texts(world),
        sharing(world),
        policies(world),
        federations(),
        links(world),
        audit(world),
        queries(),
        addresses(world),
        tokens(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn raw(target: &str, body: impl Into<bytes::Bytes>) -> Ask {
    Ask::new(Method::POST, target).body("application/json", body)
}

fn federations() -> Vec<Row> {
    let put = |body: &Value| Ask::new(Method::PUT, "/v1.0/admin/federation").json(body);
    let good = json!({
        "displayName": "x", "issuer": "https://idp.example", "clientId": "x", "clientAuthentication": "clientSecretPost",
        "clientSecret": "s", "isEnabled": false,
    });
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let long = "x".repeat(2_000);
    [
        ("an issuer on this computer", with("isEnabled", json!(true)), "cannot be used"),
        ("no secret", with("clientSecret", Value::Null), "client secret"),
        ("a secret and none", with("clientAuthentication", json!("none")), "clientSecret"),
        ("an unknown way", with("clientAuthentication", json!("magic")), "invalidRequest"),
        ("a long issuer", with("issuer", json!(long)), "issuer"),
        ("an empty client", with("clientId", json!("")), "client id"),
        ("an unknown property", with("clientSecrets", json!("s")), "invalidRequest"),
    ]
    .into_iter()
    .map(|(name, mut body, holds)| {
        if body["isEnabled"] == json!(true) {
            body["issuer"] = json!("https://169.254.169.254/latest");
        }
        Row::graph(format!("a federation with {name}"), put(&body), 400, holds).by(Who::Admin)
    })
    .collect()
}

fn bodies() -> Vec<Row> {
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let deep = "[".repeat(100_000);
    let bodies: [(&str, Vec<u8>); 8] = [
        ("cut off", b"{\"name\":".to_vec()),
        ("empty", Vec::new()),
        ("of another type", b"{\"name\":5,\"displayName\":\"x\"}".to_vec()),
        ("a list", b"[]".to_vec()),
        ("not UTF-8", vec![b'"', 0xff, 0xfe, b'"']),
        ("very deep", deep.into_bytes()),
        ("a lone surrogate", br#"{"name":"\ud800","displayName":"x"}"#.to_vec()),
        ("without a field", b"{}".to_vec()),
    ];
    let mut rows: Vec<Row> = bodies
        .into_iter()
        .map(|(name, body)| {
            Row::graph(format!("JSON {name}"), raw("/v1.0/sites", body), 400, "invalidRequest")
        })
        .collect();
    rows.push(Row::graph("JSON too long", raw("/v1.0/sites", large), 413, "allowed"));
    let form = Ask::form("/v1.0/sites", &[("name", "x")]);
    rows.push(Row::graph("a form in place of JSON", form, 400, "invalidRequest"));
    let method = Ask::new(Method::PUT, "/v1.0/me").json(&json!({}));
    rows.push(Row::graph("a method nobody serves", method, 405, "notAllowed"));
    rows.push(Row::graph("a route nobody serves", Ask::get("/v1.0/nonsense"), 404, "itemNotFound"));
    rows
}

fn batches() -> Vec<Row> {
    let request = |id: &str, on: Value| json!({ "id": id, "method": "GET", "url": "/me", "dependsOn": on });
    let many: Vec<Value> = (0..21).map(|id| request(&id.to_string(), json!([]))).collect();
    let bad = [
        ("no request", json!({ "requests": [] })),
        ("no list", json!({ "requests": 5 })),
        ("21 requests", json!({ "requests": many })),
        ("an id twice", json!({ "requests": [request("1", json!([])), request("1", json!([]))] })),
        ("a circle", json!({ "requests": [request("1", json!(["1"]))] })),
        ("an unknown dependency", json!({ "requests": [request("1", json!(["2"]))] })),
        ("no url", json!({ "requests": [{ "id": "1", "method": "GET" }] })),
    ];
    let row = |(name, body): (&str, Value)| {
        Row::graph(format!("a batch with {name}"), Ask::post("/v1.0/$batch", &body), 400, "invalidRequest")
    };
    bad.into_iter().map(row).collect()
}

fn texts(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let long = "x".repeat(65);
    for name in ["", "../x", "a/b", "a%2fb", "a\\b", "ä", "a\0b", "a b", "a\r\nb", "x?y", long.as_str()] {
        let ask = Ask::post("/v1.0/sites", &json!({ "name": name, "displayName": "x" }));
        rows.push(Row::graph(format!("a site called {name:?}"), ask, 400, "invalidRequest"));
    }
    for name in ["", "a\r\nBcc: x@evil.example", "a\0b", &"x".repeat(300)] {
        let ask = Ask::post("/v1.0/sites", &json!({ "name": "gut", "displayName": name }));
        rows.push(Row::graph(format!("a site shown as {name:?}"), ask, 400, "invalidRequest"));
        let ask = Ask::post("/v1.0/groups", &json!({ "displayName": name }));
        rows.push(Row::graph(format!("a group called {name:?}"), ask, 400, "invalidRequest").by(Who::Admin));
    }
    let taken = json!({ "name": world.things.falcon.name.to_lowercase(), "displayName": "x" });
    let ask = Ask::post("/v1.0/sites", &taken);
    rows.push(Row::graph("a site's name in another case", ask, 409, "nameAlreadyExists"));
    rows
}

fn invitation(address: &str, name: Option<&str>, redirect: &str) -> Ask {
    let body = json!({
        "invitedUserEmailAddress": address,
        "invitedUserDisplayName": name,
        "inviteRedirectUrl": redirect,
        "sendInvitationMessage": true,
    });
    Ask::post("/v1.0/invitations", &body)
}

/// Settings of administrators: refused as a whole, before anything is changed.
fn policies(world: &World) -> Vec<Row> {
    let settings = "/v1.0/admin/sharepoint/settings";
    let site = format!("/v1.0/admin/sites/{}", world.things.falcon.site);
    let bad = [
        json!({}),
        json!({ "sharingCapability": "offen" }),
        json!({ "sharingDomainRestrictionMode": "manche" }),
        json!({ "sharingDomainRestrictionMode": "allowList" }),
        json!({ "sharingDomainRestrictionMode": "allowList", "sharingBlockedDomainList": ["a.example"] }),
        json!({ "sharingAllowedDomainList": ["a.example"], "sharingBlockedDomainList": ["b.example"] }),
        json!({ "sharingAllowedDomainList": ["*.a.example"] }),
        json!({ "sharingBlockedDomainList": ["a@b.example"] }),
        json!({ "sharingBlockedDomainList": ["a.\r\nexample"] }),
        json!({ "sharingBlockedDomainList": "a.example" }),
    ];
    let mut rows = Vec::new();
    for body in &bad {
        for target in [settings, &site] {
            for ask in [Ask::patch(target, body), Ask::post(format!("{target}/preview"), body)] {
                rows.push(Row::graph(format!("{target} {body}"), ask, 400, "invalidRequest").by(Who::Admin));
            }
        }
    }
    let words = [
        (site.as_str(), json!({ "lockState": "Zu" })),
        (site.as_str(), json!({ "lockState": 2 })),
        (site.as_str(), json!({ "conditionalAccessPolicy": "" })),
        (site.as_str(), json!({ "blockDownloadPolicy": "yes" })),
        (site.as_str(), json!({ "disableCompanyWideSharingLinks": 1 })),
        (settings, json!({ "odbMembersCanShare": "vielleicht" })),
        (settings, json!({ "odbAccessRequests": true })),
    ];
    for (target, body) in &words {
        let ask = Ask::patch(*target, body);
        rows.push(Row::graph(format!("{target} {body}"), ask, 400, "invalidRequest").by(Who::Admin));
    }
    let refused = [
        (settings, json!({ "externalUserExpireInDays": 29 }), "guestLifeOutOfRange"),
        (settings, json!({ "externalUserExpireInDays": 731 }), "guestLifeOutOfRange"),
        (settings, json!({ "requireAnonymousLinksExpireInDays": 731 }), "anyoneLinkLifeOutOfRange"),
        (site.as_str(), json!({ "externalUserExpirationInDays": 5 }), "guestLifeOutOfRange"),
    ];
    for (target, body, code) in refused {
        rows.push(
            Row::graph(format!("{target} {body}"), Ask::patch(target, &body), 403, code).by(Who::Admin),
        );
    }
    for body in [
        json!({ "externalUserExpireInDays": -1 }),
        json!({ "externalUserExpireInDays": 70_000 }),
        json!({ "whoCanShareAnonymousAllowList": [] }),
        json!({ "whoCanShareAuthenticatedGuestAllowList": ["x"], "whoCanShareAnonymousAllowList": [] }),
        json!({ "fileAnonymousLinkType": "alles" }),
        json!({ "defaultShareLinkScope": "alle" }),
    ] {
        rows.push(
            Row::graph(format!("{body}"), Ask::patch(settings, &body), 400, "invalidRequest").by(Who::Admin),
        );
    }
    for body in [
        json!({ "overrideTenantExternalUserExpirationPolicy": true }),
        json!({ "defaultShareLinkScope": "organization" }),
    ] {
        rows.push(
            Row::graph(format!("{body}"), Ask::patch(&site, &body), 400, "invalidRequest").by(Who::Admin),
        );
    }
    for body in
        [json!({}), json!({ "allowInvitesFrom": "manche" }), json!({ "guestBlockedDomainList": [""] })]
    {
        let ask = Ask::patch("/v1.0/policies/authorizationPolicy", &body);
        rows.push(Row::graph(format!("who invites: {body}"), ask, 400, "invalidRequest").by(Who::Admin));
    }
    rows.extend(access_policies());
    rows.extend(places());
    rows
}

fn places() -> Vec<Row> {
    let ranges = |ranges: Value| json!({ "@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "x", "ipRanges": ranges });
    let range = |text: &str| ranges(json!([{ "cidrAddress": text }]));
    let locations = [
        json!([]),
        json!({ "displayName": "x" }),
        ranges(json!([])),
        ranges(json!("192.0.2.0/24")),
        range("192.0.2.0"),
        range("192.0.2.0/33"),
        range("::/129"),
        range("a".repeat(100_000).as_str()),
        ranges(json!(vec![json!({ "cidrAddress": "192.0.2.0/24" }); 2_001])),
    ];
    let target = |access: &str, target: &str, kind: &str| {
        let targets = json!([{ "target": target, "targetType": kind }]);
        json!({ "b2bCollaborationInbound": { "usersAndGroups": { "accessType": access, "targets": targets } } })
    };
    let settings = [
        json!([]),
        json!({ "b2bCollaborationInbound": "allowed" }),
        target("vielleicht", "AllUsers", "user"),
        target("allowed", "jemand", "user"),
        target("allowed", "AllUsers", "application"),
        json!({ "inboundTrust": { "isMfaAccepted": "ja" } }),
    ];
    let row = |name: &str, ask: Ask, body: &Value| {
        let body: String = body.to_string().chars().take(200).collect();
        Row::graph(format!("{name}: {body}"), ask, 400, "invalidRequest").by(Who::Admin)
    };
    let mut rows = Vec::new();
    for body in &locations {
        rows.push(row(
            "a location",
            Ask::post("/v1.0/identity/conditionalAccess/namedLocations", body),
            body,
        ));
    }
    for body in &settings {
        rows.push(row("a default", Ask::patch("/v1.0/policies/crossTenantAccessPolicy/default", body), body));
    }
    let who = |user: &str| json!({ "signInIdentity": { "userId": user } });
    let mut nowhere = who(&"0".repeat(36));
    nowhere["signInConditions"] = json!({ "ipAddress": "hier" });
    for body in [json!([]), json!({}), who("jemand"), nowhere] {
        rows.push(row("what if", Ask::post("/v1.0/identity/conditionalAccess/evaluate", &body), &body));
    }
    for tenant in ["", "default", "3f2504e0"] {
        let body = json!({ "tenantId": tenant });
        let ask = Ask::post("/v1.0/policies/crossTenantAccessPolicy/partners", &body);
        rows.push(row("an organization", ask, &body));
    }
    rows
}

fn access_policies() -> Vec<Row> {
    let bad = [
        json!([]),
        json!({ "displayName": "x", "state": "an" }),
        json!({ "displayName": "x", "conditions": { "users": { "includeUsers": ["jemand"] } } }),
        json!({ "displayName": "x", "conditions": { "clientAppTypes": ["Telnet"] } }),
        json!({ "displayName": "x", "conditions": { "locations": { "includeLocations": ["hier"] } } }),
        json!({ "displayName": "x", "conditions": { "locations": { "excludeLocations": ["All"] } } }),
        json!({ "displayName": "x", "conditions": { "platforms": { "includePlatforms": ["Plan9"] } } }),
        json!({ "displayName": "x", "grantControls": { "operator": "XOR", "builtInControls": ["mfa"] } }),
        json!({ "displayName": "x", "grantControls": { "operator": "OR", "builtInControls": ["Handschlag"] } }),
        json!({ "displayName": "a\r\nb", "grantControls": { "operator": "OR", "builtInControls": ["block"] } }),
    ];
    let row = |body: &Value| {
        let ask = Ask::post("/v1.0/identity/conditionalAccess/policies", body);
        Row::graph(format!("a policy {body}"), ask, 400, "invalidRequest").by(Who::Admin)
    };
    bad.iter().map(row).collect()
}

fn sharing(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    for address in [
        "",
        "keine",
        "a@b@c.example",
        "a@",
        "@b.example",
        "a\r\nBcc: x@evil.example@b.example",
        "a@b.example\r\nSubject: x",
        "<a@b.example>",
        "a@b.example, c@d.example",
        "a b@c.example",
        &format!("{}@b.example", "x".repeat(300)),
    ] {
        let ask = invitation(address, None, "https://cloud.example/");
        rows.push(Row::graph(format!("an invitation to {address:?}"), ask, 400, "invalidRequest"));
    }
    let ask = invitation("gut@anderswo.example", Some("x\r\nBcc: y@evil.example"), "https://cloud.example/");
    rows.push(Row::graph("a guest's name with a line end", ask, 400, "invalidRequest"));
    for redirect in [
        "https://evil.example/",
        "https://cloud.example.evil.example/",
        "https://cloud.example@evil.example/",
        "https://cloud.example:8443/",
        "https://cloud.example\\@evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/relativ",
        "https://cloud.example/\r\nLocation: https://evil.example",
    ] {
        let ask = invitation("gut@anderswo.example", None, redirect);
        rows.push(Row::graph(
            format!("an invitation that leads to {redirect:?}"),
            ask,
            400,
            "belong to this cloud",
        ));
    }
    let invite = format!("/v1.0/sites/{}/invite", world.things.falcon.site);
    let to = json!([{ "email": "gut@anderswo.example" }]);
    let many: Vec<Value> = (0..51).map(|at| json!({ "email": format!("a{at}@b.example") })).collect();
    let bodies = [
        ("nobody", json!({ "recipients": [], "roles": ["read"] }), 400),
        ("too many", json!({ "recipients": many, "roles": ["read"] }), 400),
        ("no name", json!({ "recipients": [{}], "roles": ["read"] }), 400),
        ("no role", json!({ "recipients": to, "roles": [] }), 400),
        ("an unknown role", json!({ "recipients": to, "roles": ["admin"] }), 400),
        ("a long message", json!({ "recipients": to, "roles": ["read"], "message": "x".repeat(2_001) }), 400),
        ("no date", json!({ "recipients": to, "roles": ["read"], "expirationDateTime": "bald" }), 400),
        (
            "neither sign-in nor mail",
            json!({ "recipients": to, "roles": ["read"], "requireSignIn": false, "sendInvitation": false }),
            400,
        ),
    ];
    rows.extend(bodies.into_iter().map(|(name, body, status)| {
        Row::graph(format!("sharing: {name}"), Ask::post(invite.as_str(), &body), status, "invalidRequest")
    }));
    let nul = json!({ "recipients": to, "roles": ["read"], "message": "a\0b" });
    rows.push(Row::graph("a message with NUL", Ask::post(invite.as_str(), &nul), 400, "U+0000"));
    let nul = invitation("gut@anderswo.example", None, "https://cloud.example/\0");
    rows.push(Row::graph("a redirect with NUL", nul, 400, "belong to this cloud"));
    for text in ["a\0b".to_owned(), "x".repeat(2_001)] {
        let body = json!({
            "invitedUserEmailAddress": "gut@anderswo.example",
            "inviteRedirectUrl": "https://cloud.example/",
            "invitedUserMessageInfo": { "customizedMessageBody": text },
        });
        let ask = Ask::post("/v1.0/invitations", &body);
        rows.push(Row::graph(format!("an invitation that says {text:.9?}"), ask, 400, "U+0000"));
    }
    rows.extend(guests(world));
    let level = Ask::patch("/v1.0/admin/sharepoint/settings", &json!({ "sharingCapability": "allen" }));
    rows.push(Row::graph("a level nobody knows", level, 400, "invalidRequest").by(Who::Admin));
    let none = Ask::patch("/v1.0/admin/sharepoint/settings", &json!({}));
    rows.push(Row::graph("no level", none, 400, "sharingCapability").by(Who::Admin));
    let reference = json!({ "@odata.id": "https://evil.example/x" });
    let group = format!("/v1.0/groups/{}/members/$ref", world.things.security_group);
    rows.push(
        Row::graph("a member of elsewhere", Ask::post(group, &reference), 404, "itemNotFound").by(Who::Admin),
    );
    rows
}

/// Guests in bulk, who accept anew, and whose address changes.
fn guests(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let many = "/v1.0/admin/guests/invite";
    let crowd = vec![json!({ "email": "gut@anderswo.example" }); 201];
    for body in [
        json!({ "people": [], "inviteRedirectUrl": "https://cloud.example/" }),
        json!({ "people": crowd, "inviteRedirectUrl": "https://cloud.example/" }),
        json!({ "people": [{ "name": "x" }], "inviteRedirectUrl": "https://cloud.example/" }),
        json!({ "people": [{ "email": "gut@anderswo.example" }] }),
        json!({
            "people": [{ "email": "gut@anderswo.example" }], "inviteRedirectUrl": "https://cloud.example/",
            "customizedMessageBody": "a\0b",
        }),
    ] {
        rows.push(Row::graph(
            "many guests who cannot be read",
            Ask::post(many, &body),
            400,
            "invalidRequest",
        ));
    }
    let reset = json!({
        "invitedUserEmailAddress": "gut@anderswo.example", "inviteRedirectUrl": "https://cloud.example/",
        "resetRedemption": true,
    });
    rows.push(Row::graph("a reset of nobody", Ask::post("/v1.0/invitations", &reset), 400, "invitedUser.id"));
    let guest = format!("/v1.0/users/{}", world.things.spare_guest);
    for mail in ["keine Adresse", "a\r\nb@c.example", ""] {
        let ask = Ask::patch(guest.clone(), &json!({ "mail": mail }));
        rows.push(Row::graph(format!("the address {mail:?}"), ask, 400, "mail:").by(Who::Admin));
    }
    rows
}

fn audit(world: &World) -> Vec<Row> {
    let site = &world.things.falcon.site;
    let mut rows = Vec::new();
    for (bad, says) in [
        ("from=yesterday", "is a time"),
        ("until=2026-13-01", "is a time"),
        ("person=nobody", "an id or an address"),
        ("item=5", "an item's id"),
        ("$skiptoken=!!", "paging token"),
        ("$top=0", "positive"),
        ("operation=a%00b", "one name"),
    ] {
        let ask = Ask::get(format!("/v1.0/admin/audit?site={site}&{bad}"));
        rows.push(Row::graph(format!("the audit trail with {bad}"), ask, 400, says));
    }
    let ask = Ask::get(format!("/v1.0/admin/audit/export?site={site}&format=xml"));
    rows.push(Row::graph("an export as XML", ask, 400, "csv or jsonl"));
    let ask = Ask::get("/v1.0/auditLogs/directoryAudits?$filter=category%20eq%20'x'");
    rows.push(Row::graph("an unknown filter of the audit trail", ask, 501, "notSupported").by(Who::Admin));
    let ask = Ask::get("/v1.0/admin/audit/verification?head=5");
    rows.push(Row::graph("a head that is none", ask, 400, "hexadecimal").by(Who::Admin));
    for days in [json!(0), json!(-1), json!(29), json!(3_651), json!(i64::MAX)] {
        let ask = Ask::patch("/v1.0/admin/audit/settings", &json!({ "retentionInDays": days }));
        rows.push(Row::graph(format!("{days} days"), ask, 403, "retentionOutOfRange").by(Who::Admin));
    }
    let ask = Ask::patch("/v1.0/admin/audit/settings", &json!({ "retentionInDays": "long" }));
    rows.push(Row::graph("days in words", ask, 400, "invalidRequest").by(Who::Admin));
    for (body, status, says) in [
        (json!({ "decision": "keep" }), 400, "permissionId or linkId"),
        (json!({ "permissionId": "x", "decision": "keep" }), 404, "itemNotFound"),
        (json!({ "linkId": "x", "permissionId": "y", "decision": "keep" }), 400, "one of them"),
        (json!({ "permissionId": "x" }), 400, "invalidRequest"),
    ] {
        let ask = Ask::post(format!("/v1.0/sites/{site}/accessReview/decisions"), &body);
        rows.push(Row::graph("a bad decision", ask, status, says));
    }
    let ask = Ask::get(format!("/v1.0/sites/{site}/accessReview?$skiptoken=x"));
    rows.push(Row::graph("a review with a bad token", ask, 400, "paging token"));
    let bcc = json!({ "bccExternalSharingInvitationsList": ["nobody"] });
    let ask = Ask::patch("/v1.0/admin/sharing/notifications", &bcc);
    rows.push(Row::graph("a mailbox that is none", ask, 400, "a mailbox").by(Who::Admin));
    for person in ["x".repeat(400), "a\0@b.example".to_owned()] {
        let ask = Ask::post(format!("/v1.0/sites/{site}/explain"), &json!({ "person": person }));
        rows.push(Row::graph("a question about nobody", ask, 400, "address or an id"));
    }
    rows
}

fn queries() -> Vec<Row> {
    let mut rows = Vec::new();
    for top in ["0", "-1", "abc", "1.5", "99999999999999999999", ""] {
        let ask = Ask::get(format!("/v1.0/users?$top={top}"));
        rows.push(Row::graph(format!("$top={top}"), ask, 400, "invalidQueryOption"));
    }
    let filter = Ask::get("/v1.0/users?$filter=startswith(displayName,'a')%20or%201%20eq%201");
    rows.push(Row::graph("a $filter nobody built", filter, 501, "notSupported"));
    let ask = Ask::get("/v1.0/users?$skiptoken=%00");
    rows.push(Row::graph("NUL in a paging token", ask, 400, "Invalid paging token"));
    let filter = Ask::get("/v1.0/groups?$filter=x");
    rows.push(Row::graph("a $filter of groups nobody built", filter, 501, "notSupported"));
    rows
}

/// Links that cannot be, and addresses of shares that are none.
fn links(world: &World) -> Vec<Row> {
    let drive = &world.things.falcon.drive;
    let create = format!("/v1.0/drives/{drive}/items/{}/createLink", world.things.hidden);
    let long = "x".repeat(300);
    let mut rows: Vec<Row> = [
        json!({}),
        json!({ "type": 5 }),
        json!({ "type": "view", "scope": "everybody" }),
        json!({ "type": "view", "scope": "organization", "password": "x" }),
        json!({ "type": "view", "scope": "organization", "password": long }),
        json!({ "type": "view", "scope": "users", "recipients": [{}] }),
        json!({ "type": "view", "scope": "users", "message": "a\0b" }),
        json!({ "type": "view", "expirationDateTime": "tomorrow" }),
        json!({ "type": "view", "expirationDateTime": "1999-01-01T00:00:00Z" }),
        json!({ "type": "view", "expirationDateTime": "-009999-01-01T00:00:00Z" }),
    ]
    .into_iter()
    .map(|body| {
        let name = format!("a link {}", body.to_string().chars().take(80).collect::<String>());
        Row::graph(name, Ask::post(&create, &body), 400, "invalidRequest")
    })
    .collect();
    let many: Vec<_> = (0..51).map(|n| json!({ "email": format!("p{n}@contoso.example") })).collect();
    let body = json!({ "type": "view", "scope": "users", "recipients": many });
    rows.push(Row::graph("a link that names 51 people", Ask::post(&create, &body), 400, "invalidRequest"));
    let body =
        json!({ "type": "view", "scope": "users", "recipients": [{ "email": "a\r\nBcc: b@c.example" }] });
    rows.push(Row::graph("a link that names no address", Ask::post(&create, &body), 403, "invalidAddress"));
    let shares = ["x", "u!", "u!%00", "u!....", "%2e%2e", "u!aHR0cHM6Ly9ldmlsLmV4YW1wbGUvOmY6L2cveA"];
    rows.extend(shares.into_iter().map(|share| {
        let ask = Ask::get(format!("/v1.0/shares/{share}/driveItem"));
        Row::graph(format!("the share {share}"), ask, 404, "itemNotFound")
    }));
    for target in ["/:f:/g/x", "/:f:/g/..%2f..", "/_layouts/15/download.aspx?share=%00"] {
        rows.push(
            Row::graph(format!("the link {target}"), Ask::get(target), 404, "nothing here").of(Form::Page),
        );
    }
    let link = format!("/:f:/g/{}/items/..%2f..%2fx", world.things.link);
    rows.push(Row::graph("an item of a link", Ask::get(link), 404, "nothing here").of(Form::Page));
    for (kind, body) in
        [("text/plain", "x"), ("multipart/form-data", "x"), ("multipart/form-data; boundary=b", "x")]
    {
        let (site, drive) = (&world.things.falcon.name, &world.things.falcon.drive);
        let address = format!("/{DOMAIN}/sites/{site}/items/{drive}/{}/upload", world.things.shared);
        let ask = Ask::new(Method::POST, address).body(kind, body);
        let name = format!("no form of a file: {kind}");
        rows.push(Row::graph(name, ask, 400, "did not arrive").of(Form::Page));
    }
    let site = format!("/{DOMAIN}/sites/{}", world.things.falcon.name);
    let many = "a@contoso.example\n".repeat(51);
    let long = "x".repeat(2_001);
    let shares = [
        ("nobody", "", ""),
        ("51 people", many.as_str(), ""),
        ("a long message", "a@contoso.example", long.as_str()),
        ("a message with NUL", "a@contoso.example", "\0"),
    ];
    rows.extend(shares.into_iter().map(|(name, to, message)| {
        let fields = [("to", to), ("message", message), ("token", FORM_TOKEN)];
        let ask = Ask::form(format!("{site}/access"), &fields);
        Row::graph(format!("a form that shares with {name}"), ask, 400, "not done").of(Form::Page)
    }));
    for form in ["password", "code", "code/check"] {
        let ask = Ask::form(format!("/:f:/g/{}/{form}", world.things.link), &[("token", "x")]);
        rows.push(
            Row::graph(format!("another page's form of {form}"), ask, 403, "out of date").of(Form::Page),
        );
    }
    rows
}

/// Traversal and other spellings of what is not there: never anything but not found.
fn addresses(world: &World) -> Vec<Row> {
    let drive = &world.things.falcon.drive;
    let targets = [
        "/v1.0/users/..%2f..%2fadmin".to_owned(),
        "/v1.0/users/%00".to_owned(),
        "/v1.0/users/%c0%ae%c0%ae%2fx".to_owned(),
        "/v1.0/users/%ff".to_owned(),
        "/v1.0/groups/..".to_owned(),
        "/v1.0/groups/%2e%2e%2f%2e%2e".to_owned(),
        "/v1.0/sites/a,b,c,d".to_owned(),
        "/v1.0/sites/cloud.example:/..%2f..%2fetc%2fpasswd".to_owned(),
        "/v1.0/sites/cloud.example:/sites/%2e%2e".to_owned(),
        "/v1.0/sites/evil.example:/sites/Secret-Falcon".to_owned(),
        format!("/v1.0/drives/{drive}/items/..%2f..%2fx/permissions"),
        format!("/v1.0/drives/{drive}/items/%00/permissions"),
        "/v1.0/drives/b!AAAA/root/permissions".to_owned(),
        "/v1.0/drives/%ff%fe/root/permissions".to_owned(),
        format!("/v1.0/drives/{drive}/root/permissions/..%2f.."),
        format!("/v1.0/drives/{}/root/permissions", "x".repeat(10_000)),
    ];
    targets
        .into_iter()
        .map(|target| {
            let name = target.chars().take(80).collect::<String>();
            Row::graph(name, Ask::get(target), 404, "itemNotFound")
        })
        .collect()
}

fn tokens() -> Vec<Row> {
    let me = || Ask::get("/v1.0/me");
    let header = |value: &str| me().header("authorization", value);
    let rows = [
        ("no token", me()),
        ("another scheme", header("Basic b2xnYTpwYXNzd29ydA==")),
        ("an empty token", header("Bearer ")),
        ("no space", header("Bearer")),
        ("not a token", header("Bearer a.b.c")),
        ("a token with dots alone", header("Bearer ..")),
    ];
    let row = |(name, ask): (&str, Ask)| {
        Row::graph(name, ask, 401, "InvalidAuthenticationToken").by(Who::Anonymous).of(Form::Graph)
    };
    rows.into_iter().map(row).collect()
}
