//! Removes a folder that is empty.

use engine::LocalError;
use rustix::fs::{AtFlags, unlinkat};
use rustix::io::Errno;
use sync_core::LocalId;

use crate::batch::{Done, Step};
use crate::beneath::Located;
use crate::failure::local_error;
use crate::root::Root;

#[derive(Debug)]
pub(super) struct RemoveDir {
    pub(super) located: Located,
    pub(super) id: LocalId,
}

impl Step for RemoveDir {
    fn relies_on_bytes(&self) -> bool {
        false
    }

    fn take(&mut self, _root: &Root) -> Result<Done, LocalError> {
        if self.located.look_again()?.plain_id() != self.id {
            return Err(LocalError::Changed);
        }
        let Located { folder, name, .. } = &self.located;
        unlinkat(folder, name, AtFlags::REMOVEDIR).map_err(|errno| match errno {
            Errno::EXIST => LocalError::NotEmpty,
            other => local_error(other),
        })?;
        Ok(Done(None))
    }

    fn cancel(&mut self, _root: &Root) {}
}
