//! Moves a finished stage to a free name.

use std::ffi::CString;

use engine::{LocalError, StageId};

use crate::batch::{Done, Place, Step};
use crate::failure::local_error;
use crate::rename::no_replace;
use crate::root::Root;
use crate::stage::stage_name;
use crate::stat::Stat;
use crate::stop_point;

#[derive(Debug)]
pub(super) struct PlaceStage {
    stage: StageId,
    made: Stat,
    staged: CString,
    to: Place,
}

impl PlaceStage {
    pub(super) fn prepare(root: &Root, stage: &StageId, to: Place) -> Result<Self, LocalError> {
        let (staged, made) = take_stage(root, stage)?;
        Ok(Self { stage: stage.clone(), made, staged, to })
    }
}

impl Step for PlaceStage {
    fn relies_on_bytes(&self) -> bool {
        true
    }

    fn take(&mut self, root: &Root) -> Result<Done, LocalError> {
        let Place { folder, name } = &self.to;
        stop_point::pass("place: before");
        if let Err(errno) = no_replace(&root.control.stage, &self.staged, folder, name) {
            root.stages().give_back(self.stage.clone(), self.made);
            return Err(local_error(errno));
        }
        stop_point::pass("place: placed");
        Ok(placed(folder, name, &self.made))
    }

    fn cancel(&mut self, _root: &Root) {
        // It stays in the stage, no longer finished.
    }
}

/// Describes what was just put at a name. When somebody was faster, it is told as it was made, so that the next
/// listing shows the difference.
pub(super) fn placed(folder: &crate::beneath::Folder, name: &CString, made: &Stat) -> Done {
    match Stat::at(folder, name) {
        Ok(stat) if stat.is_as_made(made) => Done::at(folder, name, &stat),
        _ => Done::at(folder, name, made),
    }
}

/// Takes a finished stage. Without being verified in this run nothing is placed.
pub(super) fn take_stage(root: &Root, stage: &StageId) -> Result<(CString, Stat), LocalError> {
    let name = stage_name(stage)?;
    let made =
        root.stages().take(stage).ok_or_else(|| LocalError::Io("the stage is not finished".to_owned()))?;
    match Stat::at(&root.control.stage, &name) {
        Ok(stat) if stat.is_as_made(&made) => Ok((name, made)),
        _ => Err(LocalError::Corrupt),
    }
}
