//! The JSON of a group, both ways.

use std::collections::BTreeSet;

use directory::{ProvisionedGroup, WantedGroup};
use model::UserId;
use serde_json::{Value, json};

use super::error::ScimError;
use super::filter::member;
use super::user_shape::text;

/// The schema's name.
pub(super) const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// Writes a group with its members.
pub(super) fn write(origin: &str, group: &ProvisionedGroup) -> Value {
    let ProvisionedGroup { group, members, record } = group;
    let members: Vec<Value> = members
        .iter()
        .map(|user| {
            json!({
                "value": user.id.to_string(), "display": user.display_name, "type": "User",
                "$ref": format!("{origin}/scim/v2/Users/{}", user.id),
            })
        })
        .collect();
    let mut value = json!({
        "schemas": [SCHEMA],
        "id": group.id.to_string(),
        "displayName": group.display_name,
        "members": members,
        "meta": {
            "resourceType": "Group",
            "created": group.created.to_string(),
            "lastModified": record.modified.to_string(),
            "location": format!("{origin}/scim/v2/Groups/{}", group.id),
        },
    });
    if let Some(external) = &record.external_id {
        value["externalId"] = external.as_str().into();
    }
    value
}

/// Reads a group, a whole one.
pub(super) fn read(value: &Value) -> Result<WantedGroup, ScimError> {
    let wrong = || ScimError::bad("invalidValue", "members must be a list of {value: id of a user}");
    let members = match member(value, "members") {
        None | Some(Value::Null) => BTreeSet::new(),
        Some(Value::Array(list)) => list
            .iter()
            .map(|one| text(one, "value")?.and_then(|id| id.parse::<UserId>().ok()).ok_or_else(wrong))
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(wrong()),
    };
    let display_name = text(value, "displayName")?;
    Ok(WantedGroup {
        display_name: display_name.ok_or_else(|| ScimError::bad("invalidValue", "displayName is needed"))?,
        external_id: text(value, "externalId")?,
        members,
    })
}
