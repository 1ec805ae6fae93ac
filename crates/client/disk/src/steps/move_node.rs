//! Renames or moves to a free name.

use engine::LocalError;
use rustix::fs::renameat;
use rustix::io::Errno;
use sync_core::LocalId;

use crate::batch::{Done, Place, Step};
use crate::beneath::Located;
use crate::failure::local_error;
use crate::rename::no_replace;
use crate::root::Root;
use crate::stat::{Kind, Stat};
use crate::stop_point;

#[derive(Debug)]
pub(super) struct MoveNode {
    pub(super) located: Located,
    pub(super) id: LocalId,
    pub(super) to: Place,
}

impl Step for MoveNode {
    fn relies_on_bytes(&self) -> bool {
        false
    }

    fn take(&mut self, _root: &Root) -> Result<Done, LocalError> {
        let Located { folder, name, .. } = &self.located;
        let stat = self.located.look_again()?;
        if self.located.id(&stat) != self.id {
            return Err(LocalError::Changed);
        }
        stop_point::pass("move: checked");
        match no_replace(folder, name, &self.to.folder, &self.to.name) {
            Err(Errno::EXIST) if self.is_other_spelling(&stat) => {
                renameat(folder, name, &self.to.folder, &self.to.name)
            }
            other => other,
        }
        .map_err(|errno| match errno {
            // Into itself: the folders changed their places meanwhile.
            Errno::INVAL => LocalError::Changed,
            other => local_error(other),
        })?;
        stop_point::pass("move: moved");
        let moved = Stat::at(&self.to.folder, &self.to.name).map_err(local_error)?;
        if !moved.is_file_of(&self.id) {
            // Another one had just taken the name that was moved; it goes back unless that name is taken again.
            let _kept_in_either_case = no_replace(&self.to.folder, &self.to.name, folder, name);
            return Err(LocalError::Changed);
        }
        Ok(Done::at(&self.to.folder, &self.to.name, &moved))
    }

    fn cancel(&mut self, _root: &Root) {}
}

impl MoveNode {
    /// A file system that ignores case finds the node itself under the new spelling.
    fn is_other_spelling(&self, stat: &Stat) -> bool {
        self.located.folder.id == self.to.folder.id
            && (stat.kind == Kind::Folder || stat.has_one_name())
            && Stat::at(&self.to.folder, &self.to.name).is_ok_and(|there| there.is_file_of(&self.id))
    }
}
