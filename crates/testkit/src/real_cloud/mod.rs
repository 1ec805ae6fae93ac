//! Real cloud: the real server over the simulated network: its router, its database in memory-backed storage, its
//! identity provider with real tokens. Alice is a member of Contoso and owns the site; Bob is at home at Fabrikam and
//! Contoso's guest.

mod library;
mod template;

pub use library::RealLibrary;
pub use template::{Template, TemplateError};
