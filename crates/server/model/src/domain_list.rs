//! Domain lists: whose addresses sharing reaches (B07, sharing-and-guests.md D-1, D-2). An entry is one plain domain; each
//! subdomain is an entry of its own.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::Address;

/// A domain in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

/// A text is no plain domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a domain is written like organization.example, without wildcards")]
pub struct InvalidDomain;

impl DomainName {
    /// Returns the domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DomainName {
    type Err = InvalidDomain;

    fn from_str(text: &str) -> Result<Self, InvalidDomain> {
        // What an address may have behind its @ is a domain, and nothing else is.
        let address: Address = format!("a@{}", text.trim()).parse().map_err(|_| InvalidDomain)?;
        Ok(Self(address.domain()))
    }
}

/// What a domain list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DomainMode {
    /// Nothing: every domain is admitted.
    Unrestricted,
    /// What is listed is admitted.
    AllowList,
    /// What is listed is refused.
    BlockList,
}

impl DomainMode {
    /// All modes, in the order they are stored.
    pub const ALL: [Self; 3] = [Self::Unrestricted, Self::AllowList, Self::BlockList];

    /// Returns Graph's name (`sharingDomainRestrictionMode`).
    #[must_use]
    pub const fn graph_name(self) -> &'static str {
        match self {
            Self::Unrestricted => "none",
            Self::AllowList => "allowList",
            Self::BlockList => "blockList",
        }
    }

    /// Reads Graph's name in any case; none for another text.
    #[must_use]
    pub fn from_graph_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.graph_name().eq_ignore_ascii_case(name))
    }
}

/// A list with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainList {
    /// What it means.
    pub mode: DomainMode,
    /// What is listed; nothing while the mode is [`DomainMode::Unrestricted`].
    pub domains: BTreeSet<DomainName>,
}

impl DomainList {
    /// The list of who restricts nothing.
    pub const UNRESTRICTED: Self = Self { mode: DomainMode::Unrestricted, domains: BTreeSet::new() };
}

#[cfg(test)]
mod tests {
    use super::DomainName;

    #[test]
    fn d_02_entries_are_plain_domains_without_wildcards() {
        let read = |text: &str| text.parse::<DomainName>().map(|domain| domain.to_string());
        assert_eq!(read(" Contoso.Example ").as_deref(), Ok("contoso.example"));
        for wrong in ["", "*.contoso.example", "@contoso.example", "anna@contoso.example", "a b", "a..b", "."]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
