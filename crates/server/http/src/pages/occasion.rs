//! Occasion: why somebody is asked to sign in, read from where they will go on.

use crate::App;

/// What the sign-in page says above its question.
pub(super) struct Occasion {
    /// For people.
    pub(super) text: String,
    /// The address to pre-fill (A04).
    pub(super) address: Option<String>,
}

/// Returns the occasion of a continuation; none when there is nothing special to say.
pub(super) async fn of(app: &App, then: &str) -> Option<Occasion> {
    let path = then.split('?').next().unwrap_or_default();
    if path.ends_with("/oauth2/v2.0/authorize") {
        return Some(Occasion { text: "to continue to the Footbridge sync app".to_owned(), address: None });
    }
    if path == "/device" {
        return Some(Occasion { text: "to connect another device".to_owned(), address: None });
    }
    let ticket = path.strip_prefix("/redeem/")?;
    // A failure here costs a sentence and a pre-filled field, nothing else; the next page would report it.
    let invitation = app.identity.invitation(ticket).await.ok().flatten()?;
    let organization = &invitation.organization;
    let text = match &invitation.inviter {
        Some(inviter) => format!("{inviter} from {organization} invited you. Sign in with your own account."),
        None => format!("{organization} invited you. Sign in with your own account."),
    };
    // Whoever holds the ticket got it at this address, or was given it by who did.
    Some(Occasion { text, address: Some(invitation.invited) })
}
