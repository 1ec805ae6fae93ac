//! What this service can do: its configuration, resource types and schemas (RFC 7643 5 to 7). The same for everybody.

use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

use super::door::{Provisioner, Resource};
use super::{group_shape, list, user_shape};
use crate::App;

pub(super) async fn get_config(State(app): State<App>, _: Provisioner) -> Resource {
    let unsupported = json!({ "supported": false });
    let value = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": list::MOST },
        "changePassword": unsupported,
        "sort": unsupported,
        "etag": unsupported,
        "authenticationSchemes": [{
            "type": "oauthbearertoken", "name": "Provisioning token",
            "description": "A token that an administrator of the organization made", "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{}/scim/v2/ServiceProviderConfig", app.settings.origin) },
    });
    Resource(StatusCode::OK, value)
}

pub(super) async fn get_resource_types(State(app): State<App>, _: Provisioner) -> Resource {
    let of = |name: &str, schema: &str| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name, "name": name, "endpoint": format!("/{name}s"), "schema": schema,
            "meta": { "resourceType": "ResourceType", "location": format!("{}/scim/v2/ResourceTypes/{name}", app.settings.origin) },
        })
    };
    let all = vec![of("User", user_shape::SCHEMA), of("Group", group_shape::SCHEMA)];
    Resource(StatusCode::OK, list::whole(all))
}

pub(super) async fn get_schemas(State(app): State<App>, _: Provisioner) -> Resource {
    let of = |id: &str, name: &str, attributes: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id, "name": name, "attributes": attributes,
            "meta": { "resourceType": "Schema", "location": format!("{}/scim/v2/Schemas/{id}", app.settings.origin) },
        })
    };
    let text = |name: &str, required: bool, unique: &str| {
        json!({
            "name": name, "type": "string", "multiValued": false, "required": required, "caseExact": false,
            "mutability": "readWrite", "returned": "default", "uniqueness": unique,
        })
    };
    let complex = |name: &str, many: bool, parts: &[&str]| {
        let mut parts: Vec<Value> = parts.iter().map(|part| text(part, false, "none")).collect();
        for part in &mut parts {
            match part["name"].as_str() {
                Some("primary") => part["type"] = "boolean".into(),
                Some("$ref") => {
                    part["type"] = "reference".into();
                    part["referenceTypes"] = json!(["User"]);
                }
                _ => {}
            }
        }
        json!({
            "name": name, "type": "complex", "multiValued": many, "required": false, "mutability": "readWrite",
            "returned": "default", "subAttributes": parts,
        })
    };
    let user = json!([
        text("userName", true, "server"),
        text("displayName", false, "none"),
        text("externalId", false, "none"),
        complex("name", false, &["formatted", "givenName", "familyName"]),
        complex("emails", true, &["value", "type", "primary"]),
        {
            "name": "active", "type": "boolean", "multiValued": false, "required": false, "mutability": "readWrite",
            "returned": "default",
        },
    ]);
    let group = json!([
        text("displayName", true, "none"),
        text("externalId", false, "none"),
        complex("members", true, &["value", "display", "type", "$ref"])
    ]);
    let all = vec![of(user_shape::SCHEMA, "User", user), of(group_shape::SCHEMA, "Group", group)];
    Resource(StatusCode::OK, list::whole(all))
}
