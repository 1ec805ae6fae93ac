//! How a version is named in an address. What cannot be one is not found.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use model::ItemVersion;
use serde::Deserialize;

use crate::{ApiError, App};

/// The number of the version an address names.
pub(super) struct NamedVersion(pub(super) i64);

#[derive(Deserialize)]
struct VersionName {
    version: String,
}

impl FromRequestParts<App> for NamedVersion {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let name = Path::<VersionName>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| ApiError::NotFound)?;
        ItemVersion::number_of(&name.version).map(Self).ok_or(ApiError::NotFound)
    }
}
