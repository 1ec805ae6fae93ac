//! Naming more people in a link that stands; each is judged by themselves.

use directory::record;
use model::{Caller, LinkId, LinkKind};
use storage::{Call, Commit, Unaudited};

use super::list::views;
use super::{LinkAddress, LinkSecrets};
use crate::sharing::{RecipientName, ShareRefusal, ShareRequest, Sharing, SharingError, check_request};

/// Adds people to those a link for specific people names. `request` says who, and at which place the link was made;
/// its role is the link's.
///
/// # Errors
/// [`SharingError::NotFound`], [`SharingError::Inherited`], or [`SharingError::Options`] for a link of another kind.
pub async fn name_in_link(
    call: &Call,
    caller: Caller,
    link: LinkId,
    request: ShareRequest,
) -> Result<Vec<(RecipientName, Result<(), ShareRefusal>)>, SharingError> {
    check_request(&request, 1)?;
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let (place, views) = views(scope, &caller, runtime.now(), request.place)?;
        let found = views.into_iter().find(|view| view.link.id == link).ok_or(SharingError::NotFound)?;
        if found.inherited {
            return Err(SharingError::Inherited);
        }
        if found.link.kind != LinkKind::SpecificPeople {
            return Err(SharingError::Options("only a link for specific people names recipients"));
        }
        let request = ShareRequest { role: found.link.role, ..request };
        let secrets = LinkSecrets::load(scope, &runtime)?;
        let address = LinkAddress(secrets.ticket(link)).url(&request.origin, found.opens);
        let mut sharing = Sharing::begin(scope, &runtime, caller, &request, place)?;
        sharing.leads_to(address);
        let mut outcomes = Vec::with_capacity(request.recipients.len());
        for recipient in &request.recipients {
            let result = sharing.name(scope, &found.link, recipient)?;
            outcomes.push((recipient.clone(), result));
        }
        let events = sharing.into_events();
        if events.is_empty() {
            return Ok(Commit::unaudited(outcomes, Unaudited::NothingChanged));
        }
        let proof = record(scope, &runtime, &events)?;
        Ok(Commit::new(outcomes, proof))
    })
    .await
}
