//! Names in addresses of items. What cannot be an id is not found, exactly like what is hidden.

use axum::extract::{FromRequestParts, Path};
use drive::EditRequest;
use drive::reading::{ItemAddress, Reader};
use http::HeaderMap;
use http::request::Parts;
use model::DriveId;
use serde::Deserialize;

use crate::{ApiError, App, Authenticated};

/// The drive an address names, and who calls.
pub(in crate::graph) struct NamedDrive {
    pub(in crate::graph) drive: DriveId,
    pub(in crate::graph) caller: Authenticated,
    pub(in crate::graph) app: App,
}

/// The item an address names.
pub(super) struct NamedItem {
    pub(super) at: NamedDrive,
    pub(super) address: ItemAddress,
    pub(super) headers: HeaderMap,
}

#[derive(Deserialize)]
struct DriveName {
    drive: String,
}

#[derive(Deserialize)]
struct ItemName {
    item: String,
}

impl FromRequestParts<App> for NamedDrive {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Authenticated::from_request_parts(parts, app).await?;
        let name = Path::<DriveName>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| ApiError::NotFound)?;
        let drive = name.drive.parse().map_err(|_| ApiError::NotFound)?;
        Ok(Self { drive, caller, app: app.clone() })
    }
}

impl NamedDrive {
    /// Returns who reads.
    pub(in crate::graph) fn reader(&self) -> Reader {
        Reader { caller: self.caller.caller, drive: self.drive, runtime: self.app.runtime.clone() }
    }

    /// Returns who changes.
    pub(super) fn edit(&self) -> EditRequest {
        EditRequest { caller: self.caller.caller, drive: self.drive, runtime: self.app.runtime.clone() }
    }
}

impl FromRequestParts<App> for NamedItem {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let at = NamedDrive::from_request_parts(parts, app).await?;
        let name = Path::<ItemName>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| ApiError::NotFound)?;
        Ok(Self { at, address: item_address(&name.item)?, headers: parts.headers.clone() })
    }
}

/// Reads an id or `root`, with or without a path behind it.
pub(super) fn item_address(text: &str) -> Result<ItemAddress, ApiError> {
    let (start, path) = text.split_once(':').unwrap_or((text, ""));
    let start = match start {
        "root" => None,
        id => Some(id.parse().map_err(|_| ApiError::NotFound)?),
    };
    let path = path.strip_suffix(':').unwrap_or(path);
    let names = path.split('/').filter(|name| !name.is_empty()).map(str::to_owned);
    Ok(ItemAddress { start, path: names.collect() })
}
