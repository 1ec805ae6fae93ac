//! Knowledge: operations that only note what is already so.

use sync_core::{Fingerprint, ItemId, LocalId, LocalKind, LocalNode, NodeRef, Op, Problem, SyncedNode};
use transfer::{ContentId, OperationBatch};

use crate::cycle::Progress;
use crate::engine::{Halt, Life};
use crate::{Durability, LocalError, LocalRef};

impl Life<'_> {
    /// Binds, settles and forgets rows.
    pub(crate) async fn note_knowledge(&mut self, ops: &[Op]) -> Result<Progress, Halt> {
        for op in ops {
            match op {
                Op::Bind { item, local } => self.bind(item, *local)?,
                Op::Settle { item } => self.settle(item)?,
                Op::Forget { item } => {
                    self.unrestorable.remove(item);
                    self.trees.remove_row(item).map_err(|error| self.trees_failed(&error))?;
                }
                _ => {}
            }
        }
        self.commit(Durability::Observation).await?;
        Ok(if ops.is_empty() { Progress::None } else { Progress::Some })
    }

    fn bind(&mut self, item: &ItemId, local: LocalId) -> Result<(), Halt> {
        let Some(here) = self.trees.local.get(&local).cloned() else { return Ok(()) };
        let row = match self.trees.synced.get(item) {
            Some(row) => row.rebound(&here),
            None => match self.trees.remote.get(item) {
                Some(there) => SyncedNode::agreed(there, &here, &self.trees.synced),
                None => return Ok(()),
            },
        };
        self.missing.remove(&row.local);
        self.trees.put_row(row).map_err(|error| self.trees_failed(&error))
    }

    pub(crate) fn settle(&mut self, item: &ItemId) -> Result<(), Halt> {
        let Some(row) = self.trees.synced.get(item) else { return Ok(()) };
        let (Some(there), Some(here)) = (self.trees.remote.get(item), self.trees.local.get(&row.local))
        else {
            return Ok(());
        };
        let row = row.settled(there, here, &self.trees.synced);
        self.trees.put_row(row).map_err(|error| self.trees_failed(&error))
    }

    /// Notes which content a file has under a fingerprint.
    pub(crate) fn learn(
        &mut self,
        local: LocalId,
        fingerprint: Fingerprint,
        content: ContentId,
    ) -> Result<(), Halt> {
        let Some(node) = self.trees.local.get(&local).cloned() else { return Ok(()) };
        let node = LocalNode { fingerprint, content: Some(content), ..node };
        self.trees.put_locals(vec![node], &[]).map_err(|error| self.trees_failed(&error))
    }

    /// Reads files to learn their content.
    pub(crate) async fn hash_files(&mut self, ops: &[Op]) -> Result<Progress, Halt> {
        let mut progress = Progress::None;
        for group in self.read_groups(ops.iter().filter_map(Op::local)) {
            let read = self.ports.local.read(&group).await;
            for (file, hashed) in group.iter().zip(read) {
                progress = Progress::Some;
                match hashed {
                    Ok(hashed) => self.learn(file.id, hashed.fingerprint, hashed.manifest.content_id())?,
                    Err(error @ LocalError::Unavailable(_)) => return Err(error.into()),
                    Err(error) => self.unreadable(file.id, &error),
                }
            }
        }
        self.commit(Durability::Observation).await?;
        Ok(progress)
    }

    pub(crate) fn unreadable(&mut self, local: LocalId, error: &LocalError) {
        let node = NodeRef::Local(local);
        self.relist(&node);
        let problem = if *error == LocalError::Changed { Problem::Busy } else { Self::problem_of(error) };
        self.holds.strike(self.runtime, node, problem);
    }

    /// Groups files so that the small ones of a group fit in memory together; a large one brings no bytes.
    pub(crate) fn read_groups(&self, files: impl Iterator<Item = LocalId>) -> Vec<Vec<LocalRef>> {
        let (mut groups, mut room) = (Vec::<Vec<LocalRef>>::new(), 0_u64);
        for local in files {
            let Some(node) = self.trees.local.get(&local).filter(|node| node.kind == LocalKind::File) else {
                continue;
            };
            let Some(path) = self.trees.local.path(&local) else { continue };
            let needs = if node.size() > OperationBatch::MAX_INLINE as u64 { 0 } else { node.size() };
            let full = groups.last().is_none_or(|group| group.len() >= OperationBatch::MAX_OPERATIONS);
            if full || needs > room {
                groups.push(Vec::new());
                room = OperationBatch::MAX_BYTES as u64;
            }
            room -= needs.min(room);
            if let Some(group) = groups.last_mut() {
                group.push(LocalRef { path, id: local });
            }
        }
        groups
    }
}
