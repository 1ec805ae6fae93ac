//! Provisioning: nobody's token but a provisioning service's opens it; what such a token opens is told in `http`'s own tests.

use http::Method;
use serde_json::json;

use crate::isolation::case::{Case, Expect, case};
use crate::world::{Ask, Who};

pub(super) fn cases() -> Vec<Case> {
    tokens().into_iter().chain(scim()).collect()
}

fn tokens() -> Vec<Case> {
    let place = "/v1.0/admin/provisioning/tokens";
    vec![
        case("GET /v1.0/admin/provisioning/tokens", "all of them", move |_| Ask::get(place))
            .everybody(Expect::Blind(403))
            .open(&[Who::Admin, Who::StrangerAdmin]),
        case("POST /v1.0/admin/provisioning/tokens", "one more", move |_| {
            Ask::post(place, &json!({ "displayName": "Verzeichnis", "days": 1 }))
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("DELETE /v1.0/admin/provisioning/tokens/{token}", "one nobody has", move |at| {
            Ask::delete(format!("{place}/{}", at.things.tenant))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::Admin, Who::StrangerAdmin], Expect::Hidden),
    ]
}

fn scim() -> Vec<Case> {
    const ROUTES: [&str; 15] = [
        "GET /scim/v2/ServiceProviderConfig",
        "GET /scim/v2/ResourceTypes",
        "GET /scim/v2/Schemas",
        "GET /scim/v2/Users",
        "POST /scim/v2/Users",
        "GET /scim/v2/Users/{id}",
        "PUT /scim/v2/Users/{id}",
        "PATCH /scim/v2/Users/{id}",
        "DELETE /scim/v2/Users/{id}",
        "GET /scim/v2/Groups",
        "POST /scim/v2/Groups",
        "GET /scim/v2/Groups/{id}",
        "PUT /scim/v2/Groups/{id}",
        "PATCH /scim/v2/Groups/{id}",
        "DELETE /scim/v2/Groups/{id}",
    ];
    let asked = |route: &'static str| {
        let row = case(route, "a person's token, or none", move |at| {
            let (method, pattern) = route.split_once(' ').expect("a method and a pattern");
            let method: Method = method.parse().expect("a method");
            let body = json!({ "userName": "x@contoso.example", "displayName": "x", "Operations": [] });
            let ask = Ask::new(method.clone(), pattern.replace("{id}", &at.things.spare_guest));
            if [Method::GET, Method::DELETE].contains(&method) { ask } else { ask.json(&body) }
        });
        row.everybody(Expect::Unauthenticated).for_these(&[Who::Application], Expect::Unauthenticated)
    };
    ROUTES.into_iter().map(asked).collect()
}
