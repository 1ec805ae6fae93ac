//! Drive: sites, libraries, items, sharing and delta — what people keep, and who may do what with it.
//!
//! Entry points: [`access`] (the one authorization), [`Sight`] (a drive as one caller sees it), [`edit`] with
//! [`Editor`] and [`items`] (changes), [`operations`] (many changes at once), [`contents`] (bytes), [`upload_sessions`]
//! (bytes in fragments), [`versions`], [`copy`], [`search`], [`recycle_bin`], [`delta`] (what changed), [`roots`] (what a
//! sync root is), [`sites`], [`sharing`], [`links`], [`audit_trail`] (what happened), [`explain`] (will it sync?), [`review`]
//! (who has access), [`exposure`] (what administrators see of it).
//!
//! Invariants: every item is reached through a decision about the caller's right to it, on the stored truth, at every
//! request; an item the caller may not see does not exist for them; every change of a drive is one transaction that
//! takes the next numbers of the drive's sequence.
//!
//! Deliberately unknown here: HTTP and JSON, SQL, where bytes lie.

pub mod access;
pub mod audit_trail;
pub mod browse;
pub mod contents;
pub mod copy;
pub mod delta;
mod editor;
mod error;
pub mod explain;
pub mod exposure;
pub mod hints;
pub mod items;
pub mod links;
pub mod operations;
pub mod personal;
pub mod reading;
pub mod recycle_bin;
pub mod review;
pub mod roots;
pub mod search;
pub mod sharing;
mod sight;
pub mod sites;
pub mod upload_sessions;
pub mod versions;

pub use editor::{ConflictBehavior, EditRequest, Editor, edit, stored_time};
pub use error::ItemError;
pub use sight::{SeenItem, Sight};
