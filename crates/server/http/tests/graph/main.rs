//! The Graph surface and the transfer API, through the real router with real tokens.

mod admin;
mod batch;
mod bulk_invitation;
mod cloud;
mod conditional_access;
mod copy;
mod cross_tenant;
mod drives;
mod hints;
mod items;
mod links;
mod must;
mod named_locations;
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
mod what_if;
