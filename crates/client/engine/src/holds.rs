//! Holds: nodes left alone for a while because something refused them, with growing patience.

use std::collections::BTreeMap;
use std::time::Duration;

use runtime::Runtime;
use sync_core::{ItemId, LocalId, NodeRef, Policy, Problem};

/// After so many failures in a row a node counts as a problem and no longer as work under way.
const PATIENCE: u32 = 4;

#[derive(Debug, Clone)]
struct Hold {
    /// Failures in a row; 0 for a hold of a fixed time.
    strikes: u32,
    until: Duration,
    problem: Option<Problem>,
}

/// The nodes held, each until a time.
#[derive(Debug, Default)]
pub(crate) struct Holds {
    holds: BTreeMap<NodeRef, Hold>,
}

impl Holds {
    /// Notes a failure. The first is forgiven at once, since the trees were merely old; later ones wait longer.
    pub(crate) fn strike(&mut self, runtime: &Runtime, node: NodeRef, problem: Problem) {
        let hold =
            self.holds.entry(node).or_insert(Hold { strikes: 0, until: Duration::ZERO, problem: None });
        hold.strikes += 1;
        if hold.strikes > 1 {
            hold.problem = Some(problem);
            hold.until = runtime.elapsed() + backoff(runtime, hold.strikes);
        }
    }

    /// Holds a node for a certain time.
    pub(crate) fn hold(&mut self, runtime: &Runtime, node: NodeRef, problem: Problem, time: Duration) {
        let until = runtime.elapsed() + time;
        self.holds.insert(node, Hold { strikes: 0, until, problem: Some(problem) });
    }

    /// Notes a success.
    pub(crate) fn clear(&mut self, item: Option<&ItemId>, local: Option<LocalId>) {
        if self.holds.is_empty() {
            return;
        }
        if let Some(item) = item {
            self.holds.remove(&NodeRef::Item(item.clone()));
        }
        if let Some(local) = local {
            self.holds.remove(&NodeRef::Local(local));
        }
    }

    /// Lets everything go, because the person asked or the world changed.
    pub(crate) fn release(&mut self) {
        self.holds.clear();
    }

    /// Writes the holds in force into the policy.
    pub(crate) fn apply(&self, now: Duration, policy: &mut Policy) {
        for (node, hold) in &self.holds {
            let Some(problem) = hold.problem.clone().filter(|_| hold.until > now) else { continue };
            match node {
                NodeRef::Item(item) => policy.held_items.insert(item.clone(), problem),
                NodeRef::Local(local) => policy.held_locals.insert(*local, problem),
            };
        }
    }

    /// Tells whether something is held that failed only a few times so far: it is soon tried again, and until then
    /// nobody can say that nothing is left to do.
    pub(crate) fn are_fresh(&self, now: Duration) -> bool {
        let mut held = self.holds.values().filter(|hold| hold.problem.is_some() && hold.until > now);
        held.any(|hold| hold.strikes > 0 && hold.strikes < PATIENCE)
    }

    /// Returns how often a node failed and how long it is left alone from `now` on.
    pub(crate) fn of(&self, node: &NodeRef, now: Duration) -> Option<(u32, Duration)> {
        self.holds.get(node).map(|hold| (hold.strikes, hold.until.saturating_sub(now)))
    }

    /// Returns when the next hold ends.
    pub(crate) fn next(&self, now: Duration) -> Option<Duration> {
        self.holds
            .values()
            .filter(|hold| hold.problem.is_some() && hold.until > now)
            .map(|hold| hold.until)
            .min()
    }
}

/// Returns a wait that doubles with the attempts, up to five minutes, with jitter.
pub(crate) fn backoff(runtime: &Runtime, attempts: u32) -> Duration {
    let base = Duration::from_millis(500).saturating_mul(1 << attempts.min(10)).min(Duration::from_secs(300));
    let jitter = u64::from(u16::from_le_bytes(runtime.random())) % 500;
    base.mul_f64(0.75) + base.mul_f64(0.0005).saturating_mul(u32::try_from(jitter).unwrap_or(0))
}
