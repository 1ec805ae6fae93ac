//! Person: the hands at the keyboard. What people write here is never refused by the simulation; every failure is the
//! ordinary one of the file system (a name taken, a folder gone).

use std::sync::Arc;

use sync_core::CONTROL_FOLDER;

use super::computer::Inner;
use super::{Computer, FileError, FileTable, TOP};

/// A file that a program has open for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenFile {
    number: u64,
    birth: i64,
}

impl Computer {
    /// Runs one action of the person: it is durable at once, and the watch is told about the folders touched.
    fn act<T>(
        &self,
        folders: &[&str],
        action: impl FnOnce(&mut FileTable, i64) -> Result<T, FileError>,
    ) -> Result<T, FileError> {
        let mut inner = self.inner();
        if inner.faults.unmounted {
            return Err(FileError::NotFound);
        }
        let now = self.tick(&mut inner);
        let done = action(&mut inner.disk.table, now)?;
        self.settle(&mut inner, folders);
        Ok(done)
    }

    fn settle(&self, inner: &mut Inner, folders: &[&str]) {
        inner.barrier();
        for folder in folders {
            inner.touched(folder, self.world().elapsed(), self.tape());
        }
    }

    /// Makes a file, or replaces the bytes of the one there in place.
    ///
    /// # Errors
    /// [`FileError`] when the folder is gone or a folder has the name.
    pub fn write(&self, path: &str, bytes: Arc<[u8]>) -> Result<(), FileError> {
        let (folder, name) = split(path);
        self.act(&[folder], |table, now| {
            let parent = table.lookup(folder)?;
            match table.child(parent, name) {
                Ok(number) => table.write(number, bytes, now),
                Err(_) => table.create(parent, name, bytes, now).map(|_| ()),
            }
        })
    }

    /// Saves as many editors do: a new file beside, then renamed over the old one.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn write_and_rename(&self, path: &str, bytes: Arc<[u8]>) -> Result<(), FileError> {
        let (folder, name) = split(path);
        let beside = format!("{name}.tmp");
        self.act(&[folder], |table, now| {
            let parent = table.lookup(folder)?;
            table.create(parent, &beside, bytes, now)?;
            let replaced = table.rename_over((parent, &beside), (parent, name), now);
            if replaced.is_err() {
                table.unlink(parent, &beside, now)?;
            }
            replaced
        })
    }

    /// Saves as others do: the old file becomes a backup, a new one gets the name, the backup goes.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn write_with_backup(&self, path: &str, bytes: Arc<[u8]>) -> Result<(), FileError> {
        let (folder, name) = split(path);
        let backup = format!("{name}~");
        self.act(&[folder], |table, now| {
            let parent = table.lookup(folder)?;
            table.rename((parent, name), (parent, &backup), now)?;
            table.create(parent, name, bytes, now)?;
            table.unlink(parent, &backup, now)
        })
    }

    /// Opens a file for writing; a program may hold it while the file moves or is replaced.
    ///
    /// # Errors
    /// [`FileError`] when it is no file.
    pub fn open_for_writing(&self, path: &str) -> Result<OpenFile, FileError> {
        let mut inner = self.inner();
        if inner.faults.unmounted {
            return Err(FileError::NotFound);
        }
        let number = inner.disk.table.lookup(path)?;
        inner.disk.table.bytes(number)?;
        let birth = inner.disk.table.inode(number)?.birth;
        inner.writers.insert((number, birth));
        Ok(OpenFile { number, birth })
    }

    /// Writes into an open file, wherever it is now. Returns its path, when it has one the person can see.
    ///
    /// # Errors
    /// [`FileError::NotFound`] when the file was removed meanwhile.
    pub fn write_open(&self, file: OpenFile, bytes: Arc<[u8]>) -> Result<Option<String>, FileError> {
        let mut inner = self.inner();
        if inner.disk.table.inode(file.number)?.birth != file.birth {
            return Err(FileError::NotFound);
        }
        let now = self.tick(&mut inner);
        inner.disk.table.write(file.number, bytes, now)?;
        let path = inner.path_of(file);
        let folder = path.as_deref().map(|path| split(path).0.to_owned());
        self.settle(&mut inner, &folder.as_deref().into_iter().collect::<Vec<_>>());
        Ok(path.filter(|path| !path.starts_with(CONTROL_FOLDER)))
    }

    /// Returns the bytes an open file has now; none when it was removed.
    #[must_use]
    pub fn bytes_of(&self, file: OpenFile) -> Option<Arc<[u8]>> {
        let inner = self.inner();
        let inode = inner.disk.table.inode(file.number).ok()?;
        if inode.birth == file.birth { inner.disk.table.bytes(file.number).ok() } else { None }
    }

    /// Closes an open file.
    pub fn close(&self, file: OpenFile) {
        let mut inner = self.inner();
        inner.writers.remove(&(file.number, file.birth));
        if let Some(path) = inner.path_of(file) {
            inner.touched(split(&path).0, self.world().elapsed(), self.tape());
        }
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn make_folder(&self, path: &str) -> Result<(), FileError> {
        let (folder, name) = split(path);
        self.act(&[folder], |table, now| {
            let parent = table.lookup(folder)?;
            table.make_folder(parent, name, now).map(|_| ())
        })
    }

    /// Renames or moves a file or folder to a free name.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn rename(&self, from: &str, to: &str) -> Result<(), FileError> {
        let ((from_folder, from_name), (to_folder, to_name)) = (split(from), split(to));
        self.act(&[from_folder, to_folder], |table, now| {
            let (source, target) = (table.lookup(from_folder)?, table.lookup(to_folder)?);
            table.rename((source, from_name), (target, to_name), now)
        })
    }

    /// Swaps the names of two files or folders.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn swap(&self, one: &str, other: &str) -> Result<(), FileError> {
        let ((one_folder, one_name), (other_folder, other_name)) = (split(one), split(other));
        self.act(&[one_folder, other_folder], |table, now| {
            let (first, second) = (table.lookup(one_folder)?, table.lookup(other_folder)?);
            table.exchange((first, one_name), (second, other_name), now)
        })
    }

    /// Deletes a file, or a folder with everything in it. Returns the contents deleted.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn delete(&self, path: &str) -> Result<Vec<Arc<[u8]>>, FileError> {
        let (folder, name) = split(path);
        self.act(&[folder, path], |table, now| {
            let parent = table.lookup(folder)?;
            let number = table.child(parent, name)?;
            let mut contents: Vec<_> = table.bytes(number).into_iter().collect();
            contents.extend(table.walk(number).into_iter().filter_map(|(_, inner)| table.bytes(inner).ok()));
            table.remove_all(parent, name, now)?;
            Ok(contents)
        })
    }
}

impl Inner {
    fn path_of(&self, file: OpenFile) -> Option<String> {
        let all = self.disk.table.walk(TOP);
        let (path, _) = all.into_iter().find(|(_, number)| *number == file.number)?;
        (self.disk.table.inode(file.number).ok()?.birth == file.birth).then_some(path)
    }
}

/// Returns the folder and the name of a path.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
