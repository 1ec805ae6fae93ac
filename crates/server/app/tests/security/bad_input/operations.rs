//! Operations that must not be applied: illegal names, wrong places, stale tags, and lies about bytes.

use http::Method;
use serde_json::{Value, json};

use super::row::{Form, Row};
use super::transfer_api::{ZERO, at};
use crate::world::{Ask, World, name_of};

/// Operations of which every single one must be refused.
pub(super) fn rows(world: &World) -> Vec<Row> {
    [names(world), places(world), bytes(world)].into_iter().flatten().collect()
}

fn operation(world: &World, name: &str, change: &Value, body: &[u8], holds: &'static str) -> Row {
    let frame = json!({ "op": format!("row:{}", blake_of(name)), "change": change });
    let ask = Ask::pack(Method::POST, at(world, "operations"), &[(frame, body.to_vec())]);
    Row::graph(name, ask, 200, holds).of(Form::Outcome)
}

/// An operation id that is the same for the same row alone.
fn blake_of(name: &str) -> String {
    name_of(name.as_bytes()).id.to_string()[..24].to_owned()
}

/// Names that section 8 of the reference forbids.
fn names(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let long = "x".repeat(256);
    let wide = "\u{1F600}".repeat(128);
    let both = [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a:b",
        "a*b",
        "a?b",
        "a\"b",
        "a<b",
        "a>b",
        "a|b",
        " a",
        "a ",
        "a\0b",
        "a\nb",
        "a\r\nb",
        "a\u{7f}",
        ".lock",
        "CON",
        "con",
        "PRN",
        "AUX",
        "nul",
        "COM0",
        "com9",
        "LPT1",
        "desktop.ini",
        "Desktop.INI",
        "x_vti_y",
        "X_VTI_y",
        "../../etc/passwd",
        "/etc/passwd",
        "C:\\x",
        "\\\\server\\x",
        &long,
        &wide,
    ];
    let put = |name: &str| {
        let named = name_of(b"");
        json!({
            "type": "putFile",
            "target": { "type": "new", "parent": world.things.shared, "name": name },
            "source": { "type": "inline" },
            "content": named.id, "size": 0, "modified": "2026-01-01T00:00:00Z", "conflictOf": null,
        })
    };
    let folder = |parent: &str, name: &str| json!({ "type": "createFolder", "parent": parent, "name": name });
    let shared = &world.things.shared;
    for name in both {
        let change = folder(shared, name);
        rows.push(operation(world, &format!("a folder {name:?}"), &change, b"", "invalidPath"));
        rows.push(operation(world, &format!("a file {name:?}"), &put(name), b"", "invalidPath"));
        let file = &world.things.shared_file;
        let change =
            json!({ "type": "move", "item": file.id, "parent": shared, "name": name, "ifMatch": file.e_tag });
        rows.push(operation(world, &format!("renamed to {name:?}"), &change, b"", "invalidPath"));
    }
    rows.push(operation(world, "a file ~$x", &put("~$x.docx"), b"", "invalidPath"));
    for name in ["~x", "x."] {
        let change = folder(shared, name);
        rows.push(operation(world, &format!("a folder {name}"), &change, b"", "invalidPath"));
    }
    let root = &world.things.falcon.root;
    rows.push(operation(world, "forms in the root", &folder(root, "Forms"), b"", "invalidPath"));
    rows.push(operation(
        world,
        "a name in another case",
        &folder(root, "FUSION-papiere"),
        b"",
        "nameAlreadyExists",
    ));
    // A path of 400 characters ends within the shared folder's own name.
    let fill = "y".repeat(250);
    rows.push(operation(
        world,
        "one long name is fine, its path is judged",
        &folder("01", &fill),
        b"",
        "itemNotFound",
    ));
    rows
}

