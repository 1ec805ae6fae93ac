//! Subcommands, one a file.

pub(crate) mod add_application;
pub(crate) mod add_member;
pub(crate) mod audit;
pub(crate) mod bootstrap;
pub(crate) mod doctor;
pub(crate) mod federation;
pub(crate) mod migrate;
mod organization;
mod password_input;
pub(crate) mod quota;
pub(crate) mod remove_application;
pub(crate) mod serve;
