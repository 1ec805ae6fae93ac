//! Deleted people: `/directory/deletedItems`, from which a guest or member comes back with what they had.

mod get;
mod list;
mod restore;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/directory/deletedItems/microsoft.graph.user", Admits::Token, list::list_deleted)
        .get("/v1.0/directory/deletedItems/{user}", Admits::Token, get::get_deleted)
        .post("/v1.0/directory/deletedItems/{user}/restore", Admits::Token, restore::restore_user)
}
