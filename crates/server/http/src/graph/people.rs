//! People: `/me` and `/users`.

mod delete;
mod get;
mod list;
mod me;
mod shape;
mod update;

pub(super) use get::person_name;
pub(super) use shape::user;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/me", Admits::Token, me::get_me)
        .get("/v1.0/users", Admits::Token, list::list_users)
        .get("/v1.0/users/{user}", Admits::Token, get::get_user)
        .patch("/v1.0/users/{user}", Admits::Token, update::update_user)
        .delete("/v1.0/users/{user}", Admits::Token, delete::delete_user)
}
