//! The JSON of a user, both ways. What it does not name is not kept.

use directory::{ProvisionedPerson, WantedPerson};
use model::Address;
use serde_json::{Value, json};
use storage::SignIn;

use super::error::ScimError;
use super::filter::member;

/// The schema's name.
pub(super) const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// Writes a user.
pub(super) fn write(origin: &str, person: &ProvisionedPerson) -> Value {
    let ProvisionedPerson { user, addresses, record } = person;
    let own = user.principal_name.to_lowercase();
    let email = |address: &str, primary: bool| json!({ "value": address, "type": if primary { "work" } else { "other" }, "primary": primary });
    let others = addresses.iter().filter(|address| **address != own).map(|address| email(address, false));
    let emails: Vec<Value> = std::iter::once(email(&user.principal_name, true)).chain(others).collect();
    let mut name = json!({ "formatted": user.display_name });
    for (part, text) in [("givenName", &record.given_name), ("familyName", &record.family_name)] {
        if let Some(text) = text {
            name[part] = text.as_str().into();
        }
    }
    let mut value = json!({
        "schemas": [SCHEMA],
        "id": user.id.to_string(),
        "userName": user.principal_name,
        "displayName": user.display_name,
        "name": name,
        "emails": emails,
        "active": user.enabled,
        "meta": {
            "resourceType": "User",
            "created": user.created.to_string(),
            "lastModified": record.modified.to_string(),
            "location": format!("{origin}/scim/v2/Users/{}", user.id),
        },
    });
    if let Some(external) = &record.external_id {
        value["externalId"] = external.as_str().into();
    }
    value
}

/// Reads a user, a whole one.
pub(super) fn read(value: &Value) -> Result<WantedPerson, ScimError> {
    let wrong =
        |what: &str| ScimError::bad("invalidValue", format!("{what} has a value that cannot be used"));
    let user_name = text(value, "userName")?.ok_or_else(|| wrong("userName"))?;
    let user_name: Address = user_name
        .parse()
        .map_err(|_| ScimError::bad("invalidValue", "userName must be an address of the organization"))?;
    let name = member(value, "name").filter(|name| name.is_object());
    let part = |part: &str| name.map_or(Ok(None), |name| text(name, part));
    let (given_name, family_name) = (part("givenName")?, part("familyName")?);
    let both: Vec<&str> = [&given_name, &family_name].into_iter().flatten().map(String::as_str).collect();
    let spelled = (!both.is_empty()).then(|| both.join(" "));
    let display_name = text(value, "displayName")?.or(spelled).or(part("formatted")?);
    let mut addresses = Vec::new();
    match member(value, "emails") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) if list.len() <= 100 => {
            for email in list {
                let Some(email) = text(email, "value")? else { continue };
                addresses.push(email.parse::<Address>().map_err(|_| wrong("emails"))?);
            }
        }
        Some(_) => return Err(wrong("emails")),
    }
    let active = match member(value, "active") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(active)) => *active,
        Some(Value::String(active)) if active.eq_ignore_ascii_case("true") => true,
        Some(Value::String(active)) if active.eq_ignore_ascii_case("false") => false,
        Some(_) => return Err(wrong("active")),
    };
    Ok(WantedPerson {
        display_name: display_name.unwrap_or_else(|| user_name.to_string()),
        user_name,
        addresses,
        external_id: text(value, "externalId")?,
        given_name,
        family_name,
        sign_in: if active { SignIn::Allowed } else { SignIn::Blocked },
    })
}

/// Reads a text that may be missing; an empty one is none.
pub(super) fn text(value: &Value, name: &str) -> Result<Option<String>, ScimError> {
    match member(value, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(_) => Err(ScimError::bad("invalidValue", format!("{name} must be a text"))),
    }
}
