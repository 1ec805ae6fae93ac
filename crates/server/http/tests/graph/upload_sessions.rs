//! Upload sessions, fragment by fragment, the way foreign clients send them and get them wrong.

use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

/// Sends to an address without any token.
async fn bare(
    cloud: &Cloud,
    method: Method,
    url: &str,
    range: Option<&str>,
    bytes: &[u8],
) -> (StatusCode, Value) {
    let path = url.strip_prefix(testkit::cloud::ORIGIN).expect("an address of this cloud");
    let length = bytes.len().to_string();
    let mut headers = vec![("content-length", length.as_str())];
    headers.extend(range.map(|range| ("content-range", range)));
    let (status, _, body): (_, HeaderMap, _) =
        cloud.send("none-at-all", method, path, &headers, bytes.to_vec()).await;
    let json = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
    (status, json)
}

/// Sends bytes `start..` of a whole.
async fn put(cloud: &Cloud, url: &str, whole: &[u8], start: usize, end: usize) -> (StatusCode, Value) {
    let range = format!("bytes {start}-{}/{}", end - 1, whole.len());
    bare(cloud, Method::PUT, url, Some(&range), &whole[start..end]).await
}

async fn begin(cloud: &Cloud, token: &str, path: &str, body: Value) -> String {
    let (status, session) = cloud.post(token, path, body).await;
    assert_eq!(status, StatusCode::OK, "{session}");
    assert_eq!(session["nextExpectedRanges"], json!(["0-"]));
    assert!(text(&session["expirationDateTime"]).ends_with('Z'));
    text(&session["uploadUrl"])
}

async fn next(cloud: &Cloud, url: &str) -> (StatusCode, Value) {
    let (status, told) = bare(cloud, Method::GET, url, None, b"").await;
    (status, told["nextExpectedRanges"].clone())
}

