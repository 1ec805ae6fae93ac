//! Remote: the client's only road to a cloud — sign-in, tokens, the transfer API, hints.
//!
//! Entry points: [`BrowserSignIn`] and [`DeviceSignIn`] make an [`Account`]; [`TokenSource`] turns its one refresh token
//! into access tokens of every tenant, and [`BrowserStepUp`] into more where one asks for more; [`HttpRemoteTree`] is the engine's port; [`resolve`] and [`root_info`] find roots.
//! [`ReqwestTransport`] is the network; tests bring another [`Transport`].
//!
//! Invariants: a refresh token is sent to the origin that issued it and nowhere else, and never follows a redirect;
//! what is not the server's own, complete answer is a transport error, never an observation; bytes are checked against
//! their names before anybody sees them; a root's end is believed only from a signed report.
//!
//! Deliberately unknown here: trees, files on disk, back-off (the engine's), where state is kept.

mod access_question;
mod access_report;
mod account;
mod api_client;
mod claims;
mod download;
mod event_stream;
mod hints;
mod host_gate;
mod http_exchange;
mod origin;
mod packed_body;
mod refusals;
mod remote_tree;
mod reqwest_transport;
mod root_lookup;
mod secret_store;
mod sign_in;
mod token_endpoint;
mod token_refusal;
mod tokens;
mod transport;

pub use account::Account;
pub use api_client::ApiClient;
pub use hints::{HintHub, HintSubscription};
pub use host_gate::HostGates;
pub use http_exchange::retry_after;
pub use origin::{CloudOrigin, InvalidOrigin};
pub use remote_tree::{HttpRemoteTree, RootAddress};
pub use reqwest_transport::ReqwestTransport;
pub use root_lookup::{LookupError, resolve, root_info};
pub use secret_store::{MemorySecretStore, SecretStore, SecretStoreError};
pub use sign_in::{BrowserSignIn, BrowserStepUp, DeviceSignIn, SignInContext, SignInError, SignedIn};
pub use token_endpoint::TokenError;
pub use tokens::{AccessToken, TokenSource};
pub use transport::{Body, Transport, TransportError, empty_body, full_body};
