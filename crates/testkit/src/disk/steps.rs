//! Steps: what the engine does to the tree, each checked against what it names at the instant it is taken.

use std::sync::Arc;

use engine::{Applied, LocalChange, LocalError, LocalRef, StageId};
use sync_core::{Fingerprint, ItemId};

use super::SimDisk;
use super::computer::{Inner, Parked, STAGE, TRASH};
use super::person::split;

impl SimDisk {
    /// Takes one step, or answers why not; then nothing changed.
    pub(crate) fn take_step(&self, change: &LocalChange) -> Result<Applied, LocalError> {
        let mut inner = self.computer.inner();
        if !self.step(&mut inner) {
            return Err(LocalError::Io("dead".into()));
        }
        self.fault(&inner)?;
        inner.before_step();
        let kept = inner.disk.clone();
        let done = self.step_in(&mut inner, change);
        match &done {
            Ok(_) => self.process.note(format_args!("disk: {}", describe(change))),
            Err(error) => {
                inner.disk = kept;
                self.process.note(format_args!("disk refuses ({error}): {}", describe(change)));
            }
        }
        done
    }

    fn step_in(&self, inner: &mut Inner, change: &LocalChange) -> Result<Applied, LocalError> {
        let now = self.computer.tick(inner);
        match change {
            LocalChange::MakeDir { parent, name } => {
                let folder = inner.resolve(parent)?;
                let made = inner.disk.table.make_folder(folder, name, now)?;
                self.placed(inner, parent, folder, name, made)
            }
            LocalChange::Place { stage, parent, name } => {
                let folder = inner.resolve(parent)?;
                let stages = inner.finished(stage)?;
                inner.disk.table.rename((stages, &stage.0), (folder, name), now)?;
                inner.disk.finished.remove(&stage.0);
                let number = inner.disk.table.child(folder, name)?;
                self.placed(inner, parent, folder, name, number)
            }
            LocalChange::Replace { stage, target, expected, item } => {
                self.replace(inner, stage, target, expected, item)
            }
            LocalChange::Move { node, parent, name } => {
                let number = inner.resolve(node)?;
                let folder = inner.resolve(parent)?;
                let (from, from_name) = inner.place_of(node)?;
                inner.disk.table.rename((from, &from_name), (folder, name), now)?;
                self.tell(inner, split(node.path.as_str()).0);
                self.placed(inner, parent, folder, name, number)
            }
            LocalChange::Trash { node, expected, item } => {
                inner.check(node, expected)?;
                self.park(inner, node, item.clone())?;
                Ok(Applied { entry: None })
            }
            LocalChange::RemoveDir { node } => {
                inner.resolve(node)?;
                let (folder, name) = inner.place_of(node)?;
                inner.disk.table.remove_folder(folder, &name, now)?;
                self.tell(inner, split(node.path.as_str()).0);
                Ok(Applied { entry: None })
            }
            LocalChange::Rescue { node, expected } => {
                let number = inner.check(node, expected)?;
                let bytes: Arc<[u8]> = inner.disk.table.bytes(number)?;
                inner.disk.rescued.push((node.path.as_str().to_owned(), bytes));
                Ok(Applied { entry: None })
            }
            LocalChange::Unpark { parked, parent, name } => {
                let folder = inner.resolve(parent)?;
                let trash = inner.control(TRASH).ok_or(LocalError::Changed)?;
                inner.disk.table.rename((trash, parked), (folder, name), now)?;
                inner.disk.parked.remove(parked);
                let number = inner.disk.table.child(folder, name)?;
                self.placed(inner, parent, folder, name, number)
            }
        }
    }

