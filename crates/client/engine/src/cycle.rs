//! Cycle: observe, plan, execute, and again until there is nothing left that can be done now.

use std::collections::BTreeSet;

use sync_core::{ItemId, NodeRef, Op, Policy, Problem, Question, is_swap_name, plan_unsettled};
use tokio::sync::mpsc;
use transfer::OperationBatch;

use crate::engine::{Halt, Life};
use crate::reaction::QUOTA_REST;
use crate::transfers::{DownloadJob, Failure, Report, TransferKey, UploadJob};
use crate::{
    Answer, Durability, ItemReaction, JournalKind, LocalError, LocalRef, RemoteError, item_reaction,
};

/// Most operations taken from one plan, so that a file saved meanwhile need not wait for thousands of others.
const MOST_AT_ONCE: usize = 2000;

/// How long a name of a swap may stand before it counts as left behind by a client that will not come back to it.
const SWAP_PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// Whether anything was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    Some,
    None,
}

impl Life<'_> {
    /// Works until both sides are quiet or something stands in the way.
    pub(crate) async fn work(
        &mut self,
        questions: &mut mpsc::UnboundedReceiver<crate::handle::Question>,
    ) -> Result<(), Halt> {
        if self.ask_when_closed().await? == Progress::None {
            return Ok(());
        }
        self.ports.local.health().await?;
        self.look_after_parked().await?;
        if self.plan.wake.contains(&sync_core::Wake::Settle) {
            self.look_at_moving();
        }
        loop {
            self.observe().await?;
            self.resolve_unanswered().await?;
            self.make_plan();
            self.start_transfers();
            self.tell();
            self.answer_questions(questions);
            if self.execute().await? == Progress::None {
                break;
            }
            self.ports.local.health().await?;
        }
        if self.plan.batch.is_empty() && self.transfers.is_idle() && self.plan.waiting.is_empty() {
            // Nobody waits for a stage any more.
            self.ports.local.keep_stages(&[]).await?;
        }
        Ok(())
    }

    fn make_plan(&mut self) {
        let mut policy = Policy::new(&self.settings.who, self.runtime.now());
        policy.mass_delete = self.settings.mass_delete;
        policy.confirmed_deletes = self.control.confirmed_deletes.iter().cloned().collect();
        policy.unrestorable = self.unrestorable.clone();
        self.planned_at = self.runtime.elapsed();
        policy.stranded_swaps = self.stranded_swaps();
        self.holds.apply(self.planned_at, &mut policy);
        self.hold_rewritten(&mut policy);
        if let Some((generation, old)) = &self.planned_from {
            policy.today = if *generation == self.trees.generation() { old.today } else { policy.today };
            if *generation == self.trees.generation() && *old == policy {
                return;
            }
        }
        self.planned_from = Some((self.trees.generation(), policy.clone()));
        let before = self.plan.questions.len();
        let (remote, local, synced) = (&self.trees.remote, &self.trees.local, &self.trees.synced);
        self.plan = plan_unsettled(remote, local, synced, self.trees.unsettled(), &policy);
        if before == 0
            && let Some(Question::MassDelete { items, total }) = self.plan.questions.first()
        {
            let text = format!(
                "{} of {total} files were deleted here. The server is not told until you decide.",
                items.len()
            );
            self.journal(JournalKind::Guard, None, &text);
        }
    }

    /// Items that have had a name of a swap for so long that whoever began it will not end it.
    fn stranded_swaps(&mut self) -> BTreeSet<ItemId> {
        let now = self.planned_at;
        // A name of a swap is never settled.
        let (unsettled, remote) = (self.trees.unsettled(), &self.trees.remote);
        let swapped: BTreeSet<ItemId> = unsettled
            .rows()
            .chain(unsettled.items())
            .filter(|item| remote.get(item).is_some_and(|node| is_swap_name(&node.name)))
            .cloned()
            .collect();
        self.swapped.retain(|item, _| swapped.contains(item));
        for item in swapped {
            self.swapped.entry(item).or_insert(now);
        }
        self.swapped
            .iter()
            .filter(|(_, since)| now >= **since + SWAP_PATIENCE)
            .map(|(item, _)| item.clone())
            .collect()
    }

    /// When the next name of a swap is old enough to be mended.
    pub(crate) fn next_stranded_swap(&self) -> Option<std::time::Duration> {
        self.swapped.values().map(|since| *since + SWAP_PATIENCE).filter(|at| *at > self.planned_at).min()
    }

    /// Files uploaded again and again within seconds wait a little longer each time.
    fn hold_rewritten(&mut self, policy: &mut Policy) {
        let now = self.runtime.elapsed();
        self.rewrites.retain(|_, (at, _)| now < *at + REWRITES_FORGOTTEN);
        for (item, (at, count)) in &self.rewrites {
            // What is equal on both sides waits for nothing.
            if now < *at + rest_after(*count) && self.trees.unsettled().has_row(item) {
                policy.held_items.insert(item.clone(), Problem::SavedOften);
            }
        }
    }

    /// When a file held as rewritten may go again.
    pub(crate) fn next_rewrite(&self) -> Option<std::time::Duration> {
        let waits = self.rewrites.values().map(|(at, count)| *at + rest_after(*count));
        waits.filter(|at| *at > self.planned_at).min()
    }

    /// Starts what is too large for one request, and ends what is no longer wanted.
    fn start_transfers(&mut self) {
        let mut wanted: BTreeSet<TransferKey> = BTreeSet::new();
        let (mut ups, mut downs) = (Vec::new(), Vec::new());
        for op in &self.plan.batch {
            match op {
                Op::UploadNew { local, fingerprint, .. } | Op::UploadVersion { local, fingerprint, .. }
                    if fingerprint.size > OperationBatch::MAX_INLINE as u64 =>
                {
                    wanted.insert(TransferKey::Up(*local));
                    ups.push((*local, *fingerprint, op.item().cloned()));
                }
                Op::PlaceFile { item, content, .. } | Op::ReplaceFile { item, content, .. } => {
                    wanted.insert(TransferKey::Down(item.clone()));
                    downs.push((item.clone(), *content, op.local()));
                }
                _ => {}
            }
        }
        let (waiting, left) = (&self.plan.waiting, self.plan.left);
        self.transfers.keep(|key| {
            let node = match key {
                TransferKey::Up(local) => NodeRef::Local(*local),
                TransferKey::Down(item) => NodeRef::Item(item.clone()),
            };
            wanted.contains(key) || waiting.contains(&node) || left > 0
        });
        for (local, fingerprint, base) in ups {
            self.start_upload(local, fingerprint, base);
        }
        for (item, content, base) in downs {
            self.start_download(&item, content, base);
        }
    }

    fn start_upload(
        &mut self,
        local: sync_core::LocalId,
        fingerprint: sync_core::Fingerprint,
        base: Option<ItemId>,
    ) {
        match self.transfers.ready_upload(&local) {
            Some(ready) if ready.fingerprint == fingerprint => return,
            Some(_) => self.transfers.drop_upload(&local),
            None => {}
        }
        let Some(path) = self.trees.local.path(&local) else { return };
        let known = base.as_ref().and_then(|item| self.trees.synced.get(item)).and_then(|row| row.content);
        let job = UploadJob { file: LocalRef { path, id: local }, fingerprint, base, known };
        self.transfers.start_upload(self.runtime, self.ports, job, self.settings.transfers);
    }

    fn start_download(
        &mut self,
        item: &ItemId,
        content: transfer::ContentId,
        base: Option<sync_core::LocalId>,
    ) {
        let Some(there) = self.trees.remote.get(item) else { return };
        if there.size <= OperationBatch::MAX_INLINE as u64 || self.transfers.staged(item, &content).is_some()
        {
            return;
        }
        let (size, modified) = (there.size, there.modified);
        let base = base.and_then(|local| self.local_ref(local));
        let job = DownloadJob { item: item.clone(), content, size, modified, base };
        self.transfers.start_download(self.runtime, self.ports, job, self.settings.transfers);
    }

    /// Executes what can be done now. Operations that wait for a transfer are left for a later plan.
    async fn execute(&mut self) -> Result<Progress, Halt> {
        let batch = std::mem::take(&mut self.plan.batch);
        let mut sorted = Sorted::default();
        for op in &batch {
            sorted.add(op.clone());
        }
        self.plan.batch = batch;
        let mut progress = Progress::None;
        for step in [
            self.note_knowledge(&sorted.knowledge).await?,
            self.hash_files(&sorted.hash).await?,
            self.change_disk(sorted.disk).await?,
        ] {
            if step == Progress::Some {
                progress = Progress::Some;
            }
        }
        sorted.server.truncate(MOST_AT_ONCE);
        sorted.downloads.truncate(MOST_AT_ONCE);
        if self.change_server(sorted.server).await? == Progress::Some {
            progress = Progress::Some;
        }
        if self.download(sorted.downloads).await? == Progress::Some {
            progress = Progress::Some;
        }
        Ok(progress)
    }

    /// Takes in what a transfer tells.
    pub(crate) async fn take_report(&mut self, report: Report) -> Result<(), Halt> {
        match report {
            Report::Offered(session) => {
                self.transfers.put_session(session.clone());
                self.trees.put_upload(session);
                self.commit(Durability::Observation).await?;
            }
            Report::Uploaded(local, ready) => {
                self.transfers.finished(&TransferKey::Up(local));
                self.transfers.put_ready(local, ready);
            }
            Report::Hashed(local, fingerprint, content) => {
                self.transfers.finished(&TransferKey::Up(local));
                self.learn(local, fingerprint, content)?;
            }
            Report::Staged(brought, stage) => {
                self.transfers.finished(&TransferKey::Down(brought.item.clone()));
                self.transfers.put_staged(brought, stage);
            }
            Report::Failed(key, failure) => {
                self.transfers.finished(&key);
                return self.transfer_failed(key, failure).await;
            }
        }
        Ok(())
    }

    async fn transfer_failed(&mut self, key: TransferKey, failure: Failure) -> Result<(), Halt> {
        let node = match &key {
            TransferKey::Up(local) => NodeRef::Local(*local),
            TransferKey::Down(item) => NodeRef::Item(item.clone()),
        };
        match failure {
            Failure::Local(LocalError::Changed | LocalError::Busy) => {
                self.relist(&node);
                self.holds.strike(self.runtime, node, Problem::Busy);
            }
            Failure::Local(error @ LocalError::Unavailable(_)) => return self.cope(error.into()).await,
            Failure::Local(error) => {
                if error == LocalError::Corrupt {
                    let path = self.path_of_node(&node);
                    self.journal(
                        JournalKind::Integrity,
                        path.as_ref(),
                        "What arrived was not what was sent; it is fetched again.",
                    );
                }
                self.holds.strike(self.runtime, node, Self::problem_of(&error));
            }
            Failure::Remote(RemoteError::ItemRefused(error)) => {
                self.feed_due = Some(());
                match item_reaction(&error) {
                    ItemReaction::Replan(problem) => self.holds.strike(self.runtime, node, problem),
                    ItemReaction::Rest(problem, time) => self.holds.hold(self.runtime, node, problem, time),
                    ItemReaction::Stop => return Err(RemoteError::OperationReused.into()),
                }
            }
            Failure::Remote(RemoteError::UploadGone) => {
                if let TransferKey::Up(local) = key {
                    self.transfers.drop_upload(&local);
                    self.trees.remove_upload(local);
                }
                let (code, message) = ("uploadExpired".to_owned(), "The upload took too long.".to_owned());
                self.holds.strike(self.runtime, node, Problem::Refused { code, message });
            }
            Failure::Remote(RemoteError::QuotaFull) => {
                self.holds.hold(self.runtime, node, Problem::QuotaFull, QUOTA_REST);
            }
            Failure::Remote(error) => {
                let (code, message) = ("connection".to_owned(), "The connection broke off.".to_owned());
                self.holds.strike(self.runtime, node, Problem::Refused { code, message });
                return self.cope(error.into()).await;
            }
        }
        Ok(())
    }

    /// Carries out what a person decided about a mass deletion.
    pub(crate) fn answer(&mut self, answer: Answer) {
        let questions = std::mem::take(&mut self.plan.questions);
        for Question::MassDelete { items, .. } in questions {
            match answer {
                Answer::Delete => {
                    self.control.confirmed_deletes.extend(items);
                    self.journal(JournalKind::Guard, None, "The deletion was confirmed.");
                }
                Answer::Restore => {
                    let rows: Vec<_> =
                        items.iter().filter_map(|item| self.trees.synced.get(item).cloned()).collect();
                    for row in rows {
                        // Same item and parent, so the tree cannot refuse.
                        let _same_place = self.trees.put_row(row.disowned());
                    }
                    self.journal(JournalKind::Guard, None, "The deleted files are brought back.");
                }
            }
        }
    }

    /// Lets the folder of a node be listed again.
    pub(crate) fn relist(&mut self, node: &NodeRef) {
        let local = match node {
            NodeRef::Local(local) => Some(*local),
            NodeRef::Item(item) => self.trees.synced.get(item).map(|row| row.local),
        };
        let folder = local.and_then(|local| self.trees.local.get(&local)).and_then(|node| node.parent);
        match folder.and_then(|folder| self.trees.local.path(&folder)) {
            Some(path) => {
                self.stale.folders.insert(path);
            }
            None => self.stale.everything = Some(()),
        }
    }

    pub(crate) fn path_of_node(&self, node: &NodeRef) -> Option<sync_core::RelPath> {
        match node {
            NodeRef::Item(item) => self.path_of(Some(item), None),
            NodeRef::Local(local) => self.path_of(None, Some(*local)),
        }
    }
}

