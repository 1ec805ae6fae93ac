//! Names in addresses. What cannot be an id is not found, exactly like what is hidden.

use axum::extract::{FromRequestParts, Path};
use drive::contents::ContentCaller;
use http::request::Parts;
use model::{DriveId, ItemId};
use serde::Deserialize;

use crate::{ApiError, App, Authenticated};

/// The drive of an address, and the one who calls.
pub(super) struct NamedDrive {
    pub(super) drive: DriveId,
    pub(super) caller: Authenticated,
    pub(super) app: App,
}

/// The drive and item of an address.
pub(super) struct NamedItem {
    pub(super) at: NamedDrive,
    pub(super) item: ItemId,
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
        let Path(name) =
            Path::<DriveName>::from_request_parts(parts, app).await.map_err(|_| ApiError::NotFound)?;
        let drive = name.drive.parse().map_err(|_| ApiError::NotFound)?;
        Ok(Self { drive, caller, app: app.clone() })
    }
}

impl FromRequestParts<App> for NamedItem {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let at = NamedDrive::from_request_parts(parts, app).await?;
        let Path(name) =
            Path::<ItemName>::from_request_parts(parts, app).await.map_err(|_| ApiError::NotFound)?;
        let item = name.item.parse().map_err(|_| ApiError::NotFound)?;
        Ok(Self { at, item })
    }
}

impl NamedDrive {
    /// Returns who reads or sends bytes of the drive.
    pub(super) fn content_caller(&self) -> ContentCaller {
        ContentCaller { caller: self.caller.caller, drive: self.drive, runtime: self.app.runtime.clone() }
    }
}
