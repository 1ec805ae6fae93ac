//! People, groups and invitations. Members see their organization's directory; a guest sees their own object alone.

use serde_json::json;

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, Who};

/// Accepted guests whose token is good.
pub(super) const GUESTS: [Who; 6] =
    [Who::Revoked, Who::PlainGuest, Who::HeronGuest, Who::FolderGuest, Who::Reader, Who::SiteGuest];

/// The program, with permissions for all of this but blocking and deleting people.
const PROGRAM: [Who; 1] = [Who::Application];

pub(super) fn cases() -> Vec<Case> {
    [people(), groups(), invitations()].into_iter().flatten().collect()
}

fn own_address(at: &At<'_>) -> String {
    at.who.address().unwrap_or_default().to_owned()
}

fn people() -> Vec<Case> {
    let user = "/v1.0/users";
    vec![
        case("GET /v1.0/me", "me", |_| Ask::get("/v1.0/me"))
            .shows(&Who::MEMBERS, own_address)
            .shows(&GUESTS, own_address)
            .shows(&Who::AT_FABRIKAM, own_address),
        case("GET /v1.0/users", "everybody", move |_| Ask::get(user))
            .everybody(Expect::Blind(403))
            .shows(&PROGRAM, |at| at.things.owner.clone())
            .shows(&Who::MEMBERS, |at| at.things.owner.clone())
            .shows(&Who::AT_FABRIKAM, |_| "ada@fabrikam.example".to_owned()),
        case("GET /v1.0/users", "a page behind a name", |_| {
            Ask::get("/v1.0/users?$top=1&$skiptoken=anna@contoso.example&$filter=userType%20eq%20'Guest'")
        })
        .everybody(Expect::Blind(403))
        .open(&PROGRAM)
        .open(&Who::MEMBERS)
        .open(&Who::AT_FABRIKAM),
        case("GET /v1.0/users/{user}", "the owner by id", move |at| {
            Ask::get(format!("{user}/{}", at.things.owner))
        })
        .shows(&PROGRAM, |_| "olga@contoso.example".to_owned())
        .shows(&Who::MEMBERS, |_| "olga@contoso.example".to_owned()),
        case("GET /v1.0/users/{user}", "the owner by name", move |_| {
            Ask::get(format!("{user}/olga@contoso.example"))
        })
        .open(&PROGRAM)
        .open(&Who::MEMBERS),
        case("GET /v1.0/users/{user}", "a guest by id", move |at| {
            Ask::get(format!("{user}/{}", at.things.other_guest))
        })
        .open(&PROGRAM)
        .open(&Who::MEMBERS)
        .open(&[Who::PlainGuest]),
        case("PATCH /v1.0/users/{user}", "lets a guest in", move |at| {
            let body = json!({ "accountEnabled": true });
            Ask::patch(format!("{user}/{}", at.things.spare_guest), &body)
        })
        .forbidden(&[Who::Owner, Who::Colleague, Who::Application])
        .open(&[Who::Admin]),
        case("DELETE /v1.0/users/{user}", "a guest", move |at| {
            Ask::delete(format!("{user}/{}", at.things.gone_guest))
        })
        .forbidden(&[Who::Owner, Who::Colleague, Who::Application])
        .open(&[Who::Admin]),
        case("GET /v1.0/directory/deletedItems/microsoft.graph.user", "everybody", |_| {
            Ask::get("/v1.0/directory/deletedItems/microsoft.graph.user")
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::StrangerAdmin])
        .shows(&[Who::Admin], |at| at.things.gone_guest.clone()),
        case("GET /v1.0/directory/deletedItems/{user}", "the guest who is gone", |at| {
            Ask::get(format!("/v1.0/directory/deletedItems/{}", at.things.gone_guest))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        case("POST /v1.0/directory/deletedItems/{user}/restore", "the guest who is gone", |at| {
            let gone = &at.things.gone_guest;
            Ask::new(http::Method::POST, format!("/v1.0/directory/deletedItems/{gone}/restore"))
        })
        .everybody(Expect::Blind(403))
        .for_these(&[Who::StrangerAdmin], Expect::Hidden)
        .open(&[Who::Admin]),
        // What is in a batch is judged as if it came alone: 200, and inside nothing but what its sender may see.
        case("POST /v1.0/$batch", "the hidden folder and the owner", |at| {
            let (drive, item) = (&at.things.falcon.drive, &at.things.hidden);
            let requests =
                json!([{ "id": "1", "method": "GET", "url": format!("/drives/{drive}/items/{item}") }]);
            Ask::post("/v1.0/$batch", &json!({ "requests": requests }))
        })
        .everybody(Expect::Blind(200))
        .for_these(&[Who::Application], Expect::Blind(200))
        .shows(&[Who::Reader, Who::SiteGuest, Who::Owner], |at| at.things.hidden_name.clone()),
    ]
}

fn groups() -> Vec<Case> {
    let groups = "/v1.0/groups";
    let members = |group: &str| format!("/v1.0/groups/{group}/members");
    let reference = |at: &At<'_>| {
        let which = match at.who {
            Who::Admin => 1,
            Who::Application => 2,
            _ => 0,
        };
        at.things.spare_members[which].clone()
    };
    let add = move |group: &str, at: &At<'_>| {
        let id = format!("https://cloud.example/v1.0/directoryObjects/{}", reference(at));
        Ask::post(format!("{}/$ref", members(group)), &json!({ "@odata.id": id }))
    };
    let remove =
        move |group: &str, at: &At<'_>| Ask::delete(format!("{}/{}/$ref", members(group), reference(at)));
    vec![
        case("GET /v1.0/groups", "all", move |_| Ask::get(groups))
            .everybody(Expect::Blind(403))
            .shows(&Who::MEMBERS, |_| "Geheimbund-Gruppe".to_owned())
            .shows(&PROGRAM, |_| "Geheimbund-Gruppe".to_owned())
            .open(&Who::AT_FABRIKAM),
        case("POST /v1.0/groups", "a new one", move |at| {
            let name = format!("Gruppe von {}", at.who);
            Ask::post(groups, &json!({ "displayName": name, "securityEnabled": true }))
        })
        .everybody(Expect::Blind(403))
        .open(&[Who::Admin, Who::StrangerAdmin, Who::Application]),
        case("GET /v1.0/groups/{group}", "a security group", move |at| {
            Ask::get(format!("{groups}/{}", at.things.security_group))
        })
        .open(&PROGRAM)
        .open(&Who::MEMBERS),
        case("GET /v1.0/groups/{group}", "the site's", move |at| {
            Ask::get(format!("{groups}/{}", at.things.falcon.group))
        })
        .open(&[Who::Owner, Who::Admin, Who::Application]),
        case("GET /v1.0/groups/{group}/members", "a security group's", move |at| {
            Ask::get(members(&at.things.security_group))
        })
        .open(&PROGRAM)
        .open(&Who::MEMBERS),
        case("GET /v1.0/groups/{group}/members", "the site's", move |at| {
            Ask::get(members(&at.things.falcon.group))
        })
        .open(&[Who::Owner, Who::Admin, Who::Application]),
        case("POST /v1.0/groups/{group}/members/$ref", "to a security group", move |at| {
            add(&at.things.security_group, at)
        })
        .forbidden(&[Who::Owner, Who::Colleague])
        .open(&[Who::Admin, Who::Application]),
        case("POST /v1.0/groups/{group}/members/$ref", "to the site's", move |at| {
            add(&at.things.falcon.group, at)
        })
        .open(&[Who::Owner, Who::Admin, Who::Application]),
        case("DELETE /v1.0/groups/{group}/members/{user}/$ref", "of a security group", move |at| {
            remove(&at.things.security_group, at)
        })
        .forbidden(&[Who::Owner, Who::Colleague])
        .open(&[Who::Admin, Who::Application]),
        case("DELETE /v1.0/groups/{group}/members/{user}/$ref", "of the site's", move |at| {
            remove(&at.things.falcon.group, at)
        })
        .open(&[Who::Owner, Who::Admin, Who::Application]),
    ]
}

fn invitations() -> Vec<Case> {
    vec![
        case("POST /v1.0/invitations", "somebody new", |at| {
            let body = json!({
                "invitedUserEmailAddress": format!("neu-{}@anderswo.example", at.who as usize),
                "inviteRedirectUrl": "https://cloud.example/",
                "sendInvitationMessage": true,
            });
            Ask::post("/v1.0/invitations", &body)
        })
        .everybody(Expect::Blind(403))
        .open(&PROGRAM)
        .open(&Who::MEMBERS)
        .open(&Who::AT_FABRIKAM),
    ]
}
