//! Sharing a site, library, folder or file, and who has access (graph-surface.md 4.1, 4.2, 4.4).

mod create_link;
mod delete;
mod explain;
mod get;
mod get_inheritance;
mod invite;
mod link_shape;
mod list;
mod place;
mod set_inheritance;
mod shape;
mod update;

pub(super) use invite::{recipient_name, refused};
pub(super) use link_shape::{bare_link, link_permission};

use crate::{Admits, RouteTable};

const CREATE_LINK: &str = "/v1.0/drives/{drive}/items/{item}/createLink";
const INHERITANCE: &str = "/v1.0/drives/{drive}/items/{item}/inheritance";

/// The routes of one kind of place; each handler reads the place from the address's own names.
macro_rules! routes_of {
    ($routes:expr, $place:literal) => {
        $routes
            .post(concat!($place, "/invite"), Admits::Token, invite::invite)
            .post(concat!($place, "/explain"), Admits::Token, explain::post_explain)
            .get(concat!($place, "/permissions"), Admits::Token, list::list_permissions)
            .get(concat!($place, "/permissions/{permission}"), Admits::Token, get::get_permission)
            .patch(concat!($place, "/permissions/{permission}"), Admits::Token, update::update_permission)
            .delete(concat!($place, "/permissions/{permission}"), Admits::Token, delete::delete_permission)
    };
}

pub(super) fn add(routes: RouteTable) -> RouteTable {
    let routes = routes_of!(routes, "/v1.0/sites/{site}");
    let routes = routes_of!(routes, "/v1.0/drives/{drive}/root");
    let routes = routes_of!(routes, "/v1.0/drives/{drive}/items/{item}");
    let routes = routes.post(CREATE_LINK, Admits::Token, create_link::post_create_link);
    routes.get(INHERITANCE, Admits::Token, get_inheritance::get_inheritance).put(
        INHERITANCE,
        Admits::Token,
        set_inheritance::set_inheritance,
    )
}
