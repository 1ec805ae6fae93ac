//! Subcommands, one a file.

pub(crate) mod add_member;
pub(crate) mod bootstrap;
pub(crate) mod doctor;
pub(crate) mod migrate;
mod password_input;
pub(crate) mod serve;
