//! The store on real databases: every test runs on an SQLite file and on a private PostgreSQL cluster.

mod access_tables;
mod audit;
mod conditional_access;
mod databases;
mod exposure;
mod federation;
mod governance;
mod guest_lives;
mod item_tables;
mod links;
mod people;
mod places;
mod provisioning;
mod quotas;
mod review;
mod sign_in_state;
mod terms;
mod transactions;
mod version_tables;
