//! `POST /invitations`: makes a guest, with or without a mail (A07), or lets one accept anew (`resetRedemption`).

use axum::Json;
use axum::extract::State;
use directory::{GuestInvitation, Notify, invite_guest, reset_redemption};
use graph_types::{Identity, Invitation};
use http::StatusCode;
use model::{GuestState, User};

use crate::json_body::JsonBody;
use crate::{Administering, Admits, ApiError, App, RouteTable};

/// Longest message, in characters.
const LONGEST_MESSAGE: usize = 2_000;

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes.post("/v1.0/invitations", Admits::Token, create_invitation)
}

async fn create_invitation(
    State(app): State<App>,
    Administering { call, .. }: Administering,
    JsonBody(asked): JsonBody<Invitation>,
) -> Result<(StatusCode, Json<Invitation>), ApiError> {
    app.invitations.admit(call.tenant(), app.runtime.elapsed())?;
    if asked.invited_user_type.as_ref().is_some_and(|kind| !kind.eq_ignore_ascii_case("guest")) {
        return Err(ApiError::NotSupported("an invitedUserType other than Guest"));
    }
    let message = asked.invited_user_message_info.as_ref();
    let message = message.and_then(|message| message.customized_message_body.clone());
    let new = GuestInvitation {
        address: asked.invited_user_email_address.parse().map_err(|error| invalid_address(&error))?,
        display_name: asked.invited_user_display_name.clone(),
        redirect_url: asked.invite_redirect_url.clone(),
        message: checked_message(message)?,
        origin: app.settings.origin.clone(),
    };
    let notify = if asked.send_invitation_message { Notify::Mail } else { Notify::Nobody };
    let invited = if asked.reset_redemption {
        let guest = asked.invited_user.as_ref().and_then(|user| user.id.as_deref());
        let guest = guest.ok_or_else(|| ApiError::invalid("resetRedemption needs invitedUser.id"))?;
        reset_redemption(&call, guest.parse().map_err(|_| ApiError::NotFound)?, new, notify).await?
    } else {
        invite_guest(&call, new, notify).await?
    };
    let made = Invitation {
        id: Some(invited.invitation.to_string()),
        invite_redeem_url: Some(invited.redeem_url),
        status: Some(status_of(&invited.guest).to_owned()),
        invited_user_type: Some("Guest".to_owned()),
        invited_user: Some(Identity {
            id: Some(invited.guest.id.to_string()),
            display_name: Some(invited.guest.display_name),
            email: invited.guest.mail,
        }),
        ..asked
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Says how an invitation of somebody stands.
pub(super) fn status_of(guest: &User) -> &'static str {
    if guest.guest_state == Some(GuestState::Accepted) { "Completed" } else { "PendingAcceptance" }
}

/// Checks what an inviter writes.
pub(super) fn checked_message(message: Option<String>) -> Result<Option<String>, ApiError> {
    if message.as_ref().is_some_and(|text| text.chars().count() > LONGEST_MESSAGE || text.contains('\0')) {
        let said = format!("a message may have at most {LONGEST_MESSAGE} characters, U+0000 not among them");
        return Err(ApiError::invalid(said));
    }
    Ok(message)
}

fn invalid_address(error: &model::InvalidAddress) -> ApiError {
    ApiError::invalid(format!("invitedUserEmailAddress: {error}"))
}
