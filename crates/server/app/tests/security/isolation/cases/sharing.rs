//! Sharing. Who has access is told to those in charge; a guest sees the permissions they hold themselves. Only those who
//! manage a place share it.

use serde_json::json;

use crate::isolation::case::{At, Case, case};
use crate::world::{Ask, Things, Who};

/// Says where a place is, for the things of a request.
type Address = fn(&Things) -> String;

/// A kind of place with who may see and manage it.
struct Place {
    routes: [&'static str; 3],
    name: &'static str,
    address: Address,
    /// Callers who see it, without the owner.
    seen_by: &'static [Who],
    /// Which of the permissions that are used up is given here.
    spare: usize,
}

const PLACES: [Place; 3] = [
    Place {
        routes: [
            "/v1.0/sites/{site}/invite",
            "/v1.0/sites/{site}/permissions",
            "/v1.0/sites/{site}/permissions/{permission}",
        ],
        name: "the site",
        address: |things| format!("/v1.0/sites/{}", things.falcon.site),
        seen_by: &[Who::Reader, Who::SiteGuest],
        spare: 0,
    },
    Place {
        routes: [
            "/v1.0/drives/{drive}/root/invite",
            "/v1.0/drives/{drive}/root/permissions",
            "/v1.0/drives/{drive}/root/permissions/{permission}",
        ],
        name: "the library",
        address: |things| format!("/v1.0/drives/{}/root", things.falcon.drive),
        seen_by: &[Who::Reader, Who::SiteGuest],
        spare: 1,
    },
    Place {
        routes: [
            "/v1.0/drives/{drive}/items/{item}/invite",
            "/v1.0/drives/{drive}/items/{item}/permissions",
            "/v1.0/drives/{drive}/items/{item}/permissions/{permission}",
        ],
        name: "the hidden folder",
        address: |things| format!("/v1.0/drives/{}/items/{}", things.falcon.drive, things.hidden),
        seen_by: &[Who::Reader, Who::SiteGuest],
        spare: 2,
    },
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = PLACES.iter().flat_map(of_place).collect();
    let shared = |things: &Things| format!("/v1.0/drives/{}/items/{}", things.falcon.drive, things.shared);
    let [_, list, one] = PLACES[2].routes;
    let inheritance = "/v1.0/drives/{drive}/items/{item}/inheritance";
    let of_hidden = |at: &At<'_>| {
        format!("/v1.0/drives/{}/items/{}/inheritance", at.things.falcon.drive, at.things.hidden)
    };
    cases.push(
        case(route("GET", inheritance), "the hidden folder", move |at| Ask::get(of_hidden(at)))
            .open(PLACES[2].seen_by)
            .open(&[Who::Owner]),
    );
    for inherits in [false, true] {
        cases.push(
            case(route("PUT", inheritance), "the hidden folder", move |at| {
                Ask::new(http::Method::PUT, of_hidden(at)).json(&json!({ "inherits": inherits }))
            })
            .forbidden(PLACES[2].seen_by)
            .open(&[Who::Owner]),
        );
    }
    cases.push(
        case(route("GET", list), "the shared folder", move |at| {
            Ask::get(format!("{}/permissions", shared(at.things)))
        })
        .shows(&[Who::FolderGuest, Who::Owner], |at| at.things.folder_permission.clone())
        .open(&[Who::Reader, Who::SiteGuest]),
    );
    cases.push(
        case(route("GET", one), "the folder guest's own", move |at| {
            Ask::get(format!("{}/permissions/{}", shared(at.things), at.things.folder_permission))
        })
        .open(&[Who::FolderGuest, Who::Owner]),
    );
    cases.push(
        case(route("PATCH", one), "the folder guest's own", move |at| {
            let address = format!("{}/permissions/{}", shared(at.things), at.things.folder_permission);
            Ask::patch(address, &json!({ "roles": ["write"] }))
        })
        .forbidden(&[Who::FolderGuest])
        .open(&[Who::Owner]),
    );
    cases
}

/// Joins a method and a pattern for good; there are few.
fn route(method: &str, pattern: &str) -> &'static str {
    Box::leak(format!("{method} {pattern}").into_boxed_str())
}

fn of_place(place: &'static Place) -> Vec<Case> {
    let [invite, list, one] = place.routes;
    let address = place.address;
    let spare = move |at: &At<'_>| {
        format!("{}/permissions/{}", address(at.things), at.things.spare_permissions[place.spare])
    };
    vec![
        case(route("POST", invite), place.name, move |at| {
            let body = json!({
                "recipients": [{ "email": "wanda-weg@fabrikam.example" }],
                "roles": ["read"],
                "requireSignIn": true,
                "sendInvitation": false,
            });
            Ask::post(format!("{}/invite", address(at.things)), &body)
        })
        .for_these(place.seen_by, crate::isolation::case::Expect::Status(200))
        .open(&[Who::Owner]),
        case(route("GET", list), place.name, move |at| {
            Ask::get(format!("{}/permissions", address(at.things)))
        })
        .open(place.seen_by)
        .shows(&[Who::SiteGuest, Who::Owner], |at| at.things.falcon.permission.clone()),
        case(route("GET", one), place.name, move |at| Ask::get(spare(at))).open(&[Who::Owner]),
        case(route("PATCH", one), place.name, move |at| Ask::patch(spare(at), &json!({ "roles": ["read"] })))
            .open(&[Who::Owner]),
        case(route("DELETE", one), place.name, move |at| Ask::delete(spare(at))).open(&[Who::Owner]),
    ]
}
