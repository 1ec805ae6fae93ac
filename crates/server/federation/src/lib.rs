//! Federation: speaking with an issuer outside this cloud that signs people in (X09), by OpenID Connect.
//!
//! Entry points: [`Providers`] (what issuers say about themselves, their keys, and the exchange of codes), [`Web`] (how
//! requests leave this server) with [`OpenWeb`], the real one.
//!
//! Invariants:
//! - whoever administers an organization names its issuer, so an address found here is a stranger's: requests go to public
//!   addresses by TLS alone, or to hosts that the operator named; they follow no redirect, and are bounded in time and size;
//! - nothing an issuer says counts before its signature, issuer, audience, time and nonce were checked (`id_token`);
//! - signatures are made with keys of the issuer, by algorithms of a list; a key is never taken for another kind.
//!
//! Deliberately unknown here: whose account somebody is, sessions, SQL, pages.

mod allowed_hosts;
mod id_token;
mod open_web;
mod provider;
mod provider_keys;
mod providers;
mod web;

pub use allowed_hosts::{AllowedHosts, InvalidHost};
pub use id_token::{Expected, IdentityClaims, TokenFault};
pub use open_web::OpenWeb;
pub use provider::Provider;
pub use providers::{CodeExchange, Proof, ProviderFault, Providers};
pub use web::{Web, WebAnswer, WebFault, WebRequest};
