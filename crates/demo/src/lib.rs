//! Demo: the story of two organizations, told with the real programs. Contoso shares a site, somebody at Fabrikam
//! syncs it.
//!
//! Entry point: [`story::Story`]. The whole-product tests use the same pieces: [`cloud::Cloud`], [`client::Client`],
//! [`browser::Browser`].
//!
//! Invariants: nothing here reaches into the product; everything goes through its pages, API, commands and folders.
//!
//! Deliberately unknown here: every crate of the product but the clock.

pub mod browser;
pub mod client;
pub mod cloud;
pub mod form;
pub mod mailbox;
pub mod pages;
pub mod process;
pub mod story;
pub mod token;
pub mod tree;
