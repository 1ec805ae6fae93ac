//! Administration of sharing: the organization's settings, and each site's level (B05, B06, B13).

mod get_settings;
mod list_sites;
mod update_settings;
mod update_site;

use model::SharingLevel;

use crate::{Admits, ApiError, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/admin/sharepoint/settings", Admits::Token, get_settings::get_settings)
        .patch("/v1.0/admin/sharepoint/settings", Admits::Token, update_settings::update_settings)
        .get("/v1.0/admin/sites", Admits::Token, list_sites::list_sites)
        .patch("/v1.0/admin/sites/{site}", Admits::Token, update_site::update_site)
}

/// Reads a sharing level by Graph's name.
fn level(name: &str) -> Result<SharingLevel, ApiError> {
    SharingLevel::from_graph_name(name).ok_or_else(|| {
        let names: Vec<&str> = SharingLevel::ALL.iter().map(|level| level.graph_name()).collect();
        ApiError::invalid(format!("a sharing capability is one of {}", names.join(", ")))
    })
}
