//! Sites. One opens to those in it alone.

use serde_json::json;

use super::directory::GUESTS;
use crate::isolation::case::{Case, Expect, case};
use crate::world::{Ask, DOMAIN, Who};

pub(super) fn cases() -> Vec<Case> {
    let display_name = |_: &crate::isolation::case::At<'_>| "Falkenhorst-Vorhaben".to_owned();
    vec![
        case("GET /v1.0/sites", "all that are open", |_| Ask::get("/v1.0/sites?search=*"))
            .open(&Who::AT_FABRIKAM)
            .shows(&[Who::Application], display_name)
            .open(&GUESTS)
            .open(&Who::MEMBERS)
            .shows(&Who::INSIDE, display_name),
        case("GET /v1.0/sites", "by a secret name", |_| Ask::get("/v1.0/sites?search=secret-falcon"))
            .everybody(Expect::Ok)
            .shows(&[Who::Application], display_name)
            .shows(&Who::INSIDE, display_name),
        case("POST /v1.0/sites", "a new one", |at| {
            let name = format!("Neu-{}", at.who as usize);
            Ask::post("/v1.0/sites", &json!({ "name": name, "displayName": name }))
        })
        .everybody(Expect::Blind(403))
        .open(&Who::MEMBERS)
        .open(&Who::AT_FABRIKAM),
        case("GET /v1.0/sites/{site}", "the organization", |_| Ask::get("/v1.0/sites/root"))
            .everybody(Expect::Ok),
        case("GET /v1.0/sites/{site}", "by its id", |at| {
            Ask::get(format!("/v1.0/sites/{}", at.things.falcon.site))
        })
        .shows(&Who::INSIDE, display_name),
        case("GET /v1.0/sites/{site}", "by its long id", |at| {
            Ask::get(format!("/v1.0/sites/cloud.example,{0},{0}", at.things.falcon.site))
        })
        .open(&Who::INSIDE),
        case("GET /v1.0/sites/{site}", "the other site", |at| {
            Ask::get(format!("/v1.0/sites/{}", at.things.heron.site))
        })
        .open(&[Who::HeronGuest, Who::Colleague]),
        case("GET /v1.0/sites/{site}/drives", "its libraries", |at| {
            Ask::get(format!("/v1.0/sites/{}/drives", at.things.falcon.site))
        })
        .open(&[Who::FolderGuest])
        .shows(&[Who::Reader, Who::SiteGuest, Who::Owner], |at| at.things.falcon.drive.clone()),
        case("GET /v1.0/drives/{drive}", "the first library by its site", |at| {
            Ask::get(format!("/v1.0/sites/{}/drive", at.things.falcon.site))
        })
        .shows(&[Who::Reader, Who::SiteGuest, Who::Owner], |at| at.things.falcon.drive.clone()),
        case("POST /v1.0/sites/{site}/drives", "a library", |at| {
            let body = json!({ "name": format!("Bibliothek {}", at.who as usize) });
            Ask::post(format!("/v1.0/sites/{}/drives", at.things.falcon.site), &body)
        })
        .forbidden(&[Who::FolderGuest, Who::Reader, Who::SiteGuest])
        .open(&[Who::Owner]),
        case("GET /v1.0/sites/{site}/{*path}", "by its address", |at| {
            Ask::get(format!("/v1.0/sites/cloud.example:/{DOMAIN}/sites/{}", at.things.falcon.name))
        })
        .shows(&Who::INSIDE, display_name),
        case("GET /v1.0/sites/{site}/{*path}", "its libraries by its address", |at| {
            Ask::get(format!("/v1.0/sites/cloud.example:/sites/{}:/drives", at.things.falcon.name))
        })
        .open(&Who::INSIDE),
    ]
}
