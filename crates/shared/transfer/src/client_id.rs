//! The sync client's id as an OAuth client: the same on every cloud, so that client and server need no registration.

/// Id of the Footbridge client, public, with PKCE and a loopback redirect or a device code.
pub const CLIENT_ID: &str = "f007b41d-9e5c-4a77-8d0e-5c1e57000001";
