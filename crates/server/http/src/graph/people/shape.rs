//! A person as Graph shows them.

use graph_types::User;
use model::{GuestState, UserKind};

/// Writes a person; `addresses` are all they are known by.
pub(in crate::graph) fn user(person: &model::User, addresses: &[String]) -> User {
    let guest = person.kind == UserKind::Guest;
    let own = person.mail.as_deref().map(str::to_lowercase);
    User {
        id: person.id.to_string(),
        display_name: person.display_name.clone(),
        mail: person.mail.clone(),
        user_principal_name: person.principal_name.clone(),
        user_type: if guest { "Guest" } else { "Member" }.to_owned(),
        account_enabled: person.enabled,
        creation_type: guest.then(|| "Invitation".to_owned()),
        external_user_state: person.guest_state.map(|state| state_name(state).to_owned()),
        other_mails: addresses.iter().filter(|address| Some(*address) != own.as_ref()).cloned().collect(),
        created_date_time: Some(person.created.into()),
    }
}

/// Returns Graph's name of an invitation's state.
pub(super) fn state_name(state: GuestState) -> &'static str {
    match state {
        GuestState::PendingAcceptance => "PendingAcceptance",
        GuestState::Accepted => "Accepted",
    }
}
