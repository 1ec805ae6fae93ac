//! Items by id and by path (graph-surface.md 3.2 to 3.9). Paths arrive canonical, see `graph_path`.

mod address;
mod children;
mod commit_upload;
mod content;
mod copy;
mod create_folder;
mod create_upload_session;
mod delete;
mod delta;
mod get;
mod later;
mod permanent_delete;
mod put_content;
mod restore;
mod search;
mod shape;
mod update;

pub(super) use address::{NamedDrive, NamedItem};
pub(super) use content::send_content;
pub(super) use put_content::require_length;
pub(super) use shape::{answer, drive_item, identity};
pub(super) use update::if_match;

use crate::{Admits, RouteTable};

macro_rules! at_item {
    ($action:literal) => {
        concat!("/v1.0/drives/{drive}/items/{item}", $action)
    };
}

pub(super) fn add(routes: RouteTable) -> RouteTable {
    let routes = routes
        .get(at_item!(""), Admits::Token, get::get_item)
        .put(at_item!(""), Admits::Token, commit_upload::commit_upload)
        .patch(at_item!(""), Admits::Token, update::update_item)
        .delete(at_item!(""), Admits::Token, delete::delete_item)
        .get(at_item!("/children"), Admits::Token, children::list_children)
        .post(at_item!("/children"), Admits::Token, create_folder::create_folder)
        .get(at_item!("/content"), Admits::Token, content::get_content)
        .put(at_item!("/content"), Admits::Token, put_content::put_content)
        .get(at_item!("/delta"), Admits::Token, delta::get_delta)
        .post(at_item!("/restore"), Admits::Token, restore::restore_item)
        .post(at_item!("/permanentDelete"), Admits::Token, permanent_delete::delete_permanently)
        .post(at_item!("/copy"), Admits::Token, copy::copy_item)
        .get(at_item!("/search"), Admits::Token, search::search_folder)
        .get("/v1.0/drives/{drive}/search", Admits::Token, search::search_drive);
    routes
        .post(at_item!("/createUploadSession"), Admits::Token, create_upload_session::create_upload_session)
        .get(at_item!("/thumbnails"), Admits::Token, later::thumbnails)
}
