//! Every request of Graph that a client cannot do without (graph-surface.md 13, the rows marked *must*), in the spelling
//! the client sends, with the fields it reads (11.7). Sign-in's rows are tested with the pages.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, codes, text};

/// What a place in a request stands for.
struct Places {
    drive: String,
    site: String,
    folder: String,
    file: String,
    group: String,
    guest: String,
    permission: String,
}

impl Places {
    fn fill(&self, path: &str) -> String {
        [
            ("{d}", self.drive.clone()),
            ("{d!}", self.drive.replace('!', "%21")),
            ("{s}", self.site.clone()),
            ("{s,}", self.site.replace(',', "%2C")),
            ("{folder}", self.folder.clone()),
            ("{file}", self.file.clone()),
            ("{group}", self.group.clone()),
            ("{guest}", self.guest.clone()),
            ("{permission}", self.permission.clone()),
        ]
        .iter()
        .fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

async fn places(cloud: &Cloud, anna: &str) -> Places {
    let (site, drive) = cloud.falcon(anna).await;
    let base = format!("/v1.0/drives/{drive}");
    let new = json!({"name": "Plans", "folder": {}});
    let (_, folder) = cloud.post(anna, &format!("{base}/root/children"), new).await;
    let content = format!("{base}/root:/Plans/a%20b.txt:/content");
    let (_, _, file) = cloud.send(anna, Method::PUT, &content, &[], "hello world").await;
    let file: Value = serde_json::from_slice(&file).expect("JSON");
    let (_, group) =
        cloud.post(anna, "/v1.0/groups", json!({"displayName": "Partners", "securityEnabled": true})).await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"], "requireSignIn": true});
    let at = format!("{base}/items/{}/invite", text(&folder["id"]));
    let (_, shared) = cloud.post(anna, &at, share).await;
    let (_, guests) = cloud.get(anna, "/v1.0/users?$filter=userType%20eq%20'Guest'").await;
    Places {
        drive,
        site,
        folder: text(&folder["id"]),
        file: text(&file["id"]),
        group: text(&group["id"]),
        guest: text(&guests["value"][0]["id"]),
        permission: text(&shared["value"][0]["id"]),
    }
}

/// Method, path, body, status, and where in the answer something must stand.
type Row = (&'static str, &'static str, Value, u16, &'static [&'static str]);

const ITEM: &[&str] =
    &["/id", "/name", "/parentReference/driveId", "/parentReference/driveType", "/eTag", "/createdDateTime"];
const FILE: &[&str] = &[
    "/id",
    "/size",
    "/file/mimeType",
    "/file/hashes/quickXorHash",
    "/fileSystemInfo/lastModifiedDateTime",
    "/lastModifiedDateTime",
    "/cTag",
    "/webUrl",
    "/parentReference/path",
    "/parentReference/id",
    "/@microsoft.graph.downloadUrl",
    "/lastModifiedBy/user/id",
];

/// What is read, spelling by spelling.
fn reads() -> Vec<Row> {
    let get = |path, fields| ("GET", path, Value::Null, 200, fields);
    vec![
        get("/v1.0//me", &["/id", "/userPrincipalName", "/displayName"][..]),
        get("/v1.0/me/drives", &["/value"]),
        get(
            "/v1.0/drives/{d}",
            &[
                "/id",
                "/driveType",
                "/quota/total",
                "/quota/used",
                "/quota/remaining",
                "/quota/deleted",
                "/quota/state",
            ],
        ),
        get("/v1.0/drives/{d}/?select=quota", &["/quota/total"]),
        get("/_api/v2.0/drives/{d!}", &["/id", "/name", "/webUrl"]),
        get(
            "/v1.0/drives/{d}/root",
            &["/id", "/name", "/webUrl", "/root", "/folder/childCount", "/parentReference/driveType"],
        ),
        get("/_api/v2.0/drives/{d}/root:/", &["/root"]),
        get("/v1.0/drives/{d}/items/root", &["/root"]),
        get("/v1.0/drives/{d!}/items/{file}", FILE),
        get("/v1.0/drives/{d}/items/{folder}", ITEM),
        get("/v1.0/drives/{d}/root:/Plans/a%20b.txt", FILE),
        get("/v1.0/drives/{d}/root:/Plans/a%20b.txt:", FILE),
        get("/v1.0/drives/{d}/root:/PLANS/A%20B.txt:/?select=id,size", &["/size"]),
        get("/v1.0//drives/{d!}/items/root%3A%2FPlans%2Fa%20b.txt%3A", FILE),
        get("/_api/v2.0/drives/{d}/items/{folder}:/a%20b.txt:", FILE),
        get(
            "/v1.0/drives/{d}/items/{folder}/children?$top=1000",
            &["/value/0/id", "/value/0/file", "/@odata.context"],
        ),
        get("/v1.0/drives/{d}/root/children?%24orderby=name&$select=id,name", &["/value/0/name"]),
        get(
            "/v1.0/drives/{d}/root:/Plans:/children?select=id,name,eTag,cTag,file,size",
            &["/value/0/eTag", "/value/0/file/hashes"],
        ),
        get("/v1.0/drives/{d}/items/{folder}?$expand=children($select=id,name)", &["/children/0/name"]),
        get("/v1.0/drives/{d}/root/delta", &["/value/0/root", "/@odata.deltaLink"]),
        get("/v1.0//drives/{d}/root/delta()", &["/@odata.deltaLink"]),
        get("/v1.0/drives/{d}/root/delta(token='latest')", &["/@odata.deltaLink"]),
        get(
            "/v1.0/drives/{d}/items/{folder}/delta?select=id,name,deleted,parentReference",
            &["/value/0/id", "/@odata.deltaLink"],
        ),
        get("/v1.0/drives/{d}/root/delta?token=latest&$top=5", &["/@odata.deltaLink"]),
        get("/v1.0/drives/{d}/items/{folder}/permissions", &["/value/0/id", "/value/0/roles"]),
        get("/v1.0/drives/{d}/items/{folder}/permissions/{permission}", &["/id", "/roles/0"]),
        get("/v1.0/sites/root", &["/id", "/displayName", "/webUrl"]),
        get("/v1.0/sites/{s,}", &["/id", "/displayName", "/webUrl", "/siteCollection/hostname"]),
        get("/v1.0/sites/root:/sites/Falcon", &["/id", "/displayName"]),
        get("/v1.0/sites/cloud.example:/sites/falcon", &["/id"]),
        get("/v1.0/sites/root:/sites/Falcon:/drives", &["/value/0/id", "/value/0/driveType"]),
        get("/v1.0/sites?search=*", &["/value/0/id", "/value/0/displayName", "/value/0/webUrl"]),
        get("/v1.0/sites?$search=falcon", &["/value/0/id"]),
        get("/v1.0/sites/{s}/drives", &["/value/0/id", "/value/0/name", "/value/0/driveType"]),
        get("/v1.0/users", &["/value/0/userPrincipalName"]),
        get(
            "/v1.0/users/{guest}?$select=id,userType,externalUserState",
            &["/userType", "/externalUserState"],
        ),
        get("/v1.0/users?$filter=userType%20eq%20'Guest'&$top=5&$select=id,mail", &["/value/0/mail"]),
        get("/v1.0/users?%24filter=mail+eq+%27ben%40fabrikam.example%27", &["/value/0/id"]),
        get("/v1.0/groups?$filter=displayName%20eq%20'Partners'", &["/value/0/id"]),
        get("/v1.0/groups/{group}", &["/id", "/displayName"]),
        get("/v1.0/groups/{group}/members", &["/value"]),
    ]
}

#[tokio::test]
async fn r_x04_every_must_row_that_reads_has_the_fields_its_client_reads() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let places = places(&cloud, &anna).await;
    let mut problems = Vec::new();
    for (method, path, _, status, fields) in reads() {
        let path = places.fill(path);
        let (got, body) = cloud.ask(&anna, method.parse().expect("a method"), &path, None).await;
        let missing: Vec<_> = fields.iter().filter(|field| pointer(&body, field).is_none()).collect();
        if got.as_u16() != status || !missing.is_empty() {
            problems.push(format!("{method} {path}: {got}, without {missing:?}: {body}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A field by its path; annotations have dots and `@` in their names.
fn pointer<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    value.pointer(path).filter(|found| !found.is_null())
}

/// What is changed, in an order in which each finds what it needs.
fn changes() -> Vec<Row> {
    vec![
        (
            "POST",
            "/_api/v2.0/drives/{d}/items/{folder}/children",
            json!({"name": "New", "folder": {}, "@name.conflictBehavior": "fail"}),
            201,
            ITEM,
        ),
        (
            "POST",
            "/v1.0//drives/{d!}/items/{folder}/children",
            json!({"@odata.type": "#microsoft.graph.driveItem", "name": "New", "folder": {"@odata.type": "#microsoft.graph.folder"},
                "@microsoft.graph.conflictBehavior": "rename"}),
            201,
            &["/id"],
        ),
        (
            "POST",
            "/v1.0/drives/{d}/items/{folder}/children",
            json!({"name": "New", "folder": {}}),
            409,
            &["/error/code"],
        ),
        (
            "PATCH",
            "/v1.0/drives/{d}/items/{file}",
            json!({"fileSystemInfo": {"lastModifiedDateTime": "2024-01-02T03:04:05Z", "createdDateTime": "2024-01-02T03:04:05Z"}}),
            200,
            FILE,
        ),
        (
            "PATCH",
            "/v1.0/drives/{d}/items/{file}",
            json!({"name": "moved.txt", "parentReference": {"driveId": "{d}", "id": "root"}}),
            200,
            FILE,
        ),
        ("PUT", "/v1.0/drives/{d}/items/{folder}:/small.txt:/content", json!({"any": "bytes"}), 201, FILE),
        ("PUT", "/v1.0/drives/{d}/root:/Plans/small.txt:/content", json!({"other": "bytes"}), 200, FILE),
        (
            "POST",
            "/_api/v2.0/drives/{d}/root:/Plans/big.bin:/createUploadSession",
            json!({"item": {"fileSystemInfo": {"lastModifiedDateTime": "2024-01-02T03:04:05Z"}}}),
            200,
            &["/uploadUrl", "/expirationDateTime", "/nextExpectedRanges/0"],
        ),
        (
            "POST",
            "/v1.0/drives/{d}/items/{folder}/invite",
            json!({"recipients": [{"email": "maria@fabrikam.example"}], "roles": ["read"], "requireSignIn": true,
                "sendInvitation": true, "retainInheritedPermissions": false}),
            200,
            &["/value/0/id", "/value/0/roles/0"],
        ),
        (
            "PATCH",
            "/v1.0/drives/{d}/items/{folder}/permissions/{permission}",
            json!({"roles": ["read"]}),
            200,
            &["/id"],
        ),
        ("DELETE", "/v1.0/drives/{d}/items/{folder}/permissions/{permission}", Value::Null, 204, &[]),
    ]
}

/// People and groups, and then what must be gone.
fn later_changes() -> Vec<Row> {
    vec![
        (
            "POST",
            "/v1.0/groups/{group}/members/$ref",
            json!({"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{guest}"}),
            204,
            &[],
        ),
        (
            "POST",
            "/v1.0/groups/{group}/members/%24ref",
            json!({"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/{guest}"}),
            400,
            &["/error/message"],
        ),
        ("DELETE", "/v1.0/groups/{group}/members/{guest}/$ref", Value::Null, 204, &[]),
        // What New-MgInvitation sends for each row of a bulk invitation.
        (
            "POST",
            "/v1.0/invitations",
            json!({"invitedUserDisplayName": "Zoe", "invitedUserEmailAddress": "zoe@fabrikam.example",
                "inviteRedirectUrl": "https://cloud.example/", "sendInvitationMessage": true,
                "invitedUserMessageInfo": {"customizedMessageBody": "Welcome", "messageLanguage": "en-US", "ccRecipients": []}}),
            201,
            &["/id", "/inviteRedeemUrl", "/status", "/invitedUser/id"],
        ),
        ("DELETE", "/v1.0/users/{guest}", Value::Null, 204, &[]),
        ("DELETE", "/_api/v2.0/drives/{d}/items/{file}", Value::Null, 204, &[]),
        (
            "GET",
            "/v1.0/drives/{d}/items/{file}",
            Value::Null,
            404,
            &["/error/code", "/error/innerError/request-id", "/error/innerError/date"],
        ),
        (
            "GET",
            "/v1.0/drives/{d}/root/delta?token=of-another-time",
            Value::Null,
            410,
            &["/error/innerError/code"],
        ),
    ]
}

#[tokio::test]
async fn r_x04_every_must_row_that_changes_answers_as_its_client_expects() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let places = places(&cloud, &anna).await;
    let mut problems = Vec::new();
    for (method, path, body, status, fields) in changes().into_iter().chain(later_changes()) {
        let path = places.fill(path);
        let body =
            (!body.is_null()).then(|| serde_json::from_str(&places.fill(&body.to_string())).expect("JSON"));
        let (got, answer) = cloud.ask(&anna, method.parse().expect("a method"), &path, body).await;
        let missing: Vec<_> = fields.iter().filter(|field| pointer(&answer, field).is_none()).collect();
        if got.as_u16() != status || !missing.is_empty() {
            problems.push(format!("{method} {path}: {got}, without {missing:?}: {answer}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[tokio::test]
async fn r_x04_heads_and_conditions_are_answered_as_clients_expect() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let places = places(&cloud, &anna).await;
    let file = places.fill("/v1.0/drives/{d}/items/{file}");
    let e_tag = text(&cloud.get(&anna, &file).await.1["eTag"]);
    let stale = e_tag.replace(",1\"", ",77\"");
    let bare = e_tag.trim_matches('"').to_owned();
    let weak = format!("W/{e_tag}");
    for (name, method, path, headers, status) in [
        ("a probe of the host", Method::HEAD, "/".to_owned(), vec![], 200),
        ("a download", Method::GET, format!("{file}/content?AVOverride=1"), vec![], 200),
        ("a download's head", Method::HEAD, format!("{file}/content"), vec![], 200),
        ("a part", Method::GET, format!("{file}/content"), vec![("range", "bytes=0-3")], 206),
        ("a part outside", Method::GET, format!("{file}/content"), vec![("range", "bytes=99-")], 416),
        ("known", Method::GET, file.clone(), vec![("if-none-match", e_tag.as_str())], 304),
        ("known bytes", Method::GET, format!("{file}/content"), vec![("if-none-match", weak.as_str())], 304),
        ("stale", Method::DELETE, file.clone(), vec![("if-match", stale.as_str())], 412),
        ("stale bytes", Method::PUT, format!("{file}/content"), vec![("if-match", stale.as_str())], 412),
        ("a route nobody serves", Method::GET, "/v1.0/nonsense".to_owned(), vec![], 404),
        ("a method nobody serves", Method::DELETE, "/v1.0/me".to_owned(), vec![], 405),
        ("without quotes", Method::DELETE, file.clone(), vec![("if-match", bare.as_str())], 204),
    ] {
        let (got, answered, body) = cloud.send(&anna, method.clone(), &path, &headers, "").await;
        assert_eq!(got.as_u16(), status, "{name}: {}", String::from_utf8_lossy(&body));
        assert!(answered.contains_key("request-id"), "{name}");
        if got.is_client_error() {
            let error: Value = serde_json::from_slice(&body).expect("the envelope");
            assert!(!codes(&error).0.is_empty(), "{name}");
        }
    }
    let (status, gone) =
        cloud.get(&anna, &places.fill("/v1.0/drives/{d}/root/children?$filter=name%20eq%20'x'")).await;
    assert_eq!((status, codes(&gone).0), (StatusCode::NOT_IMPLEMENTED, "notSupported"), "never a wrong list");
}

#[tokio::test]
async fn r_x04_pages_follow_absolute_links_and_the_last_has_none() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (_, drive) = cloud.falcon(&anna).await;
    for number in 0..5 {
        let new = json!({"name": format!("Folder {number}"), "folder": {}});
        cloud.post(&anna, &format!("/v1.0/drives/{drive}/root/children"), new).await;
    }
    let mut next =
        format!("{}/v1.0/drives/{drive}/root/children?$top=2&$select=name", testkit::cloud::ORIGIN);
    let mut names = Vec::new();
    let mut pages = 0;
    loop {
        let path =
            next.strip_prefix(testkit::cloud::ORIGIN).expect("an absolute link of this cloud").to_owned();
        let (status, page) = cloud.get(&anna, &path).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        pages += 1;
        for item in page["value"].as_array().expect("a page") {
            assert!(item.get("size").is_none(), "what was selected stays selected on later pages: {item}");
            names.push(text(&item["name"]));
        }
        match page["@odata.nextLink"].as_str() {
            Some(link) => next = link.to_owned(),
            None => break,
        }
    }
    assert_eq!((pages, names.len()), (3, 5));
    let (status, body) =
        cloud.get(&anna, &format!("/v1.0/drives/{drive}/root/children?$skiptoken=%21%21")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text(&body["error"]["message"]).contains("Invalid paging token"), "{body}");
}
