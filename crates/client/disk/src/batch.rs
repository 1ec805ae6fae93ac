//! Batch: many steps made durable together. Everything that must be on the platter before a step is prepared and
//! synced once; then all steps are taken; then they are synced once.

use std::ffi::CString;
use std::sync::Arc;

use engine::{Applied, LocalChange, LocalEntry, LocalError};
use rustix::fs::syncfs;
use sync_core::LocalKind;

use crate::beneath::{Folder, Opener};
use crate::failure::local_error;
use crate::listing::entry_at_rest;
use crate::root::Root;
use crate::stat::Stat;
use crate::steps;
use crate::stop_point;

/// A step whose preparation succeeded.
pub(crate) trait Step {
    /// Tells whether the step relies on bytes written before it.
    fn relies_on_bytes(&self) -> bool;
    /// Takes the step after checking once more what it names.
    ///
    /// # Errors
    /// [`LocalError`]; then nothing changed.
    fn take(&mut self, root: &Root) -> Result<Done, LocalError>;
    /// Takes the preparation back.
    fn cancel(&mut self, root: &Root);
}

/// What a step left in the tree; nothing when the node is gone.
#[derive(Debug)]
pub(crate) struct Done(pub(crate) Option<LocalEntry>);

impl Done {
    /// Describes a node a step put at a name, as it was right after the step.
    pub(crate) fn at(folder: &Folder, name: &CString, stat: &Stat) -> Self {
        Self(Some(entry_at_rest(&folder.id, name, stat)))
    }
}

/// Where a step puts something.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) folder: Arc<Folder>,
    pub(crate) name: CString,
}

/// Applies independent steps as one durable batch.
pub(crate) fn apply(root: &Root, changes: &[LocalChange]) -> Vec<Result<Applied, LocalError>> {
    if let Err(error) = root.check() {
        return changes.iter().map(|_| Err(error.clone())).collect();
    }
    let mut opener = Opener::new(root);
    let mut steps: Vec<Result<Box<dyn Step>, LocalError>> =
        changes.iter().map(|change| steps::prepare(root, &mut opener, change)).collect();
    stop_point::pass("batch: prepared");
    let relies = steps.iter().flatten().any(|step| step.relies_on_bytes());
    if relies && let Err(error) = barrier(root) {
        // What was staged may be lost: a failed sync is not repeated, the bytes are written anew.
        for step in steps.iter_mut().flatten() {
            step.cancel(root);
        }
        return steps.into_iter().map(|step| Err(step.err().unwrap_or_else(|| error.clone()))).collect();
    }
    stop_point::pass("batch: synced");
    let done: Vec<Result<Done, LocalError>> =
        steps.into_iter().map(|step| step.and_then(|mut step| step.take(root))).collect();
    stop_point::pass("batch: taken");
    let ended = if done.iter().any(Result::is_ok) { barrier(root) } else { Ok(()) };
    done.into_iter()
        .map(|done| {
            let Done(entry) = done?;
            ended.clone()?;
            if let Some(entry) = &entry
                && entry.kind == LocalKind::File
            {
                root.watch.put_complete(&entry.parent, entry.name.as_bytes(), root.runtime.elapsed());
            }
            Ok(Applied { entry })
        })
        .collect()
}

/// Makes everything written so far durable.
fn barrier(root: &Root) -> Result<(), LocalError> {
    syncfs(root.handle()).map_err(local_error)
}
