//! Invitation: `POST /invitations` (sharing-and-guests.md 4.1).

use serde::{Deserialize, Serialize};

use crate::Identity;

/// What the invited person is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitedUserMessageInfo {
    /// What the inviter writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customized_message_body: Option<String>,
}

/// An invitation, asked for or made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Invitation {
    /// Its id; set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The invited address.
    pub invited_user_email_address: String,
    /// Where the browser goes after accepting.
    pub invite_redirect_url: String,
    /// Name shown to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_user_display_name: Option<String>,
    /// Whether a mail is sent.
    pub send_invitation_message: bool,
    /// What the mail says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_user_message_info: Option<InvitedUserMessageInfo>,
    /// `Guest`; anything else is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_user_type: Option<String>,
    /// Asks to bind the guest anew; not supported.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset_redemption: bool,
    /// The link that accepts; set by the server, shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite_redeem_url: Option<String>,
    /// `PendingAcceptance` or `Completed`; set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The guest; set by the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_user: Option<Identity>,
}