    fn replace(
        &self,
        inner: &mut Inner,
        stage: &StageId,
        target: &LocalRef,
        expected: &Fingerprint,
        item: &ItemId,
    ) -> Result<Applied, LocalError> {
        inner.check(target, expected)?;
        let stages = inner.finished(stage)?;
        self.park(inner, target, Some(item.clone()))?;
        let now = self.computer.tick(inner);
        let (path, name) = split(target.path.as_str());
        let folder = inner.disk.table.lookup(path)?;
        inner.disk.table.rename((stages, &stage.0), (folder, name), now)?;
        inner.disk.finished.remove(&stage.0);
        let number = inner.disk.table.child(folder, name)?;
        let parent = inner.fingerprint(folder).ok_or(LocalError::Changed)?.id;
        self.tell(inner, path);
        Ok(Applied { entry: inner.entry(number, parent, name) })
    }

    /// Moves a file to the trash and goes on watching it.
    fn park(&self, inner: &mut Inner, node: &LocalRef, item: Option<ItemId>) -> Result<(), LocalError> {
        let number = inner.resolve(node)?;
        let (folder, name) = inner.place_of(node)?;
        let trash = inner.control(TRASH).ok_or_else(|| LocalError::Unavailable("no trash".into()))?;
        let parked = format!("{:06}-{name}", inner.disk.next_parked);
        inner.disk.next_parked += 1;
        let now = self.computer.tick(inner);
        inner.disk.table.bytes(number)?;
        inner.disk.table.rename((folder, &name), (trash, &parked), now)?;
        let inode = inner.disk.table.inode(number)?;
        let as_parked = (inode.size(), inode.modified);
        let since = self.computer.world().elapsed();
        inner.disk.parked.insert(parked, Parked { item, name, as_parked, since, watched: true });
        self.tell(inner, split(node.path.as_str()).0);
        Ok(())
    }

    fn placed(
        &self,
        inner: &mut Inner,
        parent: &LocalRef,
        folder: u64,
        name: &str,
        number: u64,
    ) -> Result<Applied, LocalError> {
        let id = inner.fingerprint(folder).ok_or(LocalError::Changed)?.id;
        self.tell(inner, parent.path.as_str());
        Ok(Applied { entry: inner.entry(number, id, name) })
    }

    /// The watch sees the engine's own steps too.
    fn tell(&self, inner: &mut Inner, folder: &str) {
        inner.touched(folder, self.computer.world().elapsed(), self.computer.tape());
    }
}

impl Inner {
    /// Finds a file that must still be in the version expected.
    fn check(&self, node: &LocalRef, expected: &Fingerprint) -> Result<u64, LocalError> {
        let number = self.resolve(node)?;
        if self.fingerprint(number) == Some(*expected) { Ok(number) } else { Err(LocalError::Changed) }
    }

    /// Returns the stage folder when the stage is finished.
    fn finished(&self, stage: &StageId) -> Result<u64, LocalError> {
        self.staged(stage)?;
        if !self.disk.finished.contains(&stage.0) {
            return Err(LocalError::Corrupt);
        }
        self.control(STAGE).ok_or(LocalError::Changed)
    }

    fn place_of(&self, node: &LocalRef) -> Result<(u64, String), LocalError> {
        let (folder, name) = split(node.path.as_str());
        Ok((self.disk.table.lookup(folder)?, name.to_owned()))
    }
}

fn describe(change: &LocalChange) -> String {
    match change {
        LocalChange::MakeDir { parent, name } => format!("makes folder {}/{name}", parent.path),
        LocalChange::Place { parent, name, .. } => format!("places {}/{name}", parent.path),
        LocalChange::Replace { target, .. } => format!("replaces {}", target.path),
        LocalChange::Move { node, parent, name } => format!("moves {} to {}/{name}", node.path, parent.path),
        LocalChange::Trash { node, .. } => format!("trashes {}", node.path),
        LocalChange::RemoveDir { node } => format!("removes folder {}", node.path),
        LocalChange::Rescue { node, .. } => format!("rescues {}", node.path),
        LocalChange::Unpark { parent, name, .. } => format!("unparks to {}/{name}", parent.path),
    }
}
