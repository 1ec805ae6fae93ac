//! Trash: what was replaced or removed, each with a sidecar that says what it was. Parked files are watched, because
//! a program may still hold one open and write on.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::io::Read;
use std::time::Duration;

use engine::{LocalError, ParkedChange, StageId};
use jiff::Timestamp;
use rustix::fs::{AtFlags, Mode, OFlags, unlinkat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};
use sync_core::{Fingerprint, ItemId, LocalId};

use crate::beneath::open_beneath;
use crate::control::{Control, private_file};
use crate::failure::{io_error, local_error, unavailable};
use crate::raw_name::c_name;
use crate::root::Root;
use crate::stat::Stat;

const SIDECAR: &str = ".json";
/// Parked files whose time of grace has passed are still looked at this often.
const SLOW: Duration = Duration::from_secs(600);

/// What a parked file was. Written before it is parked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sidecar {
    /// The root folder it was parked in. In a copy of that folder no file is the one meant any more.
    pub(crate) root: LocalId,
    /// The item it belonged to.
    pub(crate) item: Option<ItemId>,
    /// Where it was, beneath the root.
    pub(crate) path: String,
    /// The version meant.
    pub(crate) expected: Fingerprint,
    /// The stage it was exchanged with, and that file; none when it was trashed.
    pub(crate) stage: Option<(StageId, LocalId)>,
    /// When.
    pub(crate) at: Timestamp,
}

impl Sidecar {
    fn name(&self) -> String {
        self.path.rsplit('/').next().unwrap_or_default().to_owned()
    }
}

/// The parked files by name.
#[derive(Debug, Default)]
pub(crate) struct Parked {
    known: BTreeMap<String, Sidecar>,
    all_seen: Option<Duration>,
}

impl Parked {
    /// Reads the sidecars.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`] when the trash cannot be read.
    pub(crate) fn load(control: &Control, root: &LocalId) -> Result<Self, LocalError> {
        let mut known = BTreeMap::new();
        for name in crate::listing::names(&control.trash).map_err(unavailable)? {
            let Some(parked) = name.to_str().ok().and_then(|name| name.strip_suffix(SIDECAR)) else {
                continue;
            };
            // A sidecar cut short by a crash belongs to a step that had not begun. Its file, if any, just stays.
            if let Some(sidecar) = read_sidecar(control, &name).filter(|sidecar| sidecar.root == *root) {
                known.insert(parked.to_owned(), sidecar);
            }
        }
        Ok(Self { known, all_seen: None })
    }

    /// Returns all that is known.
    pub(crate) fn known(&self) -> &BTreeMap<String, Sidecar> {
        &self.known
    }
}

fn read_sidecar(control: &Control, name: &CString) -> Option<Sidecar> {
    let fd = open_beneath(&control.trash, name, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()).ok()?;
    let mut text = String::new();
    std::fs::File::from(fd).take(64 * 1024).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Writes a sidecar and returns the name the file is to be parked under.
///
/// # Errors
/// [`LocalError`].
pub(crate) fn announce(root: &Root, sidecar: Sidecar) -> Result<String, LocalError> {
    let random = data_encoding::HEXLOWER.encode(&root.runtime.random::<8>());
    let parked = format!("{}-{random}", sidecar.at.as_second());
    let text = serde_json::to_vec(&sidecar).map_err(|error| LocalError::Io(error.to_string()))?;
    let name = c_name(format!("{parked}{SIDECAR}").as_bytes())?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
    let fd = open_beneath(&root.control.trash, &name, flags, private_file()).map_err(local_error)?;
    std::io::Write::write_all(&mut std::fs::File::from(fd), &text).map_err(|error| io_error(&error))?;
    root.parked().known.insert(parked.clone(), sidecar);
    Ok(parked)
}

/// Removes the sidecar of a file that is not parked, or not any more.
pub(crate) fn forget(root: &Root, parked: &str) {
    root.parked().known.remove(parked);
    if let Ok(name) = c_name(format!("{parked}{SIDECAR}").as_bytes()) {
        match unlinkat(&root.control.trash, &name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(errno) => tracing::warn!(error = %local_error(errno), "a sidecar could not be removed"),
        }
    }
}

/// Looks at a parked file; none when it is not there.
///
/// # Errors
/// [`LocalError`].
pub(crate) fn look(root: &Root, parked: &str) -> Result<Option<Stat>, LocalError> {
    match Stat::at(&root.control.trash, &c_name(parked.as_bytes())?) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(local_error(errno)),
    }
}

/// Tells which parked files were written after they left the tree, and drops clean ones whose time has passed.
pub(crate) fn parked_changes(root: &Root) -> Result<Vec<ParkedChange>, LocalError> {
    root.check()?;
    let (now, elapsed) = (root.runtime.now(), root.runtime.elapsed());
    let due: Vec<(String, Sidecar)> = {
        let mut parked = root.parked();
        let all = parked.all_seen.is_none_or(|seen| elapsed.saturating_sub(seen) >= SLOW);
        if all {
            parked.all_seen = Some(elapsed);
        }
        let in_grace = |sidecar: &Sidecar| since(sidecar.at, now) < root.options.grace;
        parked
            .known
            .iter()
            .filter(|(_, sidecar)| all || in_grace(sidecar))
            .map(|(name, sidecar)| (name.clone(), sidecar.clone()))
            .collect()
    };
    let mut changes = Vec::new();
    for (name, sidecar) in due {
        // It is not parked yet, or somebody emptied the trash.
        let Some(stat) = look(root, &name)? else { continue };
        let ours = sidecar.stage.as_ref().is_some_and(|(_, made)| stat.is_file_of(made));
        if stat.is_content_of(&sidecar.expected) {
            if since(sidecar.at, now) > root.options.keep {
                discard(root, &name, &sidecar.expected)?;
            }
        } else if !ours && stat.has_one_name() {
            // A file with further names may be edited under those; the edit is then in the tree.
            changes.push(ParkedChange { parked: name, item: sidecar.item.clone(), name: sidecar.name() });
        }
    }
    Ok(changes)
}

/// Ends the time of a clean file. It was acknowledged by the server before it came here.
fn discard(root: &Root, parked: &str, expected: &Fingerprint) -> Result<(), LocalError> {
    let clean = look(root, parked)?.is_some_and(|stat| stat.is_content_of(expected));
    if clean {
        unlinkat(&root.control.trash, &c_name(parked.as_bytes())?, AtFlags::empty()).map_err(local_error)?;
        forget(root, parked);
    }
    Ok(())
}

fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}
