//! Program rules: the oldest sync client this cloud takes, and ways of signing in that are over (D12). Asked where every
//! program comes by: the token endpoint and the one for device codes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use http::HeaderMap;
use identity::Refusal;
use transfer::CLIENT_ID;

/// The version of a sync client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientVersion(u32, u32, u32);

/// A text is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version such as 0.2.0")]
pub struct InvalidVersion(String);

impl FromStr for ClientVersion {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let invalid = || InvalidVersion(text.to_owned());
        let mut numbers = text.split('.').map(|part| part.parse::<u32>().map_err(|_| invalid()));
        let mut next = || numbers.next().ok_or_else(invalid)?;
        let version = Self(next()?, next()?, next()?);
        match numbers.next() {
            None => Ok(version),
            Some(_) => Err(invalid()),
        }
    }
}

impl fmt::Display for ClientVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// A way of signing in that an operator can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RetirableMethod {
    /// A short code typed on another computer.
    DeviceCode,
}

/// What this cloud takes from programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramRules {
    /// The oldest sync client; none when every one will do.
    pub oldest_client: Option<ClientVersion>,
    /// Ways that are over.
    pub retired: BTreeSet<RetirableMethod>,
}

impl ProgramRules {
    /// Judges the sync client by the version it says. One that says none is older than the rule.
    pub(crate) fn check_client(&self, client_id: &str, headers: &HeaderMap) -> Result<(), Refusal> {
        let Some(oldest) = self.oldest_client.filter(|_| client_id.eq_ignore_ascii_case(CLIENT_ID)) else {
            return Ok(());
        };
        let said = headers.get("x-client-ver").and_then(|value| value.to_str().ok());
        match said.and_then(|text| text.parse::<ClientVersion>().ok()) {
            Some(version) if version >= oldest => Ok(()),
            _ => Err(Refusal::ClientTooOld { oldest: oldest.to_string() }),
        }
    }

    /// Judges a way of signing in.
    pub(crate) fn check_method(&self, method: RetirableMethod) -> Result<(), Refusal> {
        match self.retired.contains(&method) {
            false => Ok(()),
            true => Err(Refusal::DeviceCodeRetired),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use identity::Refusal;
    use transfer::CLIENT_ID;

    use super::{ClientVersion, ProgramRules, RetirableMethod};

    #[test]
    fn r_d12_a_client_older_than_the_rule_or_of_unknown_age_is_refused_and_told_what_to_do() {
        let rules =
            ProgramRules { oldest_client: Some("0.10.0".parse().unwrap()), ..ProgramRules::default() };
        let check = |version: Option<&'static str>, client: &str| {
            let mut headers = HeaderMap::new();
            if let Some(version) = version {
                headers.insert("x-client-ver", version.parse().unwrap());
            }
            rules.check_client(client, &headers)
        };
        for version in [Some("0.10.0"), Some("0.10.1"), Some("1.0.0")] {
            assert_eq!(check(version, CLIENT_ID), Ok(()), "{version:?}");
        }
        for version in [Some("0.9.9"), Some("0.10"), Some("new"), Some("0.10.0.1"), None] {
            let refused = check(version, CLIENT_ID).unwrap_err();
            assert!(matches!(refused, Refusal::ClientTooOld { .. }), "{version:?}");
            assert!(
                refused.to_string().contains("0.10.0") && refused.to_string().contains("Install"),
                "{refused}"
            );
            assert_eq!(refused.suberror(), Some("client_too_old"));
        }
        assert_eq!(check(None, "another program"), Ok(()));
        assert_eq!(ProgramRules::default().check_client(CLIENT_ID, &HeaderMap::new()), Ok(()));
    }

    #[test]
    fn r_d12_a_retired_way_of_signing_in_is_refused_and_names_the_one_that_works() {
        let rules = ProgramRules { retired: [RetirableMethod::DeviceCode].into(), ..ProgramRules::default() };
        let refused = rules.check_method(RetirableMethod::DeviceCode).unwrap_err();
        assert!(refused.to_string().contains("browser"), "{refused}");
        assert_eq!(ProgramRules::default().check_method(RetirableMethod::DeviceCode), Ok(()));
    }

    #[test]
    fn a_version_is_three_numbers() {
        assert!("1.2.3".parse::<ClientVersion>().unwrap() < "1.10.0".parse().unwrap());
        for text in ["", "1", "1.2", "1.2.3.4", "1.2.x", "v1.2.3", "-1.0.0"] {
            assert!(text.parse::<ClientVersion>().is_err(), "{text}");
        }
    }
}
