//! Origin: which cloud. Everything secret is bound to exactly one of these.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

/// Scheme, host and port of a cloud, without a trailing slash. Plain HTTP is accepted for loopback hosts only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CloudOrigin(String);

/// A text is not the address of a cloud.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// It cannot be read as an address.
    #[error("`{0}` is not a web address")]
    NotAnAddress(String),
    /// Passwords and files would travel in the open.
    #[error("`{0}` is not encrypted; a cloud's address begins with https://")]
    NotEncrypted(String),
}

impl CloudOrigin {
    /// Returns the text, such as `https://cloud.example`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the origin of a web address.
    ///
    /// # Errors
    /// [`InvalidOrigin`].
    pub fn of(url: &Url) -> Result<Self, InvalidOrigin> {
        let host = url.host().ok_or_else(|| InvalidOrigin::NotAnAddress(url.to_string()))?;
        let plain_allowed = match &host {
            // Other names below `.localhost` may be asked of a name server or proxy elsewhere.
            url::Host::Domain(name) => *name == "localhost",
            url::Host::Ipv4(address) => address.is_loopback(),
            url::Host::Ipv6(address) => address.is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if plain_allowed => {}
            "http" => return Err(InvalidOrigin::NotEncrypted(host.to_string())),
            _ => return Err(InvalidOrigin::NotAnAddress(host.to_string())),
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// Tells whether a web address belongs to this cloud.
    #[must_use]
    pub fn owns(&self, url: &Url) -> bool {
        url.origin().ascii_serialization() == self.0
    }

    /// Returns the address of a path made of `segments`, each escaped as one.
    #[must_use]
    pub fn path(&self, segments: &[&str]) -> String {
        let mut text = self.0.clone();
        for segment in segments {
            text.push('/');
            text.extend(percent_encoding::utf8_percent_encode(segment, SEGMENT));
        }
        text
    }
}

/// Everything but unreserved characters is escaped, so that a name can never become two segments.
const SEGMENT: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'!');

impl fmt::Display for CloudOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CloudOrigin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&with_scheme).map_err(|_| InvalidOrigin::NotAnAddress(text.to_owned()))?;
        Self::of(&url)
    }
}

impl TryFrom<String> for CloudOrigin {
    type Error = InvalidOrigin;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CloudOrigin> for String {
    fn from(origin: CloudOrigin) -> Self {
        origin.0
    }
}

#[cfg(test)]
mod tests {
    use super::CloudOrigin;

    #[test]
    fn a_cloud_speaks_https_unless_it_is_this_computer() {
        for (text, origin) in [
            ("cloud.example", "https://cloud.example"),
            ("https://Cloud.Example/path?x", "https://cloud.example"),
            ("https://cloud.example:8443", "https://cloud.example:8443"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("http://localhost:80", "http://localhost"),
        ] {
            assert_eq!(text.parse::<CloudOrigin>().unwrap().as_str(), origin);
        }
        for bad in ["http://cloud.example", "ftp://cloud.example", "http://127.0.0.1.example", "", "http://"]
        {
            assert!(bad.parse::<CloudOrigin>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_segment_cannot_break_out() {
        let origin: CloudOrigin = "https://cloud.example".parse().unwrap();
        assert_eq!(
            origin.path(&["drives", "b!a/../x?y#z"]),
            "https://cloud.example/drives/b!a%2F..%2Fx%3Fy%23z"
        );
    }
}
