//! `footbridge unshare`: takes away what somebody was given at a place (A10). Files that were synced stay where they are.

use std::process::ExitCode;

use agent::Places;
use http::Method;
use serde_json::{Value, json};

use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::options::UnshareOptions;
use crate::site_lookup::find_place;
use crate::terminal::plain;

/// Runs the command.
pub async fn run(places: &Places, options: &UnshareOptions) -> Result<ExitCode, CliError> {
    let admin = Admin::open(places, &options.admin).await?;
    let place = find_place(&admin.graph, &options.place).await?;
    let permissions = admin.graph.list(&format!("{place}/permissions")).await?;
    let (mut ended, mut missing) = (Vec::new(), Vec::new());
    for name in &options.people {
        let held: Vec<&Value> = permissions.iter().filter(|permission| is_of(permission, name)).collect();
        if held.is_empty() {
            missing.push(name.clone());
        }
        for permission in held {
            let id = text_of(&permission["id"]);
            admin.graph.send(Method::DELETE, &format!("{place}/permissions/{id}"), None).await?;
            ended.push(id);
        }
    }
    admin.show(&json!({"ended": ended, "notFound": missing}), |_| match ended.len() {
        0 => String::new(),
        1 => "One permission has ended; it counts at once.".to_owned(),
        several => format!("{several} permissions have ended; it counts at once."),
    });
    if missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let missing = missing.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
    Err(CliError::Typed {
        text: format!("Nothing is shared there by name with {missing}."),
        hint: "`footbridge share --list` shows who has access, and through what.".to_owned(),
    })
}

/// Tells whether a permission is somebody's, by address or name, or is the permission or link named by its id.
fn is_of(permission: &Value, name: &str) -> bool {
    let user = &permission["grantedToV2"]["user"];
    let group = &permission["grantedToV2"]["group"];
    [
        &permission["id"],
        &user["email"],
        &user["displayName"],
        &group["displayName"],
        &permission["invitation"]["email"],
    ]
    .iter()
    .any(|field| field.as_str().is_some_and(|text| text.eq_ignore_ascii_case(name)))
}
