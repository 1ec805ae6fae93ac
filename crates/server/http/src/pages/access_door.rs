//! The door of the pages about a place's access: which place an address means, for somebody signed in.

use axum::response::Response;
use drive::ItemError;
use drive::sharing::{Place, place_at};
use drive::sites::WebAddress;
use identity::Bearer;
use serde::Deserialize;

use super::Visitor;
use super::answer::{absent_page, server_failure};
use super::site_door::enter_organization;
use crate::App;

/// Names in the address of a site, or of an item of one.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PlaceName {
    organization: String,
    site: String,
    drive: Option<String>,
    item: Option<String>,
    /// The permission or link that is taken away.
    pub(super) permission: Option<String>,
}

/// Somebody signed in who came to a place.
pub(super) struct AtPlace {
    pub(super) bearer: Bearer,
    pub(super) place: Place,
    /// The path of the place's own page.
    pub(super) page: String,
    /// The path of the site's page.
    pub(super) site: String,
}

/// Lets somebody in; the error is the page to answer. Whether they may see the place is not judged yet.
pub(super) async fn enter_place(app: &App, visitor: &Visitor, name: &PlaceName) -> Result<AtPlace, Response> {
    let bearer = enter_organization(app, visitor, &name.organization).await?;
    let item = match (&name.drive, &name.item) {
        (Some(drive), Some(item)) => {
            let named = drive.parse().ok().zip(item.parse().ok());
            Some(named.ok_or_else(absent_page)?)
        }
        _ => None,
    };
    let domain = name.organization.to_lowercase();
    let found = place_at(&bearer.call, domain.clone(), name.site.clone(), item).await;
    let place = found.map_err(|error| match error {
        ItemError::NotFound => absent_page(),
        failure => server_failure(&failure),
    })?;
    let address = |item| WebAddress { domain: domain.clone(), site: name.site.clone(), item }.url("");
    Ok(AtPlace { bearer, place, page: address(item), site: address(None) })
}
