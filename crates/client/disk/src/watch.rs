//! Watch: hears of changes through inotify, one watch per folder. Events are hints; they name folders to look at
//! again and tell when a writer is done, nothing else. Where it cannot hear everything, it says so.

mod drain;
mod folders;
mod marks;

pub(crate) use drain::drain;

use std::ffi::CStr;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engine::LocalHint;
use jiff::Timestamp;
use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
use rustix::io::Errno;
use sync_core::{LocalId, Motion};
use tokio::sync::Notify;

use crate::beneath::Folder;
use crate::options::DiskOptions;
use crate::stat::{Stat, age};

use folders::Folders;
use marks::{Mark, Marks};

/// When the watch is incomplete, everything is looked at again this often.
const BLIND_PERIOD: Duration = Duration::from_secs(60);

/// The watch of one root.
#[derive(Debug)]
pub(crate) struct Watch {
    inotify: Option<Arc<OwnedFd>>,
    state: Mutex<State>,
    changed: Notify,
    cookies: Notify,
}

#[derive(Debug, Default)]
struct State {
    folders: Folders,
    marks: Marks,
    /// Anything may have changed.
    everything: bool,
    /// Folders to look at again, by watch.
    pending: std::collections::BTreeSet<i32>,
    /// Folders to look at again later.
    later: std::collections::BTreeSet<(Duration, i32)>,
    cookie_watch: Option<i32>,
    next_cookie: u64,
    cookie_seen: u64,
    /// Why the watch is incomplete.
    gap: Option<String>,
    /// The reason told last, so that it is told once.
    told: Option<String>,
    /// When everything is to be looked at again because of the gap.
    blind_until: Duration,
}