/// After so long without an upload a file counts as quiet again. Longer than the longest rest, which it would cut short.
const REWRITES_FORGOTTEN: std::time::Duration = std::time::Duration::from_secs(8);

/// How long a file rests after that many uploads, each soon after the one before.
fn rest_after(uploads: u32) -> std::time::Duration {
    const LONGEST: std::time::Duration = std::time::Duration::from_secs(4);
    std::time::Duration::from_secs(u64::from(uploads.saturating_sub(3))).min(LONGEST)
}

/// The operations of a plan by who carries them out.
#[derive(Debug, Default)]
struct Sorted {
    knowledge: Vec<Op>,
    hash: Vec<Op>,
    disk: Vec<Op>,
    server: Vec<Op>,
    downloads: Vec<Op>,
}

impl Sorted {
    fn add(&mut self, op: Op) {
        match &op {
            Op::Bind { .. } | Op::Settle { .. } | Op::Forget { .. } => self.knowledge.push(op),
            Op::Hash { .. } => self.hash.push(op),
            Op::MakeDirLocal { .. }
            | Op::MoveLocal { .. }
            | Op::TrashLocal { .. }
            | Op::RemoveDirLocal { .. } => {
                self.disk.push(op);
            }
            Op::PlaceFile { .. } | Op::ReplaceFile { .. } => self.downloads.push(op),
            Op::CreateDir { .. }
            | Op::UploadNew { .. }
            | Op::UploadVersion { .. }
            | Op::MoveRemote { .. }
            | Op::DeleteRemote { .. }
            | Op::RestoreRemote { .. } => self.server.push(op),
        }
    }
}
