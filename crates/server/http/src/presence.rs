//! From where and on what a request comes, worked out once and put beside it.
//!
//! The address is the connection's, unless a proxy that the operator trusts holds that one: then the proxy's header is read
//! from the right, where the nearest proxy writes, up to the first address that is no trusted proxy's. Whatever stands
//! further left was written by whoever sent it and counts for nothing.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, header};
use model::{Platform, Presence};
use policy::AddressRanges;

use crate::App;

/// The other side of the connection that a request came by; the program that serves puts it beside the request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// The header in which proxies say whom they speak for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ForwardingHeader {
    /// `X-Forwarded-For`, which most proxies write.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies in front of the server. Only one header is read: a proxy passes on the one it does not write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Their addresses.
    pub trusted: AddressRanges,
    /// What they write.
    pub header: ForwardingHeader,
}

impl Proxies {
    /// Returns whose request this is; none when a trusted proxy does not say it in an address.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let mut client = peer.to_canonical();
        if !self.trusted.contains(client) {
            return Some(client);
        }
        let entries = match self.header {
            ForwardingHeader::XForwardedFor => entries(headers, &HeaderName::from_static("x-forwarded-for")),
            ForwardingHeader::Forwarded => entries(headers, &header::FORWARDED),
        };
        for entry in entries.iter().rev() {
            let named = match self.header {
                ForwardingHeader::XForwardedFor => Some(entry.as_str()),
                ForwardingHeader::Forwarded => forwarded_for(entry),
            };
            client = address(named?)?;
            if !self.trusted.contains(client) {
                break;
            }
        }
        Some(client)
    }
}

/// Returns what a list holds that may be spread over several headers.
fn entries(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let mut entries = Vec::new();
    for line in headers.get_all(name) {
        // What is no text is an entry nobody can read, not one that is not there.
        let text = String::from_utf8_lossy(line.as_bytes());
        entries.extend(text.split(',').map(|entry| entry.trim().to_owned()));
    }
    entries
}

/// Returns the value of `for` in one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.rfind(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    Some(value.trim().trim_matches('"'))
}

/// Reads an address with or without a port; IPv6 in brackets or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || SocketAddr::from_str(text).map(|address| address.ip());
    IpAddr::from_str(bare).or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

/// Reads the operating system that a user agent claims; none when it claims none.
fn platform(user_agent: &str) -> Option<Platform> {
    /// The first word found decides: Windows Phone and Android name others beside themselves.
    const WORDS: [(&str, Platform); 11] = [
        ("windows phone", Platform::WindowsPhone),
        ("android", Platform::Android),
        ("iphone", Platform::Ios),
        ("ipad", Platform::Ios),
        ("ipod", Platform::Ios),
        ("windows", Platform::Windows),
        ("macintosh", Platform::MacOs),
        ("mac os", Platform::MacOs),
        ("macos", Platform::MacOs),
        ("linux", Platform::Linux),
        ("x11", Platform::Linux),
    ];
    let claimed = user_agent.to_ascii_lowercase();
    WORDS.iter().find(|(word, _)| claimed.contains(word)).map(|(_, platform)| *platform)
}

/// Puts beside a request from where and on what it comes. A part of a batch has it already.
pub(crate) async fn note_presence(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if request.extensions().get::<Presence>().is_none() {
        let headers = request.headers();
        let peer = request.extensions().get::<PeerAddress>();
        let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let presence = Presence {
            address: peer.and_then(|peer| app.settings.proxies.client(peer.0, headers)),
            platform: agent.and_then(platform),
        };
        request.extensions_mut().insert(presence);
    }
    next.run(request).await
}

/// Returns from where and on what a request comes.
pub(crate) fn presence_of(parts: &Parts) -> Presence {
    parts.extensions.get().copied().unwrap_or_default()
}

