//! Clients: the applications people sign in to. All are public: they hold no secret and prove themselves by PKCE.

use url::{Host, Url};

/// The sync client's id. It is the same on every cloud, and `transfer::CLIENT_ID` says it to the client.
pub const FOOTBRIDGE_CLIENT_ID: &str = "f007b41d-9e5c-4a77-8d0e-5c1e57000001";

/// An application people may sign in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: &'static str,
    /// Name shown to people.
    pub name: &'static str,
}

/// The applications every cloud knows.
const BUILT_IN: &[Client] = &[Client { id: FOOTBRIDGE_CLIENT_ID, name: "Footbridge" }];

impl Client {
    /// Finds a client by its id, in any case.
    #[must_use]
    pub fn find(id: &str) -> Option<Self> {
        BUILT_IN.iter().copied().find(|client| client.id.eq_ignore_ascii_case(id))
    }

    /// Reads a redirect address if this client may use it: plain HTTP to the same computer on any port (RFC 8252),
    /// because no other machine can receive a code there.
    #[must_use]
    pub fn redirect(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let loopback = match url.host()? {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.octets() == [127, 0, 0, 1],
            Host::Ipv6(_) => false,
        };
        let plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        (url.scheme() == "http" && loopback && plain).then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::{Client, FOOTBRIDGE_CLIENT_ID};

    #[test]
    fn redirects_go_to_the_same_computer_only() {
        let client = Client::find(FOOTBRIDGE_CLIENT_ID).expect("built in");
        let cases = [
            ("http://localhost:4711/", true),
            ("http://127.0.0.1:1/callback", true),
            ("http://localhost/", true),
            ("https://localhost:4711/", false),
            ("http://localhost.evil.example/", false),
            ("http://127.0.0.1.evil.example/", false),
            ("http://localhost@evil.example/", false),
            ("http://localhost:80@evil.example/", false),
            ("http://evil.example\\@localhost/", false),
            ("http://127.0.0.2/", false),
            ("http://localhost:4711/?next=http://evil.example", false),
            ("http://localhost:4711/#fragment", false),
            ("javascript:alert(1)", false),
            ("//localhost/", false),
            ("", false),
        ];
        for (text, accepted) in cases {
            assert_eq!(client.redirect(text).is_some(), accepted, "{text}");
        }
    }
}
