//! Decision: the conditions of an answer, in the order in which the first failed one is the reason.

use crate::Reason;

/// One condition, judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// What a failure of this condition is called.
    pub reason: Reason,
    /// Whether it holds.
    pub passed: bool,
}

/// An answer with every condition that was judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    checks: Vec<Check>,
}

impl Decision {
    /// Starts an answer without conditions; it allows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition: `reason` is what its failure is called, `passed` whether it holds.
    #[must_use]
    pub fn require(mut self, reason: Reason, passed: bool) -> Self {
        self.checks.push(Check { reason, passed });
        self
    }

    /// Adds the conditions of another answer behind this one's.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.checks.extend(other.checks);
        self
    }

    /// Returns whether every condition holds.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
    }

    /// Returns the first condition that fails.
    #[must_use]
    pub fn refusal(&self) -> Option<Reason> {
        self.checks.iter().find(|check| !check.passed).map(|check| check.reason)
    }

    /// Returns every condition, judged.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// Returns why this refuses what another answer allowed; none when nothing is lost. With the same facts judged
    /// under an old and a new policy it is the preview of a change.
    #[must_use]
    pub fn newly_refused(&self, before: &Self) -> Option<Reason> {
        if before.allows() { self.refusal() } else { None }
    }

    /// Turns a refusal into an error.
    ///
    /// # Errors
    /// The first reason against.
    pub fn into_result(self) -> Result<(), Reason> {
        self.refusal().map_or(Ok(()), Err)
    }
}
