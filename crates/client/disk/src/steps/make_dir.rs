//! Makes a folder.

use engine::LocalError;

use crate::batch::{Done, Place, Step};
use crate::failure::local_error;
use crate::rename::make_folder;
use crate::root::Root;
use crate::stat::{Kind, Stat};

#[derive(Debug)]
pub(super) struct MakeDir(pub(super) Place);

impl Step for MakeDir {
    fn relies_on_bytes(&self) -> bool {
        false
    }

    fn take(&mut self, _root: &Root) -> Result<Done, LocalError> {
        let Place { folder, name } = &self.0;
        make_folder(folder, name).map_err(local_error)?;
        let stat = Stat::at(folder, name).map_err(local_error)?;
        if stat.kind != Kind::Folder {
            // It was made and at once replaced by somebody.
            return Err(LocalError::Changed);
        }
        Ok(Done::at(folder, name, &stat))
    }

    fn cancel(&mut self, _root: &Root) {}
}
