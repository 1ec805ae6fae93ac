//! Drives: a library by its id, and the personal drives nobody has yet (graph-surface.md 3.1).

mod get;
mod personal;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/me/drives", Admits::Token, personal::list_personal)
        .get("/v1.0/me/drive", Admits::Token, personal::no_personal)
        .get("/v1.0/me/drive/{*rest}", Admits::Token, personal::no_personal)
        .get("/v1.0/drives/{drive}", Admits::Token, get::get_drive)
}
