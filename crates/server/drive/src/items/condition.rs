//! Conditions: `If-Match` on eTag or cTag.

use crate::{ItemError, SeenItem};

/// What must still hold for a change to be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    None,
    /// The item's eTag.
    ETag(String),
    /// The file's cTag.
    CTag(String),
    /// Either of them, as Graph's `If-Match` allows (graph-surface.md 1.7).
    AnyTag(String),
}

impl Condition {
    /// Checks the condition.
    ///
    /// # Errors
    /// [`ItemError::Changed`] with the item as it is now.
    pub fn check(&self, seen: &SeenItem) -> Result<(), ItemError> {
        let holds = self.holds(&seen.item.e_tag(), seen.item.c_tag().as_deref());
        if holds { Ok(()) } else { Err(ItemError::Changed(Box::new(seen.remote()))) }
    }

    /// Returns whether the condition holds for something with these tags.
    #[must_use]
    pub fn holds(&self, e_tag: &str, c_tag: Option<&str>) -> bool {
        let is_e_tag = |tag: &str| bare(tag) == bare(e_tag);
        let is_c_tag = |tag: &str| c_tag.is_some_and(|own| bare(tag) == bare(own));
        match self {
            Self::None => true,
            Self::ETag(tag) => is_e_tag(tag),
            Self::CTag(tag) => is_c_tag(tag),
            Self::AnyTag(tag) => bare(tag) == "*" || is_e_tag(tag) || is_c_tag(tag),
        }
    }
}

/// Strips quotes and the weak mark, which clients drop or add.
fn bare(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"')
}
