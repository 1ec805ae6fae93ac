//! Sites: finding, making, their libraries and permissions (graph-surface.md 5).

mod by_path;
mod create;
mod create_library;
mod get;
mod guests;
mod libraries;
mod search;
mod shape;
mod site_id;

pub(super) use shape::site;
pub(crate) use site_id::SiteName;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/sites", Admits::Token, search::search_sites)
        .post("/v1.0/sites", Admits::Token, create::create_site)
        .get("/v1.0/sites/{site}", Admits::Token, get::get_site)
        .get("/v1.0/sites/{site}/drives", Admits::Token, libraries::list_libraries)
        .post("/v1.0/sites/{site}/drives", Admits::Token, create_library::create_library)
        .get("/v1.0/sites/{site}/guests", Admits::Token, guests::list_guests)
        .post("/v1.0/sites/{site}/guests/{guest}/extend", Admits::Token, guests::post_extend)
        .get("/v1.0/sites/{site}/{*path}", Admits::Token, by_path::get_site_by_path)
}
