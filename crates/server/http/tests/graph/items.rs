//! Items over Graph, the way foreign clients write their requests.

use axum::body::Body;
use bytes::Bytes;
use content::Hasher;
use futures_util::StreamExt;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::Operator;

use crate::cloud::{BEN, Cloud, codes, text};

fn noise(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

async fn put(cloud: &Cloud, token: &str, path: &str, bytes: &[u8]) -> (StatusCode, Value) {
    let (status, _, body) = cloud.send(token, Method::PUT, path, &[], bytes.to_vec()).await;
    (status, serde_json::from_slice(&body).expect("JSON"))
}

#[tokio::test]
async fn r_d05_a_file_is_made_read_renamed_moved_and_deleted_over_graph() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let new = json!({"name": "Plans", "folder": {}, "@name.conflictBehavior": "fail"});
    let (status, folder) = cloud.post(&anna, &format!("{base}/root/children"), new.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{folder}");
    assert!(folder["folder"].is_object() && folder.get("file").is_none() && folder.get("cTag").is_none());
    let (status, again) = cloud.post(&anna, &format!("{base}/root/children"), new).await;
    assert_eq!((status, codes(&again).0), (StatusCode::CONFLICT, "nameAlreadyExists"));

    let (status, file) =
        put(&cloud, &anna, &format!("{base}/root:/Plans/a%20b%23.txt:/content"), b"hello world").await;
    assert_eq!(status, StatusCode::CREATED, "{file}");
    assert_eq!((text(&file["name"]).as_str(), &file["size"]), ("a b#.txt", &json!(11)));
    assert_eq!(file["file"]["hashes"]["quickXorHash"], "aCgDG9jwBhDc4Q1yawMZAAAAAAA=");
    assert_eq!(file["parentReference"]["path"], format!("/drives/{drive}/root:/Plans"));
    assert!(text(&file["fileSystemInfo"]["lastModifiedDateTime"]).ends_with('Z'));
    let id = text(&file["id"]);

    let whole = format!("{base}/items/root%3A%2Fplans%2FA%20B%23.TXT%3A/content");
    let (status, headers, bytes) = cloud.send(&anna, Method::GET, &whole, &[], Body::empty()).await;
    assert_eq!((status, bytes.as_slice()), (StatusCode::OK, &b"hello world"[..]));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["content-disposition"].to_str().is_ok_and(|text| text.starts_with("attachment")));

    let (status, replaced) = put(&cloud, &anna, &format!("{base}/items/{id}/content"), b"second").await;
    assert_eq!((status, &replaced["id"]), (StatusCode::OK, &file["id"]));
    assert_ne!(replaced["cTag"], file["cTag"]);

    let times = json!({"fileSystemInfo": {"lastModifiedDateTime": "2020-02-03T04:05:06.123Z"}});
    let (_, timed) = cloud.patch(&anna, &format!("{base}/items/{id}"), times.clone()).await;
    assert_eq!(timed["fileSystemInfo"]["lastModifiedDateTime"], "2020-02-03T04:05:06.123Z");
    assert_eq!(timed["cTag"], replaced["cTag"]);
    let (_, unchanged) = cloud.patch(&anna, &format!("{base}/items/{id}"), times).await;
    assert_eq!(unchanged["eTag"], timed["eTag"], "nothing changed");

    let to_root = json!({"name": "moved.txt", "parentReference": {"id": "root", "driveId": drive}});
    let (status, moved) = cloud.patch(&anna, &format!("{base}/items/{id}"), to_root).await;
    assert_eq!((status, &moved["id"]), (StatusCode::OK, &file["id"]), "{moved}");
    let stale = [("if-match", "\"{00000000-0000-0000-0000-000000000000},1\"")];
    let (status, _, _) =
        cloud.send(&anna, Method::DELETE, &format!("{base}/items/{id}"), &stale, Body::empty()).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(cloud.delete(&anna, &format!("{base}/items/{id}")).await.0, StatusCode::NO_CONTENT);
    let (status, body) = cloud.get(&anna, &format!("{base}/root:/moved.txt")).await;
    assert_eq!((status, codes(&body).0), (StatusCode::NOT_FOUND, "itemNotFound"));
    let (status, back) = cloud.post(&anna, &format!("{base}/items/{id}/restore"), json!({})).await;
    assert_eq!((status, &back["id"]), (StatusCode::OK, &file["id"]), "{back}");
    let root = text(&cloud.get(&anna, &format!("{base}/root")).await.1["id"]);
    let (status, _) = cloud.delete(&anna, &format!("{base}/items/{root}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_large_file_streams_up_and_down_in_ranges() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let bytes = noise(9_000_000);
    let pieces: Vec<_> =
        bytes.chunks(70_001).map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece))).collect();
    let path = format!("/v1.0/drives/{drive}/root:/big.bin:/content");
    let body = Body::from_stream(futures_util::stream::iter(pieces));
    let (status, _, answer) = cloud.send(&anna, Method::PUT, &path, &[], body).await;
    assert_eq!(status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer));
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=4000000-6000000", 4_000_000..6_000_001),
        ("bytes=-5", 8_999_995..9_000_000),
    ] {
        let (status, headers, part) =
            cloud.send(&anna, Method::GET, &path, &[("range", range)], Body::empty()).await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(part, bytes[expected.clone()]);
        let told = format!("bytes {}-{}/9000000", expected.start, expected.end - 1);
        assert_eq!(headers["content-range"], told.as_str());
        assert_eq!(headers["content-length"], part.len().to_string().as_str());
    }
    let outside = [("range", "bytes=9000000-")];
    let (status, headers, _) = cloud.send(&anna, Method::GET, &path, &outside, Body::empty()).await;
    assert_eq!(
        (status, headers["content-range"].to_str().ok()),
        (StatusCode::RANGE_NOT_SATISFIABLE, Some("bytes */9000000"))
    );
    let (_, headers, whole) = cloud.send(&anna, Method::GET, &path, &[], Body::empty()).await;
    assert_eq!(whole, bytes);
    let tag = headers["etag"].to_str().expect("a tag").to_owned();
    let known = [("if-none-match", tag.as_str())];
    let (status, _, _) = cloud.send(&anna, Method::GET, &path, &known, Body::empty()).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    let other = [("if-range", "\"other\""), ("range", "bytes=0-0")];
    assert_eq!(cloud.send(&anna, Method::GET, &path, &other, Body::empty()).await.0, StatusCode::OK);
    let (status, headers, nothing) = cloud.send(&anna, Method::HEAD, &path, &[], Body::empty()).await;
    assert_eq!(
        (status, nothing.len(), headers["content-length"].to_str().ok()),
        (StatusCode::OK, 0, Some("9000000"))
    );
}

