//! The identity provider's services on a real SQLite file, with two organizations and a clock that tests move.

mod cloud;
mod codes;
mod devices;
mod passwords;
mod refresh;
mod tokens;
