//! Will it sync? The conditions between a person and syncing a place (X02). Ours; Graph has no word for it.

use serde::{Deserialize, Serialize};

/// Whom a question is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncQuestion {
    /// The person's address or id; whoever asks when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncExplanation {
    /// How the person was named.
    pub person: String,
    /// Their object's id, if the directory knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<String>,
    /// Whether nothing stands in the way but what is asked for at sign-in.
    pub will_sync: bool,
    /// Every condition, in the order in which the first failed one is the reason.
    pub conditions: Vec<SyncCondition>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncCondition {
    /// Its code.
    pub code: String,
    /// What must hold, for people.
    pub text: String,
    /// `passed`, `asked` (the person does it at sign-in) or `failed`.
    pub state: String,
    /// What can be done, unless it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}
