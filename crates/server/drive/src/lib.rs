//! Drive: sites, libraries, items, sharing and delta — what people keep, and who may do what with it.
//!
//! Entry points: [`access`] (the one authorization), [`sites`], [`sharing`]; items, contents, operations and delta
//! (this skeleton's next steps).
//!
//! Invariants: every item is reached through a decision about the caller's right to it, on the stored truth, at every
//! request; an item the caller may not see does not exist for them; every change of a drive is one transaction that
//! takes the next numbers of the drive's sequence.
//!
//! Deliberately unknown here: HTTP and JSON, SQL, where bytes lie.

pub mod access;
pub mod sharing;
pub mod sites;
