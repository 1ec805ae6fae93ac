//! Presence: from where and on what somebody asks. It is known for one request and never kept as such.

use std::fmt;
use std::net::IpAddr;

use crate::Platform;

/// From where and on what somebody asks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Presence {
    /// The address of their side of the network; none when it is not known. Audit records may hold it, logs never.
    pub address: Option<IpAddr>,
    /// The operating system that their user agent claims. Nobody verifies it.
    pub platform: Option<Platform>,
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address.map(|_| "…");
        f.debug_struct("Presence").field("address", &address).field("platform", &self.platform).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Presence;

    #[test]
    fn an_address_is_not_printed() {
        let presence = Presence { address: "192.0.2.7".parse().ok(), platform: None };
        assert!(!format!("{presence:?}").contains("192"));
    }
}
