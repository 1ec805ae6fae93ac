//! Stat: what one `statx` tells of a file, and the identity and fingerprint made from it.

use std::ffi::CStr;
use std::os::fd::AsFd;

use jiff::Timestamp;
use rustix::fs::{AtFlags, FileType, Statx, StatxAttributes, StatxFlags, StatxTimestamp};
use rustix::io::Errno;
use sync_core::{Fingerprint, LocalId};
use transfer::ChunkHash;

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Symlink,
    Special,
}

/// The metadata of one file or folder at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    pub(crate) mtime_ns: i64,
    pub(crate) ctime_ns: i64,
    pub(crate) device: (u32, u32),
    pub(crate) mode: u32,
    /// Another file system begins here.
    pub(crate) mount: bool,
    inode: u64,
    birth: i64,
    links: u32,
}

impl Stat {
    /// Looks at a name in a folder, without following a link.
    pub(crate) fn at(folder: impl AsFd, name: &CStr) -> Result<Self, Errno> {
        let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT;
        rustix::fs::statx(folder, name, flags, wanted()).map(|stat| Self::new(&stat))
    }

    /// Looks at something open.
    pub(crate) fn of(file: impl AsFd) -> Result<Self, Errno> {
        rustix::fs::statx(file, c"", AtFlags::EMPTY_PATH, wanted()).map(|stat| Self::new(&stat))
    }

    fn new(stat: &Statx) -> Self {
        let kind = match FileType::from_raw_mode(u32::from(stat.stx_mode)) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Symlink,
            _ => Kind::Special,
        };
        let has_birth = stat.stx_mask & StatxFlags::BTIME.bits() != 0;
        Self {
            kind,
            size: stat.stx_size,
            mtime_ns: nanoseconds(stat.stx_mtime),
            ctime_ns: nanoseconds(stat.stx_ctime),
            device: (stat.stx_dev_major, stat.stx_dev_minor),
            mode: u32::from(stat.stx_mode) & 0o7777,
            mount: stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT),
            inode: stat.stx_ino,
            birth: if has_birth { nanoseconds(stat.stx_btime) } else { 0 },
            links: stat.stx_nlink,
        }
    }

    /// Returns the identity under a name. Of a hard-linked file every name is another node.
    pub(crate) fn id(&self, parent: &LocalId, name: &[u8]) -> LocalId {
        let mut id = LocalId::new(self.inode, self.birth);
        if self.kind == Kind::File && self.links > 1 {
            let mut bytes = Vec::with_capacity(16 + name.len());
            bytes.extend_from_slice(&parent.inode.to_le_bytes());
            bytes.extend_from_slice(&parent.birth.to_le_bytes());
            bytes.extend_from_slice(name);
            let hash = ChunkHash::of(&bytes);
            let first = hash.as_bytes().first_chunk::<8>().copied().unwrap_or([1; 8]);
            id.link = u64::from_le_bytes(first).max(1);
        }
        id
    }

    /// Returns the identity of a folder, or of a file in a place of ours where names do not matter.
    pub(crate) fn plain_id(&self) -> LocalId {
        LocalId::new(self.inode, self.birth)
    }

    /// Tells whether this is the file an id speaks of, under whatever name.
    pub(crate) fn is_file_of(&self, id: &LocalId) -> bool {
        self.inode == id.inode && self.birth == id.birth
    }

    /// Returns the fingerprint under an identity. A folder's times mean nothing.
    pub(crate) fn fingerprint(&self, id: LocalId) -> Fingerprint {
        if self.kind == Kind::Folder {
            return Fingerprint { id, size: 0, mtime_ns: 0, ctime_ns: 0 };
        }
        Fingerprint { id, size: self.size, mtime_ns: self.mtime_ns, ctime_ns: self.ctime_ns }
    }

    /// Tells whether a file still has the content of a fingerprint after a rename, which changes the ctime.
    pub(crate) fn is_content_of(&self, expected: &Fingerprint) -> bool {
        self.kind == Kind::File
            && self.is_file_of(&expected.id)
            && self.size == expected.size
            && self.mtime_ns == expected.mtime_ns
    }

    /// Tells whether this is a file as it was made, under whatever name.
    pub(crate) fn is_as_made(&self, made: &Self) -> bool {
        self.is_content_of(&made.fingerprint(made.plain_id()))
    }

    /// Tells whether nothing leads to it any more.
    pub(crate) fn is_removed(&self) -> bool {
        self.links == 0
    }

    /// Tells whether the file has exactly one name.
    pub(crate) fn has_one_name(&self) -> bool {
        self.links == 1
    }

    /// Returns the file's own time.
    pub(crate) fn modified(&self) -> Timestamp {
        Timestamp::from_nanosecond(i128::from(self.mtime_ns)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Tells whether a change right after `now` could leave the same times behind.
    pub(crate) fn is_racy(&self, now: Timestamp) -> bool {
        age(self.ctime_ns, now).is_some_and(|age| age < GRANULE_NS)
    }
}

/// Times of file systems step at least this often; a younger change may be followed by one that looks the same.
const GRANULE_NS: i64 = 20_000_000;

/// Returns how long ago a time was, in nanoseconds; none when it lies in the future.
pub(crate) fn age(then_ns: i64, now: Timestamp) -> Option<i64> {
    let now = i64::try_from(now.as_nanosecond()).unwrap_or(i64::MAX);
    let age = now.saturating_sub(then_ns);
    // A stamp may be a tick ahead of the finer clock.
    if age > -GRANULE_NS { Some(age.max(0)) } else { None }
}

fn wanted() -> StatxFlags {
    StatxFlags::BASIC_STATS | StatxFlags::BTIME
}

fn nanoseconds(time: StatxTimestamp) -> i64 {
    time.tv_sec.saturating_mul(1_000_000_000).saturating_add(i64::from(time.tv_nsec))
}
