//! Limit of invitations: 150 requests in five seconds for an organization, all programs and people together
//! (sharing-and-guests.md 10.3). Counted by each server process for itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::TenantId;

use crate::ApiError;

/// Requests admitted within [`WINDOW`].
const MOST: usize = 150;
const WINDOW: Duration = Duration::from_secs(5);

/// When each organization's last invitations were asked for.
#[derive(Debug, Clone, Default)]
pub struct InvitationLimit(Arc<Mutex<BTreeMap<TenantId, VecDeque<Duration>>>>);

impl InvitationLimit {
    /// Counts a request made at `now`, the time since the start of the process.
    ///
    /// # Errors
    /// [`ApiError::Throttled`] when there were too many.
    pub(crate) fn admit(&self, tenant: TenantId, now: Duration) -> Result<(), ApiError> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = counted.entry(tenant).or_default();
        while asked.front().is_some_and(|first| now.saturating_sub(*first) >= WINDOW) {
            asked.pop_front();
        }
        match asked.front() {
            Some(first) if asked.len() >= MOST => {
                Err(ApiError::Throttled { after: WINDOW.saturating_sub(now.saturating_sub(*first)) })
            }
            _ => {
                asked.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::TenantId;

    use super::InvitationLimit;
    use crate::ApiError;

    #[test]
    fn s_10_3_the_151st_request_within_five_seconds_waits_and_others_are_not_held_up() {
        let limit = InvitationLimit::default();
        let (contoso, fabrikam) = (TenantId::from_random([1; 16]), TenantId::from_random([2; 16]));
        for _ in 0..150 {
            assert!(limit.admit(contoso, Duration::from_secs(10)).is_ok());
        }
        let refused = limit.admit(contoso, Duration::from_secs(12));
        assert!(matches!(refused, Err(ApiError::Throttled { after }) if after == Duration::from_secs(3)));
        assert!(limit.admit(fabrikam, Duration::from_secs(12)).is_ok());
        assert!(limit.admit(contoso, Duration::from_secs(15)).is_ok());
    }
}
