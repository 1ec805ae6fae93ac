//! Sites, access and sharing on a real database: Contoso shares, Fabrikam's people receive.

mod access;
mod losing_access;
mod sharing;
mod sites;
mod world;
