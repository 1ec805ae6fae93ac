//! Options: everything a person can type.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Syncs what other organizations shared with you to a folder on this computer.
#[derive(Debug, Parser)]
#[command(name = "footbridge", version, about, max_term_width = 100)]
pub struct Options {
    #[command(flatten)]
    pub places: PlaceOptions,
    #[command(subcommand)]
    pub command: CommandName,
}

/// Where things are on this computer.
#[derive(Debug, Args)]
pub struct PlaceOptions {
    /// Folder for the agent's own files
    #[arg(long, global = true, env = "FOOTBRIDGE_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Folder under which every organization gets its own [default: ~/Footbridge]
    #[arg(long, global = true, env = "FOOTBRIDGE_SYNC_HOME", value_name = "DIR")]
    pub sync_home: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CommandName {
    /// Run the agent in the foreground
    Agent,
    /// End the running agent
    Stop,
    /// Sign in to a cloud, in the browser or with a code
    SignIn(SignInOptions),
    /// Forget an account on this computer; files stay
    SignOut {
        /// The account's address
        account: String,
    },
    /// Show who is signed in
    Accounts,
    /// Choose what is synced
    #[command(subcommand)]
    Sync(SyncCommand),
    /// Show what is synced and what needs your attention
    Status(StatusOptions),
    /// Start syncing what a link means; this is what the Sync button calls
    Open {
        /// The link
        url: String,
    },
    /// Share a site of your organization with people outside
    Share(ShareOptions),
    /// Show or make sites
    #[command(subcommand)]
    Sites(SitesCommand),
    /// Show the version
    Version,
}

/// How to sign in.
#[derive(Debug, Args)]
pub struct SignInOptions {
    /// Your work address
    pub address: Option<String>,
    /// The cloud's address, such as https://cloud.example
    #[arg(long, env = "FOOTBRIDGE_CLOUD", value_name = "URL")]
    pub cloud: Option<String>,
    /// Sign in with a short code on another computer or phone
    #[arg(long)]
    pub device_code: bool,
}

/// What about syncing.
#[derive(Debug, Subcommand)]
pub enum SyncCommand {
    /// Start syncing a site, library or folder
    Add(SyncAddOptions),
    /// List what is synced
    List,
    /// Stop syncing for now
    Pause {
        /// Title, folder or id, as `sync list` shows it
        root: String,
    },
    /// Go on syncing
    Resume {
        /// Title, folder or id, as `sync list` shows it
        root: String,
    },
    /// Stop syncing for good; the files stay
    Remove {
        /// Title, folder or id, as `sync list` shows it
        root: String,
    },
    /// Answer a large deletion that was held back
    Deletion(DeletionOptions),
    /// Show what happened: conflicts, rescued files, changes of access
    Journal {
        /// Title, folder or id, as `sync list` shows it
        root: String,
        /// How many lines
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
}

/// What to sync, and where to.
#[derive(Debug, Args)]
pub struct SyncAddOptions {
    /// The site's web address, or the Sync button's link
    pub url: String,
    /// Do not ask before talking to a cloud you have not used before
    #[arg(long)]
    pub yes: bool,
    /// Folder for the files [default: below ~/Footbridge, by organization]
    #[arg(long, value_name = "DIR")]
    pub path: Option<PathBuf>,
    /// The account to use, when there are several
    #[arg(long, value_name = "ADDRESS")]
    pub account: Option<String>,
}

/// The answer to a large deletion.
#[derive(Debug, Args)]
pub struct DeletionOptions {
    /// Title, folder or id, as `sync list` shows it
    pub root: String,
    #[command(flatten)]
    pub answer: DeletionAnswer,
}

/// One of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct DeletionAnswer {
    /// Delete on the server too
    #[arg(long)]
    pub delete: bool,
    /// Bring everything back
    #[arg(long)]
    pub restore: bool,
}

/// How to show the status.
#[derive(Debug, Args)]
pub struct StatusOptions {
    /// Print JSON for scripts
    #[arg(long)]
    pub json: bool,
    /// Wait until everything is in sync, then print
    #[arg(long)]
    pub wait_idle: bool,
    /// Keep showing changes, until Ctrl-C; the default on a terminal
    #[arg(long, conflicts_with_all = ["wait_idle", "once"])]
    pub watch: bool,
    /// Print once, also on a terminal
    #[arg(long)]
    pub once: bool,
}

/// What to share with whom.
#[derive(Debug, Args)]
pub struct ShareOptions {
    /// The site's web address or title
    pub place: String,
    /// Addresses of the people
    #[arg(long = "with", required = true, num_args = 1.., value_name = "ADDRESS")]
    pub people: Vec<String>,
    /// What they may do
    #[arg(long, value_enum, default_value = "view")]
    pub role: ShareRole,
    /// A message for the mail
    #[arg(long)]
    pub message: Option<String>,
}

/// What people may do with a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ShareRole {
    View,
    Edit,
}

/// What about sites.
#[derive(Debug, Subcommand)]
pub enum SitesCommand {
    /// List the sites of your organization
    List,
    /// Make a site
    Create {
        /// Name in addresses, such as `falcon`
        name: String,
        /// Name for people, such as `Project Falcon`
        #[arg(long)]
        title: Option<String>,
    },
}
