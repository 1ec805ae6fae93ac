//! What a change of sharing would end, as people read it.

use serde_json::Value;

use crate::terminal::plain;

/// How many are listed by name.
const LISTED: usize = 20;

/// Describes what would end.
pub(super) fn describe(losses: &Value) -> String {
    let found = losses["value"].as_array().cloned().unwrap_or_default();
    if found.is_empty() {
        return "Nobody loses anything, and every link goes on working.\n".to_owned();
    }
    let links = found.iter().filter(|loss| loss["linkId"].is_string()).count();
    let mut text = format!("This ends access of {} guests and {links} links:\n", found.len() - links);
    for loss in found.iter().take(LISTED) {
        let site = plain(loss["siteName"].as_str().unwrap_or_default());
        let user = &loss["user"];
        let who = match user["email"].as_str().or(user["displayName"].as_str()) {
            Some(person) => plain(person),
            None => format!("link {}", plain(loss["linkId"].as_str().unwrap_or_default())),
        };
        text += &format!("  {site}: {who}: {}\n", plain(loss["message"].as_str().unwrap_or_default()));
    }
    if found.len() > LISTED {
        text += &format!("  and {} more; `--json` lists them.\n", found.len() - LISTED);
    }
    text + "Nothing is deleted: it comes back when the setting is loosened again.\n"
}
