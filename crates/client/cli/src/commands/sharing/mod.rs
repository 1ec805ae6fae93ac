//! `footbridge sharing`: what the organization and its sites allow to be shared with people outside (B05–B08).

mod change;
mod losses;
mod set;
mod show;
mod site;

use std::process::ExitCode;

use agent::Places;
use clap::{Args, Subcommand};

use self::change::OrganizationChange;
use self::site::SiteOptions;
use crate::admin::{Admin, AdminOptions};
use crate::failure::CliError;

/// What about sharing.
#[derive(Debug, Args)]
pub struct SharingOptions {
    #[command(flatten)]
    admin: AdminOptions,
    #[command(subcommand)]
    verb: SharingVerb,
}

#[derive(Debug, Subcommand)]
enum SharingVerb {
    /// Show what is set for the organization
    Show,
    /// Change it: shows first what would end, and asks
    Set(SetOptions),
    /// Show what a change would end, and change nothing
    Preview(OrganizationChange),
    /// Show or change what one site sets apart
    Site(SiteOptions),
}

#[derive(Debug, Args)]
struct SetOptions {
    #[command(flatten)]
    change: OrganizationChange,
    /// Also tighten every site that is looser than the new level, so that loosening the organization later opens none again
    #[arg(long, requires = "sites")]
    also_close_sites: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Runs the command.
pub async fn run(places: &Places, options: SharingOptions) -> Result<ExitCode, CliError> {
    let admin = Admin::open(places, &options.admin).await?;
    match options.verb {
        SharingVerb::Show => show::run(&admin).await,
        SharingVerb::Set(options) => {
            let code = set::run(&admin, &options.change, options.yes).await?;
            if options.also_close_sites {
                set::close_sites(&admin, &options.change).await?;
            }
            Ok(code)
        }
        SharingVerb::Preview(change) => set::preview(&admin, &change).await,
        SharingVerb::Site(options) => site::run(&admin, &options).await,
    }
}
