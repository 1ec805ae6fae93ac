//! Administration of sharing: the organization's settings, each site's level (B05, B06, B13), and many guests at once (A08).

mod get_settings;
mod get_site;
mod invite_guests;
mod list_sites;
mod merge_guests;
mod preview;
mod sharing_words;
mod update_settings;
mod update_site;

pub(super) use sharing_words::{domain_fields, domain_list};

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/admin/sharepoint/settings", Admits::Token, get_settings::get_settings)
        .patch("/v1.0/admin/sharepoint/settings", Admits::Token, update_settings::update_settings)
        .post("/v1.0/admin/sharepoint/settings/preview", Admits::Token, preview::preview_settings)
        .get("/v1.0/admin/sites/{site}", Admits::Token, get_site::get_site)
        .post("/v1.0/admin/sites/{site}/preview", Admits::Token, preview::preview_site)
        .post("/v1.0/admin/guests/invite", Admits::Token, invite_guests::invite_guests)
        .post("/v1.0/admin/guests/{user}/merge", Admits::Token, merge_guests::merge)
        .get("/v1.0/admin/sites", Admits::Token, list_sites::list_sites)
        .patch("/v1.0/admin/sites/{site}", Admits::Token, update_site::update_site)
}
