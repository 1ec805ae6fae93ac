//! `footbridge guests`: who outside the organization has an account in it, from invitation to removal (A07, A08, A10).

mod block;
mod change_address;
mod guest_line;
mod invitation_table;
mod invite;
mod invite_many;
pub(super) mod join_group;
mod list;
mod merge;
mod remove;
mod restore;
mod result_file;
mod show;

use std::process::ExitCode;

use agent::Places;
use clap::{Args, Subcommand};

use self::block::SignIn;
use self::change_address::{AddressOptions, ResetOptions};
use self::invite::InviteOptions;
use self::list::ListOptions;
use self::merge::MergeOptions;
use self::remove::RemoveOptions;
use crate::admin::{Admin, AdminOptions};
use crate::failure::CliError;

/// What about guests.
#[derive(Debug, Args)]
pub struct GuestsOptions {
    #[command(flatten)]
    admin: AdminOptions,
    #[command(subcommand)]
    verb: GuestsVerb,
}

#[derive(Debug, Subcommand)]
enum GuestsVerb {
    /// List the guests
    List(ListOptions),
    /// Invite one guest, or everybody of a CSV file
    Invite(InviteOptions),
    /// Show what is known of a guest
    Show {
        /// Address, sign-in name or id
        guest: String,
    },
    /// Delete guests: all of their access here ends at once, and can be brought back for 30 days
    Remove(RemoveOptions),
    /// Bring a deleted guest back with their groups and permissions
    Restore {
        /// Address, sign-in name or id
        guest: String,
    },
    /// Give a guest another address; they keep what they were given
    ChangeAddress(AddressOptions),
    /// Let a guest accept anew, with another account at home; they keep what they were given
    Reset(ResetOptions),
    /// Make one guest of two who are the same person
    Merge(MergeOptions),
    /// Keep a guest out for now; nothing of theirs is taken away
    Block {
        /// Address, sign-in name or id
        guest: String,
    },
    /// Let a blocked guest in again
    Unblock {
        /// Address, sign-in name or id
        guest: String,
    },
}

/// Runs the command.
pub async fn run(places: &Places, options: GuestsOptions) -> Result<ExitCode, CliError> {
    let admin = Admin::open(places, &options.admin).await?;
    match options.verb {
        GuestsVerb::List(options) => list::run(&admin, &options).await,
        GuestsVerb::Invite(options) => invite::run(&admin, &options).await,
        GuestsVerb::Show { guest } => show::run(&admin, &guest).await,
        GuestsVerb::Remove(options) => remove::run(&admin, &options).await,
        GuestsVerb::Restore { guest } => restore::run(&admin, &guest).await,
        GuestsVerb::ChangeAddress(options) => change_address::run(&admin, &options).await,
        GuestsVerb::Reset(options) => change_address::reset(&admin, &options).await,
        GuestsVerb::Merge(options) => merge::run(&admin, &options).await,
        GuestsVerb::Block { guest } => block::run(&admin, &guest, SignIn::Blocked).await,
        GuestsVerb::Unblock { guest } => block::run(&admin, &guest, SignIn::Allowed).await,
    }
}
