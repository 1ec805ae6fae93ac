//! Groups: `/groups` and their members.

mod add_member;
mod create;
mod get;
mod list;
mod list_members;
mod remove_member;
mod shape;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/groups", Admits::Token, list::list_groups)
        .post("/v1.0/groups", Admits::Token, create::create_group)
        .get("/v1.0/groups/{group}", Admits::Token, get::get_group)
        .get("/v1.0/groups/{group}/members", Admits::Token, list_members::list_members)
        .post("/v1.0/groups/{group}/members/$ref", Admits::Token, add_member::add_member)
        .delete("/v1.0/groups/{group}/members/{user}/$ref", Admits::Token, remove_member::remove_member)
}
