//! `footbridge desktop`: tells the desktop that `footbridge:` and `odopen:` links are ours, so that the Sync button of a
//! page works (D01). Everything it writes lies in the person's own folders, and it takes back what it wrote.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command as Program, ExitCode, Stdio};

use crate::desktop_entry::{Claim, FILE_NAME, SCHEMES, entry, with_default, without};
use crate::environment::{DesktopFolders, desktop_folders, has_screen};
use crate::failure::CliError;
use crate::options::{DesktopCommand, PlaceOptions};

/// Runs the command.
pub fn run(options: &PlaceOptions, command: &DesktopCommand) -> Result<ExitCode, CliError> {
    let folders = desktop_folders()?;
    match command {
        DesktopCommand::Install => install(&folders, options)?,
        DesktopCommand::Remove => remove(&folders)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn install(folders: &DesktopFolders, options: &PlaceOptions) -> Result<(), CliError> {
    let program = std::env::current_exe().map_err(|error| CliError::Computer(error.to_string()))?;
    let mut words: Vec<String> = vec![program.display().to_string()];
    for (name, folder) in [("--state-dir", &options.state_dir), ("--sync-home", &options.sync_home)] {
        if let Some(folder) = folder {
            let whole = std::path::absolute(folder).map_err(|error| failed(folder, &error))?;
            words.extend([name.to_owned(), whole.display().to_string()]);
        }
    }
    words.extend(["open".to_owned(), "--stay".to_owned()]);
    let file = folders.applications.join(FILE_NAME);
    replace(&file, &entry(&words))?;
    change_defaults(folders, |text| {
        // Links of our own are ours; those of another client only where nobody else takes them.
        let [ours, theirs] = SCHEMES;
        with_default(&with_default(text, ours, Claim::Always), theirs, Claim::IfFree)
    })?;
    refresh(folders);
    println!("The Sync button of a page opens Footbridge from now on.");
    println!("  {}", file.display());
    if !has_screen() {
        println!(
            "There is no desktop session here; it works in the next one. Until then use `footbridge open <link>`."
        );
    }
    Ok(())
}

fn remove(folders: &DesktopFolders) -> Result<(), CliError> {
    let file = folders.applications.join(FILE_NAME);
    let was_there = match fs::remove_file(&file) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failed(&file, &error)),
    };
    change_defaults(folders, without)?;
    refresh(folders);
    println!(
        "{}",
        if was_there { "Links do not open Footbridge any more." } else { "Links did not open Footbridge." }
    );
    Ok(())
}

/// Changes the person's list of defaults; where nothing changes, nothing is written.
fn change_defaults(folders: &DesktopFolders, change: impl Fn(&str) -> String) -> Result<(), CliError> {
    let list = &folders.defaults;
    let before = match fs::read_to_string(list) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(list, &error)),
    };
    let after = change(&before);
    if after == before { Ok(()) } else { replace(list, &after) }
}

/// Replaces a file whole. Where it is a link, as people who keep their settings elsewhere have it, the file behind it is
/// replaced.
fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let path: PathBuf = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut draft = path.clone().into_os_string();
        draft.push(".footbridge-new");
        fs::write(&draft, text)?;
        fs::rename(&draft, &path)
    };
    write().map_err(|error| failed(&path, &error))
}

/// Some desktops read a cache. Where the program for it is missing, they look at the files themselves.
fn refresh(folders: &DesktopFolders) {
    let mut program = Program::new("update-desktop-database");
    program.arg(&folders.applications).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _done = program.status();
}

fn failed(path: &Path, error: &io::Error) -> CliError {
    CliError::Computer(format!("{}: {error}", path.display()))
}