fn noise(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

struct Library {
    cloud: Cloud,
    anna: String,
    drive: String,
    base: String,
}

async fn library() -> Library {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    let base = format!("/v1.0/drives/{drive}");
    Library { cloud, anna, drive, base }
}

impl Library {
    async fn session(&self, name: &str) -> String {
        let path = format!("{}/root:/{name}:/createUploadSession", self.base);
        begin(&self.cloud, &self.anna, &path, json!({})).await
    }

    async fn content(&self, item: &str) -> Vec<u8> {
        let path = format!("{}/items/{item}/content", self.base);
        let (status, _, bytes) =
            self.cloud.send(&self.anna, Method::GET, &path, &[], axum::body::Body::empty()).await;
        assert_eq!(status, StatusCode::OK);
        bytes
    }

    async fn manifest(&self, item: &str) -> Value {
        let path = format!("/transfer/v1/drives/{}/items/{item}/manifest", self.drive);
        self.cloud.get(&self.anna, &path).await.1
    }
}

#[tokio::test]
async fn r_x04_fragments_of_any_length_become_the_same_content_as_one_stream() {
    let library = library().await;
    let Library { cloud, anna, base, .. } = &library;
    let whole = noise(9_700_001);
    let times =
        json!({"lastModifiedDateTime": "2021-02-03T04:05:06Z", "createdDateTime": "2020-01-01T00:00:00Z"});
    let body = json!({"item": {"fileSystemInfo": times, "name": "big.bin"}});
    let path = format!("{base}/root:/big.bin:/createUploadSession");
    let url = begin(cloud, anna, &path, body).await;
    let ends = [1, 327_681, 655_361, 655_362, 5_000_000, 5_100_000, 9_500_000, 9_700_000];
    let mut start = 0;
    for end in ends {
        let (status, told) = put(cloud, &url, &whole, start, end).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{told}");
        assert_eq!(told["nextExpectedRanges"], json!([format!("{end}-{}", whole.len() - 1)]));
        assert!(told["expirationDateTime"].is_string());
        assert_eq!(next(cloud, &url).await, (StatusCode::OK, told["nextExpectedRanges"].clone()));
        start = end;
    }
    let (status, item) = put(cloud, &url, &whole, start, whole.len()).await;
    assert_eq!(status, StatusCode::CREATED, "{item}");
    assert!(item.get("nextExpectedRanges").is_none());
    assert_eq!(item["size"], json!(whole.len()));
    assert_eq!(item["fileSystemInfo"]["lastModifiedDateTime"], "2021-02-03T04:05:06.000Z");
    assert_eq!(item["fileSystemInfo"]["createdDateTime"], "2020-01-01T00:00:00.000Z");
    assert!(item["parentReference"]["driveId"].is_string());
    let id = text(&item["id"]);
    assert!(library.content(&id).await == whole, "the bytes come back");

    let streamed = format!("{base}/root:/streamed.bin:/content");
    let (_, _, answer) = cloud.send(anna, Method::PUT, &streamed, &[], whole.clone()).await;
    let streamed: Value = serde_json::from_slice(&answer).expect("JSON");
    assert_eq!(item["file"]["hashes"], streamed["file"]["hashes"]);
    assert_eq!(library.manifest(&id).await, library.manifest(&text(&streamed["id"])).await);
    let used = cloud.get(anna, base).await.1["quota"]["used"].clone();
    assert_eq!(used, json!(2 * whole.len()), "both are counted once");
}

#[tokio::test]
async fn r_x04_what_was_answered_for_survives_a_restart_and_costs_no_second_sending() {
    let mut library = library().await;
    let whole = noise(6_000_000);
    let url = library.session("resumed.bin").await;
    assert_eq!(put(&library.cloud, &url, &whole, 0, 4_999_999).await.0, StatusCode::ACCEPTED);
    library.cloud.restart().await;
    let cloud = &library.cloud;
    assert_eq!(next(cloud, &url).await.1, json!(["4999999-5999999"]));
    // Its answer was lost, so the client sends it again, then one that overlaps, then the rest.
    let (status, told) = put(cloud, &url, &whole, 100, 4_000_000).await;
    assert_eq!((status, &told["nextExpectedRanges"]), (StatusCode::ACCEPTED, &json!(["4999999-5999999"])));
    let (status, told) = put(cloud, &url, &whole, 4_000_000, 5_500_000).await;
    assert_eq!((status, &told["nextExpectedRanges"]), (StatusCode::ACCEPTED, &json!(["5500000-5999999"])));
    let (status, item) = put(cloud, &url, &whole, 5_500_000, 6_000_000).await;
    assert_eq!(status, StatusCode::CREATED, "{item}");
    assert!(library.content(&text(&item["id"])).await == whole);
}

#[tokio::test]
async fn r_x04_a_written_file_is_told_again_whatever_comes_with_the_repeat() {
    let library = library().await;
    let cloud = &library.cloud;
    let whole = noise(700 * 1024);
    let url = library.session("sdk.bin").await;
    // What msgraph-core sends (graph-surface.md U-4a), and then its last fragment once more.
    for (start, end) in [(0, 327_680), (327_680, 655_361)] {
        assert_eq!(put(cloud, &url, &whole, start, end).await.0, StatusCode::ACCEPTED);
    }
    let (status, item) = put(cloud, &url, &whole, 655_361, 716_800).await;
    assert_eq!(status, StatusCode::CREATED);
    let stable = |item: &Value| {
        let mut item = item.clone();
        item.as_object_mut().expect("an item").remove("@microsoft.graph.downloadUrl");
        item
    };
    let (status, again) = put(cloud, &url, &whole, 655_361, 716_800).await;
    assert_eq!((status, stable(&again)), (StatusCode::CREATED, stable(&item)));
    let (status, again) = bare(cloud, Method::PUT, &url, Some("bytes 655361-716799/716800"), b"").await;
    assert_eq!((status, stable(&again)), (StatusCode::CREATED, stable(&item)), "an empty repeat");
    assert_eq!(next(cloud, &url).await.0, StatusCode::NOT_FOUND, "nothing is left to ask for");
}

#[tokio::test]
async fn r_x04_a_fragment_that_does_not_fit_is_refused_and_changes_nothing() {
    let library = library().await;
    let cloud = &library.cloud;
    let url = library.session("strict.bin").await;
    assert_eq!(bare(cloud, Method::PUT, &url, Some("bytes 0-4/20"), b"01234").await.0, StatusCode::ACCEPTED);
    let expected = json!(["5-19"]);
    let long = "bytes 5-62914564/62914565";
    for (name, range, bytes, status, inner) in [
        ("a gap", Some("bytes 6-9/20"), &b"6789"[..], 416, Some("fragmentOutOfOrder")),
        ("another total", Some("bytes 5-9/21"), b"56789", 400, Some("fragmentLengthMismatch")),
        ("too few bytes", Some("bytes 5-9/20"), b"567", 400, Some("fragmentLengthMismatch")),
        ("too many bytes", Some("bytes 5-9/20"), b"567890", 400, Some("fragmentLengthMismatch")),
        ("no range", None, b"56789", 400, None),
        ("a range of no total", Some("bytes 5-9/*"), b"56789", 400, None),
        ("a range backwards", Some("bytes 9-5/20"), b"56789", 400, None),
        ("beyond the end", Some("bytes 15-24/20"), b"0123456789", 400, None),
        ("too long", Some(long), b"5", 413, Some("maxFragmentLengthExceeded")),
    ] {
        let (got, body) = bare(cloud, Method::PUT, &url, range, bytes).await;
        assert_eq!((got.as_u16(), codes(&body).1), (status, inner), "{name}: {body}");
        assert_eq!(next(cloud, &url).await, (StatusCode::OK, expected.clone()), "{name}");
    }
    let rest = b"56789ABCDEFGHIJ";
    assert_eq!(bare(cloud, Method::PUT, &url, Some("bytes 5-19/20"), rest).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn r_x04_an_empty_file_takes_one_empty_fragment() {
    let library = library().await;
    for (name, range) in [("star", Some("bytes */0")), ("minus", Some("bytes 0--1/0")), ("bare", None)] {
        let url = library.session(name).await;
        let (status, item) = bare(&library.cloud, Method::PUT, &url, range, b"").await;
        assert_eq!((status, &item["size"]), (StatusCode::CREATED, &json!(0)), "{name}: {item}");
        assert_eq!(item["file"]["hashes"]["quickXorHash"], "AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    }
}

#[tokio::test]
async fn r_x04_a_conflict_at_the_end_keeps_the_session_for_another_name() {
    let library = library().await;
    let Library { cloud, anna, base, .. } = &library;
    let path = format!("{base}/root:/plan.txt:/createUploadSession");
    let fail = json!({"item": {"@microsoft.graph.conflictBehavior": "fail"}});
    let url = begin(cloud, anna, &path, fail.clone()).await;
    assert_eq!(bare(cloud, Method::PUT, &url, Some("bytes 0-2/6"), b"abc").await.0, StatusCode::ACCEPTED);
    let other = format!("{base}/root:/plan.txt:/content");
    assert_eq!(cloud.send(anna, Method::PUT, &other, &[], "other").await.0, StatusCode::CREATED);
    let (status, body) = bare(cloud, Method::PUT, &url, Some("bytes 3-5/6"), b"def").await;
    assert_eq!((status, codes(&body).0), (StatusCode::CONFLICT, "nameAlreadyExists"));
    assert_eq!(next(cloud, &url).await, (StatusCode::OK, json!(["5-5"])), "nothing was lost");
    let (status, body) = cloud.post(anna, &path, fail).await;
    assert_eq!(
        (status, codes(&body).0),
        (StatusCode::CONFLICT, "nameAlreadyExists"),
        "said before bytes come"
    );

    let instead = json!({"name": "plan.txt", "@microsoft.graph.conflictBehavior": "rename",
        "@microsoft.graph.sourceUrl": url});
    let (status, item) = cloud.ask(anna, Method::PUT, &format!("{base}/root"), Some(instead)).await;
    assert_eq!((status, &item["name"]), (StatusCode::CREATED, &json!("plan 1.txt")), "{item}");
    assert_eq!(library.content(&text(&item["id"])).await, b"abcdef");
}

#[tokio::test]
async fn r_x04_a_session_replaces_by_id_and_by_path_and_keeps_to_its_condition() {
    let library = library().await;
    let Library { cloud, anna, base, .. } = &library;
    let content = format!("{base}/root:/a.txt:/content");
    let (_, _, first) = cloud.send(anna, Method::PUT, &content, &[], "first").await;
    let first: Value = serde_json::from_slice(&first).expect("JSON");
    let by_id = format!("{base}/items/{}/createUploadSession", text(&first["id"]));
    let url = begin(cloud, anna, &by_id, json!({"item": {"name": "a.txt"}})).await;
    let (status, second) = bare(cloud, Method::PUT, &url, Some("bytes 0-5/6"), b"second").await;
    assert_eq!((status, &second["id"]), (StatusCode::OK, &first["id"]), "{second}");

    let e_tag = text(&second["eTag"]);
    let held = [("if-match", e_tag.as_str())];
    let (status, _, made) = cloud.send(anna, Method::POST, &by_id, &held, "").await;
    assert_eq!(status, StatusCode::OK, "no body is fine");
    let url = text(&serde_json::from_slice::<Value>(&made).expect("JSON")["uploadUrl"]);
    assert_eq!(cloud.send(anna, Method::PUT, &content, &[], "third").await.0, StatusCode::OK);
    let (status, _) = bare(cloud, Method::PUT, &url, Some("bytes 0-4/5"), b"lost?").await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED, "a newer version is not written over");
    let (status, _, _) = cloud.send(anna, Method::POST, &by_id, &held, "").await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED, "said before bytes come");
    let none = [("if-none-match", "*")];
    assert_eq!(cloud.send(anna, Method::POST, &by_id, &none, "").await.0, StatusCode::PRECONDITION_FAILED);

    let root = format!("{base}/root/createUploadSession");
    let url = begin(cloud, anna, &root, json!({"item": {"name": "named.txt"}})).await;
    let (status, named) = bare(cloud, Method::PUT, &url, Some("bytes 0-0/1"), b"x").await;
    assert_eq!((status, &named["name"]), (StatusCode::CREATED, &json!("named.txt")));
    let two = json!({"item": {"name": "b.txt"}});
    let path = format!("{base}/root:/a.txt:/createUploadSession");
    assert_eq!(cloud.post(anna, &path, two).await.0, StatusCode::BAD_REQUEST, "two names");
}

#[tokio::test]
async fn r_x04_a_deferred_session_is_written_when_it_is_told_and_a_cancelled_one_never() {
    let library = library().await;
    let Library { cloud, anna, base, .. } = &library;
    let path = format!("{base}/root:/later.txt:/createUploadSession");
    let url = begin(cloud, anna, &path, json!({"deferCommit": true})).await;
    let (status, _) = bare(cloud, Method::POST, &url, None, b"").await;
    assert_eq!(status, StatusCode::CONFLICT, "nothing is there yet");
    let (status, told) = bare(cloud, Method::PUT, &url, Some("bytes 0-2/3"), b"abc").await;
    assert_eq!((status, &told["nextExpectedRanges"]), (StatusCode::ACCEPTED, &json!([])));
    assert_eq!(cloud.get(anna, &format!("{base}/root:/later.txt")).await.0, StatusCode::NOT_FOUND);
    let (status, item) = bare(cloud, Method::POST, &url, None, b"").await;
    assert_eq!((status, &item["name"]), (StatusCode::CREATED, &json!("later.txt")));

    let url = library.session("never.txt").await;
    assert_eq!(bare(cloud, Method::PUT, &url, Some("bytes 0-2/9"), b"abc").await.0, StatusCode::ACCEPTED);
    assert_eq!(bare(cloud, Method::DELETE, &url, None, b"").await.0, StatusCode::NO_CONTENT);
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::POST] {
        let range = Some("bytes 3-8/9");
        let (status, body) = bare(cloud, method.clone(), &url, range, b"defghi").await;
        let expected = (StatusCode::NOT_FOUND, ("itemNotFound", Some("uploadSessionNotFound")));
        assert_eq!((status, codes(&body)), expected, "{method}");
    }
}

#[tokio::test]
async fn r_x04_a_session_ends_with_its_time_and_with_its_persons_access() {
    let library = library().await;
    let Library { cloud, anna, base, drive, .. } = &library;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"], "requireSignIn": true});
    let (_, shared) = cloud.post(anna, &format!("{base}/root/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let path = format!("/v1.0/drives/{drive}/root:/ben.txt:/createUploadSession");
    let url = begin(cloud, &ben, &path, json!({})).await;
    assert_eq!(bare(cloud, Method::PUT, &url, Some("bytes 0-2/9"), b"abc").await.0, StatusCode::ACCEPTED);
    // Another person's token does not make the session theirs.
    let source = json!({"name": "x.txt", "@microsoft.graph.sourceUrl": url});
    let stolen = cloud.ask(anna, Method::PUT, &format!("{base}/root"), Some(source)).await;
    assert_eq!(stolen.0, StatusCode::NOT_FOUND);
    let permission = text(&shared["value"][0]["id"]);
    let (status, body) = cloud.delete(anna, &format!("{base}/root/permissions/{permission}")).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{body}");
    let (status, body) = bare(cloud, Method::PUT, &url, Some("bytes 3-8/9"), b"defghi").await;
    assert_eq!((status, codes(&body).1), (StatusCode::NOT_FOUND, Some("uploadSessionNotFound")));

    let url = library.session("old.txt").await;
    assert_eq!(bare(cloud, Method::PUT, &url, Some("bytes 0-2/9"), b"abc").await.0, StatusCode::ACCEPTED);
    cloud.clock.move_on(2 * 24 * 3_600);
    assert_eq!(next(cloud, &url).await.0, StatusCode::OK);
    cloud.clock.move_on(2 * 24 * 3_600);
    assert_eq!(next(cloud, &url).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r_x04_a_download_address_speaks_for_an_hour_and_for_nobody_who_lost_access() {
    let library = library().await;
    let Library { cloud, anna, base, .. } = &library;
    let content = format!("{base}/root:/down.txt:/content");
    let (_, _, file) = cloud.send(anna, Method::PUT, &content, &[], "0123456789").await;
    let file: Value = serde_json::from_slice(&file).expect("JSON");
    let (_, children) = cloud.get(anna, &format!("{base}/root/children")).await;
    let url = text(&children["value"][0]["@microsoft.graph.downloadUrl"]);
    let path = url.strip_prefix(testkit::cloud::ORIGIN).expect("an address of this cloud").to_owned();
    let range = [("range", "bytes=2-4")];
    let (status, headers, bytes) = cloud.send("bad-token", Method::GET, &path, &range, "").await;
    assert_eq!((status, bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &b"234"[..]));
    assert_eq!(headers["content-range"], "bytes 2-4/10");
    let (status, headers, bytes) = cloud.send("bad-token", Method::HEAD, &path, &[], "").await;
    assert_eq!(
        (status, &headers["content-length"], bytes.len()),
        (StatusCode::OK, &"10".parse().expect("a value"), 0)
    );
    let upload = format!("/v1.0/uploadSessions/{}", path.rsplit('/').next().expect("the address"));
    assert_eq!(
        cloud.send("", Method::GET, &upload, &[], "").await.0,
        StatusCode::NOT_FOUND,
        "for reading alone"
    );
    cloud.clock.move_on(3_601);
    assert_eq!(cloud.send("", Method::GET, &path, &[], "").await.0, StatusCode::NOT_FOUND);
    let anna = &cloud.anna().await;
    let (_, fresh) = cloud.get(anna, &format!("{base}/items/{}", text(&file["id"]))).await;
    let path = text(&fresh["@microsoft.graph.downloadUrl"]).replace(testkit::cloud::ORIGIN, "");
    assert_eq!(
        cloud.delete(anna, &format!("{base}/items/{}", text(&file["id"]))).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(cloud.send("", Method::GET, &path, &[], "").await.0, StatusCode::NOT_FOUND);
}
