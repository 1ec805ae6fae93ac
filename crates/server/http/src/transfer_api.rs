//! The transfer API, `/transfer/v1`: what our own sync client uses. Everything it does is possible through Graph too,
//! only slower. Bodies in both directions are streamed; none is held whole.

mod body;
mod chunks;
mod contents;
mod delta;
mod events;
mod manifest;
mod operations;
mod outcome;
mod resolve;
mod root;
mod uploads;

use crate::{Admits, RouteTable};

/// Adds the routes.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    routes
        .post("/transfer/v1/resolve", Admits::Token, resolve::resolve)
        .get("/transfer/v1/events", Admits::Token, events::get_events)
        .get("/transfer/v1/drives/{drive}/items/{item}/root", Admits::Token, root::get_root)
        .get("/transfer/v1/drives/{drive}/items/{item}/delta", Admits::Token, delta::get_delta)
        .get("/transfer/v1/drives/{drive}/items/{item}/manifest", Admits::Token, manifest::get_manifest)
        .post("/transfer/v1/drives/{drive}/operations", Admits::Token, operations::post_operations)
        .get("/transfer/v1/drives/{drive}/operations/{operation}", Admits::Token, outcome::get_outcome)
        .post("/transfer/v1/drives/{drive}/uploads", Admits::Token, uploads::post_offer)
        .get("/transfer/v1/drives/{drive}/uploads/{upload}", Admits::Token, uploads::get_upload)
        .put("/transfer/v1/drives/{drive}/uploads/{upload}", Admits::Token, uploads::put_chunks)
        .post("/transfer/v1/drives/{drive}/contents", Admits::Token, contents::post_contents)
        .post("/transfer/v1/drives/{drive}/chunks", Admits::Token, chunks::post_chunks)
}
