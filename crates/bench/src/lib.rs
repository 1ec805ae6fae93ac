//! Bench: what Footbridge costs, measured on the real programs as processes on this computer, each scenario beside
//! `rsync` making the same two copies; and what its decisions cost in a large organization ([`decisions`]).
//!
//! Entry point: [`run::run`], given [`options::Options`]; `make bench` builds and starts it.
//!
//! Invariants: a measurement that is missing or failed is an error, never a zero; every byte of both, Footbridge and
//! `rsync`, passes through the same counting [`relay`]; what arrived is compared byte by byte after the clock stopped.
//!
//! Deliberately unknown to the scenarios: every crate of the product but the clock.

pub mod arrival;
pub mod content;
pub mod decisions;
pub mod meter;
pub mod options;
pub mod relay;
pub mod report;
pub mod rsync;
pub mod run;
pub mod scenario;
pub mod world;
