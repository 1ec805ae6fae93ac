//! `footbridge groups add` and `remove`

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::json;

use crate::admin::{Admin, text_of};
use crate::commands::guests::join_group;
use crate::failure::CliError;
use crate::person_lookup::{find_group, find_person};

/// Whom, and which group.
#[derive(Debug, Args)]
pub(super) struct MemberOptions {
    /// The group, by name or id
    group: String,
    /// The person, by address, sign-in name or id
    person: String,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// They come in.
    Add,
    /// They go out.
    Remove,
}

/// Changes who is in a group. Whoever is in it already stays in it.
pub(super) async fn run(
    admin: &Admin,
    options: &MemberOptions,
    change: Change,
) -> Result<ExitCode, CliError> {
    let group = find_group(&admin.graph, &options.group).await?;
    let person = text_of(&find_person(&admin.graph, &options.person).await?["id"]);
    match change {
        Change::Add => join_group::add(&admin.graph, &group, &person).await?,
        Change::Remove => {
            let path = format!("/groups/{group}/members/{person}/$ref");
            admin.graph.send(Method::DELETE, &path, None).await?;
        }
    }
    let told = match change {
        Change::Add => "They are in the group; what it was given is theirs too.",
        Change::Remove => "They are out of the group; what it was given is not theirs any more.",
    };
    admin.show(&json!({"group": group, "person": person}), |_| told.to_owned());
    Ok(ExitCode::SUCCESS)
}
