//! Items and drives by Graph: by id and by path. A path through a folder the caller may not see leads nowhere.

use http::Method;
use serde_json::json;

use super::transfer_reads::WHOLE;
use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, CONTENT_OF, ORIGIN, Who};

const WRITERS: [Who; 2] = [Who::SiteGuest, Who::Owner];
const ITEM: &str = "/v1.0/drives/{drive}/items/{item}";

fn item(at: &At<'_>, id: &str) -> String {
    format!("/v1.0/drives/{}/items/{id}", at.things.falcon.drive)
}

fn hidden(at: &At<'_>) -> String {
    item(at, &at.things.hidden)
}

fn hidden_file(at: &At<'_>) -> String {
    item(at, &at.things.hidden_file.id)
}

fn by_path(at: &At<'_>) -> String {
    let (folder, file) = (&at.things.hidden_name, &at.things.hidden_file.name);
    format!("/v1.0/drives/{}/root:/{folder}/{file}", at.things.falcon.drive)
}

/// A file to use up for those who may, and the hidden file for everybody else.
fn hidden_or_spare(at: &At<'_>) -> String {
    let may = WRITERS.contains(&at.who);
    item(at, if may { &at.things.spare(at.who).id } else { &at.things.hidden_file.id })
}

/// A case at an item's own route, or one of its actions.
fn at_item(method: &str, action: &str, name: &'static str, build: impl Fn(&At<'_>) -> Ask + 'static) -> Case {
    let route: &'static str = Box::leak(format!("{method} {ITEM}{action}").into_boxed_str());
    case(route, name, build)
}

pub(super) fn cases() -> Vec<Case> {
    [drives(), reads(), changes(), later()].into_iter().flatten().collect()
}

fn drives() -> Vec<Case> {
    vec![
        case("GET /v1.0/me/drives", "one's own", |_| Ask::get("/v1.0/me/drives")).everybody(Expect::Ok),
        case("GET /v1.0/me/drive", "one's own", |_| Ask::get("/v1.0/me/drive"))
            .everybody(Expect::Blind(404))
            .open(&Who::MEMBERS)
            .open(&Who::AT_FABRIKAM),
        case("GET /v1.0/me/drive/{*rest}", "nothing of it", |_| Ask::get("/v1.0/me/drive/list"))
            .everybody(Expect::Blind(404)),
        case("GET /v1.0/drives/{drive}/items/{item}/children", "in one's own drive", |_| {
            Ask::get("/v1.0/me/drive/root/children")
        })
        .open(&Who::MEMBERS)
        .open(&Who::AT_FABRIKAM),
        case("GET /v1.0/users/{user}/drive", "the owner's", |at| {
            Ask::get(format!("/v1.0/users/{}/drive", at.things.owner))
        })
        .open(&[Who::Owner]),
        case("GET /v1.0/drives/{drive}", "the library", |at| {
            Ask::get(format!("/v1.0/drives/{}", at.things.falcon.drive))
        })
        .shows(&Who::INSIDE, |at| at.things.falcon.drive.clone()),
        case("GET /v1.0/drives/{drive}", "the other site's library", |at| {
            Ask::get(format!("/v1.0/drives/{}", at.things.heron.drive))
        })
        .open(&[Who::HeronGuest, Who::Colleague]),
    ]
}

