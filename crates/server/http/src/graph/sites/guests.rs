//! `GET /sites/{id}/guests` and `POST /sites/{id}/guests/{user}/extend`: ours; guests' time in a site, for its owners.

use axum::Json;
use axum::extract::{Path, State};
use drive::sites::{SiteGuest, extend_guest, list_site_guests};
use graph_types::{Collection, Identity};

use super::SiteName;
use crate::{ApiError, App, Authenticated};

pub(super) async fn list_guests(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    Path(name): Path<String>,
) -> Result<Json<Collection<graph_types::SiteGuest>>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    let guests = list_site_guests(&call, caller, site).await?;
    Ok(Json(Collection::last(guests.into_iter().map(shape).collect())))
}

pub(super) async fn post_extend(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    Path((name, guest)): Path<(String, String)>,
) -> Result<Json<graph_types::SiteGuest>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    let guest = guest.parse().map_err(|_| ApiError::NotFound)?;
    Ok(Json(shape(extend_guest(&call, caller, site, guest).await?)))
}

fn shape(SiteGuest { guest, stay }: SiteGuest) -> graph_types::SiteGuest {
    graph_types::SiteGuest {
        user: Identity {
            id: Some(guest.id.to_string()),
            display_name: Some(guest.display_name),
            email: guest.mail,
        },
        joined_date_time: stay.joined.into(),
        expiration_date_time: stay.ends.map(Into::into),
    }
}
