//! The link an address names, opened for its caller.

use axum::extract::{FromRequestParts, Path};
use data_encoding::BASE64URL_NOPAD;
use directory::Ticket;
use drive::links::{LinkAddress, LinkUse, LinkViewer, LinkedItem, load_linked_item, redeem};
use drive::reading::ItemView;
use graph_types::DriveItem;
use http::request::Parts;
use serde::Deserialize;

use crate::graph::items::drive_item;
use crate::{ApiError, App, Authenticated};

/// A link with who uses it.
pub(super) struct NamedShare {
    pub(super) app: App,
    pub(super) caller: Authenticated,
    pub(super) ticket: Ticket,
    durable: bool,
}

#[derive(Deserialize)]
struct ShareName {
    share: String,
}

impl FromRequestParts<App> for NamedShare {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = Authenticated::from_request_parts(parts, app).await?;
        let name = Path::<ShareName>::from_request_parts(parts, app).await;
        let Path(name) = name.map_err(|_| ApiError::NotFound)?;
        let ticket = ticket(&app.settings.origin, &name.share).ok_or(ApiError::NotFound)?;
        if ticket.tenant() != caller.caller.tenant {
            let authority = format!("{}/{}/oauth2/v2.0/authorize", app.settings.origin, ticket.tenant());
            return Err(ApiError::OtherTenant { authority });
        }
        let preferences = parts.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let durable = preferences
            .flat_map(|value| value.split([',', ';']))
            .any(|word| word.trim().eq_ignore_ascii_case("redeemSharingLink"));
        Ok(Self { app: app.clone(), caller, ticket, durable })
    }
}

fn ticket(origin: &str, share: &str) -> Option<Ticket> {
    let Some(encoded) = share.strip_prefix("u!") else { return Ticket::parse(share) };
    let url = BASE64URL_NOPAD.decode(encoded.trim_end_matches('=').as_bytes()).ok()?;
    let url = String::from_utf8(url).ok()?;
    LinkAddress::parse(origin, &url).map(|address| address.0)
}

impl NamedShare {
    /// Makes access last, if that was asked for, and returns the use to be judged. A link with a password is opened in
    /// the browser only.
    pub(super) async fn used(&self) -> Result<LinkUse, ApiError> {
        if self.durable {
            redeem(&self.caller.call, self.caller.caller, self.ticket.clone(), None).await?;
        }
        let viewer = LinkViewer::Person(self.caller.caller);
        Ok(LinkUse { ticket: self.ticket.clone(), viewer, password: None })
    }

    /// Loads the item the link was made for.
    pub(super) async fn item(&self) -> Result<LinkedItem, ApiError> {
        let used = self.used().await?;
        Ok(load_linked_item(&self.caller.call, used, Vec::new()).await?)
    }

    /// Returns the link's address.
    pub(super) fn url(&self, item: &LinkedItem) -> String {
        LinkAddress(self.ticket.clone()).url(&self.app.settings.origin, item.opens)
    }

    /// Writes an item. Its address is the link's: the site's own may be hidden from the caller.
    pub(super) fn shape(&self, url: &str, view: &ItemView) -> DriveItem {
        DriveItem { web_url: Some(url.to_owned()), ..drive_item(&self.app.settings.origin, view) }
    }
}
