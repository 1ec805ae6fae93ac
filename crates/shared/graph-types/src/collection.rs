//! Collection: a page of things.

use serde::{Deserialize, Serialize};

/// A page. There is no link on the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection<T> {
    /// What the values are.
    #[serde(rename = "@odata.context", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The values.
    pub value: Vec<T>,
    /// Where the next page is.
    #[serde(rename = "@odata.nextLink", default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
}

impl<T> Collection<T> {
    /// Makes the only or last page.
    #[must_use]
    pub fn last(value: Vec<T>) -> Self {
        Self { context: None, value, next_link: None }
    }
}
