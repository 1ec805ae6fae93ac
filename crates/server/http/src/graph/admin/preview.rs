//! `POST /admin/sharepoint/settings/preview` and `POST /admin/sites/{id}/preview`: ours; what a `PATCH` with the same body
//! would end. Nothing is changed.

use axum::Json;
use axum::extract::{Path, State};
use drive::sharing::{Loser, Loss, Proposal, preview};
use graph_types::{Collection, Identity, SharepointSettings, SharingLoss, SiteSharingSettings};

use super::{update_settings, update_site};
use crate::graph::sites::SiteName;
use crate::json_body::JsonBody;
use crate::{ApiError, App, Authenticated};

pub(super) async fn preview_settings(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<SharepointSettings>,
) -> Result<Json<Collection<SharingLoss>>, ApiError> {
    let proposal = Proposal::Organization(update_settings::change(&asked)?);
    Ok(Json(losses(preview(&call, proposal).await?)))
}

pub(super) async fn preview_site(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    Path(name): Path<String>,
    JsonBody(asked): JsonBody<SiteSharingSettings>,
) -> Result<Json<Collection<SharingLoss>>, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    let proposal = Proposal::Site(site, update_site::change(&asked)?);
    Ok(Json(losses(preview(&call, proposal).await?)))
}

fn losses(found: Vec<Loss>) -> Collection<SharingLoss> {
    Collection::last(found.into_iter().map(shape).collect())
}

fn shape(loss: Loss) -> SharingLoss {
    let (user, link_id) = match loss.loser {
        Loser::Person(person) => {
            let user = Identity {
                id: Some(person.id.to_string()),
                display_name: Some(person.display_name),
                email: person.mail,
            };
            (Some(user), None)
        }
        Loser::Link(link) => (None, Some(link.to_string())),
    };
    SharingLoss {
        site_id: loss.site.id.to_string(),
        site_name: loss.site.display_name,
        user,
        link_id,
        code: loss.reason.code().to_owned(),
        message: loss.reason.message().to_owned(),
    }
}
