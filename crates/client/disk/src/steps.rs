//! Steps: one file each. Every step checks what it names when it is prepared and again when it is taken.

mod make_dir;
mod move_node;
mod place;
mod remove_dir;
mod replace;
mod rescue;
mod trash_file;
mod unpark;

use engine::{LocalChange, LocalError, LocalRef};

use crate::batch::{Place, Step};
use crate::beneath::{Opener, new_name};
use crate::root::Root;

pub(crate) use replace::undo_exchange;

/// Prepares a step.
///
/// # Errors
/// [`LocalError`]; then nothing changed.
pub(crate) fn prepare(
    root: &Root,
    opener: &mut Opener<'_>,
    change: &LocalChange,
) -> Result<Box<dyn Step>, LocalError> {
    Ok(match change {
        LocalChange::MakeDir { parent, name } => Box::new(make_dir::MakeDir(place(opener, parent, name)?)),
        LocalChange::Place { stage, parent, name } => {
            let place = place(opener, parent, name)?;
            Box::new(place::PlaceStage::prepare(root, stage, place)?)
        }
        LocalChange::Replace { stage, target, expected, item } => {
            let located = opener.locate(target)?;
            Box::new(replace::Replace::prepare(root, stage, target, located, expected, item)?)
        }
        LocalChange::Move { node, parent, name } => {
            let located = opener.locate(node)?;
            Box::new(move_node::MoveNode { located, id: node.id, to: place(opener, parent, name)? })
        }
        LocalChange::Trash { node, expected, item } => {
            let located = opener.locate(node)?;
            Box::new(trash_file::TrashFile::prepare(root, node, located, expected, item.as_ref())?)
        }
        LocalChange::RemoveDir { node } => {
            Box::new(remove_dir::RemoveDir { located: opener.locate(node)?, id: node.id })
        }
        LocalChange::Rescue { node, expected } => {
            let located = opener.locate(node)?;
            Box::new(rescue::Rescue { located, path: node.path.clone(), expected: *expected })
        }
        LocalChange::Unpark { parked, parent, name } => {
            let place = place(opener, parent, name)?;
            Box::new(unpark::Unpark::prepare(root, parked, place)?)
        }
    })
}

fn place(opener: &mut Opener<'_>, parent: &LocalRef, name: &str) -> Result<Place, LocalError> {
    let name = new_name(name)?;
    Ok(Place { folder: opener.folder(parent)?, name })
}
