//! `/{organization}/admin`: the admin center, for an organization's administrators (B05 to B08, B13). To everybody else
//! none of these pages exists.
//!
//! A change of what is shared goes in two steps, `proposal`: what it would end, then the change.

mod conditional_access;
mod door;
mod draft;
mod guest;
mod guests;
mod inviting;
mod overview;
mod own;
mod proposal;
mod sharing;
mod sharing_draft;
mod site;
mod site_draft;
mod sites;
mod words;

use crate::{Admits, RouteTable};

pub(super) use own::admin_page_of;

/// Adds the routes.
pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/admin", Admits::Session, own::get_own)
        .get("/{organization}/admin", Admits::Session, overview::get_overview)
        .get("/{organization}/admin/sharing", Admits::Session, sharing::get_sharing)
        .post("/{organization}/admin/sharing", Admits::Session, sharing::post_sharing)
        .get("/{organization}/admin/sites", Admits::Session, sites::get_sites)
        .post("/{organization}/admin/sites", Admits::Session, sites::post_columns)
        .get("/{organization}/admin/sites/{site}", Admits::Session, site::get_site)
        .post("/{organization}/admin/sites/{site}", Admits::Session, site::post_site)
        .get("/{organization}/admin/guests", Admits::Session, guests::get_guests)
        .get("/{organization}/admin/guests/{guest}", Admits::Session, guest::get_guest)
        .post("/{organization}/admin/guests/{guest}", Admits::Session, guest::post_guest)
        .get("/{organization}/admin/inviting", Admits::Session, inviting::get_inviting)
        .post("/{organization}/admin/inviting", Admits::Session, inviting::post_inviting)
        .get(
            "/{organization}/admin/conditional-access",
            Admits::Session,
            conditional_access::get_conditional_access,
        )
}
