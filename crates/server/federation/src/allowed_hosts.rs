//! Allowed hosts: where requests to issuers may go. Everybody's public addresses by TLS; private ones and plain HTTP only
//! where the operator named the host, because an issuer is named by the administrator of one organization among many.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use url::{Host, Url};

/// A text that is no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no host; give a name or address, with a port where it is not 443, such as idp.internal:8443"
)]
pub struct InvalidHost(pub String);

/// The hosts that the operator named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(BTreeSet<(String, u16)>);

impl AllowedHosts {
    /// Reads hosts as the operator writes them, `name` or `name:port`.
    ///
    /// # Errors
    /// [`InvalidHost`].
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidHost> {
        texts.into_iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Returns whether the operator named the host of an address.
    #[must_use]
    pub fn names(&self, url: &Url) -> bool {
        let place = url.host_str().map(str::to_lowercase).zip(url.port_or_known_default());
        let web = matches!(url.scheme(), "http" | "https");
        web && place.is_some_and(|place| self.0.contains(&place))
    }
}

fn one(text: &str) -> Result<(String, u16), InvalidHost> {
    let wrong = || InvalidHost(text.to_owned());
    let url = Url::from_str(&format!("https://{text}")).map_err(|_| wrong())?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let plain = bare && url.username().is_empty() && url.password().is_none() && !text.ends_with('/');
    let host = url.host_str().filter(|_| plain).ok_or_else(wrong)?;
    Ok((host.to_lowercase(), url.port().unwrap_or(443)))
}

/// Returns whether an address may be asked although the operator did not name it: TLS, and no private place by its
/// spelling. What a name stands for is checked when it is looked up.
pub(crate) fn is_open(url: &Url) -> bool {
    let plain = url.username().is_empty() && url.password().is_none();
    let public = match url.host() {
        Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        None => false,
    };
    url.scheme() == "https" && plain && public
}

/// Returns whether an address is one of the public network.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || matches!((first, second), (0, _) | (100, 64..=127) | (198, 18..=19))
        || (first, second, third) == (192, 0, 0)
        || first >= 224;
    !special
}

/// Global unicast alone, without the ranges in which an IPv4 address is hidden.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    let hides = first == 0x2002 || (first == 0x2001 && (second == 0 || second == 0x0db8));
    global && !hides
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{AllowedHosts, is_open, is_public};

    #[test]
    fn only_public_addresses_by_tls_are_open_to_everybody() {
        let cases = [
            ("https://idp.fabrikam.example/realm", true),
            ("https://93.184.216.34/", true),
            ("https://[2606:4700::1]/", true),
            ("http://idp.fabrikam.example/", false),
            ("https://localhost/", false),
            ("https://x.localhost/", false),
            ("https://127.0.0.1/", false),
            ("https://2130706433/", false),
            ("https://0x7f.1/", false),
            ("https://0.0.0.0/", false),
            ("https://10.1.2.3/", false),
            ("https://172.16.0.1/", false),
            ("https://192.168.1.1/", false),
            ("https://169.254.169.254/latest/meta-data/", false),
            ("https://100.100.100.200/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:127.0.0.1]/", false),
            ("https://[64:ff9b::7f00:1]/", false),
            ("https://[2002:7f00:1::]/", false),
            ("https://[fd00::1]/", false),
            ("https://[fe80::1]/", false),
            ("https://user@idp.fabrikam.example/", false),
            ("ftp://idp.fabrikam.example/", false),
            ("file:///etc/passwd", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_open(&Url::parse(text).expect("an address")), expected, "{text}");
        }
        assert!(!is_public("::".parse().expect("an address")));
    }

    #[test]
    fn a_named_host_is_named_with_its_port() {
        let allowed = AllowedHosts::parse(["localhost:9090", "IDP.internal"]).expect("hosts");
        for (text, expected) in [
            ("http://localhost:9090/x", true),
            ("http://localhost:9091/x", false),
            ("javascript://localhost:9090/x", false),
            ("https://idp.internal/", true),
            ("http://idp.internal/", false),
            ("https://idp.internal.evil.example/", false),
        ] {
            assert_eq!(allowed.names(&Url::parse(text).expect("an address")), expected, "{text}");
        }
        for wrong in ["", "a/b", "http://x", "x:y", "user@host", "x?y", "x#y", "x/"] {
            assert!(AllowedHosts::parse([wrong]).is_err(), "{wrong}");
        }
    }
}
