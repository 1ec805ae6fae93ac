//! Audit records: one way to write them, with ids from the runtime, and with the name and kind of whom they are about as
//! they are at that moment (sharing-and-guests.md 7.3).

use model::{Actor, AuditEvent, GroupKind, UserId, UserKind};
use runtime::Runtime;
use storage::{Audited, Scope, StorageError, Writing};

/// Starts a record of something done now.
#[must_use]
pub fn event(runtime: &Runtime, actor: Actor, operation: &'static str) -> AuditEvent {
    AuditEvent::new(runtime.now(), actor, operation)
}

/// Writes records and returns the proof that a commit asks for.
///
/// # Errors
/// A storage error.
pub fn record(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    events: &[AuditEvent],
) -> Result<Audited, StorageError> {
    let mut named = Vec::with_capacity(events.len());
    for event in events {
        named.push((runtime.random(), with_target(scope, event.clone())?));
    }
    scope.audit().record_all(named.iter().map(|(id, event)| (*id, event)).collect())
}

/// Says who is meant in words that stay true when the object is gone.
fn with_target(scope: &mut Scope<'_, Writing>, event: AuditEvent) -> Result<AuditEvent, StorageError> {
    const TYPE: &str = "TargetUserOrGroupType";
    const NAME: &str = "TargetUserOrGroupName";
    let detail =
        |name: &str| event.details.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    if let Some(user) = event.target {
        let Some(person) = scope.users().find_even_deleted(user)? else { return Ok(event) };
        let kind = if person.kind == UserKind::Guest { "Guest" } else { "Member" };
        return Ok(event.detail(TYPE, kind).detail(NAME, person.mail.unwrap_or(person.principal_name)));
    }
    if let Some(group) = detail("Group").and_then(|group| group.parse().ok()) {
        let Some(group) = scope.groups().find(group)? else { return Ok(event) };
        let kind = if group.kind == GroupKind::Security { "SecurityGroup" } else { "SharePointGroup" };
        return Ok(event.detail(TYPE, kind).detail(NAME, group.display_name));
    }
    Ok(match detail("Recipient") {
        Some(address) => event.detail(TYPE, "Guest").detail(NAME, address),
        None => event,
    })
}

/// Returns the person behind an actor, if it is one.
#[must_use]
pub fn acting_person(actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Person(user) => Some(user),
        Actor::Application(_) | Actor::Operator | Actor::System(_) => None,
    }
}
