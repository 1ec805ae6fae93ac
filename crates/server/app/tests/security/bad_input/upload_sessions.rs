//! Bad upload sessions: names, lengths and ranges that are not, and addresses that are none.

use http::Method;
use serde_json::{Value, json};

use super::row::Row;
use crate::world::{Ask, World};

fn create(world: &World, item: &str, body: &Value) -> Ask {
    let drive = &world.things.falcon.drive;
    Ask::post(format!("/v1.0/drives/{drive}/items/{item}/createUploadSession"), body)
}

pub(super) fn rows(world: &World) -> Vec<Row> {
    [made(world), sent(world), addressed()].into_iter().flatten().collect()
}

fn made(world: &World) -> Vec<Row> {
    let things = &world.things;
    let (shared, file) = (&things.shared, &things.shared_file.id);
    let of_file = |body: Value| create(world, file, &body);
    let mut rows = vec![
        Row::graph("for a folder", create(world, shared, &json!({})), 400, "folder"),
        Row::graph("in a file", of_file(json!({ "item": { "name": "x.txt" } })), 400, "file"),
        Row::graph(
            "two names",
            create(world, &format!("{shared}:/a.txt:"), &json!({ "item": { "name": "b.txt" } })),
            400,
            "two names",
        ),
        Row::graph(
            "an unknown behaviour",
            of_file(json!({ "item": { "@microsoft.graph.conflictBehavior": "explode" } })),
            400,
            "conflictBehavior",
        ),
        Row::graph("a length below zero", of_file(json!({ "item": { "fileSize": -1 } })), 400, "JSON"),
        Row::graph(
            "a length beyond every limit",
            of_file(json!({ "item": { "fileSize": 999_999_999_999_999_u64 } })),
            413,
            "maxFileSizeExceeded",
        ),
        Row::graph(
            "a date that is none",
            of_file(json!({ "item": { "fileSystemInfo": { "lastModifiedDateTime": "gestern" } } })),
            400,
            "JSON",
        ),
        Row::graph(
            "a folder that is not there",
            create(world, &format!("{shared}:/fehlt/a.txt:"), &json!({})),
            404,
            "itemNotFound",
        ),
        Row::graph(
            "JSON cut off",
            Ask::new(Method::POST, create(world, file, &json!({})).target)
                .body("application/json", "{\"item\":"),
            400,
            "JSON",
        ),
        Row::graph(
            "a stale version",
            of_file(json!({})).header("if-match", "\"{x},99\""),
            412,
            "resourceModified",
        ),
        Row::graph(
            "a name that is taken",
            create(
                world,
                &format!("{shared}:/{}:", things.shared_file.name),
                &json!({ "item": { "@microsoft.graph.conflictBehavior": "fail" } }),
            ),
            409,
            "nameAlreadyExists",
        ),
    ];
    for name in ["CON", "a%5Cb", "a%0Db", "%20a", "~$x", "x_vti_y"] {
        let ask = create(world, &format!("{shared}:/{name}:"), &json!({}));
        rows.push(Row::graph(format!("a file {name}"), ask, 400, "invalidPath"));
    }
    for name in ["", "..", "a/b", "a\0b"] {
        let ask = create(world, shared, &json!({ "item": { "name": name } }));
        rows.push(Row::graph(format!("a file named {name:?}"), ask, 400, "invalidPath"));
    }
    rows
}

fn sent(world: &World) -> Vec<Row> {
    let session = &world.things.session;
    let mut rows = Vec::new();
    for range in [
        "bytes 0-2/*",
        "bytes 2-0/3",
        "bytes 0-3/3",
        "bytes -2/3",
        "bytes 0-18446744073709551615/18446744073709551615",
        "bytes 0-99999999999999999999/3",
        "items 0-2/3",
        "bytes",
        "0-2/3",
        "bytes 0-2/3, 4-5/6",
    ] {
        let ask = Ask::put(session.clone(), "abc").header("content-range", range);
        rows.push(Row::graph(format!("the range {range}"), ask, 400, "Content-Range"));
    }
    for (range, status, holds) in [
        ("bytes 5-7/9", 416, "fragmentOutOfOrder"),
        ("bytes 0-3/9", 400, "fragmentLengthMismatch"),
        ("bytes 0-1/9", 400, "fragmentLengthMismatch"),
        ("bytes 0-62914559/62914560", 413, "maxFragmentLengthExceeded"),
        ("bytes 0-2/999999999999999", 413, "maxFileSizeExceeded"),
    ] {
        // The first fragment that can be taken settles the length; none of these may.
        let ask = Ask::put(session.clone(), "abc").header("content-range", range);
        let ask = ask.header("content-length", "3");
        rows.push(Row::graph(format!("the fragment {range}"), ask, status, holds));
    }
    rows.push(Row::graph("no range", Ask::put(session.clone(), "abc"), 400, "Content-Range"));
    rows
}

fn addressed() -> Vec<Row> {
    let mut rows = Vec::new();
    for address in ["x", "%00", "..", "A", &"A".repeat(200), &"A".repeat(9_000), "%c0%ae"] {
        for method in [Method::GET, Method::PUT, Method::POST, Method::DELETE] {
            let ask = Ask::new(method.clone(), format!("/v1.0/uploadSessions/{address}"));
            rows.push(Row::graph(format!("{method} {address:.20}"), ask, 404, "itemNotFound"));
        }
        let ask = Ask::get(format!("/v1.0/downloads/{address}"));
        rows.push(Row::graph(format!("a download {address:.20}"), ask, 404, "itemNotFound"));
    }
    rows
}
