//! `GET @microsoft.graph.downloadUrl`: a file's bytes by an address that speaks for one person for an hour, without a
//! token (graph-surface.md 3.6). Their right to the file is judged again at every use.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use drive::reading::ItemAddress;
use http::HeaderMap;
use identity::{AddressUse, AuthenticationFault, Bearer};
use model::{DriveId, ItemId};

use crate::graph::items::{NamedDrive, send_content};
use crate::presence::From;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

/// How long an address is good.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.get("/v1.0/downloads/{address}", Admits::Address, get_download)
}

/// Makes the address of a file that its caller may read now.
pub(super) fn download_url(at: &NamedDrive, item: ItemId) -> Option<String> {
    let about = format!("{}|{item}", at.drive);
    let sealed = at.app.identity.seal_address(
        (&at.caller.caller, at.caller.line),
        AddressUse::Download,
        &about,
        LIFETIME,
    )?;
    Some(format!("{}/v1.0/downloads/{sealed}", at.app.settings.origin))
}

async fn get_download(
    State(app): State<App>,
    Path(address): Path<String>,
    From(presence): From,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let opened = app.identity.meeting(presence).open_address(AddressUse::Download, &address).await;
    let (Bearer { call, caller, line }, about) = match opened {
        Ok(opened) => opened,
        Err(AuthenticationFault::Storage(error)) => return Err(error.into()),
        Err(AuthenticationFault::Refused(refusal)) => return Err(ApiError::Forbidden(refusal.description())),
        Err(AuthenticationFault::Invalid | AuthenticationFault::Expired) => return Err(ApiError::NotFound),
    };
    let (drive, item) = read(&about).ok_or(ApiError::NotFound)?;
    let at = NamedDrive { drive, caller: Authenticated { call, caller, line }, app };
    send_content(at, ItemAddress { start: Some(item), path: Vec::new() }, &headers).await
}

fn read(about: &str) -> Option<(DriveId, ItemId)> {
    let (drive, item) = about.split_once('|')?;
    Some((drive.parse().ok()?, item.parse().ok()?))
}
