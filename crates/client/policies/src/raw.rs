//! Raw values: what a JSON file, a registry or a property list holds, before anybody asks what it should be.

use std::collections::BTreeMap;

/// A value as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawValue {
    /// A boolean.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// Named values: a subkey, a dictionary.
    Table(BTreeMap<String, RawValue>),
    /// Values in a row.
    List(Vec<RawValue>),
    /// Something no policy is made of, in a word for people.
    Unfit(&'static str),
}

impl RawValue {
    /// Names its form, for people.
    pub(crate) fn form(&self) -> &'static str {
        match self {
            Self::Flag(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Table(_) => "a table",
            Self::List(_) => "a list",
            Self::Unfit(form) => form,
        }
    }
}
