//! The identity provider's services on a real SQLite file, with two organizations and a clock that tests move.
#![expect(clippy::panic, reason = "a test helper says by a panic what it did not expect")]

mod audit_seals;
mod cloud;
mod codes;
mod devices;
mod passwords;
mod refresh;
mod step_up;
mod tokens;
