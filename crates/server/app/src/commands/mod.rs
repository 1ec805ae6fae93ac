//! Subcommands, one a file.

pub(crate) mod migrate;
pub(crate) mod serve;
