//! How a guest reads in a list.

use serde_json::Value;

use crate::admin::text_of;

/// Headings of a list of guests.
pub(super) const HEADINGS: [&str; 4] = ["Address", "Name", "State", "Id"];

/// Writes a guest as a line of a list.
pub(super) fn line(guest: &Value) -> Vec<String> {
    vec![
        text_of(&guest["mail"]),
        text_of(&guest["displayName"]),
        state(guest).to_owned(),
        text_of(&guest["id"]),
    ]
}

/// Says in one word how a guest stands.
pub(super) fn state(guest: &Value) -> &'static str {
    if guest["accountEnabled"] == false {
        return "blocked";
    }
    match guest["externalUserState"].as_str() {
        Some("Accepted") => "accepted",
        Some("PendingAcceptance") => "invited",
        _ => "member",
    }
}
