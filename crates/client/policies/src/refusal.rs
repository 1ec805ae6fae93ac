//! Refusal: which policy keeps something from being synced, for people and for scripts.

use crate::Setting;

/// A policy says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The policy.
    pub setting: Setting,
    /// What it keeps from happening, and where it is set.
    pub message: String,
}

impl Refusal {
    /// Tells a person what to do.
    pub const REMEDY: &'static str = "Ask the administrator of this computer; `footbridge managed` shows what is set and where. Your files stay \
         where they are.";
}
