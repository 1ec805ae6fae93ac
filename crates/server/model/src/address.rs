//! Address: an e-mail address or sign-in name, compared the way people expect.

use std::fmt;
use std::str::FromStr;

/// An address as typed, with a key for comparing. `@` occurs once, both sides are present.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    text: String,
}

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Not of the form `name@domain`.
    #[error("an address looks like name@organization.example")]
    Form,
    /// A character that invitations do not allow (sharing-and-guests.md 4.1).
    #[error("the address contains the character '{0}', which is not allowed")]
    Character(char),
    /// A dot or hyphen at an end of the part before the `@`.
    #[error("the part before the @ must not start or end with a dot or a hyphen")]
    Edge,
}

/// Characters an invited address must not contain (sharing-and-guests.md 4.1), `@` being handled apart.
const FORBIDDEN: &str = "~!#$%^&*()+=[]{}\\/|;:'\"<>?,";

impl Address {
    /// Longest accepted address, in bytes (RFC 5321's path limit).
    pub const MAX_LENGTH: usize = 254;

    /// Returns the address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the form that equal addresses share.
    #[must_use]
    pub fn key(&self) -> String {
        self.text.to_lowercase()
    }

    /// Returns the domain in lower case.
    #[must_use]
    pub fn domain(&self) -> String {
        self.text.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default()
    }

    /// Returns the part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.text.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidAddress::Form)?;
        if local.is_empty() || domain.is_empty() || text.len() > Self::MAX_LENGTH || local.contains('@') {
            return Err(InvalidAddress::Form);
        }
        let forbidden = |c: &char| FORBIDDEN.contains(*c) || c.is_control() || c.is_whitespace();
        if let Some(character) = text.chars().find(forbidden) {
            return Err(InvalidAddress::Character(character));
        }
        if local.starts_with(['.', '-']) || local.ends_with(['.', '-']) {
            return Err(InvalidAddress::Edge);
        }
        let label_is_plain = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        };
        if !domain.split('.').all(label_is_plain) {
            return Err(InvalidAddress::Form);
        }
        Ok(Self { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, InvalidAddress};

    #[test]
    fn addresses_are_compared_without_case() {
        let address: Address = " Anna.Bell@Fabrikam.Example ".parse().expect("valid");
        assert_eq!(address.key(), "anna.bell@fabrikam.example");
        assert_eq!(address.domain(), "fabrikam.example");
        assert_eq!(address.as_str(), "Anna.Bell@Fabrikam.Example");
    }

    #[test]
    fn what_invitations_do_not_allow_is_refused_by_name() {
        let cases = [
            ("anna", InvalidAddress::Form),
            ("@fabrikam.example", InvalidAddress::Form),
            ("a@b@c.example", InvalidAddress::Form),
            ("a@b..c", InvalidAddress::Form),
            ("a+b@c.example", InvalidAddress::Character('+')),
            ("a\r\nBcc: x@c.example", InvalidAddress::Character('\r')),
            (".a@c.example", InvalidAddress::Edge),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<Address>(), Err(error), "{text}");
        }
    }
}
