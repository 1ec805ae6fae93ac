//! The recycle bin of a site. Graph's words are those of its `recycleBin` (beta for sites, v1.0 for containers); the second
//! stage is an option of the list.

mod change;
mod delete;
mod list;
mod restore;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/sites/{site}/recycleBin/items", Admits::Token, list::list_bin)
        .post("/v1.0/sites/{site}/recycleBin/items/restore", Admits::Token, restore::restore)
        .post("/v1.0/sites/{site}/recycleBin/items/delete", Admits::Token, delete::delete)
}
