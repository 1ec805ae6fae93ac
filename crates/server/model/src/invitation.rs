//! Invitation: the offer to become a guest (sharing-and-guests.md 4.1). Its ticket is known only to the recipient.

use jiff::Timestamp;

use crate::{InvitationId, SecretHash, TenantId, UserId};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The tenant that invites.
    pub tenant: TenantId,
    /// The guest object made for it.
    pub guest: UserId,
    /// The address it was sent to, as typed.
    pub email: String,
    /// Hash of the ticket in the redeem link. The ticket itself is stored nowhere.
    pub ticket_hash: SecretHash,
    /// Where the browser goes after redemption.
    pub redirect_url: String,
    /// What the inviter wrote.
    pub message: Option<String>,
    /// Who invited; none when the operator did.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was accepted.
    pub redeemed: Option<Timestamp>,
}
