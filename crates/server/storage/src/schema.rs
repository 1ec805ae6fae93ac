//! Tables as Diesel sees them, one file per area, beside the migrations that make them.

pub(crate) mod conditional_access;
pub(crate) mod directory;
pub(crate) mod factors;
pub(crate) mod federation;
pub(crate) mod governance;
pub(crate) mod identity;
pub(crate) mod items;
pub(crate) mod links;
pub(crate) mod provisioning;
pub(crate) mod sign_in_records;
pub(crate) mod sites;
pub(crate) mod terms;
pub(crate) mod upload_sessions;
pub(crate) mod versions_and_bins;
