//! Copying on the server, within a library and between libraries of one organization. Contents are shared, no bytes move.
//!
//! A file is copied at once. Of a folder the folder itself is, and the rest by a job in batches: what a batch made and how
//! far it came are one commit, so a copy that was interrupted goes on where it stood and doubles nothing. Every batch is
//! judged by what the person may see and write at that moment; permissions and versions are not copied, as in the
//! original.

mod advance;
mod monitor;
mod start;

pub use advance::{Advance, advance_copy};
pub use monitor::{MonitorKey, load_copy};
pub use start::{CopyRequest, StartedCopy, start_copy};
