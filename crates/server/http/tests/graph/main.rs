//! The Graph surface and the transfer API, through the real router with real tokens.

mod admin;
mod batch;
mod bulk_invitation;
mod cloud;
mod conditional_access;
mod copy;
mod drives;
mod hints;
mod items;
mod links;
mod must;
mod people;
mod quotas;
mod rules;
mod scim;
mod search;
mod sharing;
mod sharing_policy;
mod site_gates;
mod sites;
mod transfer;
mod upload_sessions;
mod versions;