#[tokio::test]
async fn an_upload_that_is_cut_off_changes_nothing() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let path = format!("/v1.0/drives/{drive}/root:/cut.bin:/content");
    let pieces = futures_util::stream::iter(vec![Ok(Bytes::from(noise(6_000_000)))])
        .chain(futures_util::stream::iter(vec![Err(std::io::Error::other("gone"))]));
    let (status, _, _) = cloud.send(&anna, Method::PUT, &path, &[], Body::from_stream(pieces)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        cloud.get(&anna, &format!("/v1.0/drives/{drive}/root:/cut.bin")).await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn children_come_in_pages_and_each_once() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    for number in 0..7 {
        let path = format!("/v1.0/drives/{drive}/root:/f{number}.txt:/content");
        assert_eq!(put(&cloud, &anna, &path, b"").await.0, StatusCode::CREATED);
    }
    let (mut names, mut link) = (Vec::new(), format!("/v1.0/drives/{drive}/root/children?$top=3"));
    for pages in 1.. {
        let (status, page) = cloud.get(&anna, &link).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        names.extend(page["value"].as_array().expect("values").iter().map(|item| text(&item["name"])));
        match page["@odata.nextLink"].as_str() {
            Some(next) => link = next.replace("https://cloud.example", ""),
            None => {
                assert_eq!(pages, 3);
                break;
            }
        }
    }
    assert_eq!(names, (0..7).map(|number| format!("f{number}.txt")).collect::<Vec<_>>());
    let (status, body) =
        cloud.get(&anna, &format!("/v1.0/drives/{drive}/root/children?$skiptoken=%00")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text(&body["error"]["message"]).contains("Invalid paging token"));
}

