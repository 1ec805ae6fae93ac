//! Named locations and platforms end to end: where somebody is decides with every request (C04).

use directory::Countries;
use http::{Method, StatusCode};
use http_api::{ForwardingHeader, Proxies};
use identity::{Authority, IdentityError};
use policy::AddressRanges;
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, Network, codes, text};

const LOCATIONS: &str = "/v1.0/identity/conditionalAccess/namedLocations";
const POLICIES: &str = "/v1.0/identity/conditionalAccess/policies";
const OFFICE: &str = "192.0.2.7";
const ELSEWHERE: &str = "198.51.100.7";

fn office(ranges: Value) -> Value {
    let ranges: Vec<Value> =
        ranges.as_array().expect("a list").iter().map(|range| json!({"cidrAddress": range})).collect();
    json!({
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "displayName": "Office", "isTrusted": true, "ipRanges": ranges,
    })
}

fn block(users: &str, conditions: Value) -> Value {
    let mut body = json!({
        "displayName": "Where", "state": "enabled",
        "conditions": {"users": {"includeUsers": [users]}, "applications": {"includeApplications": ["All"]}},
        "grantControls": {"operator": "OR", "builtInControls": ["block"]},
    });
    for (name, value) in conditions.as_object().expect("an object") {
        body["conditions"][name] = value.clone();
    }
    body
}

async fn add(cloud: &Cloud, token: &str, path: &str, body: Value) -> String {
    let (status, made) = cloud.post(token, path, body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("{path}/{}", text(&made["id"]));
    assert_eq!(cloud.get(token, &path).await, (StatusCode::OK, made));
    path
}

fn id_of(path: &str) -> &str {
    path.rsplit_once('/').expect("a path").1
}

/// Shares a site with Ben; returns the address of its library's root.
async fn shared(cloud: &Cloud, anna: &str) -> String {
    let (site, drive) = cloud.falcon(anna).await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(anna, &format!("/v1.0/sites/{site}/invite"), share).await;
    format!("/v1.0/drives/{drive}/root")
}

async fn refusal(cloud: &Cloud) -> Option<u32> {
    let session = cloud.session(cloud.ben_at_home()).await;
    let entered = cloud.identity.enter(&session, cloud.contoso).await.is_ok();
    let error = cloud.code(Authority::Tenant(cloud.contoso), &session).await.err();
    assert_eq!(entered, error.is_none(), "pages and tokens alike");
    let code = if let IdentityError::Refused(refusal) = error? { Some(refusal.code()) } else { None };
    Some(code.expect("a refusal, not a failure"))
}

#[tokio::test]
async fn r_c04_outside_a_trusted_location_nothing_opens_from_the_moment_the_address_changes() {
    let mut cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let root = shared(&cloud, &anna).await;
    let ben = cloud.ben_as_guest().await;
    let file = format!("{root}:/a.txt:/content");
    let plain = [("content-type", "text/plain")];
    cloud.send(&ben, Method::PUT, &file, &plain, "hello").await;
    let (_, item) = cloud.get(&ben, &format!("{root}:/a.txt")).await;
    let download = text(&item["@microsoft.graph.downloadUrl"]).replace("https://cloud.example", "");
    let place = add(&cloud, &anna, LOCATIONS, office(json!(["192.0.2.0/24", "2001:db8::/32"]))).await;
    let only_here = json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}});
    let policy = add(&cloud, &anna, POLICIES, block("GuestsOrExternalUsers", only_here)).await;
    for (address, inside) in
        [(OFFICE, true), (ELSEWHERE, false), ("2001:db8::9", true), ("2001:db9::9", false), (OFFICE, true)]
    {
        cloud.come_from(address);
        let (status, body) = cloud.get(&ben, &root).await;
        let (loaded, _, said) = cloud.send("", Method::GET, &download, &[], "").await;
        if inside {
            assert_eq!((status, loaded), (StatusCode::OK, StatusCode::OK), "{address}");
            assert_eq!(refusal(&cloud).await, None, "{address}");
            continue;
        }
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{address}");
        assert!(body["error"]["message"].as_str().is_some_and(|text| text.contains("\"Where\"")), "{body}");
        assert_eq!(loaded, StatusCode::FORBIDDEN, "an address that speaks for a person says so too");
        assert!(String::from_utf8_lossy(&said).contains("AADSTS53003"), "{address}");
        assert_eq!(refusal(&cloud).await, Some(53_003), "{address}");
    }
    // Turned around: the place itself is closed, and changing it counts at once.
    let named = json!({"conditions": block("GuestsOrExternalUsers", json!({
        "locations": {"includeLocations": [id_of(&place)]},
    }))["conditions"]});
    assert_eq!(cloud.patch(&anna, &policy, named).await.0, StatusCode::OK);
    assert_eq!(refusal(&cloud).await, Some(53_003));
    let moved = json!({"ipRanges": [{"cidrAddress": "203.0.113.0/24"}]});
    assert_eq!(cloud.patch(&anna, &place, moved).await.0, StatusCode::OK);
    assert_eq!(refusal(&cloud).await, None);
}

