//! What a sharing link opens (graph-surface.md 4.5). `{share}` is the link's secret, or `u!` and the link's address in
//! base64url.
//!
//! A request is judged by the link alone, for itself; `Prefer: redeemSharingLink` makes access last where the link's kind
//! allows it. The token must be of the link's organization; another gets 401 that names the right one.

mod children;
mod content;
mod get_share;
mod grant;
mod item;
mod permission;
mod share;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/shares/{share}", Admits::Token, get_share::get_share)
        .get("/v1.0/shares/{share}/driveItem", Admits::Token, item::get_item)
        .get("/v1.0/shares/{share}/root", Admits::Token, item::get_item)
        .get("/v1.0/shares/{share}/items", Admits::Token, children::list_children)
        .get("/v1.0/shares/{share}/driveItem/children", Admits::Token, children::list_children)
        .get("/v1.0/shares/{share}/driveItem/content", Admits::Token, content::get_content)
        .get("/v1.0/shares/{share}/permission", Admits::Token, permission::get_permission)
        .post("/v1.0/shares/{share}/permission/grant", Admits::Token, grant::post_grant)
}