#[tokio::test]
async fn delta_over_graph_tells_changes_and_refuses_foreign_tokens() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let (_, file) = put(&cloud, &anna, &format!("/v1.0/drives/{drive}/root:/a.txt:/content"), b"a").await;
    let (status, page) = cloud.get(&anna, &format!("/v1.0/drives/{drive}/root/delta")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page["value"][0]["root"].is_object(), "the root comes first");
    assert!(page["value"][0]["parentReference"].get("id").is_none());
    assert_eq!(page["value"][1]["id"], file["id"]);
    let link = text(&page["@odata.deltaLink"]).replace("https://cloud.example", "");
    assert!(link.contains("delta?token="));
    let id = text(&file["id"]);
    cloud.delete(&anna, &format!("/v1.0/drives/{drive}/items/{id}")).await;
    let (_, page) = cloud.get(&anna, &link).await;
    assert_eq!(
        (&page["value"][0]["id"], &page["value"][0]["deleted"]["state"]),
        (&file["id"], &json!("deleted"))
    );
    let (_, latest) = cloud.get(&anna, &format!("/v1.0/drives/{drive}/root/delta(token='latest')")).await;
    assert_eq!(latest["value"], json!([]));
    assert!(latest["@odata.deltaLink"].is_string());
    let bad = format!("/v1.0/drives/{drive}/root/delta?token=bad");
    let (status, headers, _) = cloud.send(&anna, Method::GET, &bad, &[], Body::empty()).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(headers["location"].to_str().is_ok_and(|location| location.ends_with("/delta")));
}

