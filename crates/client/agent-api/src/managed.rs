//! Managed: what the administrators of this computer decided. `footbridge managed --json` prints it.

use serde::{Deserialize, Serialize};

/// Everything that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedPolicies {
    /// The policies.
    pub policies: Vec<ManagedPolicy>,
    /// What is wrong with them, for the administrator.
    pub flaws: Vec<PolicyFlaw>,
}

/// A policy that is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManagedPolicy {
    /// Its name, such as `BlockExternalSync`.
    pub name: String,
    /// `on` or `off`, ids of organizations, or an id and a folder each.
    pub value: Vec<String>,
    /// False when its value cannot be read; then it forbids everything it could forbid.
    pub readable: bool,
    /// Where it is set: a file, a registry key.
    pub source: String,
}

/// Something that is wrong with a policy or a place of policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFlaw {
    /// Where.
    pub source: String,
    /// The policy, where it is one.
    pub policy: Option<String>,
    /// What is wrong and what it means, for people.
    pub text: String,
}
