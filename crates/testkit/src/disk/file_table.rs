//! File table: an in-memory file system with inodes, as Linux has them: names are entries of folders, a rename keeps
//! the inode, freed inode numbers come back at once with another birth time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why an operation failed, with the kernel's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// ENOENT
    #[error("no such file or folder")]
    NotFound,
    /// EEXIST
    #[error("the name is taken")]
    Exists,
    /// ENOTEMPTY
    #[error("the folder is not empty")]
    NotEmpty,
    /// ENOTDIR
    #[error("not a folder")]
    NotFolder,
    /// EISDIR
    #[error("a folder")]
    IsFolder,
    /// EINVAL: a folder into itself
    #[error("a folder cannot be moved into itself")]
    IntoItself,
}

/// What an inode holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A file's bytes.
    File(Arc<[u8]>),
    /// A folder's entries.
    Folder(BTreeMap<String, u64>),
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inode {
    /// Its number; freed numbers are used again.
    pub number: u64,
    /// When it was made, in nanoseconds; tells two users of a number apart.
    pub birth: i64,
    /// Modification time in nanoseconds.
    pub modified: i64,
    /// Change time in nanoseconds.
    pub changed: i64,
    /// What it holds.
    pub body: Body,
    /// Whether its bytes have reached the disk.
    pub durable: bool,
}

impl Inode {
    /// Returns the length in bytes; 0 for a folder.
    #[must_use]
    pub fn size(&self) -> u64 {
        match &self.body {
            Body::File(bytes) => bytes.len() as u64,
            Body::Folder(_) => 0,
        }
    }

    /// Tells whether this is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        matches!(self.body, Body::Folder(_))
    }
}

/// Number of the top folder.
pub const TOP: u64 = 2;

/// All inodes. A clone is a snapshot and cheap: bytes are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTable {
    inodes: BTreeMap<u64, Inode>,
    free: BTreeSet<u64>,
    next: u64,
    births: i64,
}

impl Default for FileTable {
    fn default() -> Self {
        let top = Inode {
            number: TOP,
            birth: 1,
            modified: 0,
            changed: 0,
            body: Body::Folder(BTreeMap::new()),
            durable: true,
        };
        Self { inodes: BTreeMap::from([(TOP, top)]), free: BTreeSet::new(), next: TOP + 1, births: 1 }
    }
}

impl FileTable {
    /// Returns an inode.
    ///
    /// # Errors
    /// [`FileError::NotFound`].
    pub fn inode(&self, number: u64) -> Result<&Inode, FileError> {
        self.inodes.get(&number).ok_or(FileError::NotFound)
    }

    fn inode_mut(&mut self, number: u64) -> Result<&mut Inode, FileError> {
        self.inodes.get_mut(&number).ok_or(FileError::NotFound)
    }

    /// Returns all inodes.
    pub fn inodes(&self) -> impl Iterator<Item = &Inode> {
        self.inodes.values()
    }

    /// Returns a folder's entries.
    ///
    /// # Errors
    /// [`FileError`] when it is none.
    pub fn entries(&self, folder: u64) -> Result<&BTreeMap<String, u64>, FileError> {
        match &self.inode(folder)?.body {
            Body::Folder(entries) => Ok(entries),
            Body::File(_) => Err(FileError::NotFolder),
        }
    }

    fn entries_mut(&mut self, folder: u64, now: i64) -> Result<&mut BTreeMap<String, u64>, FileError> {
        let inode = self.inode_mut(folder)?;
        inode.modified = now;
        inode.changed = now;
        match &mut inode.body {
            Body::Folder(entries) => Ok(entries),
            Body::File(_) => Err(FileError::NotFolder),
        }
    }

    /// Finds an entry of a folder.
    ///
    /// # Errors
    /// [`FileError`] when there is none.
    pub fn child(&self, folder: u64, name: &str) -> Result<u64, FileError> {
        self.entries(folder)?.get(name).copied().ok_or(FileError::NotFound)
    }

