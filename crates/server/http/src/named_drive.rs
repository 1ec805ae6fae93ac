//! Named drive: the drive, and the item in it, that an address names, and who calls. What cannot be an id is not found,
//! exactly like what is hidden.

use axum::extract::{FromRequestParts, Path};
use drive::EditRequest;
use drive::contents::ContentCaller;
use drive::personal::own_drive;
use drive::reading::Reader;
use http::HeaderMap;
use http::request::Parts;
use model::{DriveId, ItemId};
use serde::Deserialize;

use crate::graph::SiteName;
use crate::{ApiError, App, Authenticated};

/// The drive an address names, and who calls.
pub(crate) struct NamedDrive {
    pub(crate) drive: DriveId,
    pub(crate) caller: Authenticated,
    pub(crate) app: App,
}

/// The item an address names, in the words of one API.
pub(crate) struct NamedItem<N> {
    pub(crate) at: NamedDrive,
    pub(crate) address: N,
    pub(crate) headers: HeaderMap,
}

/// How an API names an item in the `{item}` of its routes.
pub(crate) trait ItemAddressing: Sized {
    /// Reads the name.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when it cannot be the name of anything.
    fn read(text: &str) -> Result<Self, ApiError>;
}

impl ItemAddressing for ItemId {
    fn read(text: &str) -> Result<Self, ApiError> {
        text.parse().map_err(|_| ApiError::NotFound)
    }
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
        let drive = drive_named(app, &name.drive, &caller).await?;
        Ok(Self { drive, caller, app: app.clone() })
    }
}

/// Reads a drive's id, `me` for the caller's own, or `site:{id}` for the first library of a site that is open to them;
/// `me/drive` and `sites/{id}/drive` are rewritten to these.
///
/// # Errors
/// [`ApiError::NotFound`] or [`ApiError::NoPersonalDrive`].
pub(crate) async fn drive_named(app: &App, text: &str, caller: &Authenticated) -> Result<DriveId, ApiError> {
    if let Some(site) = text.strip_prefix("site:") {
        let site = SiteName::of(app, site)?.find(caller).await?;
        return site.libraries.first().map(|library| library.drive.id).ok_or(ApiError::NotFound);
    }
    if text == "me" {
        let own = own_drive(&caller.call, caller.caller).await?.ok_or(ApiError::NoPersonalDrive)?;
        return Ok(own.id);
    }
    text.parse().map_err(|_| ApiError::NotFound)
}

impl<N: ItemAddressing> FromRequestParts<App> for NamedItem<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let at = NamedDrive::from_request_parts(parts, app).await?;
        let name = Path::<ItemName>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| ApiError::NotFound)?;
        Ok(Self { at, address: N::read(&name.item)?, headers: parts.headers.clone() })
    }
}

impl NamedDrive {
    /// Returns who reads.
    pub(crate) fn reader(&self) -> Reader {
        Reader { caller: self.caller.caller, drive: self.drive, runtime: self.app.runtime.clone() }
    }

    /// Returns who changes.
    pub(crate) fn edit(&self) -> EditRequest {
        EditRequest { caller: self.caller.caller, drive: self.drive, runtime: self.app.runtime.clone() }
    }

    /// Returns who reads or sends bytes of the drive.
    pub(crate) fn content_caller(&self) -> ContentCaller {
        ContentCaller { caller: self.caller.caller, drive: self.drive, runtime: self.app.runtime.clone() }
    }
}
