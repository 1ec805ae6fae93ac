//! Provisioning by SCIM (X09): the requests that Entra's and Okta's services send, and what they must never reach.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, text};

const USERS: &str = "/scim/v2/Users";
const GROUPS: &str = "/scim/v2/Groups";

/// Fabrikam's administrator makes a token for its directory.
async fn token(cloud: &Cloud) -> String {
    let ada = cloud.token(cloud.at_home(cloud.ada), cloud.fabrikam).await;
    let body = json!({ "displayName": "Fabrikam's directory" });
    let (status, made) = cloud.post(&ada, "/v1.0/admin/provisioning/tokens", body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(made["tenantUrl"], "https://cloud.example/scim/v2");
    text(&made["token"]).to_owned()
}

fn patch(operations: Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations })
}

async fn put(cloud: &Cloud, token: &str, path: &str, body: Value) -> (StatusCode, Value) {
    cloud.ask(token, Method::PUT, path, Some(body)).await
}

async fn refused(answer: (StatusCode, Value), status: u16, kind: &str) {
    let (got, error) = answer;
    assert_eq!(got.as_u16(), status, "{error}");
    assert_eq!(error["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{error}");
    assert_eq!(error["status"], status.to_string());
    assert_eq!(error["scimType"].as_str().unwrap_or_default(), kind, "{error}");
    assert!(error["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{error}");
}

#[tokio::test]
async fn r_x09_entras_service_makes_changes_disables_and_deletes_a_person() {
    let cloud = Cloud::start().await;
    let token = token(&cloud).await;
    let none = cloud.get(&token, "/scim/v2/Users?filter=userName+eq+%22nora%40fabrikam.example%22").await;
    assert_eq!((none.0, &none.1["totalResults"]), (StatusCode::OK, &json!(0)));
    let nora = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "nora@fabrikam.example", "active": true, "displayName": "Nora Nilsson",
        "emails": [
            { "primary": true, "type": "work", "value": "nora@fabrikam.example" },
            { "type": "other", "value": "n.nilsson@fabrikam.test" },
            { "type": "home", "value": "nora@mail.example" },
        ],
        "name": { "formatted": "Nora Nilsson", "givenName": "Nora", "familyName": "Nilsson" },
        "roles": [], "meta": { "resourceType": "User" },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Sales" },
    });
    let (status, made) = cloud.post(&token, USERS, nora.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let at = format!("{USERS}/{}", text(&made["id"]));
    assert_eq!(made["meta"]["location"], format!("https://cloud.example{at}"));
    assert_eq!(
        made["emails"].as_array().map(Vec::len),
        Some(2),
        "addresses of other domains are left out: {made}"
    );
    assert_eq!(cloud.get(&token, &at).await, (StatusCode::OK, made.clone()));
    for filter in [
        "userName+eq+%22NORA%40fabrikam.example%22",
        "externalId+eq+%220a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef%22",
        "emails%5Btype+eq+%22other%22%5D.value+eq+%22n.nilsson%40fabrikam.test%22",
        "displayName+sw+%22Nora%22+and+active+eq+true",
    ] {
        let (_, found) = cloud.get(&token, &format!("{USERS}?filter={filter}")).await;
        assert_eq!(
            (&found["totalResults"], &found["Resources"][0]["id"]),
            (&json!(1), &made["id"]),
            "{filter}: {found}"
        );
    }
    refused(cloud.post(&token, USERS, nora).await, 409, "uniqueness").await;

    let change = patch(json!([
        { "op": "Replace", "path": "displayName", "value": "Nora Berg" },
        { "op": "Replace", "path": "name.familyName", "value": "Berg" },
        { "op": "Replace", "path": "userName", "value": "nora.berg@fabrikam.example" },
        { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "x" },
    ]));
    let (status, changed) = cloud.patch(&token, &at, change).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(
        (&changed["userName"], &changed["displayName"]),
        (&json!("nora.berg@fabrikam.example"), &json!("Nora Berg"))
    );
    assert_eq!(changed["name"]["familyName"], "Berg");

    let user = text(&made["id"]).parse().expect("an id");
    let signed_in = cloud.token(cloud.at_home(user), cloud.fabrikam).await;
    assert_eq!(cloud.get(&signed_in, "/v1.0/me").await.0, StatusCode::OK);
    let off = patch(json!([{ "op": "Replace", "path": "active", "value": "False" }]));
    let (_, disabled) = cloud.patch(&token, &at, off).await;
    assert_eq!(disabled["active"], json!(false));
    assert_eq!(cloud.get(&signed_in, "/v1.0/me").await.0, StatusCode::UNAUTHORIZED, "at once");

    assert_eq!(cloud.delete(&token, &at).await.0, StatusCode::NO_CONTENT);
    refused(cloud.get(&token, &at).await, 404, "").await;
    refused(cloud.delete(&token, &at).await, 404, "").await;
    let ada = cloud.token(cloud.at_home(cloud.ada), cloud.fabrikam).await;
    let (_, deleted) = cloud.get(&ada, "/v1.0/directory/deletedItems/microsoft.graph.user").await;
    assert!(deleted.to_string().contains("Nora Berg"), "soft: {deleted}");
}

#[tokio::test]
async fn r_x09_oktas_service_replaces_and_deactivates_and_what_it_leaves_out_stays() {
    let cloud = Cloud::start().await;
    let token = token(&cloud).await;
    let (_, found) = cloud
        .get(&token, &format!("{USERS}?filter=userName%20eq%20%22{BEN}%22&startIndex=1&count=100"))
        .await;
    let ben = found["Resources"][0].clone();
    let at = format!("{USERS}/{}", text(&ben["id"]));
    let mut whole = ben.clone();
    whole["externalId"] = json!("00u1");
    whole["displayName"] = json!("Ben Berger");
    let (status, replaced) = put(&cloud, &token, &at, whole).await;
    assert_eq!((status, &replaced["externalId"]), (StatusCode::OK, &json!("00u1")), "{replaced}");
    let (_, off) =
        cloud.patch(&token, &at, patch(json!([{ "op": "replace", "value": { "active": false } }]))).await;
    assert_eq!(off["active"], json!(false));
    // A whole user that does not speak of it lets nobody in again, and takes no address away.
    let little = json!({ "userName": BEN, "displayName": "Ben" });
    let (_, replaced) = put(&cloud, &token, &at, little).await;
    assert_eq!((&replaced["active"], &replaced["emails"]), (&json!(false), &ben["emails"]));
    let (_, on) =
        cloud.patch(&token, &at, patch(json!([{ "op": "replace", "value": { "active": true } }]))).await;
    assert_eq!(on["active"], json!(true));

    let (_, first) = cloud.get(&token, &format!("{USERS}?startIndex=1&count=2")).await;
    let (_, second) = cloud.get(&token, &format!("{USERS}?startIndex=3&count=2")).await;
    assert_eq!(
        (&first["totalResults"], &first["itemsPerPage"], &second["itemsPerPage"]),
        (&json!(3), &json!(2), &json!(1))
    );
}

#[tokio::test]
async fn r_x09_groups_are_kept_with_their_members() {
    let cloud = Cloud::start().await;
    let token = token(&cloud).await;
    let (ben, maria) = (cloud.ben.to_string(), cloud.maria.to_string());
    let new = json!({ "displayName": "Sales", "externalId": "g1", "members": [{ "value": ben }] });
    let (status, made) = cloud.post(&token, GROUPS, new).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let at = format!("{GROUPS}/{}", text(&made["id"]));
    let (_, found) = cloud
        .get(&token, &format!("{GROUPS}?filter=displayName+eq+%22sales%22&excludedAttributes=members"))
        .await;
    assert_eq!(
        (&found["totalResults"], &found["Resources"][0]["members"]),
        (&json!(1), &Value::Null),
        "{found}"
    );
    let members = async |operations: Value| {
        let (status, changed) = cloud.patch(&token, &at, patch(operations)).await;
        assert_eq!(status, StatusCode::OK, "{changed}");
        let list = changed["members"].as_array().expect("members").clone();
        let mut ids: Vec<String> = list.iter().map(|member| text(&member["value"]).to_owned()).collect();
        ids.sort_unstable();
        ids
    };
    let mut both = vec![ben.clone(), maria.clone()];
    both.sort_unstable();
    assert_eq!(
        members(json!([{ "op": "Add", "path": "members", "value": [{ "value": maria }] }])).await,
        both
    );
    assert_eq!(
        members(json!([{ "op": "Remove", "path": "members", "value": [{ "value": ben }] }])).await,
        std::slice::from_ref(&maria)
    );
    let path = format!("members[value eq \"{maria}\"]");
    assert_eq!(members(json!([{ "op": "remove", "path": path }])).await, Vec::<String>::new());
    assert_eq!(
        members(json!([{ "op": "replace", "path": "members", "value": [{ "value": ben }] }])).await,
        std::slice::from_ref(&ben)
    );
    let renamed =
        patch(json!([{ "op": "replace", "value": { "id": made["id"], "displayName": "Sales and more" } }]));
    let (_, renamed) = cloud.patch(&token, &at, renamed).await;
    assert_eq!(renamed["displayName"], "Sales and more");
    let stranger =
        json!([{ "op": "Add", "path": "members", "value": [{ "value": cloud.anna.to_string() }] }]);
    refused(cloud.patch(&token, &at, patch(stranger)).await, 400, "invalidValue").await;
    assert_eq!(cloud.delete(&token, &at).await.0, StatusCode::NO_CONTENT);
    refused(cloud.get(&token, &at).await, 404, "").await;
    let ada = cloud.token(cloud.at_home(cloud.ada), cloud.fabrikam).await;
    let group = at.replace(GROUPS, "/v1.0/groups");
    let (_, left) = cloud.get(&ada, &format!("{group}/members")).await;
    assert_eq!(left["value"], json!([]), "nobody of the organization is left in it");
}

#[tokio::test]
async fn r_x09_provisioning_reaches_neither_guests_nor_site_groups_nor_other_organizations() {
    let cloud = Cloud::start().await;
    let anna =
        cloud.token(model::HomeAccount { tenant: cloud.contoso, user: cloud.anna }, cloud.contoso).await;
    let (site, _) = cloud.falcon(&anna).await;
    let guest = cloud.invite("gustav@elsewhere.example").await;
    let body = json!({ "displayName": "Contoso's directory", "days": 30 });
    let (_, made) = cloud.post(&anna, "/v1.0/admin/provisioning/tokens", body).await;
    let contoso = text(&made["token"]).to_owned();
    let fabrikam = token(&cloud).await;
    let (_, listed) = cloud.get(&contoso, USERS).await;
    assert!(!listed.to_string().contains("elsewhere.example"), "{listed}");
    let (_, groups) = cloud.get(&contoso, GROUPS).await;
    assert_eq!(groups["totalResults"], json!(0), "the site {site} has groups: {groups}");
    for (token, id) in [(&contoso, guest), (&contoso, cloud.ben), (&fabrikam, cloud.anna)] {
        let at = format!("{USERS}/{id}");
        refused(cloud.get(token, &at).await, 404, "").await;
        refused(cloud.delete(token, &at).await, 404, "").await;
        let off = patch(json!([{ "op": "replace", "value": { "active": false } }]));
        refused(cloud.patch(token, &at, off).await, 404, "").await;
    }
    // An address of another organization, one of a guest, and the last administrator.
    let foreign = json!({ "userName": "x@contoso.example", "displayName": "x" });
    refused(cloud.post(&fabrikam, USERS, foreign).await, 400, "invalidValue").await;
    let at = format!("{USERS}/{}", cloud.anna);
    let off = patch(json!([{ "op": "replace", "value": { "active": false } }]));
    refused(cloud.patch(&contoso, &at, off).await, 403, "").await;
    refused(cloud.delete(&contoso, &at).await, 403, "").await;
    // Neither token opens what the other is for.
    for path in ["/v1.0/me", "/v1.0/users", "/v1.0/sites?search=falcon"] {
        assert_eq!(cloud.get(&contoso, path).await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
    refused(cloud.get(&anna, USERS).await, 401, "").await;
    // Revoked, ended.
    let at = format!("/v1.0/admin/provisioning/tokens/{}", text(&made["id"]));
    assert_eq!(cloud.delete(&anna, &at).await.0, StatusCode::NO_CONTENT);
    refused(cloud.get(&contoso, USERS).await, 401, "").await;
    cloud.clock.move_on(366 * 24 * 3_600);
    refused(cloud.get(&fabrikam, USERS).await, 401, "").await;
}

#[tokio::test]
async fn r_x09_a_bad_request_is_refused_in_scims_shape_and_changes_nothing() {
    let cloud = Cloud::start().await;
    let token = token(&cloud).await;
    let before = cloud.get(&token, USERS).await;
    let ben = format!("{USERS}/{}", cloud.ben);
    for filter in ["userName", "userName+eq", "%28", "a+eq+%7B%7D", "userName+zz+%22x%22"] {
        refused(cloud.get(&token, &format!("{USERS}?filter={filter}")).await, 400, "invalidFilter").await;
    }
    refused(cloud.get(&token, &format!("{USERS}?startIndex=x")).await, 400, "invalidValue").await;
    for body in [
        json!({}),
        json!([]),
        json!({ "userName": 5 }),
        json!({ "userName": "no address" }),
        json!({ "userName": "x@fabrikam.example", "emails": "x" }),
        json!({ "userName": "x@fabrikam.example", "active": "perhaps" }),
        json!({ "userName": "x@fabrikam.example", "displayName": "x".repeat(300) }),
        json!({ "userName": "x@fabrikam.example", "externalId": "a\u{0}b" }),
    ] {
        refused(cloud.post(&token, USERS, body).await, 400, "invalidValue").await;
    }
    for (operations, kind) in [
        (json!([]), "invalidSyntax"),
        (json!([{ "op": "move" }]), "invalidSyntax"),
        (json!([{ "op": "add", "path": "a[", "value": 1 }]), "invalidPath"),
        (json!([{ "op": "remove" }]), "noTarget"),
        (json!([{ "op": "remove", "path": "userName" }]), "invalidValue"),
        // The first would be fine by itself.
        (
            json!([{ "op": "replace", "path": "displayName", "value": "X" }, { "op": "replace", "path": "active", "value": [] }]),
            "invalidValue",
        ),
    ] {
        refused(cloud.patch(&token, &ben, patch(operations)).await, 400, kind).await;
    }
    refused(cloud.patch(&token, &ben, json!({ "Operations": 5 })).await, 400, "invalidSyntax").await;
    refused(cloud.get(&token, "/scim/v2/Users/nobody").await, 404, "").await;
    refused(cloud.get("nonsense", USERS).await, 401, "").await;
    assert_eq!(cloud.get(&token, USERS).await, before);
    for path in ["/scim/v2/ServiceProviderConfig", "/scim/v2/ResourceTypes", "/scim/v2/Schemas"] {
        assert_eq!(cloud.get(&token, path).await.0, StatusCode::OK, "{path}");
        refused(cloud.get("", path).await, 401, "").await;
    }
}
