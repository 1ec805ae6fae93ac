//! Versions of a file (graph-surface.md 3.11).

mod delete;
mod get;
mod get_content;
mod list;
mod name;
mod restore;
mod shape;

use crate::{Admits, RouteTable};

macro_rules! at_version {
    ($action:literal) => {
        concat!("/v1.0/drives/{drive}/items/{item}/versions", $action)
    };
}

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get(at_version!(""), Admits::Token, list::list_versions)
        .get(at_version!("/{version}"), Admits::Token, get::get_version)
        .delete(at_version!("/{version}"), Admits::Token, delete::delete_version)
        .get(at_version!("/{version}/content"), Admits::Token, get_content::get_version_content)
        .post(at_version!("/{version}/restoreVersion"), Admits::Token, restore::restore_version)
}
