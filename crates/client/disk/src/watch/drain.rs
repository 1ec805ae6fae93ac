//! Draining: takes the kernel's events and keeps the tree of watches in step with them.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::MaybeUninit;
use std::time::Duration;

use rustix::fs::inotify::{ReadFlags, Reader};
use rustix::io::Errno;
use sync_core::CONTROL_FOLDER;

use super::marks::Mark;
use super::{State, Watch};
use crate::beneath::{Folder, open_folder_beneath};
use crate::listing::folder_names;
use crate::raw_name::c_name;
use crate::root::Root;
use crate::stat::Stat;

/// What one round of events asks for.
#[derive(Debug, Default)]
struct Round {
    /// New folders: where and under which name they appeared.
    appeared: BTreeSet<(i32, Vec<u8>)>,
    /// Folders that were moved away and did not arrive yet, by the event's number.
    moving: BTreeMap<u32, i32>,
    cookie: u64,
}

/// Takes all events there are. Folders that appeared are watched and looked at, down to their last subfolder.
pub(crate) fn drain(root: &Root) {
    let watch = &root.watch;
    loop {
        let mut round = Round::default();
        let any = read_events(watch, root.runtime.elapsed(), &mut round);
        for wd in std::mem::take(&mut round.moving).into_values() {
            // It left the root; what is heard of it from now on is of no concern.
            let gone = watch.state().folders.subtree(wd);
            gone.into_iter().for_each(|wd| watch.drop_watch(wd));
        }
        for (above, name) in std::mem::take(&mut round.appeared) {
            adopt(root, above, &name);
        }
        if round.cookie > 0 {
            let mut state = watch.state();
            state.cookie_seen = state.cookie_seen.max(round.cookie);
            drop(state);
            watch.cookies.notify_waiters();
        }
        if !any {
            break;
        }
    }
    watch.changed.notify_one();
}

fn read_events(watch: &Watch, elapsed: Duration, round: &mut Round) -> bool {
    let Some(inotify) = &watch.inotify else { return false };
    let mut buffer = [MaybeUninit::uninit(); 64 * 1024];
    let mut reader = Reader::new(inotify, &mut buffer);
    let mut any = false;
    loop {
        let event = match reader.next() {
            Ok(event) => event,
            Err(Errno::INTR) => continue,
            Err(Errno::AGAIN) => return any,
            Err(errno) => {
                let mut state = watch.state();
                state.everything = true;
                state.set_gap(errno.to_string());
                return false;
            }
        };
        any = true;
        let name = event.file_name().map(std::ffi::CStr::to_bytes).unwrap_or_default();
        watch.state().take(event.wd(), event.events(), event.cookie(), name, elapsed, round);
    }
}

impl State {
    fn take(
        &mut self,
        wd: i32,
        what: ReadFlags,
        number: u32,
        name: &[u8],
        elapsed: Duration,
        round: &mut Round,
    ) {
        if what.intersects(ReadFlags::QUEUE_OVERFLOW | ReadFlags::UNMOUNT) {
            self.everything = true;
            return;
        }
        if Some(wd) == self.cookie_watch {
            let cookie = std::str::from_utf8(name).ok().and_then(|name| name.parse().ok());
            round.cookie = round.cookie.max(cookie.unwrap_or_default());
            return;
        }
        if what.contains(ReadFlags::IGNORED) {
            self.forget(wd);
            return;
        }
        let is_root = self.folders.is_root(wd);
        if name.is_empty() {
            if is_root && what.intersects(ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF) {
                self.everything = true;
            }
            return;
        }
        if self.folders.id_of(wd).is_none() || is_root && name == CONTROL_FOLDER.as_bytes() {
            return;
        }
        if what.contains(ReadFlags::ISDIR) {
            self.take_folder(wd, what, number, name, round);
            self.pending.insert(wd);
        } else {
            self.take_file(wd, what, name, elapsed);
        }
    }

    fn take_folder(&mut self, wd: i32, what: ReadFlags, number: u32, name: &[u8], round: &mut Round) {
        if what.contains(ReadFlags::MOVED_FROM) {
            if let Some(child) = self.folders.child(wd, name) {
                self.folders.detach(child);
                round.moving.insert(number, child);
            }
        } else if what.contains(ReadFlags::MOVED_TO)
            && let Some(child) = round.moving.remove(&number)
        {
            self.folders.move_to(child, wd, name.to_vec());
            self.pending.insert(child);
        } else if what.intersects(ReadFlags::CREATE | ReadFlags::MOVED_TO | ReadFlags::ATTRIB) {
            round.appeared.insert((wd, name.to_vec()));
        }
    }

    fn take_file(&mut self, wd: i32, what: ReadFlags, name: &[u8], elapsed: Duration) {
        let tell = if what.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::MOVED_TO) {
            self.marks.set(wd, name, Mark::Closed, elapsed);
            true
        } else if what.contains(ReadFlags::MODIFY) {
            // A writer is told once, not at every write.
            self.marks.set(wd, name, Mark::Writing, elapsed)
        } else {
            if what.intersects(ReadFlags::MOVED_FROM | ReadFlags::DELETE) {
                self.marks.remove(wd, name);
            }
            true
        };
        if tell {
            self.pending.insert(wd);
        }
    }
}

/// Watches a folder that appeared, and everything below it. What was put into it before the watch stood is found by
/// looking at it.
fn adopt(root: &Root, above: i32, name: &[u8]) {
    let watch = &root.watch;
    let (path, id) = {
        let state = watch.state();
        let (Some(path), Some(id)) = (state.folders.raw_path(above), state.folders.id_of(above)) else {
            return;
        };
        (path.join(&b'/'), id)
    };
    let path: &[u8] = if path.is_empty() { b"." } else { &path };
    let open = |path: &[u8]| c_name(path).ok().map(|path| open_folder_beneath(root.handle(), &path));
    match open(path) {
        Some(Ok(fd)) if Stat::of(&fd).is_ok_and(|stat| stat.plain_id() == id) => {
            adopt_below(root, above, &fd, name, 0);
        }
        // The folder above was itself moved a moment ago, and the event is still to come.
        _ => watch.doubt_everything(),
    }
}

fn adopt_below(root: &Root, above: i32, folder: &std::os::fd::OwnedFd, name: &[u8], depth: usize) {
    let Ok(raw) = c_name(name) else { return };
    let Ok(fd) = open_folder_beneath(folder, &raw) else { return };
    let Ok(stat) = Stat::of(&fd) else { return };
    let new = Folder { fd, id: stat.plain_id() };
    let Some(wd) = root.watch.add_under(Some(above), name, &new) else { return };
    root.watch.state().pending.insert(wd);
    if depth > 200 {
        return;
    }
    for below in folder_names(&new).unwrap_or_default() {
        adopt_below(root, wd, &new.fd, below.to_bytes(), depth + 1);
    }
}
