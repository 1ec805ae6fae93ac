//! Layer: the policies of one file, key or property list, with the place they come from.

use std::collections::BTreeMap;

use crate::RawValue;

/// Policies of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The place, for people: a path, a registry key.
    pub source: String,
    /// What it holds, or why it cannot be read.
    pub values: Result<BTreeMap<String, RawValue>, String>,
}

impl Layer {
    /// Makes a layer that was read.
    #[must_use]
    pub fn read(source: impl Into<String>, values: BTreeMap<String, RawValue>) -> Self {
        Self { source: source.into(), values: Ok(values) }
    }

    /// Makes a layer that is there and cannot be read. Whatever it may forbid is forbidden.
    #[must_use]
    pub fn unreadable(source: impl Into<String>, why: impl ToString) -> Self {
        Self { source: source.into(), values: Err(why.to_string()) }
    }
}
