//! The place an address names: a site, a library's root, or an item.

use axum::extract::{FromRequestParts, Path};
use drive::access::drive_access;
use drive::sharing::Place;
use http::request::Parts;
use model::{DriveId, PermissionId};
use serde::Deserialize;

use crate::graph::sites::SiteName;
use crate::named_drive::drive_named;
use crate::{ApiError, App, Authenticated};

/// What an address names. Anything that cannot be an id is not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NamedPlace {
    /// A place.
    Place(Place),
    /// A library's root, whose id the address does not say.
    Root(DriveId),
}

#[derive(Deserialize)]
struct Names {
    site: Option<String>,
    drive: Option<String>,
    item: Option<String>,
}

impl FromRequestParts<App> for NamedPlace {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let names = Path::<Names>::from_request_parts(parts, app).await;
        let Path(names) = names.map_err(|_| ApiError::NotFound)?;
        if let Some(site) = &names.site {
            return Ok(Self::Place(Place::Site(SiteName::of(app, site)?.id()?)));
        }
        let caller = Authenticated::from_request_parts(parts, app).await?;
        let drive = drive_named(app, names.drive.as_deref().unwrap_or_default(), &caller).await?;
        match names.item.as_deref() {
            None | Some("root") => Ok(Self::Root(drive)),
            Some(item) => {
                let item = item.parse().map_err(|_| ApiError::NotFound)?;
                Ok(Self::Place(Place::Item { drive, item }))
            }
        }
    }
}

impl NamedPlace {
    /// Returns the place; a library's root is hidden from whoever sees only a part of the library.
    pub(super) async fn place(self, caller: &Authenticated) -> Result<Place, ApiError> {
        let drive = match self {
            Self::Place(place) => return Ok(place),
            Self::Root(drive) => drive,
        };
        let (who, now) = (caller.caller, caller.call.store().runtime().now());
        let open = caller.call.read(move |scope| drive_access(scope, &who, now, drive)).await?;
        let open = open.filter(|open| open.root_role().is_some()).ok_or(ApiError::NotFound)?;
        Ok(Place::Item { drive, item: open.drive.root })
    }
}

#[derive(Deserialize)]
struct PermissionName {
    permission: String,
}

/// The permission an address names.
pub(super) struct NamedPermission(pub(super) PermissionId);

impl FromRequestParts<App> for NamedPermission {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let name = Path::<PermissionName>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| ApiError::NotFound)?;
        name.permission.parse().map(Self).map_err(|_| ApiError::NotFound)
    }
}
