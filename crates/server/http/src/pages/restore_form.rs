//! The form that brings something back.

use serde::Deserialize;

/// What it says; which thing is meant stands in the address, or in `id` where a list is restored from.
#[derive(Deserialize)]
pub(super) struct RestoreForm {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) token: String,
}
