//! Drives: a library by its id, and people's own (graph-surface.md 3.1).

mod get;
mod list_mine;
mod mine;
mod of_person;
mod shape;

pub(super) use shape::drive_shape;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/me/drives", Admits::Token, list_mine::list_mine)
        .get("/v1.0/me/drive", Admits::Token, mine::get_mine)
        .get("/v1.0/me/drive/{*rest}", Admits::Token, mine::nothing_else)
        .get("/v1.0/users/{user}/drive", Admits::Token, of_person::get_drive_of)
        .get("/v1.0/drives/{drive}", Admits::Token, get::get_drive)
}
