//! Policies: what the administrators of this computer decided about the sync client (D11, D12;
//! sharing-and-guests.md 6.5).
//!
//! Entry points: a reader per system — [`managed_json`] (Linux), [`registry`] (Windows), [`property_list`] (macOS) — gives
//! [`Layer`]s, the strongest first, and [`Computer`] those of this one; [`Policies::of`] makes of them what is in force; [`Policies::may_add_account`] and
//! [`Policies::may_sync`] are asked before anything is added and whenever something changed.
//!
//! Invariants: the strongest layer that names a policy decides it whole; a restrictive policy that cannot be read is as
//! strict as it can be, and says so; names and types are the original client's, so that its documents fit.
//!
//! Deliberately unknown here: accounts, roots, the network. Readers but the one of Windows run on every system, so that
//! they are tested here.

mod computer;
mod flaw;
mod in_force;
mod layer;
pub mod managed_json;
pub mod property_list;
mod raw;
mod refusal;
pub mod registry;
mod setting;
mod typed;
#[cfg(windows)]
mod windows;

pub use computer::Computer;
pub use flaw::Flaw;
pub use in_force::{InForce, Policies};
pub use layer::Layer;
pub use raw::RawValue;
pub use refusal::Refusal;
pub use setting::{Kind, Setting};
pub use typed::Value;
#[cfg(windows)]
pub use windows::WindowsRegistry;
