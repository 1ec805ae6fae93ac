//! Sites, access, sharing, items and delta on a real database: Contoso shares, Fabrikam's people receive.

mod access;
mod cloud;
mod copy;
mod delta;
mod inheritance;
mod items;
mod links;
mod losing_access;
mod operations;
mod passcodes;
mod promises;
mod recycle_bin;
mod scoped_delta;
mod search;
mod sharing;
mod sites;
mod versions;
mod world;
