//! Recovery: what became of steps under way when the engine ended. It looks at stage, target and trash, and puts
//! back what came out unexpectedly. It deletes nothing.

use engine::{Intent, LocalChange, LocalError, LocalRef, Recovered};
use sync_core::{Fingerprint, LocalId};

use crate::beneath::{Located, Opener, new_name};
use crate::failure::local_error;
use crate::raw_name::c_name;
use crate::rename::no_replace;
use crate::root::Root;
use crate::stage::stage_name;
use crate::stat::Stat;
use crate::steps::undo_exchange;
use crate::trash::{Sidecar, forget, look};

/// Finds out what became of steps.
pub(crate) fn recover(root: &Root, intents: &[Intent]) -> Result<Vec<Recovered>, LocalError> {
    root.check()?;
    let mut opener = Opener::new(root);
    let found = intents.iter().map(|intent| recover_one(root, &mut opener, &intent.change)).collect();
    clear_unstarted(root)?;
    rustix::fs::syncfs(root.handle()).map_err(local_error)?;
    found
}

fn recover_one(root: &Root, opener: &mut Opener<'_>, change: &LocalChange) -> Result<Recovered, LocalError> {
    let finished_if = |done| if done { Recovered::Finished } else { Recovered::NotStarted };
    Ok(match change {
        LocalChange::MakeDir { parent, name } => finished_if(there(opener, parent, name)?.is_some()),
        LocalChange::Place { stage, parent, name } => {
            let staged = Stat::at(&root.control.stage, &stage_name(stage)?).is_ok();
            finished_if(!staged && there(opener, parent, name)?.is_some())
        }
        LocalChange::Move { node, parent, name } => {
            finished_if(there(opener, parent, name)?.is_some_and(|stat| stat.is_file_of(&node.id)))
        }
        LocalChange::RemoveDir { node } => match opener.locate(node) {
            Ok(_) => Recovered::NotStarted,
            Err(LocalError::Changed) => Recovered::Finished,
            Err(error) => return Err(error),
        },
        LocalChange::Rescue { .. } => Recovered::NotStarted,
        LocalChange::Unpark { parked, .. } => finished_if(look(root, parked)?.is_none()),
        LocalChange::Replace { target, expected, .. } | LocalChange::Trash { node: target, expected, .. } => {
            recover_parking(root, opener, target, expected)?
        }
    })
}

/// A replace or a trash: the sidecar written before tells where the old version went.
fn recover_parking(
    root: &Root,
    opener: &mut Opener<'_>,
    target: &LocalRef,
    expected: &Fingerprint,
) -> Result<Recovered, LocalError> {
    let announced: Vec<(String, Sidecar)> = root
        .parked()
        .known()
        .iter()
        .filter(|(_, sidecar)| sidecar.path == target.path.as_str() && sidecar.expected == *expected)
        .map(|(parked, sidecar)| (parked.clone(), sidecar.clone()))
        .collect();
    for (parked, sidecar) in announced.into_iter().rev() {
        let Some(out) = look(root, &parked)? else { continue };
        let made = sidecar.stage.as_ref().map(|(_, made)| *made);
        if made.is_some_and(|made| out.is_file_of(&made)) {
            continue;
        }
        let (parent, name) = target.path.split().ok_or(LocalError::Changed)?;
        let place = match opener.folder_at(&parent) {
            Ok(folder) => {
                let name = c_name(name.as_bytes())?;
                Some((Stat::at(&folder, &name).ok(), folder, name))
            }
            Err(LocalError::Changed) => None,
            Err(error) => return Err(error),
        };
        let expected_out = out.is_content_of(expected);
        return Ok(match place {
            // Moved out, and the new version did not follow, or another version went: the name must not stay free.
            Some((None, folder, name)) if made.is_some() && !root.exchanges || !expected_out => {
                put_back(root, &parked, &folder, &name)?;
                if expected_out { Recovered::NotStarted } else { Recovered::Undone }
            }
            Some((Some(stat), folder, name))
                if !expected_out && made.is_some_and(|made| stat.is_file_of(&made)) =>
            {
                let target = Located { folder, name, stat };
                undo_exchange(root, &parked, &target, &made.unwrap_or(LocalId::new(0, 0)))?;
                Recovered::Undone
            }
            _ if expected_out => Recovered::Finished,
            // Both versions are kept, one in the tree and one parked; the parked one is reported as changed.
            _ => Recovered::Undone,
        });
    }
    Ok(Recovered::NotStarted)
}

fn put_back(
    root: &Root,
    parked: &str,
    folder: &crate::beneath::Folder,
    name: &std::ffi::CString,
) -> Result<(), LocalError> {
    match no_replace(&root.control.trash, &c_name(parked.as_bytes())?, folder, name) {
        Ok(()) => {
            forget(root, parked);
            Ok(())
        }
        // Somebody took the name this very moment: both are kept.
        Err(rustix::io::Errno::EXIST) => Ok(()),
        Err(errno) => Err(local_error(errno)),
    }
}

/// Brings new files that wait at their place in the trash back to the stage, and drops sidecars of nothing.
fn clear_unstarted(root: &Root) -> Result<(), LocalError> {
    let known: Vec<(String, Sidecar)> =
        root.parked().known().iter().map(|(name, sidecar)| (name.clone(), sidecar.clone())).collect();
    for (parked, sidecar) in known {
        match (look(root, &parked)?, &sidecar.stage) {
            (None, _) => forget(root, &parked),
            (Some(stat), Some((stage, made))) if stat.is_file_of(made) => {
                let staged = stage_name(stage)?;
                let name = c_name(parked.as_bytes())?;
                match no_replace(&root.control.trash, &name, &root.control.stage, &staged) {
                    Ok(()) => forget(root, &parked),
                    // A newer stage of that name exists; this one only takes room.
                    Err(rustix::io::Errno::EXIST) => {}
                    Err(errno) => return Err(local_error(errno)),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn there(opener: &mut Opener<'_>, parent: &LocalRef, name: &str) -> Result<Option<Stat>, LocalError> {
    let folder = match opener.folder(parent) {
        Ok(folder) => folder,
        Err(LocalError::Changed) => return Ok(None),
        Err(error) => return Err(error),
    };
    match Stat::at(&folder, &new_name(name)?) {
        Ok(stat) => Ok(Some(stat)),
        Err(rustix::io::Errno::NOENT) => Ok(None),
        Err(errno) => Err(local_error(errno)),
    }
}