/// The same, for handlers.
pub(crate) struct From(pub(crate) Presence);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(presence_of(parts)))
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use http::HeaderMap;
    use model::Platform;
    use policy::AddressRanges;

    use super::{ForwardingHeader, Proxies, platform};

    /// Headers by name.
    type Lines = &'static [(&'static str, &'static str)];

    fn ask(header: ForwardingHeader, peer: &str, lines: Lines) -> Option<String> {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|range| range.parse().expect("a range"));
        let proxies = Proxies { trusted: AddressRanges::new(&trusted), header };
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a header"));
        }
        let client: Option<IpAddr> = proxies.client(peer.parse().expect("an address"), &headers);
        client.map(|client| client.to_string())
    }

    #[test]
    fn s_5_2_only_what_trusted_proxies_wrote_counts() {
        const LIST: &str = "x-forwarded-for";
        let cases: [(&str, Lines, Option<&str>); 12] = [
            ("192.0.2.1", &[], Some("192.0.2.1")),
            ("192.0.2.1", &[(LIST, "198.51.100.7")], Some("192.0.2.1")),
            ("10.0.0.1", &[], Some("10.0.0.1")),
            ("10.0.0.1", &[(LIST, "198.51.100.7")], Some("198.51.100.7")),
            ("::ffff:10.0.0.1", &[(LIST, "::ffff:198.51.100.7")], Some("198.51.100.7")),
            ("10.0.0.1", &[(LIST, "203.0.113.9, 198.51.100.7")], Some("198.51.100.7")),
            (
                "10.0.0.1",
                &[(LIST, "203.0.113.9"), (LIST, "198.51.100.7:1234,10.9.9.9")],
                Some("198.51.100.7"),
            ),
            ("10.0.0.1", &[(LIST, "198.51.100.7, unknown")], None),
            ("10.0.0.1", &[(LIST, "")], None),
            ("10.0.0.1", &[(LIST, "10.1.1.1, 10.2.2.2")], Some("10.1.1.1")),
            ("fd00::1", &[(LIST, "[2001:db8::5]:443")], Some("2001:db8::5")),
            ("10.0.0.1", &[("forwarded", "for=198.51.100.7")], Some("10.0.0.1")),
        ];
        for (peer, lines, expected) in cases {
            assert_eq!(
                ask(ForwardingHeader::XForwardedFor, peer, lines).as_deref(),
                expected,
                "{peer} {lines:?}"
            );
        }
    }

    #[test]
    fn s_5_2_the_standard_header_is_read_when_the_proxies_write_it() {
        const LIST: &str = "forwarded";
        let cases: [(Lines, Option<&str>); 6] = [
            (&[(LIST, "for=203.0.113.9, for=198.51.100.7;proto=https")], Some("198.51.100.7")),
            (&[(LIST, "For=\"[2001:db8::5]:4711\"")], Some("2001:db8::5")),
            (&[(LIST, "for=198.51.100.7, by=10.0.0.2")], None),
            (&[(LIST, "for=_hidden")], None),
            (&[(LIST, "for=203.0.113.9"), (LIST, "for=198.51.100.7, for=10.3.3.3")], Some("198.51.100.7")),
            (&[("x-forwarded-for", "203.0.113.9")], Some("10.0.0.1")),
        ];
        for (lines, expected) in cases {
            assert_eq!(ask(ForwardingHeader::Forwarded, "10.0.0.1", lines).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn s_5_2_platforms_are_what_user_agents_claim() {
        let cases = [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", Some(Platform::Windows)),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", Some(Platform::MacOs)),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", Some(Platform::Ios)),
            ("Mozilla/5.0 (Linux; Android 14)", Some(Platform::Android)),
            ("Mozilla/5.0 (X11; Linux x86_64)", Some(Platform::Linux)),
            ("Mozilla/5.0 (Windows Phone 10.0; Android 6.0)", Some(Platform::WindowsPhone)),
            ("footbridge/0.1.0 (linux)", Some(Platform::Linux)),
            ("curl/8", None),
        ];
        for (agent, expected) in cases {
            assert_eq!(platform(agent), expected, "{agent}");
        }
    }
}
