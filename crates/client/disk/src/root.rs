//! Root: the attached folder. One handle, one identity, one lock; whoever holds it works on this folder and no other,
//! whatever is mounted or put at its path meanwhile.

use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::{LocalError, RootHealth};
use runtime::Runtime;
use rustix::fs::{CWD, Mode, OFlags, fstatvfs, openat};
use sync_core::LocalId;

use crate::control::{Control, Marker, read_marker, write_marker};
use crate::failure::unavailable;
use crate::options::{DiskOptions, RootIdentity};
use crate::rename::probe_exchange;
use crate::stage::Stages;
use crate::stat::{Kind, Stat};
use crate::trash::Parked;
use crate::watch::Watch;

/// The attached root.
#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) runtime: Runtime,
    pub(crate) options: DiskOptions,
    pub(crate) id: LocalId,
    pub(crate) control: Control,
    /// The file system can exchange two names.
    pub(crate) exchanges: bool,
    pub(crate) watch: Watch,
    stages: Mutex<Stages>,
    parked: Mutex<Parked>,
    handle: OwnedFd,
    device: (u32, u32),
    nonce: String,
}

impl Root {
    /// Attaches the folder at the options' path when it is the root that `identity` means.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`] for every other folder, and while another client holds it.
    pub(crate) fn attach(
        runtime: Runtime,
        options: DiskOptions,
        identity: &RootIdentity,
    ) -> Result<Self, LocalError> {
        let (handle, stat) = open_root(&options.root)?;
        check_marker(&handle, &identity.nonce)?;
        let control = Control::open(&handle)?;
        if Stat::of(&control.stage).map_err(unavailable)?.device != stat.device {
            return Err(LocalError::Unavailable("the control folder is on another file system".to_owned()));
        }
        let exchanges = probe_exchange(&control.stage)?;
        let parked = Parked::load(&control, &stat.plain_id())?;
        let watch = Watch::start(&control.cookies);
        Ok(Self {
            runtime,
            options,
            id: stat.plain_id(),
            control,
            exchanges,
            watch,
            stages: Mutex::default(),
            parked: Mutex::new(parked),
            handle,
            device: stat.device,
            nonce: identity.nonce.clone(),
        })
    }

    /// Returns the root's handle.
    pub(crate) fn handle(&self) -> BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.handle)
    }

    /// Checks that the path still leads to this folder and that it bears its marker.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`].
    pub(crate) fn check(&self) -> Result<(), LocalError> {
        let there =
            Stat::at(CWD, &crate::raw_name::c_name(path_bytes(&self.options.root))?).map_err(unavailable)?;
        if there.plain_id() != self.id || there.device != self.device {
            return Err(LocalError::Unavailable("another folder is at its place".to_owned()));
        }
        self.control.check()?;
        check_marker(&self.handle, &self.nonce)
    }

    /// Checks the root and tells how much room there is.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`].
    pub(crate) fn health(&self) -> Result<RootHealth, LocalError> {
        self.check()?;
        Ok(RootHealth { root: self.id, free: self.free()? })
    }

    /// Returns the free bytes beyond the reserve.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`].
    pub(crate) fn free(&self) -> Result<u64, LocalError> {
        let room = fstatvfs(&self.handle).map_err(unavailable)?;
        let free = room.f_bavail.saturating_mul(room.f_frsize);
        let all = room.f_blocks.saturating_mul(room.f_frsize);
        let usual = (all / 50).max((all / 20).min(1024 * 1024 * 1024));
        Ok(free.saturating_sub(self.options.reserve.unwrap_or(usual)))
    }

    pub(crate) fn stages(&self) -> MutexGuard<'_, Stages> {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn parked(&self) -> MutexGuard<'_, Parked> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a folder a root, or recognises one that was linked before: its state may have been lost, its stage and trash
/// were not.
///
/// # Errors
/// [`LocalError`].
pub(crate) fn link(runtime: &Runtime, path: &Path) -> Result<RootIdentity, LocalError> {
    let (handle, _) = open_root(path)?;
    if let Some(marker) = read_marker(&handle)? {
        return Ok(RootIdentity { nonce: marker.nonce });
    }
    let marker = Marker {
        nonce: data_encoding::HEXLOWER.encode(&runtime.random::<16>()),
        note: "Footbridge keeps this folder in sync. Do not delete or copy this file.".to_owned(),
    };
    write_marker(&handle, &marker)?;
    Ok(RootIdentity { nonce: marker.nonce })
}

fn open_root(path: &Path) -> Result<(OwnedFd, Stat), LocalError> {
    if !path.is_absolute() {
        return Err(LocalError::Unavailable("its place is not an absolute path".to_owned()));
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let handle = openat(CWD, path, flags, Mode::empty()).map_err(unavailable)?;
    let stat = Stat::of(&handle).map_err(unavailable)?;
    if stat.kind != Kind::Folder {
        return Err(LocalError::Unavailable("it is not a folder".to_owned()));
    }
    Ok((handle, stat))
}

fn check_marker(root: impl std::os::fd::AsFd, nonce: &str) -> Result<(), LocalError> {
    match read_marker(root)? {
        Some(marker) if marker.nonce == nonce => Ok(()),
        Some(_) => Err(LocalError::Unavailable("it is another root's folder".to_owned())),
        None => Err(LocalError::Unavailable("its marker is missing".to_owned())),
    }
}

fn path_bytes(path: &Path) -> &[u8] {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())
}
