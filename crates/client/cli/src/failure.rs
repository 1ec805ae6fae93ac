//! Failures: every error of a command with its hint and its exit code. The only place that decides them.
//!
//! Exit codes: 0 done; 1 something else; 2 the command was typed wrong; 3 somebody must sign in; 4 no access, or a
//! folder in error; 5 no connection; 6 no such thing; 7 this computer failed; 8 in sync, but some items need a person.

use std::fmt;
use std::process::ExitCode;

use agent::SocketError;
use agent_api::{Failure, FailureKind};
use http::StatusCode;
use serde_json::Value;

use crate::terminal::plain;

/// Something stands in the way, or a folder is in error.
pub const IN_THE_WAY: u8 = 4;
/// Nothing of that name is here.
pub const NOT_THERE: u8 = 6;
/// Nothing is left to do but what needs a person.
pub const IDLE_WITH_PROBLEMS: u8 = 8;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The agent said no.
    #[error(transparent)]
    Agent(#[from] Failure),
    /// The agent does not answer.
    #[error("The agent does not answer: {0}")]
    NoAgent(String),
    /// Whoever has the agent's socket may be somebody else.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// Another agent runs with the same state folder.
    #[error("The agent is running already.")]
    AlreadyRunning,
    /// A link asks for something, and nobody is there to say yes.
    #[error("{0} A link alone syncs nothing.")]
    NobodyToAsk(String),
    /// The person said no.
    #[error("Nothing was changed.")]
    Declined,
    /// A cloud must be named.
    #[error("It is not known which cloud is meant.")]
    WhichCloud,
    /// No site is called so.
    #[error("There is no site of your organization called `{0}`.")]
    NoSuchSite(String),
    /// The cloud could not be reached.
    #[error("The cloud cannot be reached: {0}.")]
    Offline(String),
    /// The cloud said no, in its own words.
    #[error("{0}")]
    Cloud(Refusal),
    /// What was typed does not fit together, or names nothing.
    #[error("{text}")]
    Typed {
        /// What is wrong.
        text: String,
        /// How to mend it.
        hint: String,
    },
    /// Nobody of the organization is called so.
    #[error("Nobody of the organization is known as `{0}`.")]
    NoSuchPerson(String),
    /// No group is called so, or several are.
    #[error("There is no security group called `{0}`, or several are.")]
    NoSuchGroup(String),
    /// This computer failed.
    #[error("{0}")]
    Computer(String),
}

/// What a cloud answered when it did not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: StatusCode,
    /// The rule that refuses, such as `roleRequired`; none when no rule does.
    pub reason: Option<String>,
    /// The cloud's own words.
    pub message: String,
}

impl Refusal {
    /// Reads Graph's error envelope; a body that is none is told by its status.
    pub fn read(status: StatusCode, body: &Value) -> Self {
        let error = &body["error"];
        let message = error["message"].as_str().map(str::to_owned);
        Self {
            status,
            reason: error["innerError"]["code"].as_str().map(str::to_owned),
            message: message.unwrap_or_else(|| format!("The cloud answered {status}.")),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl CliError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Agent(failure) => failure.remedy.clone(),
            Self::Socket(error) => Some(error.remedy()),
            Self::NoAgent(_) => Some("Run `footbridge agent` to see what it says.".to_owned()),
            Self::AlreadyRunning => {
                Some("`footbridge status` shows what it does; `footbridge stop` ends it.".to_owned())
            }
            Self::WhichCloud => {
                Some("Add `--cloud https://…`; your administrator knows the address.".to_owned())
            }
            Self::NoSuchSite(_) => Some("`footbridge sites list` shows them.".to_owned()),
            Self::NobodyToAsk(_) => {
                Some("Type `footbridge sync add` with the link if you want that.".to_owned())
            }
            Self::Offline(_) => Some("Check your connection, then try again.".to_owned()),
            Self::Typed { hint, .. } => Some(hint.clone()),
            Self::NoSuchPerson(_) => Some("`footbridge guests list` shows the guests.".to_owned()),
            Self::NoSuchGroup(_) => Some("Name it as it is written, or by its id.".to_owned()),
            Self::Cloud(refusal) if refusal.reason.as_deref() == Some("roleRequired") => Some(
                "Sign in as an administrator of the organization, and choose with `--account`.".to_owned(),
            ),
            Self::Declined | Self::Cloud(_) | Self::Computer(_) => None,
        }
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Agent(failure) => match failure.kind {
                FailureKind::NoAccount | FailureKind::SignInFailed | FailureKind::SignInNeeded => 3,
                FailureKind::InteractionNeeded
                | FailureKind::Managed
                | FailureKind::NoAccess
                | FailureKind::UnknownCloud => IN_THE_WAY,
                FailureKind::Offline => 5,
                FailureKind::NotFound => NOT_THERE,
                FailureKind::BadFolder | FailureKind::Computer => 7,
                FailureKind::BadRequest | FailureKind::AlreadyThere | FailureKind::Internal => 1,
            },
            Self::Cloud(_) | Self::NobodyToAsk(_) => IN_THE_WAY,
            Self::Offline(_) => 5,
            Self::NoSuchSite(_) | Self::NoSuchPerson(_) | Self::NoSuchGroup(_) => NOT_THERE,
            Self::Typed { .. } => 2,
            Self::Computer(_) | Self::Socket(_) => 7,
            Self::NoAgent(_) | Self::AlreadyRunning | Self::Declined | Self::WhichCloud => 1,
        }
    }
}

/// Tells the person and returns the exit code.
pub fn report(error: &CliError) -> ExitCode {
    eprintln!("{}", plain(&error.to_string()));
    if let Some(hint) = error.hint() {
        eprintln!("{}", plain(&hint));
    }
    ExitCode::from(error.exit_code())
}