#[tokio::test]
async fn r_b03_a_guest_of_a_folder_works_in_it_and_sees_nothing_above() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let (_, secret) =
        cloud.post(&anna, &format!("{base}/root/children"), json!({"name": "secret", "folder": {}})).await;
    let secret = text(&secret["id"]);
    let new = json!({"name": "shared", "folder": {}});
    let (_, shared) = cloud.post(&anna, &format!("{base}/items/{secret}/children"), new).await;
    let shared = text(&shared["id"]);
    put(&cloud, &anna, &format!("{base}/items/{secret}:/hidden.txt:/content"), b"hidden").await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(&anna, &format!("{base}/items/{shared}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let (status, file) =
        put(&cloud, &ben, &format!("{base}/items/{shared}:/mine.txt:/content"), b"mine").await;
    assert_eq!(status, StatusCode::CREATED, "{file}");
    assert_eq!(file["parentReference"]["id"], shared.as_str());
    let (_, own) = cloud.get(&ben, &format!("{base}/items/{shared}")).await;
    assert!(
        own["parentReference"].get("id").is_none() && own["parentReference"].get("path").is_none(),
        "{own}"
    );
    let (_, page) = cloud.get(&ben, &format!("{base}/items/{shared}/delta")).await;
    let told = page.to_string();
    assert!(!told.contains("secret") && !told.contains(&secret) && !told.contains("hidden"), "{told}");
    let (_, library) = cloud.get(&ben, &base).await;
    assert!(library.get("quota").is_none(), "how full the library is is not theirs to know");
    for path in ["/root", "/root/children", "/root/delta", "/root:/secret", "/root:/secret/shared"] {
        let (status, body) = cloud.get(&ben, &format!("{base}{path}")).await;
        assert_eq!((status, codes(&body).0), (StatusCode::NOT_FOUND, "itemNotFound"), "{path}");
    }
    for path in
        [format!("/items/{secret}"), format!("/items/{secret}/children"), format!("/items/{secret}/delta")]
    {
        assert_eq!(cloud.get(&ben, &format!("{base}{path}")).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(cloud.delete(&ben, &format!("{base}/items/{shared}")).await.0, StatusCode::FORBIDDEN);
    let up = json!({"parentReference": {"id": secret}});
    let id = text(&file["id"]);
    assert_eq!(cloud.patch(&ben, &format!("{base}/items/{id}"), up).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn bad_input_gets_a_typed_error() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let children = format!("{base}/root/children");
    for body in [json!([]), json!({"name": 5}), json!({"folder": {}}), json!({"name": "x", "file": {}})] {
        let (status, answer) = cloud.post(&anna, &children, body.clone()).await;
        assert_eq!((status, codes(&answer).0), (StatusCode::BAD_REQUEST, "invalidRequest"), "{body}");
    }
    for name in ["..", "a/b", "a\u{0}b", "CON", "x ", "_vti_"] {
        let (status, answer) = cloud.post(&anna, &children, json!({"name": name, "folder": {}})).await;
        let expected = (StatusCode::BAD_REQUEST, ("invalidRequest", Some("invalidPath")));
        assert_eq!((status, codes(&answer)), expected, "{name:?}");
    }
    for path in ["/root:/..%2F..%2Fetc:/content", "/root:/%2E%2E/x:/content", "/root:/%00:/content"] {
        let (status, _) = put(&cloud, &anna, &format!("{base}{path}"), b"x").await;
        assert!(matches!(status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND), "{path} {status}");
    }
    for path in ["/v1.0/drives/x/root", "/v1.0/drives/b!AAAA/root", "/v1.0/me/drive/list"] {
        assert_eq!(cloud.get(&anna, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (status, answer) = cloud.get(&anna, &format!("{base}/root/thumbnails")).await;
    assert_eq!((status, codes(&answer).0), (StatusCode::NOT_IMPLEMENTED, "notSupported"));
    let (status, answer) = cloud.get(&anna, &format!("{base}/root/children?$top=0")).await;
    assert_eq!((status, codes(&answer).1), (StatusCode::BAD_REQUEST, Some("invalidQueryOption")));
}

#[tokio::test]
async fn r_x04_a_file_tells_its_sha256_once_it_was_made_and_a_copy_tells_it_too() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let (_, file) = put(&cloud, &anna, &format!("{base}/root:/a.txt:/content"), b"hello world").await;
    assert_eq!(file["file"]["hashes"].get("sha256Hash"), None, "absent rather than wrong");
    cloud.clock.move_on(11);
    let hasher = Hasher::new(Operator::new(cloud.store.clone()), cloud.contents.clone());
    assert_eq!(hasher.step().await.expect("hashes").made, 1);
    let expected = "B94D27B9934D3E08A52E52D7DA7DABFAC484EFE37A5380EE9088F7ACE2EFCDE9";
    let hash_of = async |path: &str| {
        let (_, item) = cloud.get(&anna, path).await;
        item["file"]["hashes"]["sha256Hash"].clone()
    };
    assert_eq!(hash_of(&format!("{base}/items/{}", text(&file["id"]))).await, expected);
    let (_, children) = cloud.get(&anna, &format!("{base}/root/children")).await;
    assert_eq!(children["value"][0]["file"]["hashes"]["sha256Hash"], expected);
    let (_, other) = put(&cloud, &anna, &format!("{base}/root:/b.txt:/content"), b"hello world").await;
    assert_eq!(other["file"]["hashes"]["sha256Hash"], expected, "the same bytes need it once");
    put(&cloud, &anna, &format!("{base}/root:/a.txt:/content"), b"other bytes").await;
    assert!(hash_of(&format!("{base}/root:/a.txt:")).await.is_null(), "no hash of the bytes before");
}
