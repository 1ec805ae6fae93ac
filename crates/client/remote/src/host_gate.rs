//! Host gates: a cloud that asked to be left alone is left alone by everything in this program, until the time it named.
//!
//! One root's *429* would else be followed by every other root's request, and by the stream of hints, which connects
//! again by itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::CloudOrigin;

/// Until when which cloud is left alone. Clones share everything; one is meant for the whole program.
#[derive(Debug, Clone, Default)]
pub struct HostGates(Arc<Mutex<BTreeMap<CloudOrigin, Duration>>>);

impl HostGates {
    /// Returns how long nothing may be sent; none when the way is free. `now` is the program's running time.
    pub(crate) fn wait(&self, origin: &CloudOrigin, now: Duration) -> Option<Duration> {
        let mut gates = self.lock();
        let left = gates.get(origin)?.saturating_sub(now);
        if left.is_zero() {
            gates.remove(origin);
            return None;
        }
        Some(left)
    }

    /// Notes that a cloud asked to be left alone. A longer wait asked for before stays.
    pub(crate) fn close(&self, origin: &CloudOrigin, until: Duration) {
        let mut gates = self.lock();
        let gate = gates.entry(origin.clone()).or_insert(until);
        *gate = (*gate).max(until);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<CloudOrigin, Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::HostGates;

    #[test]
    fn a_gate_opens_when_its_time_has_come_and_only_its_own_cloud_waits() {
        let (gates, seconds) = (HostGates::default(), Duration::from_secs);
        let (cloud, other) =
            ("https://cloud.example".parse().unwrap(), "https://other.example".parse().unwrap());
        assert_eq!(gates.wait(&cloud, seconds(0)), None);
        gates.close(&cloud, seconds(100));
        // A shorter wait asked for meanwhile does not open it earlier.
        gates.clone().close(&cloud, seconds(50));
        assert_eq!(gates.wait(&cloud, seconds(40)), Some(seconds(60)));
        assert_eq!(gates.wait(&other, seconds(40)), None);
        assert_eq!(gates.wait(&cloud, seconds(100)), None);
    }
}
