//! Upload sessions by their address (graph-surface.md 3.8). The address speaks for the person it was made for, needs no
//! token, and opens nothing that the person may not change any more.

mod address;
mod cancel;
mod commit;
mod content_range;
mod progress;
mod put_fragment;
mod status;

pub(super) use address::{find_in_drive, session_of, upload_url};

use crate::{Admits, RouteTable};

const ADDRESS: &str = "/v1.0/uploadSessions/{address}";

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .put(ADDRESS, Admits::Address, put_fragment::put_fragment)
        .get(ADDRESS, Admits::Address, status::get_status)
        .post(ADDRESS, Admits::Address, commit::commit)
        .delete(ADDRESS, Admits::Address, cancel::cancel)
}
