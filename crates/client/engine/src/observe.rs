//! Observe: looks at what may have changed on disk and in the feed, and takes it into the trees. Missing files count
//! as deleted only after a complete healthy scan that began when they were already missing for the settle window (I2).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use sync_core::{LocalId, LocalNode, Motion, RelPath};
use transfer::DeltaPage;

use crate::engine::{Halt, Life};
use crate::{
    Durability, JournalKind, LocalEntry, LocalError, LocalHint, LocalRef, RemoteError, ResyncKind, Scan,
};

/// Entries of new folders taken in at once, about.
const MOST_ENTRIES: usize = 4000;

impl Life<'_> {
    /// Brings the trees up to date with both sides and commits what was seen.
    pub(crate) async fn observe(&mut self) -> Result<(), Halt> {
        self.observe_disk().await?;
        self.observe_feed().await?;
        self.commit(Durability::Observation).await
    }

    pub(crate) async fn observe_disk(&mut self) -> Result<(), Halt> {
        while let Some(hint) = self.ports.local.ready_hint() {
            self.stale.add(hint);
        }
        let now = self.runtime.elapsed();
        if now >= self.last_scan + self.settings.rescan {
            self.stale.everything = Some(());
        }
        if self.stale.everything.is_some() {
            self.scan().await?;
        } else {
            self.list_stale().await?;
        }
        self.note_missing();
        if self.missing.values().any(|since| now >= *since + self.settings.settle) {
            self.confirm_missing().await?;
        }
        Ok(())
    }

    async fn scan(&mut self) -> Result<(), Halt> {
        self.stale.everything = Some(());
        let scan = self.ports.local.scan().await?;
        self.stale.everything = None;
        self.stale.folders.clear();
        self.last_scan = self.runtime.elapsed();
        let root = scan.top;
        if Some(root) != self.control.root {
            return Err(LocalError::Unavailable("another folder is in its place".to_owned()).into());
        }
        let local = &self.trees.local;
        let mut seen = BTreeSet::from([root]);
        let mut changed = Vec::new();
        for entry in scan.entries.into_iter().filter(|entry| entry.id != root) {
            seen.insert(entry.id);
            changed.extend(self.news(node_of(entry)));
        }
        let gone = local.tree().iter().map(|node| node.id).filter(|id| !seen.contains(id));
        let gone: Vec<LocalId> = gone.collect();
        drop(seen);
        self.trees.take_scan(changed, &gone).map_err(|error| self.trees_failed(&error))?;
        self.take_in_brought().await
    }

    /// Lists the folders hinted at, and whole new folders below them.
    async fn list_stale(&mut self) -> Result<(), Halt> {
        let (mut seen, mut elsewhere) = (BTreeSet::new(), BTreeSet::new());
        let mut room = MOST_ENTRIES;
        for _ in 0..1000 {
            let folders = std::mem::take(&mut self.stale.folders);
            if folders.is_empty() {
                if elsewhere.is_empty() {
                    return Ok(());
                }
                // What was new is known by now. A folder that is still not found went away or was renamed after the
                // change inside it that the hint speaks of; only a walk finds where that is.
                let hinted = std::mem::take(&mut elsewhere);
                if hinted.iter().any(|path| self.nearest(path).path != *path) {
                    return self.scan().await;
                }
                self.stale.folders = hinted;
                continue;
            }
            let (mut scans, mut bare) = (Vec::new(), Vec::new());
            for path in folders {
                let folder = self.nearest(&path);
                if folder.path != path {
                    elsewhere.insert(path);
                }
                if !seen.insert(folder.id) {
                    continue;
                }
                let new = self.trees.local.tree().children(&folder.id).next().is_none();
                match self.ports.local.list(&folder).await {
                    // Listing it removes nothing, so that it need not be taken in with the others.
                    Ok(scan) if new => {
                        room = room.saturating_sub(scan.entries.len());
                        bare.push(scan);
                    }
                    Ok(scan) => scans.push(scan),
                    Err(LocalError::Changed | LocalError::Io(_) | LocalError::Denied) => {
                        return self.scan().await;
                    }
                    Err(error) => {
                        // The hints are used up; only a walk makes up for them.
                        self.stale.everything = Some(());
                        return Err(error.into());
                    }
                }
                if room == 0 {
                    room = MOST_ENTRIES;
                    self.take_lists(std::mem::take(&mut bare))?;
                    self.commit(Durability::Observation).await?;
                }
            }
            scans.append(&mut bare);
            self.take_lists(scans)?;
        }
        self.stale.everything = Some(());
        Ok(())
    }

    /// The folder at a place, or the nearest known above it.
    fn nearest(&self, path: &RelPath) -> LocalRef {
        let mut path = path.clone();
        loop {
            if let Some(node) =
                self.trees.local.find(&path).filter(|node| node.kind == sync_core::LocalKind::Folder)
            {
                return LocalRef { path, id: node.id };
            }
            match path.split() {
                Some((above, _)) => path = above,
                None => return LocalRef { path: RelPath::root(), id: *self.trees.local.tree().root() },
            }
        }
    }

    /// Takes lists of folders in as one step, so that what moved between them keeps what is below it. Folders never seen
    /// before are to be listed next.
    fn take_lists(&mut self, scans: Vec<Scan>) -> Result<(), Halt> {
        let (mut listed, mut seen) = (Vec::new(), BTreeSet::new());
        let mut changed: BTreeMap<LocalId, LocalNode> = BTreeMap::new();
        for scan in scans {
            listed.push(scan.top);
            for entry in scan.entries {
                let id = entry.id;
                seen.insert(id);
                // What was listed twice is where it was found last.
                match self.news(node_of(entry)) {
                    Some(node) => changed.insert(id, node),
                    None => changed.remove(&id),
                };
            }
        }
        let local = &self.trees.local;
        let mut removes = Vec::new();
        for top in &listed {
            for child in local.tree().children(top).filter(|child| !seen.contains(&child.id)) {
                let below = local.tree().subtree(&child.id);
                removes.extend(below.into_iter().filter(|id| !seen.contains(id)));
            }
        }
        let unknown =
            |node: &&LocalNode| node.kind == sync_core::LocalKind::Folder && local.get(&node.id).is_none();
        let new: Vec<LocalId> = changed.values().filter(unknown).map(|node| node.id).collect();
        let changed = changed.into_values().collect();
        self.trees.put_locals(changed, &removes).map_err(|error| self.trees_failed(&error))?;
        for id in new {
            self.stale.folders.extend(self.trees.local.path(&id));
        }
        Ok(())
    }

    /// Returns a node as it shall be known, unless it is. Its content stays known while its fingerprint stays.
    fn news(&self, node: LocalNode) -> Option<LocalNode> {
        let known = self.trees.local.get(&node.id);
        let content = known.filter(|old| old.fingerprint == node.fingerprint).and_then(|old| old.content);
        let node = LocalNode { content, ..node };
        (known != Some(&node)).then_some(node)
    }

    /// Notes since when bound files are missing.
    fn note_missing(&mut self) {
        let now = self.runtime.elapsed();
        let gone: BTreeSet<LocalId> = self
            .trees
            .unsettled()
            .rows()
            .filter_map(|item| Some(self.trees.synced.get(item)?.local))
            .filter(|id| self.trees.local.get(id).is_none() && !self.trees.local.is_absent(id))
            .collect();
        self.missing.retain(|id, _| gone.contains(id));
        for id in gone {
            self.missing.entry(id).or_insert(now);
        }
        let absent = self.trees.local.absent();
        if absent
            .iter()
            .any(|id| self.trees.synced.of_local(id).is_none() || self.trees.local.get(id).is_some())
        {
            let left = absent.iter().copied().filter(|id| self.trees.local.is_absent(id));
            let left = left.filter(|id| self.trees.synced.of_local(id).is_some()).collect();
            self.trees.confirm_absent(left);
        }
    }

    /// When the next missing file has been missing long enough, or a moving one should be looked at.
    pub(crate) fn next_settle(&self) -> Option<Duration> {
        let missing = self.missing.values().map(|since| *since + self.settings.settle).min();
        let moving = self.plan.wake.contains(&sync_core::Wake::Settle);
        let moving = moving.then(|| self.planned_at + Duration::from_secs(1));
        missing.into_iter().chain(moving).min()
    }

    /// Lets the folders of files being written be listed again.
    pub(crate) fn look_at_moving(&mut self) {
        let local = &self.trees.local;
        for node in local.tree().iter().filter(|node| node.motion == Motion::Moving) {
            let folder = node.parent.and_then(|parent| local.path(&parent));
            self.stale.folders.extend(folder);
        }
    }

    /// A complete scan, then everything that happened meanwhile: who is still missing is gone.
    async fn confirm_missing(&mut self) -> Result<(), Halt> {
        let before = self.runtime.elapsed();
        let due: Vec<LocalId> = self
            .missing
            .iter()
            .filter(|(_, since)| before >= **since + self.settings.settle)
            .map(|(id, _)| *id)
            .collect();
        for id in &due {
            // Who cannot be confirmed now gets another settle window.
            self.missing.insert(*id, before);
        }
        self.scan().await?;
        self.ports.local.barrier().await?;
        while let Some(hint) = self.ports.local.ready_hint() {
            if hint == LocalHint::Everything {
                self.stale.everything = Some(());
                return Ok(());
            }
            self.stale.add(hint);
        }
        self.list_stale().await?;
        self.ports.local.health().await?;
        if self.stale.everything.is_some() {
            return Ok(());
        }
        let mut absent = self.trees.local.absent().clone();
        let confirmed = due.into_iter().filter(|id| self.trees.local.get(id).is_none() && !self.hidden(id));
        absent.extend(confirmed.collect::<Vec<_>>());
        self.missing.retain(|id, _| !absent.contains(id));
        self.trees.confirm_absent(absent);
        Ok(())
    }

    /// Whether a missing file may be in a folder that cannot be read, or beneath something that took its place or
    /// that of a folder above it: a mounted file system hides what is there, it does not delete it.
    fn hidden(&self, id: &LocalId) -> bool {
        let (local, synced) = (&self.trees.local, self.trees.synced.tree());
        let Some(row) = self.trees.synced.of_local(id) else { return false };
        std::iter::once(row).chain(synced.ancestors(&row.item)).any(|row| match local.get(&row.local) {
            Some(folder) => folder.problem.is_some(),
            None => {
                let above = row.parent.as_ref().and_then(|parent| synced.get(parent));
                let there = above.and_then(|above| local.tree().child(&above.local, &row.local_name));
                there.is_some_and(|node| node.problem.is_some())
            }
        })
    }

    pub(crate) async fn observe_feed(&mut self) -> Result<(), Halt> {
        let now = self.runtime.elapsed();
        if self.feed_due.is_none() && now < self.last_poll + self.settings.poll {
            return Ok(());
        }
        self.feed_due = None;
        let read = self.read_feed().await;
        if read.is_err() {
            self.feed_due = Some(());
        } else {
            self.last_poll = self.runtime.elapsed();
            self.attempts = 0;
            self.trouble = None;
        }
        read
    }

    async fn read_feed(&mut self) -> Result<(), Halt> {
        // Only a whole enumeration tells what is no longer listed; where nothing is known yet, nothing can be missing.
        let (mut cursor, nothing_known) = (self.control.cursor.clone(), self.trees.is_remote_blank());
        let whole = cursor.is_none() && !nothing_known;
        let mut entries = Vec::new();
        loop {
            let mut page = self.read_page(cursor.as_deref()).await?;
            entries.append(&mut page.entries);
            if page.more && whole {
                cursor = Some(page.cursor);
                continue;
            }
            let taken =
                if whole { self.trees.replace_remote(&entries) } else { self.trees.apply_delta(&entries) };
            match taken {
                Ok(()) => {
                    entries.clear();
                    self.advance(&page.cursor, page.epoch);
                    self.commit(Durability::Observation).await?;
                }
                // Two items may change names across a border of pages; together they fit.
                Err(error) if page.more => tracing::debug!(%error, "a page is applied with the next"),
                Err(error) => return Err(self.feed_failed(&error)),
            }
            if !page.more {
                break;
            }
            cursor = Some(page.cursor);
        }
        let root = self.trees.remote.tree().root().clone();
        if let Some(role) = self.trees.remote.get(&root).map(|node| node.role)
            && role != self.control.role
        {
            self.control.role = role;
            self.control_changed = Some(());
        }
        let now = self.runtime.now();
        self.status.send_modify(|status| {
            status.last_contact = Some(now);
            status.offline = false;
        });
        Ok(())
    }

    async fn read_page(&mut self, from: Option<&str>) -> Result<DeltaPage, Halt> {
        let page = match self.ports.remote.delta(from).await {
            Err(RemoteError::Resync(kind)) => {
                self.start_anew(kind);
                return Err(Halt::Trees("the feed starts anew".to_owned()));
            }
            read => read?,
        };
        if self.control.epoch.as_ref().is_some_and(|known| *known != page.epoch) {
            self.start_anew(ResyncKind::EpochChanged);
            return Err(Halt::Trees("the drive's epoch changed".to_owned()));
        }
        Ok(page)
    }

    /// Notes up to where the feed is in the trees.
    fn advance(&mut self, cursor: &str, epoch: String) {
        if self.control.cursor.as_deref() != Some(cursor) || self.control.epoch.as_ref() != Some(&epoch) {
            self.control.cursor = Some(cursor.to_owned());
            self.control.epoch = Some(epoch);
            self.control_changed = Some(());
        }
    }

    fn feed_failed(&mut self, error: &dyn std::fmt::Display) -> Halt {
        self.control.cursor = None;
        self.control_changed = Some(());
        self.trees_failed(error)
    }

    fn start_anew(&mut self, kind: ResyncKind) {
        self.control.cursor = None;
        self.control.epoch = None;
        self.control_changed = Some(());
        self.feed_due = Some(());
        let text = match kind {
            ResyncKind::Enumerate => "The server's state is read anew.",
            ResyncKind::EpochChanged => {
                let root = *self.trees.local.tree().root();
                self.trees.reset_synced(root);
                "The library was restored on the server; both sides are compared anew and nothing is deleted."
            }
        };
        self.journal(JournalKind::Resync, None, text);
    }
}

/// Makes a node of what the disk shows.
pub(crate) fn node_of(entry: LocalEntry) -> LocalNode {
    LocalNode {
        id: entry.id,
        parent: Some(entry.parent),
        name: entry.name.into(),
        kind: entry.kind,
        content: None,
        fingerprint: entry.fingerprint,
        motion: entry.motion,
        problem: entry.problem.map(Box::new),
    }
}
