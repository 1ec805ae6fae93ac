//! HTTP: every route of the server, the contexts they run in, and the one mapping of errors to answers.
//!
//! Entry points: [`router`] for serving, [`routes`] for the list of everything that is served (the isolation sweep
//! reads it), [`App`] for what handlers need.
//!
//! Invariants:
//! - a route exists only through [`RouteTable`], so that none is missing from the sweep;
//! - a handler that reads or changes a tenant's data takes [`Authenticated`] or [`Administering`] (a token) or a page's session; both are
//!   checked against the stored truth at every request;
//! - what the caller may not see is answered exactly like what does not exist: 404;
//! - errors become answers in `error` alone; internal causes are logged once and never told;
//! - one endpoint, one file.
//!
//! Deliberately unknown here: SQL, where bytes live, how anything is decided.

mod access_question;
mod administering;
mod app;
mod authenticated;
mod canonical;
mod csv;
mod envelope;
mod error;
mod graph;
mod graph_path;
mod graph_query;
mod health;
mod invitation_limit;
mod item_error;
mod json_body;
mod named_drive;
mod oidc;
mod pages;
mod presence;
mod program_rules;
mod range;
mod route_table;
mod router;
mod scim;
mod select;
mod send_bytes;
mod transfer_api;
mod unreadable;

pub use administering::Administering;
pub use app::{App, HttpSettings};
pub use authenticated::Authenticated;
pub use error::ApiError;
pub use invitation_limit::InvitationLimit;
pub use presence::{ForwardingHeader, PeerAddress, Proxies};
pub use program_rules::{ClientVersion, InvalidVersion, ProgramRules, RetirableMethod};
pub use route_table::{Admits, Route, RouteTable};
pub use router::{router, routes};
