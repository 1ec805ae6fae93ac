//! Flaw: what is wrong with a policy or with a place of policies, for the administrator.

use serde::{Deserialize, Serialize};

use crate::Setting;

/// Something that could not be read, or means nothing to this client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flaw {
    /// Where.
    pub source: String,
    /// Which policy; none when the whole place cannot be read, or the name is not known.
    pub setting: Option<Setting>,
    /// What is wrong, as a sentence.
    pub text: String,
}
