//! `footbridge groups`: security groups, which are shared with and invited into as one.

mod create;
mod list;
mod member;

use std::process::ExitCode;

use agent::Places;
use clap::{Args, Subcommand};

use self::member::{Change, MemberOptions};
use crate::admin::{Admin, AdminOptions};
use crate::failure::CliError;

/// What about groups.
#[derive(Debug, Args)]
pub struct GroupsOptions {
    #[command(flatten)]
    admin: AdminOptions,
    #[command(subcommand)]
    verb: GroupsVerb,
}

#[derive(Debug, Subcommand)]
enum GroupsVerb {
    /// List the groups, or who is in one
    List {
        /// A group, by name or id
        group: Option<String>,
    },
    /// Make a group
    Create {
        /// Its name
        name: String,
    },
    /// Put a person into a group; a guest gets its welcome mail
    Add(MemberOptions),
    /// Take a person out of a group
    Remove(MemberOptions),
}

/// Runs the command.
pub async fn run(places: &Places, options: GroupsOptions) -> Result<ExitCode, CliError> {
    let admin = Admin::open(places, &options.admin).await?;
    match options.verb {
        GroupsVerb::List { group: None } => list::groups(&admin).await,
        GroupsVerb::List { group: Some(group) } => list::members(&admin, &group).await,
        GroupsVerb::Create { name } => create::run(&admin, &name).await,
        GroupsVerb::Add(options) => member::run(&admin, &options, Change::Add).await,
        GroupsVerb::Remove(options) => member::run(&admin, &options, Change::Remove).await,
    }
}
