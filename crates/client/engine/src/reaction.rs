//! Reaction: what a root does about every kind of answer (sync-engine.md 6.4). The one table; the port `remote` says
//! which HTTP answer is which error, and its test walks both from status code to what people see.

use std::time::Duration;

use sync_core::Problem;
use transfer::OperationError;

use crate::{Demand, RemoteError, RootState};

/// What a root does about a request that failed as a whole. No reaction changes a tree or touches a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// The root closes until a person did something. It asks again by itself with growing waits.
    Close {
        /// As what.
        state: RootState,
        /// For people: what happened.
        message: String,
        /// For people: what to do.
        remedy: &'static str,
        /// Page that mends it.
        page: Option<String>,
        /// What the organization asks for, where it asks for something.
        demand: Option<Demand>,
    },
    /// Asks for the signed report, which alone may close the root for good; tries again meanwhile.
    AskWhetherOpen,
    /// Sends nothing for as long as was asked for, and a little longer at random.
    Wait {
        /// How long.
        after: Duration,
        /// For people: why.
        message: &'static str,
        /// For people: what to do.
        remedy: &'static str,
    },
    /// Tries again with growing waits and jitter; what was sent may have happened and is asked for by its id.
    TryAgain {
        /// For people: why.
        message: String,
    },
    /// Reads the feed anew and plans again.
    LookAnew,
    /// The root stops: waiting mends nothing.
    Stop {
        /// For people: what happened.
        message: String,
        /// For people: what to do.
        remedy: &'static str,
    },
}

/// What is done about one operation that the server refused, or one item it would not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemReaction {
    /// Takes in what the answer and the feed tell, and plans again; after repeated refusals with growing waits.
    Replan(Problem),
    /// Leaves it alone for a fixed time.
    Rest(Problem, Duration),
    /// The root stops.
    Stop,
}

/// How long nothing is sent to a full library.
pub(crate) const QUOTA_REST: Duration = Duration::from_secs(300);

impl RemoteError {
    /// Returns what a root does about it.
    #[must_use]
    pub fn reaction(&self) -> Reaction {
        match self {
            Self::SignInNeeded => Reaction::Close {
                state: RootState::SignInNeeded,
                message: "You are signed out.".to_owned(),
                remedy: "Sign in again with `footbridge sign-in`.",
                page: None,
                demand: None,
            },
            Self::InteractionNeeded { url, message, demand } => Reaction::Close {
                state: RootState::InteractionNeeded,
                message: message.clone(),
                remedy: demand.remedy(),
                page: url.clone(),
                demand: Some(*demand),
            },
            Self::RootRefused => Reaction::AskWhetherOpen,
            Self::Throttled { after } => Reaction::Wait {
                after: *after,
                message: "The cloud is busy and asks to wait.",
                remedy: "It goes on by itself.",
            },
            Self::QuotaFull => Reaction::Wait {
                after: Duration::from_secs(60),
                message: "The owner's storage is full.",
                remedy: "Ask the owner to make room; it goes on by itself.",
            },
            Self::Transport(detail) => {
                Reaction::TryAgain { message: format!("The cloud cannot be reached: {detail}") }
            }
            Self::ItemRefused(_) | Self::UploadGone | Self::Resync(_) => Reaction::LookAnew,
            Self::OperationReused => Reaction::Stop {
                message: "An operation was numbered twice.".to_owned(),
                remedy: "This computer's sync state was copied from another. Remove the folder from syncing and add it \
                         again.",
            },
            Self::ClientTooOld(message) => {
                Reaction::Stop { message: message.clone(), remedy: "Install the current version." }
            }
        }
    }
}

/// Returns what is done about one refused operation or item.
#[must_use]
pub fn item_reaction(error: &OperationError) -> ItemReaction {
    let message = error.message.clone();
    match error.status {
        413 => ItemReaction::Replan(Problem::TooLarge),
        422 => ItemReaction::Stop,
        423 => ItemReaction::Replan(Problem::Locked { message }),
        507 => ItemReaction::Rest(Problem::QuotaFull, QUOTA_REST),
        _ => ItemReaction::Replan(Problem::Refused { code: error.code.clone(), message }),
    }
}

#[cfg(test)]
mod tests {
    use sync_core::Problem;
    use transfer::OperationError;

    use super::{ItemReaction, QUOTA_REST, item_reaction};

    #[test]
    fn one_refused_item_has_one_reaction_and_none_is_a_deletion() {
        let refused = |code: &str| Problem::Refused { code: code.to_owned(), message: "why".to_owned() };
        let cases = [
            (403, "accessDenied", ItemReaction::Replan(refused("accessDenied"))),
            (404, "itemNotFound", ItemReaction::Replan(refused("itemNotFound"))),
            (409, "nameAlreadyExists", ItemReaction::Replan(refused("nameAlreadyExists"))),
            (412, "resourceModified", ItemReaction::Replan(refused("resourceModified"))),
            (413, "invalidRequest", ItemReaction::Replan(Problem::TooLarge)),
            (422, "invalidRequest", ItemReaction::Stop),
            (423, "resourceLocked", ItemReaction::Replan(Problem::Locked { message: "why".to_owned() })),
            (507, "quotaLimitReached", ItemReaction::Rest(Problem::QuotaFull, QUOTA_REST)),
        ];
        for (status, code, wanted) in cases {
            let error =
                OperationError { status, code: code.to_owned(), message: "why".to_owned(), current: None };
            assert_eq!(item_reaction(&error), wanted, "{status}");
        }
    }
}
