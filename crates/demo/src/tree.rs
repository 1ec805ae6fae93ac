//! Tree: real files of this machine, copied as a project's folder, and compared byte by byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// Names people really use and sync programs stumble over.
const ODD_NAMES: [&str; 12] = [
    "Ümläute und ß.txt",
    "naïve café (final) [2].md",
    "emoji 🚀 launch.txt",
    "日本語のファイル.txt",
    "-leading-dash.txt",
    "two  spaces.txt",
    "semi;colon & ampersand.txt",
    "100% done #1.txt",
    "it's quoted.txt",
    "no-extension",
    ".hidden-settings",
    "UPPER and lower.TXT",
];

/// Copies about `count` real files, deep folders included, from documentation and source the machine has.
/// Answers with how many files there are.
///
/// # Errors
/// When the machine has too few files, or the folder cannot be written.
pub fn fill(folder: &Path, count: usize) -> anyhow::Result<usize> {
    let mut copied = 0;
    for source in sources() {
        let name = source.file_name().context("a source has a name")?.to_owned();
        copied += copy_some(&source, &folder.join(name), count.saturating_sub(copied))?;
        if copied >= count {
            break;
        }
    }
    anyhow::ensure!(copied >= count, "this machine has only {copied} files to show; {count} are wanted");
    let odd = folder.join("Odd names");
    fs::create_dir_all(&odd)?;
    for (position, name) in ODD_NAMES.iter().enumerate() {
        fs::write(odd.join(name), format!("{name}: file {position}\n"))?;
    }
    fs::write(odd.join(format!("{}.txt", "long name ".repeat(20).trim_end())), "a name of 203 characters\n")?;
    fs::write(odd.join("empty.txt"), "")?;
    fs::create_dir_all(odd.join("an empty folder"))?;
    let deep: PathBuf = (1..=12).map(|level| format!("level {level}")).collect();
    fs::create_dir_all(folder.join("Deep").join(&deep))?;
    fs::write(folder.join("Deep").join(&deep).join("bottom.txt"), "twelve folders down\n")?;
    Ok(files(folder)?.len())
}

/// Folders with real documentation and source, the likeliest first.
fn sources() -> Vec<PathBuf> {
    let mut sources = vec![PathBuf::from("/usr/share/doc"), PathBuf::from("/usr/include")];
    if let Ok(output) = Command::new("rustc").args(["--print", "sysroot"]).output() {
        let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        sources.insert(0, sysroot.join("share/doc/rust/html/book"));
        sources.push(sysroot.join("share/doc"));
    }
    sources.retain(|source| source.is_dir());
    sources
}

fn copy_some(source: &Path, target: &Path, most: usize) -> anyhow::Result<usize> {
    let mut copied = 0;
    let mut entries: Vec<_> = fs::read_dir(source)?.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        let name = entry.file_name();
        // The product's own rules for names are shown elsewhere; here every file shall arrive.
        if copied >= most || kind.is_symlink() || !name.to_str().is_some_and(is_plain) {
            continue;
        }
        if kind.is_dir() {
            copied += copy_some(&entry.path(), &target.join(name), most - copied)?;
        } else if kind.is_file() && entry.metadata()?.len() < 4 * 1024 * 1024 {
            fs::create_dir_all(target)?;
            fs::copy(entry.path(), target.join(name))?;
            copied += 1;
        }
    }
    Ok(copied)
}

fn is_plain(name: &str) -> bool {
    !name.contains(['"', '*', ':', '<', '>', '?', '\\', '|'])
        && !name.ends_with(['.', ' '])
        && !name.starts_with(['~', ' '])
}

/// Lists every file below a folder with its BLAKE3 and every empty folder, by relative path; the product's own
/// control folder is left out.
///
/// # Errors
/// When something cannot be read.
pub fn files(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut found = BTreeMap::new();
    walk(folder, Path::new(""), &mut found)?;
    Ok(found)
}

fn walk(root: &Path, below: &Path, found: &mut BTreeMap<PathBuf, String>) -> anyhow::Result<()> {
    let folder = root.join(below);
    let mut empty = true;
    for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if path == Path::new(".footbridge") {
            continue;
        }
        empty = false;
        if entry.file_type()?.is_dir() {
            walk(root, &path, found)?;
        } else {
            let bytes = fs::read(entry.path())?;
            found.insert(path, blake3::hash(&bytes).to_hex().to_string());
        }
    }
    if empty && below != Path::new("") {
        found.insert(below.to_owned(), "empty folder".to_owned());
    }
    Ok(())
}

/// Says how two folders differ, in a few lines; nothing when they are equal.
///
/// # Errors
/// When something cannot be read.
pub fn difference(left: &Path, right: &Path) -> anyhow::Result<Option<String>> {
    let (left, right) = (files(left)?, files(right)?);
    if left == right {
        return Ok(None);
    }
    let only = |some: &BTreeMap<PathBuf, String>, others: &BTreeMap<PathBuf, String>| {
        some.keys().filter(|path| !others.contains_key(*path)).count()
    };
    let unequal =
        left.iter().filter(|(path, hash)| right.get(*path).is_some_and(|other| other != *hash)).count();
    let examples: Vec<String> = left
        .iter()
        .filter(|(path, hash)| right.get(*path) != Some(hash))
        .chain(right.iter().filter(|(path, _)| !left.contains_key(*path)))
        .take(5)
        .map(|(path, _)| path.display().to_string())
        .collect();
    let (missing, extra) = (only(&left, &right), only(&right, &left));
    Ok(Some(format!("{missing} missing, {extra} extra, {unequal} unequal, such as: {}", examples.join(", "))))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{difference, fill};

    #[test]
    fn a_filled_tree_has_the_promised_files_and_differences_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let (left, right) = (folder.path().join("left"), folder.path().join("right"));
        let count = fill(&left, 120).expect("fills");
        assert!(count >= 120);
        fill(&right, 120).expect("fills");
        assert_eq!(difference(&left, &right).expect("compares"), None);
        fs::write(right.join("Odd names/empty.txt"), "no longer").expect("writes");
        let difference = difference(&left, &right).expect("compares").expect("differs");
        assert!(difference.contains("1 unequal") && difference.contains("empty.txt"), "{difference}");
    }
}