fn reads() -> Vec<Case> {
    vec![
        at_item("GET", "", "the hidden file", |at| Ask::get(hidden_file(at)))
            .shows(&WHOLE, |at| at.things.hidden_file.name.clone()),
        at_item("GET", "", "the hidden file by path", |at| Ask::get(by_path(at)))
            .shows(&WHOLE, |at| at.things.hidden_file.id.clone()),
        at_item("GET", "", "the hidden folder beside the shared one", |at| {
            let (shared, name) = (&at.things.shared, &at.things.hidden_name);
            Ask::get(format!("{}:/..%2f{name}", item(at, shared)))
        }),
        at_item("GET", "", "the shared file", |at| Ask::get(item(at, &at.things.shared_file.id)))
            .shows(&Who::INSIDE, |at| at.things.shared_file.name.clone()),
        at_item("GET", "", "the other site's file by this drive", |at| {
            Ask::get(item(at, &at.things.heron_file.id))
        }),
        at_item("GET", "", "the root", |at| Ask::get(item(at, "root"))).open(&WHOLE),
        at_item("GET", "/children", "of the hidden folder", |at| {
            Ask::get(format!("{}/children", hidden(at)))
        })
        .shows(&WHOLE, |at| at.things.hidden_file.name.clone()),
        at_item("GET", "/children", "of the root", |at| Ask::get(format!("{}/children", item(at, "root"))))
            .shows(&WHOLE, |at| at.things.hidden_name.clone()),
        at_item("GET", "/children", "of the shared folder, one at a time", |at| {
            Ask::get(format!("{}/children?$top=1", item(at, &at.things.shared)))
        })
        .open(&Who::INSIDE),
        at_item("GET", "/content", "the hidden file", |at| Ask::get(format!("{}/content", hidden_file(at))))
            .shows(&WHOLE, |at| CONTENT_OF(&at.things.hidden_file.name).trim().to_owned()),
        at_item("GET", "/content", "a part of the hidden file by path", |at| {
            Ask::get(format!("{}:/content", by_path(at))).header("range", "bytes=0-3")
        })
        .open(&WHOLE),
        at_item("GET", "/content", "the deleted file", |at| {
            Ask::get(format!("{}/content", item(at, &at.things.binned_too)))
        }),
        at_item("GET", "/delta", "the hidden folder", |at| Ask::get(format!("{}/delta", hidden(at))))
            .shows(&WHOLE, |at| at.things.hidden_file.name.clone()),
        at_item("GET", "/delta", "the shared folder", |at| {
            Ask::get(format!("{}/delta", item(at, &at.things.shared)))
        })
        .shows(&Who::INSIDE, |at| at.things.shared_file.name.clone()),
        at_item("GET", "/delta", "the root from now on", |at| {
            Ask::get(format!("{}/delta?token=latest", item(at, "root")))
        })
        .open(&WHOLE),
        at_item("GET", "/delta", "the shared folder by the owner's cursor", |at| {
            let token = &at.things.cursor;
            Ask::get(format!("{}/delta?token={token}", item(at, &at.things.shared)))
        })
        .for_these(&Who::INSIDE, Expect::Status(410)),
    ]
}

fn changes() -> Vec<Case> {
    let reader = [Who::Reader];
    vec![
        at_item("PATCH", "", "renames the hidden file", |at| {
            let name = format!("Umbenannt-{}", at.who as usize);
            Ask::patch(hidden_or_spare(at), &json!({ "name": name }))
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("PATCH", "", "moves a file into the hidden folder", |at| {
            let body = json!({ "parentReference": { "id": at.things.hidden } });
            Ask::patch(item(at, &at.things.spare(at.who).id), &body)
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("PATCH", "", "moves the hidden file into the shared folder", |at| {
            let body = json!({ "parentReference": { "id": at.things.shared } });
            Ask::patch(hidden_or_spare(at), &body)
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("DELETE", "", "the hidden file", |at| Ask::delete(hidden_or_spare(at)))
            .forbidden(&reader)
            .open(&WRITERS),
        at_item("POST", "/children", "in the hidden folder", |at| {
            let body = json!({ "name": format!("Ordner-{}", at.who as usize), "folder": {} });
            Ask::post(format!("{}/children", hidden(at)), &body)
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("PUT", "/content", "a new file in the hidden folder", |at| {
            let name = format!("Datei-{}.txt", at.who as usize);
            Ask::put(format!("{}:/{name}:/content", hidden(at)), "neu")
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("PUT", "/content", "over the hidden file", |at| {
            Ask::put(format!("{}/content", hidden_or_spare(at)), "anders")
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("POST", "/createUploadSession", "over the hidden file", |at| {
            Ask::post(format!("{}/createUploadSession", hidden_or_spare(at)), &json!({}))
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("POST", "/createUploadSession", "a new file in the hidden folder", |at| {
            Ask::post(format!("{}:/Sitzung.txt:/createUploadSession", hidden(at)), &json!({}))
        })
        .forbidden(&reader)
        .open(&WRITERS),
        at_item("PUT", "", "the owner's session into the shared folder", |at| {
            let source = format!("{ORIGIN}{}", at.things.session);
            let body = json!({ "name": "Sitzung.txt", "@microsoft.graph.sourceUrl": source });
            Ask::new(Method::PUT, item(at, &at.things.shared)).json(&body)
        })
        .for_these(&[Who::Owner], Expect::Status(409)),
        at_item("POST", "/restore", "the deleted file", |at| {
            let body = json!({ "parentReference": { "id": at.things.heron.root } });
            Ask::post(format!("{}/restore", item(at, &at.things.binned_too)), &body)
        })
        .for_these(&WRITERS, Expect::Hidden),
    ]
}

fn later() -> Vec<Case> {
    let actions = [("GET", "/thumbnails")];
    let one = |(method, action): (&'static str, &'static str)| {
        at_item(method, action, "the hidden file, once it is built", move |at| {
            let address = format!("{}{action}", hidden_file(at));
            if method == "GET" { Ask::get(address) } else { Ask::post(address, &json!({})) }
        })
        .for_these(&WHOLE, Expect::Status(501))
    };
    actions.into_iter().map(one).collect()
}
