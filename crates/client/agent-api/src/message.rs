//! Messages: what the agent answers, and the one line each takes on the wire.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{AccountStatus, Explanation, Failure, JournalLine, ManagedPolicies, RootStatus, StatusSnapshot};

/// Longest line either side accepts.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "name")]
pub enum Message {
    /// Which agent answers.
    #[serde(rename_all = "camelCase")]
    Hello {
        /// Version of the program.
        program: String,
        /// Its process.
        pid: u32,
    },
    /// What is known.
    Status(Box<StatusSnapshot>),
    /// The person must open this page in a browser on this computer; another message follows.
    #[serde(rename_all = "camelCase")]
    OpenPage {
        /// The page.
        page: String,
    },
    /// The person must open this page anywhere and type the code; another message follows.
    #[serde(rename_all = "camelCase")]
    EnterCode {
        /// The page.
        page: String,
        /// The code.
        code: String,
    },
    /// The person must do what an organization asks for, on this page in a browser on this computer; another message
    /// follows.
    #[serde(rename_all = "camelCase")]
    MeetDemand {
        /// The page.
        page: String,
        /// What is asked for, in the organization's words.
        reason: String,
    },
    /// The organization lets the person in; syncing goes on.
    #[serde(rename_all = "camelCase")]
    Resolved {
        /// The organization's name.
        organization: String,
    },
    /// The person is signed in.
    SignedIn(AccountStatus),
    /// The root is there.
    RootAdded(Box<RootStatus>),
    /// Lines of a journal, newest first.
    #[serde(rename_all = "camelCase")]
    Journal {
        /// The lines.
        lines: Vec<JournalLine>,
    },
    /// What is known about a path or link.
    Explained(Box<Explanation>),
    /// The policies of this computer.
    Managed(Box<ManagedPolicies>),
    /// An access token. It ends soon; do not keep it.
    #[serde(rename_all = "camelCase")]
    Token {
        /// The cloud it is for.
        cloud: String,
        /// The token.
        token: String,
    },
    /// It is done.
    Done,
    /// It is not done.
    Failed(Failure),
}

impl Message {
    /// Tells whether no further message follows this one as the answer to a request other than `Watch`.
    #[must_use]
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::OpenPage { .. } | Self::EnterCode { .. } | Self::MeetDemand { .. })
    }
}

/// A line is no message.
#[derive(Debug, thiserror::Error)]
#[error("the other side speaks another language: {0}")]
pub struct LineError(#[from] serde_json::Error);

/// Writes one line, its end included.
///
/// # Errors
/// [`LineError`] when the value cannot be written as JSON.
pub fn write_line(value: &impl Serialize) -> Result<String, LineError> {
    let mut line = serde_json::to_string(value)?;
    line.push('\n');
    Ok(line)
}

/// Reads one line.
///
/// # Errors
/// [`LineError`].
pub fn read_line<T: DeserializeOwned>(line: &str) -> Result<T, LineError> {
    Ok(serde_json::from_str(line)?)
}

#[cfg(test)]
mod tests {
    use crate::{Command, Failure, FailureKind, Message, Request, read_line, write_line};

    #[test]
    fn a_message_is_one_line_and_comes_back_the_same() {
        let request = Request::new(Command::RemoveRoot { root: "a\nb".to_owned() });
        let line = write_line(&request).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(read_line::<Request>(&line).unwrap(), request);
        let failed = Message::Failed(Failure::new(FailureKind::Offline, "no").with_remedy("wait"));
        let line = write_line(&failed).unwrap();
        assert_eq!(read_line::<Message>(&line).unwrap(), failed);
        assert!(line.contains("\"kind\":\"offline\""), "{line}");
    }
}
