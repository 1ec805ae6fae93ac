//! `GET /sites/{host}:/{path}`, also with `:` and what is wanted of the site behind it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use drive::sites::find_site_by_name;

use super::libraries::libraries;
use super::shape::site;
use super::site_id::SiteName;
use crate::{ApiError, App, Authenticated};

pub(super) async fn get_site_by_path(
    State(app): State<App>,
    caller: Authenticated,
    Path((start, path)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let start = start.strip_suffix(':').ok_or(ApiError::NotFound)?;
    let SiteName::Root = SiteName::of(&app, start)? else { return Err(ApiError::NotFound) };
    let (path, rest) = path.split_once(':').unwrap_or((&path, ""));
    let name = site_name(path).ok_or(ApiError::NotFound)?;
    let found = find_site_by_name(&caller.call, caller.caller, name.to_owned()).await?;
    let found = found.ok_or(ApiError::NotFound)?;
    match rest.trim_matches('/') {
        "" => Ok(Json(site(&app, &found)).into_response()),
        "drives" => Ok(Json(libraries(&app, &found)).into_response()),
        _ => Err(ApiError::NotFound),
    }
}

/// Reads `sites/{name}`, with or without the organization's domain before it, as web addresses have it.
fn site_name(path: &str) -> Option<&str> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        ["sites", name] | [_, "sites", name] => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::site_name;

    #[test]
    fn a_site_is_found_by_its_web_addresss_path() {
        assert_eq!(site_name("sites/Falcon"), Some("Falcon"));
        assert_eq!(site_name("/contoso.example/sites/Falcon/"), Some("Falcon"));
        assert_eq!(site_name("teams/Falcon"), None);
    }
}
