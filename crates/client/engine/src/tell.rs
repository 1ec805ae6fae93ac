//! Tell: makes the status that people see from what the engine knows.

use sync_core::{Op, Question};
use transfer::ItemRole;

use crate::engine::Life;
use crate::transfers::TransferKey;
use crate::{Counts, HeldDeletion, ProblemLine, RootState, RootStatus, TransferLine};

impl Life<'_> {
    /// Publishes a fresh snapshot.
    pub(crate) fn tell(&mut self) {
        let held = self.plan.questions.first().map(|question| {
            let Question::MassDelete { items, total } = question;
            HeldDeletion {
                count: items.len(),
                total: *total,
                sample: items.iter().take(10).cloned().collect(),
            }
        });
        let state = match &self.closed {
            Some(closed) => closed.state,
            None if self.control.paused => RootState::Paused,
            None if held.is_some() => RootState::Guarded,
            None if self.control.role == ItemRole::Read => RootState::ReadOnly,
            None => RootState::Active,
        };
        let (problems, transfers, counts) = (self.problem_lines(), self.transfer_lines(), self.counts());
        let observed =
            self.stale.everything.is_none() && self.stale.folders.is_empty() && self.feed_due.is_none();
        let retries = self.holds.are_fresh(self.planned_at) || self.next_rewrite().is_some();
        let quiet =
            self.plan.batch.is_empty() && self.plan.wake.is_empty() && self.missing.is_empty() && !retries;
        let closed = self.closed.clone();
        let says = match (&closed, &self.trouble) {
            (Some(closed), _) => (closed.message.clone(), closed.remedy.clone()),
            (None, Some((message, remedy))) => (message.clone(), (*remedy).to_owned()),
            (None, None) => Default::default(),
        };
        let view_only = self.control.role == ItemRole::Read;
        self.status.send_modify(|status| {
            status.state = state;
            status.view_only = view_only;
            status.reason = closed.as_ref().and_then(|closed| closed.reason);
            status.demand = closed.as_ref().and_then(|closed| closed.demand);
            status.url = closed.as_ref().and_then(|closed| closed.url.clone());
            (status.message, status.remedy) = says;
            status.up_to_date = observed && quiet && !status.offline && self.unanswered.is_empty();
            status.counts = counts;
            status.problems = problems;
            status.transfers = transfers;
            status.held = held;
        });
    }

    fn problem_lines(&self) -> Vec<ProblemLine> {
        let blocked = self.plan.blocked.iter().take(RootStatus::MAX_PROBLEMS);
        blocked
            .map(|(node, problem)| ProblemLine {
                path: self.path_of_node(node).map(|path| path.to_string()).unwrap_or_default(),
                message: problem.message(),
                remedy: problem.remedy().to_owned(),
                problem: problem.clone(),
            })
            .collect()
    }

    fn transfer_lines(&self) -> Vec<TransferLine> {
        self.transfers
            .running()
            .map(|(key, direction, done, total)| {
                let path = match key {
                    TransferKey::Up(local) => self.path_of(None, Some(*local)),
                    TransferKey::Down(item) => self.path_of(Some(item), None),
                };
                TransferLine {
                    path: path.map(|path| path.to_string()).unwrap_or_default(),
                    direction,
                    done,
                    total,
                }
            })
            .collect()
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts {
            synced: self.trees.synced.tree().len().saturating_sub(1),
            problems: self.plan.blocked.len(),
            pending: self.plan.waiting.len() + self.plan.left,
            ..Counts::default()
        };
        for op in &self.plan.batch {
            match op {
                Op::UploadNew { .. } | Op::UploadVersion { .. } | Op::CreateDir { .. } => {
                    counts.uploading += 1
                }
                Op::PlaceFile { .. } | Op::ReplaceFile { .. } | Op::MakeDirLocal { .. } => {
                    counts.downloading += 1
                }
                _ => counts.pending += 1,
            }
        }
        counts.conflicts = self.trees.unsettled().conflicts();
        counts
    }
}