#[tokio::test]
async fn r_c04_what_is_behind_a_trusted_proxy_is_judged_by_what_the_proxy_says() {
    let mut cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let root = shared(&cloud, &anna).await;
    let ben = cloud.ben_as_guest().await;
    add(&cloud, &anna, LOCATIONS, office(json!(["192.0.2.0/24"]))).await;
    let only_here = json!({"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}});
    add(&cloud, &anna, POLICIES, block("GuestsOrExternalUsers", only_here)).await;
    let trusted = AddressRanges::new(&["10.0.0.0/8".parse().expect("a range")]);
    let proxies = Proxies { trusted, header: ForwardingHeader::XForwardedFor };
    cloud.restart_on(Network { proxies, ..Network::default() }).await;
    let cases = [
        ("10.0.0.1", OFFICE.to_owned(), StatusCode::OK),
        ("10.0.0.1", format!("{OFFICE}, {ELSEWHERE}"), StatusCode::UNAUTHORIZED),
        ("10.0.0.1", format!("{ELSEWHERE}, {OFFICE}, 10.9.9.9"), StatusCode::OK),
        ("10.0.0.1", "unknown".to_owned(), StatusCode::UNAUTHORIZED),
        (ELSEWHERE, OFFICE.to_owned(), StatusCode::UNAUTHORIZED),
        (OFFICE, ELSEWHERE.to_owned(), StatusCode::OK),
    ];
    for (peer, list, expected) in cases {
        cloud.come_from(peer);
        let headers = [("x-forwarded-for", list.as_str())];
        let (status, _, _) = cloud.send(&ben, Method::GET, &root, &headers, "").await;
        assert_eq!(status, expected, "{peer} says {list}");
        let part = json!({"requests": [{"id": "1", "method": "GET", "url": root, "headers": {"x-forwarded-for": OFFICE}}]});
        let json = [("content-type", "application/json"), headers[0]];
        let (batch, _, body) = cloud.send(&ben, Method::POST, "/v1.0/$batch", &json, part.to_string()).await;
        let inner = String::from_utf8_lossy(&body).contains("\"status\":200");
        assert_eq!(
            batch == StatusCode::OK && inner,
            expected == StatusCode::OK,
            "a part of a batch: {peer} {list}"
        );
    }
}

#[tokio::test]
async fn r_c04_countries_come_from_the_operators_database_and_without_it_are_refused() {
    let mut cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    cloud.invite(BEN).await;
    cloud.accept(directory::Offer::Any).await;
    let germany = json!({
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "displayName": "Germany", "countriesAndRegions": ["de"], "includeUnknownCountriesAndRegions": false,
    });
    let (status, body) = cloud.post(&anna, LOCATIONS, germany.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(
        body["error"]["message"].as_str().is_some_and(|text| text.contains("--country-database")),
        "{body}"
    );
    let database = testkit::countries::database([198, 51, 100, 0].into(), 24, "DE");
    let countries = Countries::read(database).expect("a database");
    cloud.restart_on(Network { countries, ..Network::default() }).await;
    let place = add(&cloud, &anna, LOCATIONS, germany).await;
    let there = json!({"locations": {"includeLocations": [id_of(&place)]}});
    add(&cloud, &anna, POLICIES, block("GuestsOrExternalUsers", there)).await;
    for (address, inside) in [(ELSEWHERE, true), (OFFICE, false), ("2001:db8::1", false)] {
        cloud.come_from(address);
        assert_eq!(refusal(&cloud).await.is_some(), inside, "{address}");
    }
    let unknown = json!({"includeUnknownCountriesAndRegions": true});
    assert_eq!(cloud.patch(&anna, &place, unknown).await.0, StatusCode::OK);
    cloud.come_from(OFFICE);
    assert_eq!(refusal(&cloud).await, Some(53_003), "of no known country");
    cloud.restart().await;
    cloud.come_from(ELSEWHERE);
    assert_eq!(refusal(&cloud).await, Some(53_003), "without a database every country is unknown");
}

#[tokio::test]
async fn s_5_2_platforms_are_taken_from_the_user_agent() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let root = shared(&cloud, &anna).await;
    let ben = cloud.ben_as_guest().await;
    let platforms = json!({"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}});
    add(&cloud, &anna, POLICIES, block("GuestsOrExternalUsers", platforms)).await;
    for (agent, expected) in [
        ("footbridge/0.1.0 (linux)", StatusCode::OK),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", StatusCode::UNAUTHORIZED),
        ("curl/8", StatusCode::UNAUTHORIZED),
    ] {
        let (status, _, _) = cloud.send(&ben, Method::GET, &root, &[("user-agent", agent)], "").await;
        assert_eq!(status, expected, "{agent}");
    }
}

#[tokio::test]
async fn a_location_in_use_stays_and_nobody_shuts_themselves_out_by_where_they_are() {
    let mut cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let nowhere = json!({"locations": {"includeLocations": ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]}});
    let (status, _) = cloud.post(&anna, POLICIES, block("None", nowhere)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "there is no such location");
    let place = add(&cloud, &anna, LOCATIONS, office(json!(["192.0.2.0/24"]))).await;
    let only_here =
        || json!({"locations": {"includeLocations": ["All"], "excludeLocations": [id_of(&place)]}});
    cloud.come_from(ELSEWHERE);
    let (status, body) = cloud.post(&anna, POLICIES, block("All", only_here())).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("wouldLockYouOut")));
    cloud.come_from(OFFICE);
    let policy = add(&cloud, &anna, POLICIES, block("All", only_here())).await;
    let moved = json!({"ipRanges": [{"cidrAddress": "203.0.113.0/24"}]});
    let (status, body) = cloud.patch(&anna, &place, moved).await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("wouldLockYouOut")));
    let (status, body) = cloud.delete(&anna, &place).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(body["error"]["message"].as_str().is_some_and(|text| text.contains("\"Where\"")), "{body}");
    assert_eq!(cloud.delete(&anna, &policy).await.0, StatusCode::NO_CONTENT);
    assert_eq!(cloud.delete(&anna, &place).await.0, StatusCode::NO_CONTENT);
    assert_eq!(cloud.get(&anna, &place).await.0, StatusCode::NOT_FOUND);
    let carl = cloud.colleague("carl@contoso.example").await;
    assert_eq!(cloud.get(&carl, LOCATIONS).await.0, StatusCode::FORBIDDEN);
}
