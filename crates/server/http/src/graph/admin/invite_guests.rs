//! `POST /admin/guests/invite`: ours; many guests in one request, each put into a group when one is named (A08). One outcome
//! each, in their order: one who cannot be invited never stops the rest, and repeating it changes nothing.

use axum::Json;
use axum::extract::State;
use directory::{GuestInvitation, Invited, Notify, invite_into_group, require_inviter};
use graph_types::Collection;
use http::StatusCode;
use model::GroupId;
use serde::{Deserialize, Serialize};

use crate::graph::invitations::{checked_message, status_of};
use crate::json_body::JsonBody;
use crate::{Administering, ApiError, App};

/// Most people in a request.
const MOST: usize = 200;

/// Whom to invite, and what all of them get.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ManyGuests {
    people: Vec<OnePerson>,
    #[serde(default)]
    group_id: Option<String>,
    invite_redirect_url: String,
    #[serde(default)]
    send_invitation_message: bool,
    #[serde(default)]
    customized_message_body: Option<String>,
}

#[derive(Deserialize)]
struct OnePerson {
    #[serde(default)]
    name: Option<String>,
    email: String,
}

/// What came of one.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redeem_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invite_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refusal>,
}

#[derive(Serialize)]
struct Refusal {
    code: &'static str,
    message: String,
}

pub(super) async fn invite_guests(
    State(app): State<App>,
    Administering { call, .. }: Administering,
    JsonBody(asked): JsonBody<ManyGuests>,
) -> Result<Json<Collection<Outcome>>, ApiError> {
    app.invitations.admit(call.tenant(), app.runtime.elapsed())?;
    require_inviter(&call).await?;
    if asked.people.is_empty() || asked.people.len() > MOST {
        return Err(ApiError::invalid(format!("a request names between 1 and {MOST} people")));
    }
    let message = checked_message(asked.customized_message_body)?;
    let group: Option<GroupId> =
        asked.group_id.map(|id| id.parse().map_err(|_| ApiError::NotFound)).transpose()?;
    let notify = if asked.send_invitation_message { Notify::Mail } else { Notify::Nobody };
    let mut value = Vec::with_capacity(asked.people.len());
    for person in asked.people {
        let invited = match person.email.parse() {
            Ok(address) => {
                let new = GuestInvitation {
                    address,
                    display_name: person.name.filter(|name| !name.trim().is_empty()),
                    redirect_url: asked.invite_redirect_url.clone(),
                    message: message.clone(),
                    origin: app.settings.origin.clone(),
                };
                invite_into_group(&call, new, notify, group).await.map_err(ApiError::from)
            }
            Err(error) => {
                let error: model::InvalidAddress = error;
                Err(ApiError::invalid(format!("email: {error}")))
            }
        };
        value.push(outcome(person.email, invited)?);
    }
    Ok(Json(Collection::last(value)))
}

/// Writes what came of one. A failure that is not about the person fails the request: it is to be repeated.
fn outcome(email: String, invited: Result<Invited, ApiError>) -> Result<Outcome, ApiError> {
    Ok(match invited {
        Ok(invited) => Outcome {
            email,
            status: Some(status_of(&invited.guest)),
            user_id: Some(invited.guest.id.to_string()),
            redeem_url: Some(invited.redeem_url),
            invite_id: Some(invited.invitation.to_string()),
            error: None,
        },
        Err(error) => {
            let (status, code) = error.told();
            if status == StatusCode::INTERNAL_SERVER_ERROR {
                return Err(error);
            }
            let error = Some(Refusal { code, message: error.to_string() });
            Outcome { email, status: None, user_id: None, redeem_url: None, invite_id: None, error }
        }
    })
}