fn places(world: &World) -> Vec<Row> {
    let things = &world.things;
    let (shared, root, file) = (&things.shared, &things.falcon.root, &things.shared_file);
    let shared_tag = |version: &str| {
        let item: model::ItemId = shared.parse().expect("an id");
        format!("\"{{{}}},{version}\"", item.uuid())
    };
    let moved = |item: &str, parent: &str, tag: &str| json!({ "type": "move", "item": item, "parent": parent, "name": "Nie", "ifMatch": tag });
    let delete = |item: &str, tag: &str| json!({ "type": "delete", "item": item, "ifMatch": tag });
    let folder = |parent: &str| json!({ "type": "createFolder", "parent": parent, "name": "Nie" });
    let heron = &things.heron;
    let stale = file.e_tag.replace(",1\"", ",99\"");
    let mut rows = vec![
        operation(
            world,
            "a folder into itself",
            &moved(shared, shared, &shared_tag("1")),
            b"",
            "moveIntoItself",
        ),
        operation(world, "the root moved", &moved(root, shared, "*"), b"", "accessDenied"),
        operation(world, "the root deleted", &delete(root, "*"), b"", "accessDenied"),
        operation(
            world,
            "a folder that is not empty",
            &delete(shared, &shared_tag("1")),
            b"",
            "folderNotEmpty",
        ),
        operation(world, "a stale tag, moved", &moved(&file.id, root, &stale), b"", "resourceModified"),
        operation(world, "a stale tag, deleted", &delete(&file.id, &stale), b"", "resourceModified"),
        operation(world, "no tag at all", &delete(&file.id, ""), b"", "resourceModified"),
        operation(world, "a folder in a file", &folder(&file.id), b"", "file"),
        operation(world, "a folder in another site", &folder(&heron.root), b"", "itemNotFound"),
        operation(
            world,
            "a move to another site",
            &moved(&file.id, &heron.root, &file.e_tag),
            b"",
            "itemNotFound",
        ),
        operation(world, "a folder in a deleted file", &folder(&things.binned), b"", "itemNotFound"),
        operation(world, "another site's file", &delete(&things.heron_file.id, "*"), b"", "itemNotFound"),
        operation(world, "a deleted file moved", &moved(&things.binned, shared, "*"), b"", "itemNotFound"),
        operation(
            world,
            "restoring what was not deleted",
            &json!({ "type": "restore", "item": file.id, "parent": shared, "name": "Nie" }),
            b"",
            "refused",
        ),
    ];
    for parent in ["", "root", "..", "01", "b!x", "\0"] {
        let name = format!("the parent {parent:?}");
        rows.push(operation(world, &name, &folder(parent), b"", "itemNotFound"));
    }
    for op in [String::new(), "x".repeat(101), "a\0b".to_owned(), "a\nb".to_owned()] {
        let frame = json!({ "op": op, "change": folder(shared) });
        let ask = Ask::pack(Method::POST, at(world, "operations"), &[(frame, Vec::new())]);
        rows.push(Row::graph(format!("the operation id {op:.9?}"), ask, 200, "printable").of(Form::Outcome));
    }
    let frame = json!({ "op": things.operation, "change": folder(shared) });
    let ask = Ask::pack(Method::POST, at(world, "operations"), &[(frame, Vec::new())]);
    rows.push(Row::graph("an operation id used before", ask, 200, "operationReused").of(Form::Outcome));
    rows
}

fn bytes(world: &World) -> Vec<Row> {
    let things = &world.things;
    let body = b"die wahren Bytes";
    let named = name_of(body);
    let put = |target: &Value, source: &Value, content: &str, size: u64| {
        json!({
            "type": "putFile", "target": target, "source": source, "content": content, "size": size,
            "modified": "2026-01-01T00:00:00Z", "conflictOf": null,
        })
    };
    let new = json!({ "type": "new", "parent": things.shared, "name": "nie.txt" });
    let inline = json!({ "type": "inline" });
    let id = named.id.to_string();
    let upload = |id: &str| json!({ "type": "upload", "upload": id });
    let nobody = "00000000-0000-4000-8000-000000000000";
    let file = &things.shared_file;
    let stale = json!({ "type": "existing", "item": file.id, "ifMatch": "\"c:{x},7\"" });
    let folder = json!({ "type": "existing", "item": things.shared, "ifMatch": "x" });
    vec![
        operation(world, "another content", &put(&new, &inline, ZERO, named.size), body, "contentMismatch"),
        operation(world, "another length", &put(&new, &inline, &id, named.size + 1), body, "contentMismatch"),
        operation(world, "no bytes", &put(&new, &inline, &id, named.size), b"", "contentMismatch"),
        operation(
            world,
            "a stale content tag",
            &put(&stale, &inline, &id, named.size),
            body,
            "resourceModified",
        ),
        operation(world, "bytes for a folder", &put(&folder, &inline, &id, named.size), body, "folder"),
        operation(world, "an upload of nobody", &put(&new, &upload(nobody), &id, named.size), b"", "Not"),
        operation(world, "an upload that is no id", &put(&new, &upload(".."), &id, named.size), b"", "Not"),
        operation(
            world,
            "an upload without its bytes",
            &put(&new, &upload(&things.upload), &name_of(crate::world::UPLOADED).id.to_string(), 37),
            b"",
            "Incomplete",
        ),
    ]
}
