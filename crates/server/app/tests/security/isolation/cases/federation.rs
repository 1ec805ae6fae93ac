//! Federation: an organization's administrators see and set where its people sign in; nobody comes back who was not sent.

use http::Method;
use serde_json::json;

use crate::isolation::case::{Case, Expect, case};
use crate::world::{Ask, DOMAIN, Who};

pub(super) fn cases() -> Vec<Case> {
    let place = "/v1.0/admin/federation";
    vec![
        case("PUT /v1.0/admin/federation", "an issuer that is not used yet", move |_| {
            let body = json!({
                "displayName": "Pforte", "issuer": "https://idp.example", "clientId": "x",
                "clientAuthentication": "privateKeyJwt", "isEnabled": false,
            });
            Ask::new(Method::PUT, place).json(&body)
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /v1.0/admin/federation", "the issuer", move |_| Ask::get(place))
            .everybody(Expect::Blind(403))
            .shows(&[Who::Admin, Who::StrangerAdmin], |_| "Pforte".to_owned()),
        case("DELETE /v1.0/admin/federation", "the issuer", move |_| Ask::delete(place))
            .everybody(Expect::Blind(403))
            .open(&[Who::Admin, Who::StrangerAdmin]),
        case("GET /{organization}/sign-in/federated", "an answer nobody asked for", |at| {
            Ask::get(format!("/{}/sign-in/federated?code=x&state=x", at.things.tenant))
        })
        .everybody(Expect::Status(400)),
        case("GET /{organization}/sign-in/federated", "no organization's id", |_| {
            Ask::get(format!("/{DOMAIN}/sign-in/federated?code=x&state=x"))
        })
        .everybody(Expect::Status(404)),
    ]
}
