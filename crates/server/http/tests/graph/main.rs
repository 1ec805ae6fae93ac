//! The Graph surface of people, sites and sharing, through the real router with real tokens.

mod admin;
mod cloud;
mod people;
mod sharing;
mod sites;
