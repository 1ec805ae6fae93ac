//! The door of what lies beneath a site's address for somebody signed in: downloads and forms.

use axum::response::Response;
use identity::{Authority, Bearer, IdentityError};
use model::{DriveId, ItemId};
use serde::Deserialize;

use super::Visitor;
use super::answer::{absent_page, failed_page};
use crate::App;

/// Names in the address of an item of a site.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ItemName {
    organization: String,
    site: String,
    drive: String,
    item: String,
    /// The version that is restored.
    pub(super) version: Option<String>,
}

/// Somebody signed in who came to an item.
pub(super) struct AtItem {
    pub(super) bearer: Bearer,
    pub(super) drive: DriveId,
    pub(super) item: ItemId,
    /// The path of the item's page.
    pub(super) page: String,
}

/// Lets somebody in; the error is the page to answer. What they may do at the item is not judged yet.
pub(super) async fn enter_item(app: &App, visitor: &Visitor, name: &ItemName) -> Result<AtItem, Response> {
    let bearer = enter_organization(app, visitor, &name.organization).await?;
    let named = name.drive.parse::<DriveId>().ok().zip(name.item.parse::<ItemId>().ok());
    let (drive, item) = named.ok_or_else(absent_page)?;
    let organization = name.organization.to_lowercase();
    let page =
        drive::sites::WebAddress { domain: organization, site: name.site.clone(), item: Some((drive, item)) };
    Ok(AtItem { bearer, drive, item, page: page.url("") })
}

/// Lets somebody into an organization named by one of its domains; the error is the page to answer.
pub(super) async fn enter_organization(
    app: &App,
    visitor: &Visitor,
    organization: &str,
) -> Result<Bearer, Response> {
    let person = visitor.require()?;
    let tenant = match app.identity.authority(&organization.to_lowercase()).await {
        Ok(Authority::Tenant(tenant)) => tenant,
        Ok(Authority::Home) | Err(IdentityError::Refused(_)) => return Err(absent_page()),
        Err(failure) => return Err(failed_page(failure)),
    };
    match visitor.identity().enter(person, tenant).await {
        Ok(bearer) => Ok(bearer),
        Err(IdentityError::Refused(refusal)) if refusal.is_of_the_door() => {
            Err(visitor.step_up(&refusal, tenant).unwrap_or_else(|| failed_page(refusal.into())))
        }
        Err(IdentityError::Refused(_)) => Err(absent_page()),
        Err(failure) => Err(failed_page(failure)),
    }
}
