//! Simulation: virtual time, seeded tapes, processes that crash, and the log that proves a replay.

mod event_log;
mod process;
mod signal;
mod tape;
mod world;

pub use event_log::{EventLog, LogHash};
pub use process::Process;
pub use signal::Signal;
pub use tape::{Tape, TapeKind};
pub use world::{World, run_in_virtual_time};
