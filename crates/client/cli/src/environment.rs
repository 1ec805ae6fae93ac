//! Environment: the only place of the client that reads it. Follows the XDG base directories.

use std::env::var_os;
use std::path::{Path, PathBuf, absolute};

use agent::{Computer, POLICY_FOLDER, Places};

use crate::failure::CliError;
use crate::options::PlaceOptions;

/// Finds where things are.
pub fn places(options: &PlaceOptions) -> Result<Places, CliError> {
    let state = match &options.state_dir {
        Some(folder) => whole(folder)?,
        None => base("XDG_STATE_HOME", ".local/state")?.join("footbridge"),
    };
    let sync_home = match &options.sync_home {
        Some(folder) => whole(folder)?,
        None => home()?.join("Footbridge"),
    };
    let runtime = folder_variable("XDG_RUNTIME_DIR").unwrap_or_else(std::env::temp_dir);
    let mut folders = vec![PathBuf::from(POLICY_FOLDER)];
    // A weaker place can tighten what the computer's administrator left open, and loosen nothing.
    folders.extend(options.policy_dir.as_deref().map(whole).transpose()?);
    let user = var_os("USER").and_then(|name| name.into_string().ok()).unwrap_or_default();
    let computer = Computer { folders, user };
    Ok(Places::new(state, runtime, sync_home).with_policies(computer, folder_variable("HOME")))
}

/// Tells whether there is a screen that a browser could open on.
pub fn has_screen() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Where a desktop looks for programs and for who opens what.
pub struct DesktopFolders {
    /// Folder of the person's own desktop entries.
    pub applications: PathBuf,
    /// The person's list of defaults.
    pub defaults: PathBuf,
}

/// Finds where a desktop looks.
pub fn desktop_folders() -> Result<DesktopFolders, CliError> {
    Ok(DesktopFolders {
        applications: base("XDG_DATA_HOME", ".local/share")?.join("applications"),
        defaults: base("XDG_CONFIG_HOME", ".config")?.join("mimeapps.list"),
    })
}

fn base(variable: &str, below_home: &str) -> Result<PathBuf, CliError> {
    match folder_variable(variable) {
        Some(folder) => Ok(folder),
        None => Ok(home()?.join(below_home)),
    }
}

/// A relative path in such a variable is to be ignored, says the specification.
fn folder_variable(name: &str) -> Option<PathBuf> {
    var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute())
}

fn home() -> Result<PathBuf, CliError> {
    folder_variable("HOME").ok_or_else(|| {
        CliError::Computer(
            "The home folder is not known. Set HOME, or give --state-dir and --sync-home.".into(),
        )
    })
}

fn whole(folder: &Path) -> Result<PathBuf, CliError> {
    absolute(folder).map_err(|error| CliError::Computer(format!("{}: {error}", folder.display())))
}