    /// Finds what stands at a path of names joined by `/`; empty means the top.
    ///
    /// # Errors
    /// [`FileError`] when nothing does.
    pub fn lookup(&self, path: &str) -> Result<u64, FileError> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(TOP, |folder, name| self.child(folder, name))
    }

    /// Returns a file's bytes.
    ///
    /// # Errors
    /// [`FileError`] when it is none.
    pub fn bytes(&self, number: u64) -> Result<Arc<[u8]>, FileError> {
        match &self.inode(number)?.body {
            Body::File(bytes) => Ok(Arc::clone(bytes)),
            Body::Folder(_) => Err(FileError::IsFolder),
        }
    }

    fn add(&mut self, folder: u64, name: &str, body: Body, now: i64) -> Result<u64, FileError> {
        if self.entries(folder)?.contains_key(name) {
            return Err(FileError::Exists);
        }
        let number = self.free.pop_first().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        self.births += 1;
        // Two inodes made in the same instant still differ, as on a file system with a generation number.
        let inode =
            Inode { number, birth: now + self.births, modified: now, changed: now, body, durable: false };
        self.inodes.insert(number, inode);
        self.entries_mut(folder, now)?.insert(name.to_owned(), number);
        Ok(number)
    }

    /// Makes a file.
    ///
    /// # Errors
    /// [`FileError::Exists`] when the name is taken.
    pub fn create(&mut self, folder: u64, name: &str, bytes: Arc<[u8]>, now: i64) -> Result<u64, FileError> {
        self.add(folder, name, Body::File(bytes), now)
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// [`FileError::Exists`] when the name is taken.
    pub fn make_folder(&mut self, folder: u64, name: &str, now: i64) -> Result<u64, FileError> {
        self.add(folder, name, Body::Folder(BTreeMap::new()), now)
    }

    /// Replaces a file's bytes in place.
    ///
    /// # Errors
    /// [`FileError`] when it is no file.
    pub fn write(&mut self, number: u64, bytes: Arc<[u8]>, now: i64) -> Result<(), FileError> {
        let inode = self.inode_mut(number)?;
        if inode.is_folder() {
            return Err(FileError::IsFolder);
        }
        inode.body = Body::File(bytes);
        inode.modified = now;
        inode.changed = now;
        inode.durable = false;
        Ok(())
    }

    /// Sets a file's modification time.
    ///
    /// # Errors
    /// [`FileError::NotFound`].
    pub fn set_modified(&mut self, number: u64, modified: i64, now: i64) -> Result<(), FileError> {
        let inode = self.inode_mut(number)?;
        inode.modified = modified;
        inode.changed = now;
        Ok(())
    }

    /// Renames without replacing anything.
    ///
    /// # Errors
    /// [`FileError::Exists`] when the new name is taken; others as the kernel does.
    pub fn rename(&mut self, from: (u64, &str), to: (u64, &str), now: i64) -> Result<(), FileError> {
        let number = self.child(from.0, from.1)?;
        if self.entries(to.0)?.contains_key(to.1) {
            return Err(FileError::Exists);
        }
        if self.is_within(to.0, number) {
            return Err(FileError::IntoItself);
        }
        self.entries_mut(from.0, now)?.remove(from.1);
        self.entries_mut(to.0, now)?.insert(to.1.to_owned(), number);
        self.inode_mut(number)?.changed = now;
        Ok(())
    }

    /// Renames a file over whatever file has the new name.
    ///
    /// # Errors
    /// [`FileError`] as the kernel does.
    pub fn rename_over(&mut self, from: (u64, &str), to: (u64, &str), now: i64) -> Result<(), FileError> {
        if self.child(to.0, to.1).is_ok() {
            self.child(from.0, from.1)?;
            self.unlink(to.0, to.1, now)?;
        }
        self.rename(from, to, now)
    }

    /// Exchanges two names in one step.
    ///
    /// # Errors
    /// [`FileError::NotFound`] when one is not there.
    pub fn exchange(&mut self, one: (u64, &str), other: (u64, &str), now: i64) -> Result<(), FileError> {
        let first = self.child(one.0, one.1)?;
        let second = self.child(other.0, other.1)?;
        if self.is_within(other.0, first) || self.is_within(one.0, second) {
            return Err(FileError::IntoItself);
        }
        self.entries_mut(one.0, now)?.insert(one.1.to_owned(), second);
        self.entries_mut(other.0, now)?.insert(other.1.to_owned(), first);
        self.inode_mut(first)?.changed = now;
        self.inode_mut(second)?.changed = now;
        Ok(())
    }

    /// Removes a file.
    ///
    /// # Errors
    /// [`FileError::IsFolder`] for a folder.
    pub fn unlink(&mut self, folder: u64, name: &str, now: i64) -> Result<(), FileError> {
        let number = self.child(folder, name)?;
        if self.inode(number)?.is_folder() {
            return Err(FileError::IsFolder);
        }
        self.entries_mut(folder, now)?.remove(name);
        self.inodes.remove(&number);
        self.free.insert(number);
        Ok(())
    }

    /// Removes an empty folder.
    ///
    /// # Errors
    /// [`FileError::NotEmpty`] when it is not empty.
    pub fn remove_folder(&mut self, folder: u64, name: &str, now: i64) -> Result<(), FileError> {
        let number = self.child(folder, name)?;
        if !self.entries(number)?.is_empty() {
            return Err(FileError::NotEmpty);
        }
        self.entries_mut(folder, now)?.remove(name);
        self.inodes.remove(&number);
        self.free.insert(number);
        Ok(())
    }

    /// Removes a file or a folder with everything in it, as `rm -r`.
    ///
    /// # Errors
    /// [`FileError::NotFound`].
    pub fn remove_all(&mut self, folder: u64, name: &str, now: i64) -> Result<(), FileError> {
        let number = self.child(folder, name)?;
        if !self.inode(number)?.is_folder() {
            return self.unlink(folder, name, now);
        }
        let names: Vec<String> = self.entries(number)?.keys().cloned().collect();
        for inner in names {
            self.remove_all(number, &inner, now)?;
        }
        self.remove_folder(folder, name, now)
    }

    /// Tells whether `number` is `folder` or lies beneath it.
    fn is_within(&self, number: u64, folder: u64) -> bool {
        number == folder
            || self
                .entries(folder)
                .is_ok_and(|entries| entries.values().any(|child| self.is_within(number, *child)))
    }

    /// Lists everything beneath a folder as (path below it, inode), parents first, in the order of names.
    #[must_use]
    pub fn walk(&self, folder: u64) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        self.walk_into(folder, "", &mut found);
        found
    }

    fn walk_into(&self, folder: u64, prefix: &str, found: &mut Vec<(String, u64)>) {
        let Ok(entries) = self.entries(folder) else { return };
        for (name, number) in entries {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            found.push((path.clone(), *number));
            self.walk_into(*number, &path, found);
        }
    }

    /// Marks everything as having reached the disk.
    pub fn make_durable(&mut self) {
        for inode in self.inodes.values_mut() {
            inode.durable = true;
        }
    }

    /// Applies what a power loss does to bytes that had not reached the disk: the file is there, but empty.
    pub fn lose_undurable_bytes(&mut self) {
        for inode in self.inodes.values_mut().filter(|inode| !inode.durable) {
            if let Body::File(bytes) = &mut inode.body {
                *bytes = Arc::from([]);
            }
            inode.durable = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Arc<[u8]> {
        Arc::from(text.as_bytes())
    }

    #[test]
    fn a_rename_keeps_the_inode_and_a_freed_number_comes_back_with_another_birth() {
        let mut table = FileTable::default();
        let file = table.create(TOP, "a", bytes("1"), 10).unwrap();
        table.rename((TOP, "a"), (TOP, "b"), 11).unwrap();
        assert_eq!(table.lookup("b"), Ok(file));
        let birth = table.inode(file).unwrap().birth;
        table.unlink(TOP, "b", 12).unwrap();
        let again = table.create(TOP, "c", bytes("2"), 12).unwrap();
        assert_eq!(again, file);
        assert_ne!(table.inode(again).unwrap().birth, birth);
    }

    #[test]
    fn exchange_swaps_two_names_and_a_folder_never_enters_itself() {
        let mut table = FileTable::default();
        let folder = table.make_folder(TOP, "d", 1).unwrap();
        table.create(folder, "a", bytes("1"), 1).unwrap();
        table.create(TOP, "b", bytes("2"), 1).unwrap();
        table.exchange((folder, "a"), (TOP, "b"), 2).unwrap();
        assert_eq!(table.bytes(table.lookup("d/a").unwrap()), Ok(bytes("2")));
        assert_eq!(table.rename((TOP, "d"), (folder, "e"), 3), Err(FileError::IntoItself));
    }
}
