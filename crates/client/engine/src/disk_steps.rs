//! Disk steps: operations on disk, as durable batches. Their intents are committed before and their results after.

use std::time::Duration;

use sync_core::{ItemId, LocalId, LocalNode, MoveReason, NodeRef, Op, SyncedNode};
use transfer::{ConflictOrigin, ContentId};

use crate::cycle::Progress;
use crate::engine::{Halt, Life};
use crate::observe::node_of;
use crate::{
    ActivityKind, Applied, Brought, Durability, Intent, IntentId, JournalKind, LocalChange, LocalEntry,
    LocalError, LocalRef, StageId,
};

/// For how long a parked file may still be open in a program (sync-engine.md 5.3).
pub(crate) const PARKED_GRACE: Duration = Duration::from_secs(900);
/// Most steps under one barrier.
const MOST_STEPS: usize = 500;

/// An operation and the step on disk that carries it out.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) op: Op,
    pub(crate) change: LocalChange,
    pub(crate) brings: Option<Brought>,
}

impl Life<'_> {
    /// Makes folders, moves, trashes and removes.
    pub(crate) async fn change_disk(&mut self, ops: Vec<Op>) -> Result<Progress, Halt> {
        let mut steps = Vec::with_capacity(ops.len());
        for op in ops {
            match self.step_for(&op) {
                Some(change) => steps.push(Step { op, change, brings: None }),
                None => self.op_failed(&op, &LocalError::Changed),
            }
        }
        self.take_steps(steps).await
    }

    pub(crate) fn local_ref(&self, id: LocalId) -> Option<LocalRef> {
        Some(LocalRef { path: self.trees.local.path(&id)?, id })
    }

    fn step_for(&self, op: &Op) -> Option<LocalChange> {
        Some(match op {
            Op::MakeDirLocal { parent, name, .. } => {
                LocalChange::MakeDir { parent: self.local_ref(*parent)?, name: name.clone() }
            }
            Op::MoveLocal { local, parent, name, .. } => LocalChange::Move {
                node: self.local_ref(*local)?,
                parent: self.local_ref(*parent)?,
                name: name.clone(),
            },
            Op::TrashLocal { local, item, expected } => {
                LocalChange::Trash { node: self.local_ref(*local)?, expected: *expected, item: item.clone() }
            }
            Op::RemoveDirLocal { local, .. } => LocalChange::RemoveDir { node: self.local_ref(*local)? },
            _ => return None,
        })
    }

    /// Returns the step that puts a finished stage where its operation wants it.
    pub(crate) fn placing(&self, op: &Op, stage: StageId) -> Option<LocalChange> {
        Some(match op {
            Op::PlaceFile { parent, name, .. } => {
                LocalChange::Place { stage, parent: self.local_ref(*parent)?, name: name.clone() }
            }
            Op::ReplaceFile { item, local, expected, .. } => LocalChange::Replace {
                stage,
                target: self.local_ref(*local)?,
                expected: *expected,
                item: item.clone(),
            },
            _ => return None,
        })
    }

    /// Takes independent steps and notes what was really done.
    pub(crate) async fn take_steps(&mut self, steps: Vec<Step>) -> Result<Progress, Halt> {
        let progress = if steps.is_empty() { Progress::None } else { Progress::Some };
        for group in steps.chunks(MOST_STEPS) {
            let first = self.control.next_intent;
            let intents: Vec<Intent> = group
                .iter()
                .zip(first..)
                .map(|(step, id)| Intent {
                    id: IntentId(id),
                    change: step.change.clone(),
                    brings: step.brings.clone(),
                })
                .collect();
            self.control.next_intent = first + intents.len() as u64;
            self.control_changed = Some(());
            self.trees.add_intents(&intents);
            self.commit(Durability::Full).await?;
            let changes: Vec<LocalChange> = group.iter().map(|step| step.change.clone()).collect();
            let results = self.ports.local.apply(&changes).await;
            let mut unavailable = None;
            for (step, result) in group.iter().zip(results) {
                match result {
                    Ok(applied) => self.applied(step, applied)?,
                    Err(error @ LocalError::Unavailable(_)) => unavailable = Some(error),
                    Err(error) => self.op_failed(&step.op, &error),
                }
            }
            if let Some(error) = unavailable {
                // The intents stay: what became of the steps is found out when the folder is back.
                return Err(error.into());
            }
            self.trees.remove_intents(intents.iter().map(|intent| intent.id));
            self.commit(Durability::Full).await?;
        }
        Ok(progress)
    }

    /// Notes a step that was refused: the trees were old. The place is listed again and the plan made anew.
    pub(crate) fn op_failed(&mut self, op: &Op, error: &LocalError) {
        tracing::debug!(%error, "a step on disk was refused");
        let node = match (op.item(), op.local()) {
            (Some(item), _) => NodeRef::Item(item.clone()),
            (None, Some(local)) => NodeRef::Local(local),
            (None, None) => return,
        };
        self.relist(&node);
        if let Op::MakeDirLocal { parent, .. } | Op::PlaceFile { parent, .. } | Op::MoveLocal { parent, .. } =
            op
        {
            self.stale.folders.extend(self.trees.local.path(parent));
        }
        if let Op::PlaceFile { item, .. } | Op::ReplaceFile { item, .. } = op {
            self.transfers.drop_staged(item);
        }
        self.holds.strike(self.runtime, node, Self::problem_of(error));
    }

    fn applied(&mut self, step: &Step, applied: Applied) -> Result<(), Halt> {
        let op = &step.op;
        self.holds.clear(op.item(), op.local());
        if matches!(op, Op::TrashLocal { .. } | Op::ReplaceFile { .. }) {
            self.parked_until = self.runtime.elapsed() + PARKED_GRACE;
        }
        let done = match (op, applied.entry) {
            (Op::TrashLocal { local, item, .. }, _) => self.left_disk(*local, item.as_ref()),
            (Op::RemoveDirLocal { local, item }, _) => self.left_disk(*local, Some(item)),
            (Op::MakeDirLocal { item, .. }, Some(entry)) => self.arrived(item, entry, None),
            (Op::PlaceFile { item, content, .. }, Some(entry)) => self.arrived(item, entry, Some(*content)),
            (Op::ReplaceFile { item, local, content, .. }, Some(entry)) => {
                self.replaced(item, *local, entry, *content)
            }
            (Op::MoveLocal { local, item, reason, .. }, Some(entry)) => {
                self.moved(*local, item.as_ref(), entry, *reason)
            }
            // A port that tells nothing about what it made: look.
            _ => {
                self.stale.everything = Some(());
                Ok(())
            }
        };
        done.map_err(|error| self.trees_failed(&error))
    }

    fn activity(&mut self, item: Option<&ItemId>, local: Option<LocalId>, what: ActivityKind) {
        let path = self.path_of(item, local);
        let now = self.runtime.now();
        self.status.send_modify(|status| status.note(now, path.as_ref(), what));
    }

    fn left_disk(&mut self, local: LocalId, item: Option<&ItemId>) -> Result<(), String> {
        self.activity(item, Some(local), ActivityKind::DeletedHere);
        self.trees.remove_local(&local);
        match item {
            Some(item) => self.trees.remove_row(item).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }

    /// Something was made on disk for an item.
    fn arrived(
        &mut self,
        item: &ItemId,
        entry: LocalEntry,
        content: Option<ContentId>,
    ) -> Result<(), String> {
        let written = content.is_some_and(|_| self.written_since(item, &entry));
        let content = content.filter(|_| !written);
        let node = LocalNode { content, ..node_of(entry) };
        self.trees.put_locals(vec![node.clone()], &[]).map_err(|error| error.to_string())?;
        self.transfers.drop_staged(item);
        let Some(there) = self.trees.remote.get(item) else { return Ok(()) };
        let mut row = SyncedNode::agreed(there, &node, &self.trees.synced);
        if written {
            row.fingerprint = None;
        }
        self.trees.put_row(row).map_err(|error| error.to_string())?;
        if content.is_some() {
            self.activity(Some(item), Some(node.id), ActivityKind::Downloaded);
        }
        Ok(())
    }

    /// Whether somebody may have written to what was just placed, before it was looked at: then its bytes are unknown.
    fn written_since(&self, item: &ItemId, entry: &LocalEntry) -> bool {
        let Some(there) = self.trees.remote.get(item) else { return true };
        let staged = i64::try_from(there.modified.as_nanosecond()).ok();
        entry.fingerprint.size != there.size || Some(entry.fingerprint.mtime_ns) != staged
    }

    fn replaced(
        &mut self,
        item: &ItemId,
        old: LocalId,
        entry: LocalEntry,
        content: ContentId,
    ) -> Result<(), String> {
        let written = self.written_since(item, &entry);
        let node = LocalNode { content: (!written).then_some(content), ..node_of(entry) };
        let removes = if old == node.id { Vec::new() } else { vec![old] };
        self.trees.put_locals(vec![node.clone()], &removes).map_err(|error| error.to_string())?;
        self.transfers.drop_staged(item);
        let Some(row) = self.trees.synced.get(item) else { return Ok(()) };
        let mut row = row.replaced(&node, content);
        if let Some(there) = self.trees.remote.get(item).filter(|there| there.content == Some(content)) {
            row = row.with_content(there, node.fingerprint);
        }
        if written {
            row.fingerprint = None;
        }
        self.trees.put_row(row).map_err(|error| error.to_string())?;
        self.activity(Some(item), Some(node.id), ActivityKind::Downloaded);
        Ok(())
    }

    fn moved(
        &mut self,
        local: LocalId,
        item: Option<&ItemId>,
        entry: LocalEntry,
        reason: MoveReason,
    ) -> Result<(), String> {
        let Some(old) = self.trees.local.get(&local).cloned() else { return Ok(()) };
        let mut node = node_of(entry);
        if node.fingerprint.size == old.fingerprint.size
            && node.fingerprint.mtime_ns == old.fingerprint.mtime_ns
        {
            // Only its name changed, by us: the content known before is still its content.
            node.content = old.content;
        }
        let after = node.clone();
        self.trees.put_locals(vec![node], &[]).map_err(|error| error.to_string())?;
        let path = self.trees.local.path(&local);
        match reason {
            MoveReason::Conflict | MoveReason::Split => {
                self.journal(
                    JournalKind::Conflict,
                    path.as_ref(),
                    "Kept beside the server's version under a new name.",
                );
                self.activity(item, Some(local), ActivityKind::Conflict);
            }
            MoveReason::Agree => self.activity(item, Some(local), ActivityKind::Moved),
            MoveReason::Swap => {}
        }
        let Some(item) = item else { return Ok(()) };
        let Some(row) = self.trees.synced.get(item).cloned() else { return Ok(()) };
        if reason == MoveReason::Split {
            self.origins
                .insert(local, ConflictOrigin { item: item.to_string(), base: row.c_tag.to_string() });
            return self.trees.remove_row(item).map_err(|error| error.to_string());
        }
        let Some(there) = self.trees.remote.get(item) else { return Ok(()) };
        let row = row.moved(there, &after, &self.trees.synced, reason, Some(old.fingerprint));
        self.trees.put_row(row).map_err(|error| error.to_string())
    }

    /// When parked files are looked at again: often while some may still be open in a program.
    pub(crate) fn next_parked(&self) -> Duration {
        let often = self.last_parked < self.parked_until;
        self.last_parked + if often { Duration::from_secs(5) } else { PARKED_GRACE }
    }

    /// Looks at parked files: what a program went on writing after it was replaced comes back as a conflict copy.
    pub(crate) async fn look_after_parked(&mut self) -> Result<(), Halt> {
        let now = self.runtime.elapsed();
        if now < self.next_parked() {
            return Ok(());
        }
        self.last_parked = now;
        for parked in self.ports.local.parked_changes().await? {
            let row = parked.item.as_ref().and_then(|item| self.trees.synced.get(item));
            let folder = row.and_then(|row| self.trees.local.get(&row.local)).and_then(|node| node.parent);
            let folder = folder.unwrap_or_else(|| *self.trees.local.tree().root());
            let Some(parent) = self.local_ref(folder) else { continue };
            let taken = |name: &str| self.trees.local.tree().child(&folder, name).is_some();
            let when = self.runtime.now();
            let name = (0..1000)
                .map(|number| {
                    sync_core::conflict_name_numbered(&parked.name, &self.settings.who, when, None, number)
                })
                .find(|name| !taken(name));
            let Some(name) = name else { continue };
            self.stale.folders.insert(parent.path.clone());
            let change = LocalChange::Unpark { parked: parked.parked, parent, name };
            let results = self.ports.local.apply(&[change]).await;
            if results.iter().any(Result::is_ok) {
                self.journal(
                    JournalKind::Conflict,
                    None,
                    "A program went on writing a file after it was replaced; its version was brought back.",
                );
            }
        }
        self.commit(Durability::Full).await
    }
}
