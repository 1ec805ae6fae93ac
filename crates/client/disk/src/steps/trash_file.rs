//! Moves a file to the trash.

use std::ffi::CString;

use engine::{LocalError, LocalRef};
use sync_core::{Fingerprint, ItemId};

use crate::batch::{Done, Step};
use crate::beneath::Located;
use crate::failure::local_error;
use crate::raw_name::c_name;
use crate::rename::no_replace;
use crate::root::Root;
use crate::stat::{Kind, Stat};
use crate::stop_point;
use crate::trash::{Sidecar, announce, forget};

#[derive(Debug)]
pub(super) struct TrashFile {
    located: Located,
    expected: Fingerprint,
    parked: String,
    parked_name: CString,
}

impl TrashFile {
    pub(super) fn prepare(
        root: &Root,
        reference: &LocalRef,
        located: Located,
        expected: &Fingerprint,
        item: Option<&ItemId>,
    ) -> Result<Self, LocalError> {
        check(&located, &located.stat, expected)?;
        let sidecar = Sidecar {
            root: root.id,
            item: item.cloned(),
            path: reference.path.as_str().to_owned(),
            expected: *expected,
            stage: None,
            at: root.runtime.now(),
        };
        let parked = announce(root, sidecar)?;
        let parked_name = c_name(parked.as_bytes())?;
        stop_point::pass("trash: announced");
        Ok(Self { located, expected: *expected, parked, parked_name })
    }
}

impl Step for TrashFile {
    fn relies_on_bytes(&self) -> bool {
        true
    }

    fn take(&mut self, root: &Root) -> Result<Done, LocalError> {
        let Located { folder, name, .. } = &self.located;
        let trash = &root.control.trash;
        let checked = self.located.look_again().and_then(|stat| check(&self.located, &stat, &self.expected));
        stop_point::pass("trash: checked");
        let moved =
            checked.and_then(|()| no_replace(folder, name, trash, &self.parked_name).map_err(local_error));
        if let Err(error) = moved {
            self.cancel(root);
            return Err(error);
        }
        stop_point::pass("trash: moved");
        let out = Stat::at(trash, &self.parked_name).map_err(local_error)?;
        if !out.is_content_of(&self.expected) {
            // Another version went; it goes back, or stays parked under its sidecar when the name was taken again.
            if no_replace(trash, &self.parked_name, folder, name).is_ok() {
                self.cancel(root);
            }
            return Err(LocalError::Changed);
        }
        Ok(Done(None))
    }

    fn cancel(&mut self, root: &Root) {
        forget(root, &self.parked);
    }
}

fn check(located: &Located, stat: &Stat, expected: &Fingerprint) -> Result<(), LocalError> {
    let same = stat.kind == Kind::File && stat.fingerprint(located.id(stat)) == *expected;
    if same { Ok(()) } else { Err(LocalError::Changed) }
}
