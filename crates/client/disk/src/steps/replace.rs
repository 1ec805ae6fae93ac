//! Exchanges a finished stage with a file and parks the old one.
//!
//! The new file is first moved to the place in the trash where the old one will be. So the exchange itself parks the
//! old version, under its sidecar: at no instant is it anywhere a cleanup could reach.

use std::ffi::CString;

use engine::{LocalError, LocalRef, StageId};
use rustix::fs::{AtFlags, Mode, chmodat};
use rustix::io::Errno;
use sync_core::{Fingerprint, ItemId, LocalId};

use super::place::{placed, take_stage};
use crate::batch::{Done, Step};
use crate::beneath::Located;
use crate::failure::local_error;
use crate::raw_name::c_name;
use crate::rename::{exchange, no_replace};
use crate::root::Root;
use crate::stat::{Kind, Stat};
use crate::stop_point;
use crate::trash::{Sidecar, announce, forget};

#[derive(Debug)]
pub(super) struct Replace {
    stage: StageId,
    made: Stat,
    staged: CString,
    parked: String,
    parked_name: CString,
    target: Located,
    expected: Fingerprint,
}

impl Replace {
    pub(super) fn prepare(
        root: &Root,
        stage: &StageId,
        reference: &LocalRef,
        target: Located,
        expected: &Fingerprint,
        item: &ItemId,
    ) -> Result<Self, LocalError> {
        check(&target, &target.stat, expected)?;
        let (staged, made) = take_stage(root, stage)?;
        let sidecar = Sidecar {
            root: root.id,
            item: Some(item.clone()),
            path: reference.path.as_str().to_owned(),
            expected: *expected,
            stage: Some((stage.clone(), made.plain_id())),
            at: root.runtime.now(),
        };
        let give_back = |error| {
            root.stages().give_back(stage.clone(), made);
            error
        };
        // The new version may be used by whom the old one could be used by.
        let mode = Mode::from_raw_mode(target.stat.mode & 0o777);
        chmodat(&root.control.stage, &staged, mode, AtFlags::empty())
            .map_err(local_error)
            .map_err(give_back)?;
        let parked = announce(root, sidecar).map_err(give_back)?;
        let parked_name = c_name(parked.as_bytes())?;
        stop_point::pass("replace: announced");
        if root.exchanges
            && let Err(errno) = no_replace(&root.control.stage, &staged, &root.control.trash, &parked_name)
        {
            forget(root, &parked);
            return Err(give_back(local_error(errno)));
        }
        stop_point::pass("replace: prepared");
        Ok(Self { stage: stage.clone(), made, staged, parked, parked_name, target, expected: *expected })
    }

    /// Brings the new file back to the stage, but only if it is the new file.
    fn bring_back(&self, root: &Root) {
        let (trash, stage) = (&root.control.trash, &root.control.stage);
        let back = match Stat::at(trash, &self.parked_name) {
            Ok(stat) if stat.is_as_made(&self.made) => {
                no_replace(trash, &self.parked_name, stage, &self.staged).is_ok()
            }
            Err(Errno::NOENT) => true,
            // Somebody's version; it stays under its sidecar and is reported as changed.
            _ => false,
        };
        if back {
            forget(root, &self.parked);
            root.stages().give_back(self.stage.clone(), self.made);
        }
    }

    /// Takes the exchange, and back again when something unexpected came out.
    fn by_exchange(&self, root: &Root) -> Result<(), LocalError> {
        let (trash, Located { folder, name, .. }) = (&root.control.trash, &self.target);
        exchange(trash, &self.parked_name, folder, name).map_err(local_error)?;
        stop_point::pass("replace: exchanged");
        let out = Stat::at(trash, &self.parked_name).map_err(local_error)?;
        if out.is_content_of(&self.expected) {
            return Ok(());
        }
        undo_exchange(root, &self.parked, &self.target, &self.made.plain_id())?;
        Err(LocalError::Changed)
    }

    /// Without an exchange the name is free for an instant, but nothing is ever overwritten.
    fn by_two_renames(&self, root: &Root) -> Result<(), LocalError> {
        let (trash, Located { folder, name, .. }) = (&root.control.trash, &self.target);
        no_replace(folder, name, trash, &self.parked_name).map_err(local_error)?;
        stop_point::pass("replace: moved out");
        let out = Stat::at(trash, &self.parked_name).map_err(local_error)?;
        let put = if out.is_content_of(&self.expected) {
            no_replace(&root.control.stage, &self.staged, folder, name).map_err(local_error)
        } else {
            Err(LocalError::Changed)
        };
        if put.is_err() {
            // When the name was taken meanwhile, both versions are kept: that one in the tree, this one in the trash.
            let _kept_in_either_case = no_replace(trash, &self.parked_name, folder, name);
            return Err(LocalError::Changed);
        }
        Ok(())
    }
}

impl Step for Replace {
    fn relies_on_bytes(&self) -> bool {
        true
    }

    fn take(&mut self, root: &Root) -> Result<Done, LocalError> {
        let again = self.target.look_again().and_then(|stat| check(&self.target, &stat, &self.expected));
        if let Err(error) = again {
            self.bring_back(root);
            return Err(error);
        }
        stop_point::pass("replace: checked");
        let taken = if root.exchanges { self.by_exchange(root) } else { self.by_two_renames(root) };
        if let Err(error) = taken {
            self.bring_back(root);
            return Err(error);
        }
        stop_point::pass("replace: done");
        Ok(placed(&self.target.folder, &self.target.name, &self.made))
    }

    fn cancel(&mut self, root: &Root) {
        self.bring_back(root);
        // Its bytes may be lost, so it does not count as finished.
        root.stages().take(&self.stage);
    }
}

fn check(target: &Located, stat: &Stat, expected: &Fingerprint) -> Result<(), LocalError> {
    let same = stat.kind == Kind::File && stat.fingerprint(target.id(stat)) == *expected;
    if same { Ok(()) } else { Err(LocalError::Changed) }
}

/// Exchanges back. When meanwhile somebody replaced the new file too, theirs stays parked and is reported.
///
/// # Errors
/// [`LocalError`]; both versions are then where they were.
pub(crate) fn undo_exchange(
    root: &Root,
    parked: &str,
    target: &Located,
    made: &LocalId,
) -> Result<(), LocalError> {
    let parked_name = c_name(parked.as_bytes())?;
    stop_point::pass("replace: undoing");
    match exchange(&root.control.trash, &parked_name, &target.folder, &target.name) {
        Ok(()) => {}
        // The name was freed meanwhile: the version goes back to it.
        Err(Errno::NOENT) => {
            no_replace(&root.control.trash, &parked_name, &target.folder, &target.name)
                .map_err(local_error)?;
        }
        Err(errno) => return Err(local_error(errno)),
    }
    stop_point::pass("replace: undone");
    let out = Stat::at(&root.control.trash, &parked_name);
    if out.is_ok_and(|stat| !stat.is_file_of(made)) {
        tracing::warn!("a file was replaced by somebody at the same moment; both versions are kept");
    }
    Ok(())
}
