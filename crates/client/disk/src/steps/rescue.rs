//! Copies a file to the rescue folder, under its own path, never over anything.

use std::ffi::CString;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use engine::LocalError;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, fsync, mkdirat, openat, unlinkat};
use rustix::io::Errno;
use sync_core::{Fingerprint, RelPath};

use crate::batch::{Done, Step};
use crate::beneath::{Located, open_beneath, open_folder_beneath};
use crate::control::private_file;
use crate::failure::{io_error, local_error};
use crate::raw_name::c_name;
use crate::rename::no_replace;
use crate::root::Root;
use crate::stat::Stat;
use crate::stop_point;

#[derive(Debug)]
pub(super) struct Rescue {
    pub(super) located: Located,
    pub(super) path: RelPath,
    pub(super) expected: Fingerprint,
}

impl Step for Rescue {
    fn relies_on_bytes(&self) -> bool {
        false
    }

    fn take(&mut self, root: &Root) -> Result<Done, LocalError> {
        let source = std::fs::File::from(self.located.open()?);
        self.check(&Stat::of(&source).map_err(local_error)?)?;
        let folder = self.make_folders(root)?;
        let random = data_encoding::HEXLOWER.encode(&root.runtime.random::<8>());
        let half = c_name(format!(".footbridge-{random}").as_bytes())?;
        let copied = self.copy(&source, &folder, &half);
        if copied.is_err() {
            let _only_our_own_half = unlinkat(&folder, &half, AtFlags::empty());
        }
        copied?;
        fsync(&folder).map_err(local_error)?;
        Ok(Done(None))
    }

    fn cancel(&mut self, _root: &Root) {}
}

impl Rescue {
    fn check(&self, stat: &Stat) -> Result<(), LocalError> {
        if stat.fingerprint(self.located.id(stat)) == self.expected {
            Ok(())
        } else {
            Err(LocalError::Changed)
        }
    }

    /// The rescue folder may be on another file system, so every folder made in it is synced here.
    fn make_folders(&self, root: &Root) -> Result<OwnedFd, LocalError> {
        std::fs::create_dir_all(&root.options.rescue).map_err(|error| io_error(&error))?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let mut folder = openat(CWD, &root.options.rescue, flags, Mode::empty()).map_err(local_error)?;
        let (parent, _) = self.path.split().ok_or(LocalError::Changed)?;
        for part in parent.parts() {
            let name = c_name(part.as_bytes())?;
            match mkdirat(&folder, &name, Mode::RWXU) {
                Ok(()) => fsync(&folder).map_err(local_error)?,
                Err(Errno::EXIST) => {}
                Err(errno) => return Err(local_error(errno)),
            }
            folder = open_folder_beneath(&folder, &name).map_err(local_error)?;
        }
        Ok(folder)
    }

    fn copy(&self, source: &std::fs::File, folder: &OwnedFd, half: &CString) -> Result<(), LocalError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let mut copy =
            std::fs::File::from(open_beneath(folder, half, flags, private_file()).map_err(local_error)?);
        let mut left = source.take(u64::MAX);
        let mut buffer = vec![0; 256 * 1024];
        loop {
            match left.read(&mut buffer).map_err(|error| io_error(&error))? {
                0 => break,
                length => copy.write_all(&buffer[..length]).map_err(|error| io_error(&error))?,
            }
        }
        copy.sync_all().map_err(|error| io_error(&error))?;
        stop_point::pass("rescue: copied");
        self.check(&Stat::of(source).map_err(local_error)?)?;
        self.name_copy(source.as_fd(), folder, half)
    }

    /// A number is added until the name is free. A copy of the same bytes is not made twice.
    fn name_copy(&self, source: impl AsFd, folder: &OwnedFd, half: &CString) -> Result<(), LocalError> {
        let (_, name) = self.path.split().ok_or(LocalError::Changed)?;
        for number in 1..10_000 {
            let name = if number == 1 { name.to_owned() } else { numbered(name, number) };
            let name = c_name(name.as_bytes())?;
            match no_replace(folder, half, folder, &name) {
                Ok(()) => return Ok(()),
                Err(Errno::EXIST) if same_bytes(&source, folder, &name) => {
                    return unlinkat(folder, half, AtFlags::empty()).map_err(local_error);
                }
                Err(Errno::EXIST) => {}
                // The file system of the rescue folder cannot rename safely; the copy keeps its own name.
                Err(_) => return Ok(()),
            }
        }
        Err(LocalError::Exists)
    }
}

fn numbered(name: &str, number: u32) -> String {
    let mut room = 255 - format!(" ({number})").len();
    let (stem, end) = match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at < 32 => name.split_at(at),
        _ => (name, ""),
    };
    room = room.saturating_sub(end.len()).min(stem.len());
    while !stem.is_char_boundary(room) {
        room -= 1;
    }
    format!("{} ({number}){end}", &stem[..room])
}

fn same_bytes(source: impl AsFd, folder: &OwnedFd, name: &CString) -> bool {
    let Ok(there) = open_beneath(folder, name, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()) else {
        return false;
    };
    let (Ok(one), Ok(two)) = (Stat::of(&source), Stat::of(&there)) else { return false };
    if one.size != two.size {
        return false;
    }
    let (mut a, mut b) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut offset = 0;
    while offset < one.size {
        let (Ok(x), Ok(y)) =
            (rustix::io::pread(&source, &mut a, offset), rustix::io::pread(&there, &mut b, offset))
        else {
            return false;
        };
        if x == 0 || x != y || a[..x] != b[..y] {
            return false;
        }
        offset += x as u64;
    }
    true
}
