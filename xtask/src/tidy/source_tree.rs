//! Source tree: the text of every tracked (or about to be tracked) file.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

/// One text file.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// Path inside the repository, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

impl SourceFile {
    /// Tells whether this is Rust source.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Returns the folder of the crate this file belongs to: the longest folder with a manifest.
    pub(crate) fn crate_folder<'a>(&self, tree: &'a SourceTree) -> Option<&'a str> {
        tree.crates()
            .map(|(folder, _)| folder)
            .filter(|folder| self.path.starts_with(&format!("{folder}/")))
            .max_by_key(|folder| folder.len())
    }
}

/// All files that a rule may look at.
#[derive(Debug, Default)]
pub(crate) struct SourceTree {
    files: Vec<SourceFile>,
}

impl SourceTree {
    /// Reads the files git tracks or would track. Binary files are left out.
    pub(crate) fn load(root: &Path) -> anyhow::Result<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .context("cannot start git, which lists the files to check")?;
        ensure!(listed.status.success(), "git cannot list the files: is this a clone?");
        let mut files = Vec::new();
        for path in String::from_utf8_lossy(&listed.stdout).split_terminator('\0') {
            // A file that was deleted but not yet staged is listed too; binary files are not text.
            if let Ok(text) = std::fs::read_to_string(root.join(path)) {
                files.push(SourceFile { path: path.to_owned(), text });
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(Self { files })
    }

    /// Makes a tree of examples.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        Self { files }
    }

    /// Returns all files.
    pub(crate) fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Returns all Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.is_rust())
    }

    /// Returns the file at `path`.
    pub(crate) fn find(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Returns the folder and the manifest of every crate; the workspace's own manifest is not one.
    pub(crate) fn crates(&self) -> impl Iterator<Item = (&str, &SourceFile)> {
        self.files
            .iter()
            .filter_map(|file| file.path.strip_suffix("/Cargo.toml").map(|folder| (folder, file)))
    }
}
