//! Bad requests for items by Graph: names, paths, ranges, conditions and places that are not.

use http::Method;
use serde_json::json;

use super::row::Row;
use crate::world::{Ask, World};

fn at(world: &World, item: &str) -> String {
    format!("/v1.0/drives/{}/items/{item}", world.things.falcon.drive)
}

pub(super) fn rows(world: &World) -> Vec<Row> {
    [
        names(world),
        contents(world),
        changes(world),
        addresses(world),
        versions(world),
        bin(world),
        copies(world),
        searches(world),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn names(world: &World) -> Vec<Row> {
    let shared = at(world, &world.things.shared);
    let file = at(world, &world.things.shared_file.id);
    let mut rows = Vec::new();
    let long = "x".repeat(256);
    for name in [
        "",
        ".",
        "..",
        "a/b",
        "a\\b",
        "a:b",
        "a\r\nb",
        " a",
        "a ",
        "CON",
        "LPT9",
        "desktop.ini",
        "x_vti_y",
        "../../etc/passwd",
        "C:\\x",
        &long,
    ] {
        let folder = Ask::post(format!("{shared}/children"), &json!({ "name": name, "folder": {} }));
        rows.push(Row::graph(format!("a folder {name:?}"), folder, 400, "invalidPath"));
        let renamed = Ask::patch(file.clone(), &json!({ "name": name }));
        rows.push(Row::graph(format!("renamed to {name:?}"), renamed, 400, "invalidPath"));
    }
    let nul = Ask::post(format!("{shared}/children"), &json!({ "name": "a\0b", "folder": {} }));
    rows.push(Row::graph("a folder with NUL", nul, 400, "invalidPath"));
    for name in ["CON", "a%5Cb", "a%0Db", "%20a", "~$x", "x_vti_y", "a%3Fb", "a%2Ab"] {
        let put = Ask::put(format!("{shared}:/{name}:/content"), "x");
        rows.push(Row::graph(format!("a file {name}"), put, 400, "invalidPath"));
    }
    // The path of a folder within a folder counts as a whole.
    let deep = vec!["z".repeat(120); 4].join("/");
    let put = Ask::put(format!("{shared}:/{deep}:/content"), "x");
    rows.push(Row::graph("a file in folders that are not there", put, 404, "itemNotFound"));
    rows
}

fn contents(world: &World) -> Vec<Row> {
    let content = format!("{}/content", at(world, &world.things.shared_file.id));
    let folder = format!("{}/content", at(world, &world.things.shared));
    let mut rows = vec![
        Row::graph("the content of a folder", Ask::get(folder.clone()), 400, "folder"),
        Row::graph("bytes for a folder", Ask::put(folder, "x"), 400, "folder"),
        Row::graph(
            "bytes over a stale version",
            Ask::put(content.clone(), "x").header("if-match", "\"{x},99\""),
            412,
            "resourceModified",
        ),
        Row::graph(
            "a length beyond every limit",
            Ask::put(content.clone(), "x").header("content-length", "999999999999999999"),
            413,
            "allowed",
        ),
        Row::graph(
            "an unknown behaviour",
            Ask::put(format!("{content}?@microsoft.graph.conflictBehavior=explode"), "x"),
            400,
            "invalidRequest",
        ),
    ];
    for range in ["bytes=99999999-", "bytes=5000-6000", "bytes=18446744073709551615-", "bytes=-0"] {
        let ask = Ask::get(content.clone()).header("range", range);
        rows.push(Row::graph(format!("the range {range}"), ask, 416, "invalidRange"));
    }
    rows
}

fn changes(world: &World) -> Vec<Row> {
    let things = &world.things;
    let (file, shared) = (at(world, &things.shared_file.id), at(world, &things.shared));
    let patch = |body| Ask::patch(file.clone(), &body);
    let parent = |id: &str| json!({ "parentReference": { "id": id } });
    let other_drive =
        json!({ "parentReference": { "driveId": things.heron.drive, "id": things.heron.root } });
    let raw = Ask::new(Method::PATCH, file.clone()).body("application/json", "{\"name\":");
    vec![
        Row::graph("JSON cut off", raw, 400, "invalidRequest"),
        Row::graph(
            "a folder into itself",
            Ask::patch(shared.clone(), &parent(&things.shared)),
            409,
            "itself",
        ),
        Row::graph("into a file", patch(parent(&things.spares[0].id)), 400, "file"),
        Row::graph("into another site", patch(parent(&things.heron.root)), 404, "itemNotFound"),
        Row::graph("into another drive", patch(other_drive), 400, "invalidRequest"),
        Row::graph("into a folder that is no id", patch(parent("..")), 404, "itemNotFound"),
        Row::graph(
            "the root renamed",
            Ask::patch(at(world, "root"), &json!({ "name": "x" })),
            403,
            "accessDenied",
        ),
        Row::graph("the root deleted", Ask::delete(at(world, "root")), 403, "accessDenied"),
        Row::graph(
            "deleted at a stale version",
            Ask::delete(file.clone()).header("if-match", "\"{x},99\""),
            412,
            "resourceModified",
        ),
        Row::graph(
            "a date that is none",
            patch(json!({ "fileSystemInfo": { "lastModifiedDateTime": "gestern" } })),
            400,
            "invalidRequest",
        ),
        Row::graph(
            "a folder without a name",
            Ask::post(format!("{shared}/children"), &json!({ "folder": {} })),
            400,
            "invalidRequest",
        ),
        Row::graph(
            "a folder in a file",
            Ask::post(format!("{file}/children"), &json!({ "name": "x", "folder": {} })),
            400,
            "file",
        ),
        Row::graph(
            "a name that is taken",
            Ask::post(
                format!("{}/children", at(world, "root")),
                &json!({ "name": things.shared_name.to_uppercase(), "folder": {} }),
            ),
            409,
            "nameAlreadyExists",
        ),
        Row::graph(
            "restoring what is there",
            Ask::post(format!("{file}/restore"), &json!({})),
            404,
            "itemNotFound",
        ),
    ]
}

fn addresses(world: &World) -> Vec<Row> {
    let things = &world.things;
    let (drive, file) = (&things.falcon.drive, &things.hidden_file.name);
    let mut rows = Vec::new();
    for path in [
        format!("root:/../{file}"),
        format!("root:/%2e%2e/{file}"),
        format!("root:/..%2f..%2f{file}"),
        format!("root:/%5c..%5c{file}"),
        "root:/%00".to_owned(),
        "root:/%c0%ae%c0%ae/x".to_owned(),
        "root:/%ff%fe".to_owned(),
        "items/..".to_owned(),
        "items/%2e%2e%2f%2e%2e".to_owned(),
        "items/C:%5Cx".to_owned(),
        format!("items/{}:/..", things.shared),
        format!("root:/{}", vec!["d"; 2_000].join("/")),
    ] {
        let name = format!("the address {path:.60}");
        let ask = Ask::get(format!("/v1.0/drives/{drive}/{path}"));
        rows.push(Row::graph(name, ask, 404, "itemNotFound"));
    }
    for top in ["0", "-5", "viele", "99999999999999999999"] {
        let ask = Ask::get(format!("{}/children?$top={top}", at(world, &things.shared)));
        rows.push(Row::graph(format!("children, $top={top}"), ask, 400, "invalidQueryOption"));
    }
    for token in ["x", "%00", &"A".repeat(3_000)] {
        let ask = Ask::get(format!("{}/delta?token={token}", at(world, &things.shared)));
        rows.push(Row::graph(format!("the token {token:.20}"), ask, 410, "resyncRequired"));
    }
    rows
}

fn versions(world: &World) -> Vec<Row> {
    let file = format!("{}/versions", at(world, &world.things.shared_file.id));
    let folder = format!("{}/versions", at(world, &world.things.shared));
    let mut rows = vec![
        Row::graph("versions of a folder", Ask::get(folder), 400, "folder"),
        Row::graph(
            "a page of versions that is none",
            Ask::get(format!("{file}?$skiptoken=x")),
            400,
            "paging",
        ),
        Row::graph("the present version deleted", Ask::delete(format!("{file}/1.0")), 400, "presentVersion"),
        Row::graph(
            "a version restored over a stale file",
            Ask::post(format!("{file}/1.0/restoreVersion"), &json!({})).header("if-match", "\"{x},99\""),
            412,
            "resourceModified",
        ),
    ];
    for name in ["0.0", "2.0", "x", "-1.0", "99999999999999999999.0", "1", "%00", "..%2F1.0"] {
        let ask = Ask::get(format!("{file}/{name}"));
        rows.push(Row::graph(format!("the version {name}"), ask, 404, "itemNotFound"));
    }
    rows
}

fn bin(world: &World) -> Vec<Row> {
    let bin = format!("/v1.0/sites/{}/recycleBin/items", world.things.falcon.site);
    let many = vec![world.things.binned_too.clone(); 201];
    let post = |action: &str, body| Ask::post(format!("{bin}/{action}"), &body);
    vec![
        Row::graph("a stage that is none", Ask::get(format!("{bin}?stage=third")), 400, "stage"),
        Row::graph(
            "a page of the bin that is none",
            Ask::get(format!("{bin}?$skiptoken=%00")),
            400,
            "paging",
        ),
        Row::graph("nothing to restore", post("restore", json!({ "ids": [] })), 400, "ids"),
        Row::graph("ids that are no list", post("restore", json!({ "ids": 5 })), 400, "JSON"),
        Row::graph("too much to delete", post("delete", json!({ "ids": many })), 400, "ids"),
        Row::graph(
            "the root destroyed",
            Ask::post(format!("{}/permanentDelete", at(world, "root")), &json!({})),
            403,
            "accessDenied",
        ),
        Row::graph(
            "destroyed at a stale version",
            Ask::post(format!("{}/permanentDelete", at(world, &world.things.shared_file.id)), &json!({}))
                .header("if-match", "\"{x},99\""),
            412,
            "resourceModified",
        ),
    ]
}

fn copies(world: &World) -> Vec<Row> {
    let things = &world.things;
    let (file, folder) = (at(world, &things.shared_file.id), at(world, &things.shared));
    let copy = |of: &str, body| Ask::post(format!("{of}/copy"), &body);
    let to = |id: &str| json!({ "parentReference": { "id": id } });
    let explode = format!("{file}/copy?@microsoft.graph.conflictBehavior=explode");
    vec![
        Row::graph("a copy beside itself", copy(&file, json!({})), 409, "nameAlreadyExists"),
        Row::graph("a folder into itself", copy(&folder, to(&things.shared)), 409, "itself"),
        Row::graph("a copy into a file", copy(&file, to(&things.spares[0].id)), 400, "file"),
        Row::graph("a copy named CON", copy(&file, json!({ "name": "CON" })), 400, "invalidPath"),
        Row::graph("a copy named ..", copy(&file, json!({ "name": ".." })), 400, "invalidPath"),
        Row::graph("a copy into nothing", copy(&file, to("..")), 404, "itemNotFound"),
        Row::graph(
            "a copy to another drive",
            copy(&file, json!({ "parentReference": { "driveId": "x" } })),
            404,
            "itemNotFound",
        ),
        Row::graph("a copy of the root", copy(&at(world, "root"), to(&things.shared)), 403, "accessDenied"),
        Row::graph("a copy by an unknown behaviour", Ask::post(explode, &json!({})), 400, "conflictBehavior"),
        Row::graph("only the children", copy(&folder, json!({ "childrenOnly": true })), 501, "notSupported"),
        Row::graph(
            "a copy with no JSON",
            Ask::new(Method::POST, format!("{file}/copy")).body("application/json", "{"),
            400,
            "JSON",
        ),
        Row::graph("a monitor that is none", Ask::get("/v1.0/monitor/..%2F..%2Fx"), 404, "itemNotFound"),
    ]
}

fn searches(world: &World) -> Vec<Row> {
    let drive = format!("/v1.0/drives/{}", world.things.falcon.drive);
    let file = at(world, &world.things.shared_file.id);
    let long = "x".repeat(256);
    let find = |text: &str| Ask::get(format!("{drive}/search?q={text}"));
    vec![
        Row::graph(
            "a search for nothing said",
            Ask::get(format!("{drive}/root/search")),
            400,
            "q is missing",
        ),
        Row::graph("a search in a file", Ask::get(format!("{file}/search?q=x")), 400, "folder"),
        Row::graph("a search for too many words", find("a+b+c+d+e+f+g"), 400, "invalidSearch"),
        Row::graph("a search for too long a word", find(&long), 400, "invalidSearch"),
        Row::graph("a search for NUL", find("a%00b"), 400, "invalidSearch"),
        Row::graph("a search for a line end", find("a%0Ab"), 400, "invalidSearch"),
        Row::graph("a page of a search that is none", find("a&$skiptoken=x"), 400, "paging"),
        Row::graph("no results a page", find("a&$top=0"), 400, "invalidQueryOption"),
    ]
}
