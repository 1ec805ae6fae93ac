//! Agent API: what the agent and its front ends (command line, tray, activity center) say to each other.
//!
//! Entry points: [`Request`] goes to the agent, one JSON object on one line; [`Message`]s come back, one per line, the
//! last of which is [`Message::is_last`]. [`StatusSnapshot`] is what the agent knows, for people and for scripts.
//!
//! Invariants: messages carry [`VERSION`]; what a front end does not know it ignores; no message carries a refresh
//! token; an access token is given only when asked for by [`Command::Token`].
//!
//! Deliberately unknown here: sockets, engines, the cloud.

mod command;
mod explanation;
mod failure;
mod managed;
mod message;
mod status;

pub use command::{CloudTrust, Command, DeletionAnswer, Request, RootAddition, SignInWay, VERSION};
pub use explanation::{ExplainedRoot, Explanation, ItemVersion};
pub use failure::{Failure, FailureKind};
pub use managed::{ManagedPolicies, ManagedPolicy, PolicyFlaw};
pub use message::{LineError, MAX_LINE, Message, read_line, write_line};
pub use status::{
    AccountStatus, HeldDeletion, ItemProblem, JournalLine, RecentChange, RootCounts, RootState, RootStatus,
    StatusSnapshot, TransferStatus,
};
