//! Options: everything a person can type. Nouns of administration bring their own: see `admin`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::admin::AdminOptions;
use crate::commands::{GroupsOptions, GuestsOptions, SharingOptions};

/// For scripts. `failure` decides them.
const EXIT_CODES: &str = "Exit codes: 0 done; 1 something else; 2 typed wrong; 3 somebody must sign in; 4 no access, or a \
folder in error; 5 no connection; 6 no such thing; 7 this computer failed; 8 in sync, but some items need you.";

/// Syncs what other organizations shared with you to a folder on this computer.
#[derive(Debug, Parser)]
#[command(name = "footbridge", version, about, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Options {
    #[command(flatten)]
    pub places: PlaceOptions,
    #[command(subcommand)]
    pub command: CommandName,
}

/// Where things are on this computer.
#[derive(Debug, Args)]
pub struct PlaceOptions {
    /// Folder for the agent's own files [default: ~/.local/state/footbridge]
    #[arg(long, global = true, env = "FOOTBRIDGE_STATE_DIR", value_name = "DIR")]
    pub state_dir: Option<PathBuf>,
    /// Folder under which every organization gets its own [default: ~/Footbridge]
    #[arg(long, global = true, env = "FOOTBRIDGE_SYNC_HOME", value_name = "DIR")]
    pub sync_home: Option<PathBuf>,
    /// Further folder of policies, weaker than those of this computer
    #[arg(long, global = true, env = "FOOTBRIDGE_POLICY_DIR", value_name = "DIR", hide = true)]
    pub policy_dir: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CommandName {
    /// Run the agent, which does the syncing, in this terminal; other commands start it in the background
    Agent,
    /// End the running agent
    Stop,
    /// Sign in at your organization's cloud, in the browser or with a code
    SignIn(SignInOptions),
    /// Forget an account on this computer; files stay
    SignOut {
        /// The account's address
        account: String,
    },
    /// Do in the browser what an organization asks for, such as a second factor; then its folders go on by themselves
    Resolve(ResolveOptions),
    /// Show which policies the administrators of this computer set, and where
    Managed {
        /// Print JSON for scripts
        #[arg(long)]
        json: bool,
    },
    /// Show who is signed in
    Accounts,
    /// Start, pause and stop syncing, and see what is synced
    #[command(subcommand)]
    Sync(SyncCommand),
    /// Show what is synced and what needs your attention
    Status(StatusOptions),
    /// Tell why a file or folder does or does not sync, or whether a link can be synced
    Explain(ExplainOptions),
    /// Start syncing what a link means; this is what the Sync button calls
    Open(OpenOptions),
    /// Let the Sync button of a page open Footbridge, or no longer
    #[command(subcommand)]
    Desktop(DesktopCommand),
    /// Share a site, library or folder of your organization with people outside, or list who has access
    Share(ShareOptions),
    /// Take away what people were given at a site, library or folder
    Unshare(UnshareOptions),
    /// Administer what may be shared with people outside
    Sharing(SharingOptions),
    /// Administer the security groups of your organization
    Groups(GroupsOptions),
    /// Administer the guests of your organization
    Guests(GuestsOptions),
    /// Show or make sites of your organization
    Sites(SitesOptions),
    /// Show the version
    Version,
}

/// How to sign in.
#[derive(Debug, Args)]
pub struct SignInOptions {
    /// Your work address, to be filled in for you
    pub address: Option<String>,
    /// The cloud's address, such as https://cloud.example; known after the first sign-in
    #[arg(long, env = "FOOTBRIDGE_CLOUD", value_name = "URL")]
    pub cloud: Option<String>,
    /// Sign in with a short code on another computer or phone
    #[arg(long)]
    pub device_code: bool,
}

/// Whose demand to meet.
#[derive(Debug, Args)]
pub struct ResolveOptions {
    /// The organization, one of its folders, or a link of it [default: the only one that asks for something]
    #[arg(value_name = "ORGANIZATION")]
    pub subject: Option<String>,
    /// Your account, when several know the organization
    #[arg(long, value_name = "ADDRESS")]
    pub account: Option<String>,
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
        /// Folder, title or id, as `sync list` shows it
        #[arg(value_name = "FOLDER")]
        root: String,
    },
    /// Go on syncing
    Resume {
        /// Folder, title or id, as `sync list` shows it
        #[arg(value_name = "FOLDER")]
        root: String,
    },
    /// Stop syncing for good; the files stay
    Remove {
        /// Folder, title or id, as `sync list` shows it
        #[arg(value_name = "FOLDER")]
        root: String,
    },
    /// Answer when many files were deleted here and the server was not told yet
    Deletion(DeletionOptions),
    /// Show what happened: conflicts, rescued files, changes of access
    Journal {
        /// Folder, title or id, as `sync list` shows it
        #[arg(value_name = "FOLDER")]
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
    /// Folder, title or id, as `sync list` shows it
    #[arg(value_name = "FOLDER")]
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

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// A file or folder on this computer, a site's web address, or the Sync button's link
    #[arg(value_name = "PATH_OR_ADDRESS")]
    pub subject: String,
    /// Tell what stands between this person and a site of your organization
    #[arg(long, value_name = "ADDRESS")]
    pub person: Option<String>,
    /// Your account, when several people are signed in
    #[arg(long, value_name = "ADDRESS", requires = "person")]
    pub account: Option<String>,
    /// Print JSON for scripts
    #[arg(long, conflicts_with = "person")]
    pub json: bool,
}

/// Which link to open.
#[derive(Debug, Args)]
pub struct OpenOptions {
    /// The link: `footbridge://sync?…`, `odopen://sync?…` or a site's web address
    pub url: String,
    /// Wait for Enter at the end, for a window that closes with the command
    #[arg(long, hide = true)]
    pub stay: bool,
}

/// What about the desktop.
#[derive(Debug, Subcommand)]
pub enum DesktopCommand {
    /// Open `footbridge:` links with this program, and `odopen:` links if no other program does
    Install,
    /// Take that back
    Remove,
}

/// How to show the status.
#[derive(Debug, Args)]
pub struct StatusOptions {
    /// Print JSON for scripts
    #[arg(long)]
    pub json: bool,
    /// Look at everything anew, wait until nothing is left to do, then print. Ends with 0 when everything is in sync,
    /// 8 when some items need you, 4 when a folder is in error
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
    /// The web address of a site, library or folder, or a site's title
    #[arg(value_name = "PLACE")]
    pub place: String,
    /// Addresses of people, or names of groups
    #[arg(long = "with", required_unless_present = "list", num_args = 1.., value_name = "ADDRESS")]
    pub people: Vec<String>,
    /// List who has access
    #[arg(long, conflicts_with = "people")]
    pub list: bool,
    /// What they may do
    #[arg(long, value_enum, default_value = "view")]
    pub role: ShareRole,
    /// A message for the mail
    #[arg(long, conflicts_with = "no_mail")]
    pub message: Option<String>,
    /// Tell nobody
    #[arg(long)]
    pub no_mail: bool,
    #[command(flatten)]
    pub admin: AdminOptions,
}

/// From whom to take what.
#[derive(Debug, Args)]
pub struct UnshareOptions {
    /// The web address of a site, library or folder, or a site's title
    #[arg(value_name = "PLACE")]
    pub place: String,
    /// Addresses of people, names of groups, or ids of permissions and links
    #[arg(long = "with", required = true, num_args = 1.., value_name = "WHO")]
    pub people: Vec<String>,
    #[command(flatten)]
    pub admin: AdminOptions,
}

/// What people may do with a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ShareRole {
    View,
    Edit,
}

/// Whose sites.
#[derive(Debug, Args)]
pub struct SitesOptions {
    #[command(subcommand)]
    pub command: SitesCommand,
    /// Your account, when several people are signed in
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub account: Option<String>,
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
