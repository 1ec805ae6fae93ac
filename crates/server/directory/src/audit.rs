//! Audit records: one way to write them, with ids from the runtime.

use model::{Actor, AuditEvent, UserId};
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
    scope.audit().record_all(events.iter().map(|event| (runtime.random(), event)).collect())
}

/// Returns the person behind an actor, if it is one.
#[must_use]
pub fn acting_person(actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Person(user) => Some(user),
        Actor::Application(_) | Actor::Operator | Actor::System(_) => None,
    }
}
