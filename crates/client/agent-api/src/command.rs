//! Commands: what a front end asks the agent to do. One request per connection.

use serde::{Deserialize, Serialize};

/// Version of the protocol. The agent refuses others, because both come from one installation; only [`Command::Stop`] is
/// understood from any, so that a new program can end the old agent.
pub const VERSION: u32 = 3;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// [`VERSION`] of whoever asks.
    pub version: u32,
    /// What to do.
    pub command: Command,
}

impl Request {
    /// Wraps a command.
    #[must_use]
    pub fn new(command: Command) -> Self {
        Self { version: VERSION, command }
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "name")]
pub enum Command {
    /// Tell which agent answers.
    Hello,
    /// Tell what is known, once.
    Status,
    /// Tell what is known now and after every change, until the front end hangs up.
    Watch,
    /// Look at everything anew and answer with the status when nothing is left to do.
    WaitIdle,
    /// Sign a person in.
    #[serde(rename_all = "camelCase")]
    SignIn {
        /// The cloud's address.
        cloud: String,
        /// Address to pre-fill.
        address: Option<String>,
        /// By browser or by code.
        way: SignInWay,
    },
    /// Lead the person to the page on which they meet what an organization asks for, and go on after it (X01).
    #[serde(rename_all = "camelCase")]
    Resolve {
        /// The organization's name, a folder of it, or an address as [`RootAddition::address`] takes it; none for the
        /// only organization that asks for something.
        subject: Option<String>,
        /// The account's address or key, where several know the organization.
        account: Option<String>,
    },
    /// Forget an account and its saved sign-in. Its roots stop; files stay.
    #[serde(rename_all = "camelCase")]
    SignOut {
        /// The account's address or key.
        account: String,
    },
    /// Start syncing a site, library or folder.
    AddRoot(RootAddition),
    /// Stop syncing a root for now.
    #[serde(rename_all = "camelCase")]
    PauseRoot {
        /// The root's id or folder.
        root: String,
    },
    /// Go on syncing a paused root.
    #[serde(rename_all = "camelCase")]
    ResumeRoot {
        /// The root's id or folder.
        root: String,
    },
    /// Stop syncing a root for good. Files stay.
    #[serde(rename_all = "camelCase")]
    RemoveRoot {
        /// The root's id or folder.
        root: String,
    },
    /// Answer a mass deletion that is held back.
    #[serde(rename_all = "camelCase")]
    AnswerDeletion {
        /// The root's id or folder.
        root: String,
        /// What to do.
        answer: DeletionAnswer,
    },
    /// Tell the newest lines of a root's journal.
    #[serde(rename_all = "camelCase")]
    Journal {
        /// The root's id or folder.
        root: String,
        /// How many lines.
        limit: usize,
    },
    /// Tell everything known about a path on this computer, or about a link.
    #[serde(rename_all = "camelCase")]
    Explain {
        /// An absolute path, or an address as [`RootAddition::address`] takes it.
        subject: String,
    },
    /// Give an access token, for commands that speak to the cloud themselves.
    #[serde(rename_all = "camelCase")]
    Token {
        /// The account's address or key; none when there is only one.
        account: Option<String>,
        /// The organization; none for home.
        tenant: Option<String>,
    },
    /// Tell which policies of this computer are in force and where they come from.
    Managed,
    /// End the agent in order.
    Stop,
}

/// How a person signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInWay {
    /// In a browser on this computer.
    Browser,
    /// With a short code, on another computer.
    DeviceCode,
}

/// What a person says about a mass deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeletionAnswer {
    /// Delete on the server too.
    Delete,
    /// Bring everything back to this computer.
    Restore,
}

/// Whether the person agreed to talk to a cloud they have no account of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CloudTrust {
    /// Talk only to clouds with an account here.
    KnownOnly,
    /// The person said yes to this one.
    Agreed,
}

/// A root to add. Names come from the server, never from the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootAddition {
    /// A `footbridge://sync?…` address, or the web address of a site, library or folder.
    pub address: String,
    /// The account's address or key; none to choose.
    pub account: Option<String>,
    /// Where the files shall be; none for the organization's folder.
    pub folder: Option<String>,
    /// What the person said about the cloud.
    pub trust: CloudTrust,
}