impl Watch {
    /// Starts a watch that knows no folder yet, so at first anything may have changed.
    pub(crate) fn start(cookies: impl AsFd) -> Self {
        let mut state = State { everything: true, ..State::default() };
        let inotify = match init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC) {
            Ok(inotify) => {
                match add_watch(&inotify, own_path(&cookies), WatchFlags::CREATE | WatchFlags::ONLYDIR) {
                    Ok(wd) => state.cookie_watch = Some(wd),
                    Err(errno) => state.set_gap(reason(errno)),
                }
                Some(Arc::new(inotify))
            }
            Err(errno) => {
                state.set_gap(reason(errno));
                None
            }
        };
        Self { inotify, state: Mutex::new(state), changed: Notify::new(), cookies: Notify::new() }
    }

    /// Returns the handle to wait on.
    pub(crate) fn handle(&self) -> Option<Arc<OwnedFd>> {
        self.inotify.clone()
    }

    /// Tells why changes may go unheard; none when all folders are watched.
    pub(crate) fn gap(&self) -> Option<String> {
        self.state().gap.clone()
    }

    /// Begins a scan that will add every folder there is.
    pub(crate) fn begin_sweep(&self) -> u64 {
        let mut state = self.state();
        if self.inotify.is_some() && state.cookie_watch.is_some() {
            state.gap = None;
        }
        state.folders.begin_sweep()
    }

    /// Drops watches of folders the scan did not find.
    pub(crate) fn end_sweep(&self, sweep: u64) {
        let stale = self.state().folders.stale(sweep);
        for wd in stale {
            self.drop_watch(wd);
        }
    }

    /// Watches the root.
    pub(crate) fn add_root(&self, folder: &Folder) {
        self.add_under(None, b"", folder);
    }

    /// Watches a folder. Must be called before the folder is read, so that nothing falls in between.
    pub(crate) fn add(&self, parent: &LocalId, name: &CStr, folder: &Folder) {
        let above = self.state().folders.watch_of(parent);
        if let Some(above) = above {
            self.add_under(Some(above), name.to_bytes(), folder);
        }
    }

    /// Keeps what is heard of a folder and all below it, although a file system is mounted over it now.
    pub(crate) fn keep_hidden(&self, parent: &LocalId, name: &CStr) {
        let mut state = self.state();
        let folder = state.folders.watch_of(parent);
        if let Some(hidden) = folder.and_then(|wd| state.folders.child(wd, name.to_bytes())) {
            for wd in state.folders.subtree(hidden) {
                state.folders.keep(wd);
            }
        }
    }

    fn add_under(&self, above: Option<i32>, name: &[u8], folder: &Folder) -> Option<i32> {
        let inotify = self.inotify.as_ref()?;
        match add_watch(inotify, own_path(folder), wanted()) {
            Ok(wd) => {
                self.state().folders.put(wd, above, name.to_vec(), folder.id);
                Some(wd)
            }
            Err(errno) => {
                self.state().set_gap(reason(errno));
                None
            }
        }
    }

    fn drop_watch(&self, wd: i32) {
        if let Some(inotify) = &self.inotify {
            // It may be gone already with its folder.
            let _gone_either_way = rustix::fs::inotify::remove_watch(inotify, wd);
        }
        self.state().forget(wd);
    }

    /// Judges whether a file is being written. A file judged moving is looked at again when that may have ended.
    pub(crate) fn motion(
        &self,
        parent: &LocalId,
        name: &CStr,
        stat: &Stat,
        now: Timestamp,
        elapsed: Duration,
        options: &DiskOptions,
    ) -> Motion {
        let mut state = self.state();
        let wd = state.folders.watch_of(parent);
        let left = match wd.and_then(|wd| state.marks.get(wd, name.to_bytes())) {
            Some((Mark::Closed, _)) => return Motion::Settled,
            Some((Mark::Writing, at)) => (at + options.quiet).checked_sub(elapsed),
            None => {
                let age = age(stat.ctime_ns, now).and_then(|age| u64::try_from(age).ok());
                age.and_then(|age| options.settle.checked_sub(Duration::from_nanos(age)))
            }
        };
        match left {
            Some(left) if !left.is_zero() => {
                if let Some(wd) = wd
                    && state.later.insert((elapsed + left, wd))
                {
                    self.changed.notify_one();
                }
                Motion::Moving
            }
            _ => Motion::Settled,
        }
    }

    /// Notes that a file was put at its place complete, as its event will say too.
    pub(crate) fn put_complete(&self, parent: &LocalId, name: &[u8], elapsed: Duration) {
        let mut state = self.state();
        if let Some(wd) = state.folders.watch_of(parent) {
            state.marks.set(wd, name, Mark::Closed, elapsed);
        }
    }

    /// Takes the hints that are ready.
    pub(crate) fn ready(&self, elapsed: Duration) -> Option<LocalHint> {
        let mut state = self.state();
        while let Some((due, wd)) = state.later.first().copied().filter(|(due, _)| *due <= elapsed) {
            state.later.remove(&(due, wd));
            state.pending.insert(wd);
        }
        let blind = state.gap.is_some() && state.blind_until <= elapsed;
        if std::mem::take(&mut state.everything) || blind {
            state.blind_until = elapsed + BLIND_PERIOD;
            state.pending.clear();
            return Some(LocalHint::Everything);
        }
        let pending = std::mem::take(&mut state.pending);
        let paths: std::collections::BTreeSet<_> =
            pending.into_iter().filter_map(|wd| state.folders.shown_path(wd)).collect();
        if paths.is_empty() { None } else { Some(LocalHint::Folders(paths.into_iter().collect())) }
    }

    /// Returns how long to wait at most for [`Watch::changed`] before asking again.
    pub(crate) fn patience(&self, elapsed: Duration) -> Duration {
        let state = self.state();
        let later = state.later.first().map(|(due, _)| *due);
        let blind = state.gap.is_some().then_some(state.blind_until);
        let due = later.into_iter().chain(blind).min();
        due.map_or(Duration::from_secs(3600), |due| due.saturating_sub(elapsed))
    }

    /// Waits until there may be a hint.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Makes anything count as changed.
    pub(crate) fn doubt_everything(&self) {
        self.state().everything = true;
        self.changed.notify_one();
    }

    /// Returns the number of the next cookie; none when cookies are not heard.
    pub(crate) fn next_cookie(&self) -> Option<u64> {
        let mut state = self.state();
        state.cookie_watch?;
        state.next_cookie += 1;
        Some(state.next_cookie)
    }

    /// Waits until a cookie was heard, and with it everything before it.
    pub(crate) async fn cookie_heard(&self, cookie: u64) {
        loop {
            let heard = self.cookies.notified();
            if self.state().cookie_seen >= cookie {
                return;
            }
            heard.await;
        }
    }

    #[cfg(test)]
    pub(crate) fn pretend_gap(&self, gap: &str) {
        self.state().set_gap(gap.to_owned());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn set_gap(&mut self, gap: String) {
        if self.told.as_ref() != Some(&gap) {
            tracing::warn!(%gap, "not every change can be heard; changes are found by scanning");
            self.told = Some(gap.clone());
        }
        self.gap = Some(gap);
    }

    fn forget(&mut self, wd: i32) {
        self.folders.remove(wd);
        self.marks.remove_folder(wd);
        self.pending.remove(&wd);
    }
}

/// The kernel takes paths only; this one leads to the open folder itself, whatever its name is by now.
fn own_path(folder: impl AsFd) -> String {
    format!("/proc/self/fd/{}", folder.as_fd().as_raw_fd())
}

fn wanted() -> WatchFlags {
    WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MOVED_FROM
        | WatchFlags::MOVED_TO
        | WatchFlags::CLOSE_WRITE
        | WatchFlags::MODIFY
        | WatchFlags::ATTRIB
        | WatchFlags::DELETE_SELF
        | WatchFlags::MOVE_SELF
        | WatchFlags::ONLYDIR
}

fn reason(errno: Errno) -> String {
    match errno {
        Errno::NOSPC => "the limit of watched folders is reached (fs.inotify.max_user_watches)".to_owned(),
        Errno::MFILE | Errno::NFILE => {
            "the limit of watchers is reached (fs.inotify.max_user_instances)".to_owned()
        }
        other => other.to_string(),
    }
}
