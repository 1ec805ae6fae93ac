//! The end of deleted guests: 30 days after a guest was deleted nothing of the person is left (sharing-and-guests.md 4.8).

use std::time::Duration;

use model::{AuditEvent, Timestamp};
use storage::{Commit, Operator, StorageError, System};

use crate::record;

/// How long a deleted guest can be brought back.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Guests looked up at once.
const AT_ONCE: i64 = 200;

/// Ends every guest for good who was deleted 30 days ago or longer. Returns how many.
///
/// # Errors
/// A storage error.
pub async fn purge_deleted_guests(operator: &Operator) -> Result<usize, StorageError> {
    let store = operator.store().clone();
    let now = store.runtime().now();
    let before = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    let mut purged = 0;
    loop {
        let due = operator.read(move |cloud| cloud.list_guests_deleted_before(before, AT_ONCE)).await?;
        if due.is_empty() {
            return Ok(purged);
        }
        for (tenant, guest) in due {
            let system = System::new(store.clone(), tenant, "deleted guests");
            let (actor, runtime) = (system.actor(), store.runtime().clone());
            let gone = system.write(move |scope| -> Result<_, StorageError> {
                scope.guest_lives().purge(guest, now)?;
                let done = AuditEvent::new(now, actor, "Hard Delete user").target(guest);
                let proof = record(scope, &runtime, &[done])?;
                Ok(Commit::new((), proof))
            });
            gone.await?;
            purged += 1;
        }
    }
}
