//! Brings a parked file that somebody went on writing back to a free name.

use std::ffi::CString;

use engine::LocalError;

use crate::batch::{Done, Place, Step};
use crate::failure::local_error;
use crate::raw_name::c_name;
use crate::rename::no_replace;
use crate::root::Root;
use crate::stat::{Kind, Stat};
use crate::stop_point;
use crate::trash::{forget, look};

#[derive(Debug)]
pub(super) struct Unpark {
    parked: String,
    parked_name: CString,
    to: Place,
}

impl Unpark {
    pub(super) fn prepare(root: &Root, parked: &str, to: Place) -> Result<Self, LocalError> {
        let known = root.parked().known().contains_key(parked);
        let is_file = known && look(root, parked)?.is_some_and(|stat| stat.kind == Kind::File);
        if !is_file {
            return Err(LocalError::Changed);
        }
        Ok(Self { parked: parked.to_owned(), parked_name: c_name(parked.as_bytes())?, to })
    }
}

impl Step for Unpark {
    fn relies_on_bytes(&self) -> bool {
        true
    }

    fn take(&mut self, root: &Root) -> Result<Done, LocalError> {
        let Place { folder, name } = &self.to;
        no_replace(&root.control.trash, &self.parked_name, folder, name).map_err(local_error)?;
        stop_point::pass("unpark: moved");
        forget(root, &self.parked);
        let stat = Stat::at(folder, name).map_err(local_error)?;
        Ok(Done::at(folder, name, &stat))
    }

    fn cancel(&mut self, _root: &Root) {}
}
