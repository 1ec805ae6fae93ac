//! Feed: builds one page. A listing walks folders depth first and is continued by what changed since it began; the
//! log is then told in windows, each item in its present state, so that a page can be applied in its order.
//!
//! Pages are read in transactions of their own, so the reader's picture mixes moments. Rules make it whole: what an item
//! needs above it is told before it; a folder that crossed the border of what the reader sees, or moved while a listing
//! was under way, is listed again; a removal is told when the item could be seen at a moment when the reader read, or
//! changed it themselves and was answered with it, and never else: between two pages they may have had no access.
//!
//! What is hidden inside the scope, by permissions of its own, stands in the cursor. When that changes for somebody who
//! has caught up, the difference is told at once; in the middle of a listing the reader starts anew.

use std::collections::{BTreeMap, BTreeSet};

use model::{Item, ItemChange, ItemChangeKind, ItemId, ItemKind, UserId};
use storage::{ChildrenAfter, Scope};
use transfer::RemovalReason;

use super::cursor::{Cursor, Frame, HiddenItems};
use super::history::{History, Readings};
use crate::{ItemError, SeenItem, Sight};

/// One entry of a page.
#[derive(Debug, Clone)]
pub enum DeltaChange {
    /// The item exists.
    Item(Box<SeenItem>),
    /// The item is gone from the scope.
    Gone(Box<Item>, RemovalReason),
}

/// A page being built.
pub(super) struct Feed<'f, 's, M> {
    scope: &'f mut Scope<'s, M>,
    reader: UserId,
    sight: &'f Sight,
    root: &'f SeenItem,
    limit: usize,
    entries: Vec<DeltaChange>,
    /// Items with permissions of their own that are hidden from the reader now.
    hidden: BTreeSet<ItemId>,
    /// Folders of the scope that were looked up; none for one that is not in it.
    places: BTreeMap<ItemId, Option<SeenItem>>,
}

/// One stretch of the log being told.
struct Window {
    /// Whether the reader sees the whole drive, then as now.
    plain: bool,
    history: History,
    /// Items with permissions of their own that were hidden and are no more.
    appeared: BTreeSet<ItemId>,
    since: i64,
    settle: i64,
    changes: BTreeMap<ItemId, Vec<ItemChange>>,
    items: BTreeMap<ItemId, Item>,
    /// Items that left a folder, by that folder.
    left: BTreeMap<ItemId, Vec<ItemId>>,
    visited: BTreeSet<ItemId>,
}

impl<'f, 's, M> Feed<'f, 's, M> {
    pub(super) fn new(
        scope: &'f mut Scope<'s, M>,
        reader: UserId,
        sight: &'f Sight,
        root: &'f SeenItem,
        limit: usize,
    ) -> Self {
        let places = BTreeMap::from([(root.item.id, Some(root.clone()))]);
        let hidden = sight.access().hidden();
        Self { scope, reader, sight, root, limit, entries: Vec::new(), hidden, places }
    }

    /// Starts a listing of everything.
    pub(super) fn start(&mut self) -> Cursor {
        self.entries.push(DeltaChange::Item(Box::new(self.root.clone())));
        Cursor { walk: vec![Frame::new(self.root.item.id)], ..self.latest() }
    }

    /// Stands at the end of the log.
    pub(super) fn latest(&self) -> Cursor {
        let drive = self.sight.drive();
        Cursor {
            epoch: drive.epoch.clone(),
            sequence: drive.sequence,
            reads: vec![drive.sequence],
            hidden: HiddenItems::of(&self.hidden),
            hidden_before: None,
            settle: 0,
            role: Cursor::role_code(self.root.role),
            walk: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// Fills the page from where a reader stands; returns the entries and whether more are ready.
    ///
    /// # Errors
    /// [`ItemError::Resync`] when what is hidden changed in the middle of a listing, or the reader never catches up.
    pub(super) fn fill(mut self, cursor: &mut Cursor) -> Result<(Vec<DeltaChange>, bool), ItemError> {
        let hidden = cursor.hidden.items(&self.hidden).ok_or(ItemError::Resync)?;
        let readings = cursor.readings(&hidden, &self.hidden).ok_or(ItemError::Resync)?;
        if hidden != self.hidden {
            if !cursor.is_caught_up() {
                return Err(ItemError::Resync);
            }
            self.tell_window(cursor, hidden, &readings)?;
        }
        let more = self.fill_on(cursor, &readings)?;
        cursor.note_read(self.sight.drive().sequence, &readings.hidden_first, &self.hidden)?;
        Ok((self.entries, more))
    }

    /// Fills the page; what was hidden at the last page is still hidden, or was told.
    fn fill_on(&mut self, cursor: &mut Cursor, readings: &Readings) -> Result<bool, ItemError> {
        let role = Cursor::role_code(self.root.role);
        if cursor.role != role {
            cursor.role = role;
            cursor.pending.clear();
            cursor.walk = vec![Frame::new(self.root.item.id)];
            self.entries.push(DeltaChange::Item(Box::new(self.root.clone())));
        }
        self.drop_lost_frames(cursor)?;
        loop {
            if self.entries.len() >= self.limit {
                return Ok(true);
            }
            if !cursor.walk.is_empty() {
                self.walk_on(cursor)?;
            } else if let Some(next) = cursor.pending.pop() {
                if self.place(next.folder)?.is_some() {
                    cursor.walk.push(next);
                }
            } else if !self.tell_window(cursor, self.hidden.clone(), readings)? {
                return Ok(false);
            }
        }
    }

    /// Forgets folders of a listing that left the scope since the last page; the log tells about them.
    fn drop_lost_frames(&mut self, cursor: &mut Cursor) -> Result<(), ItemError> {
        for at in 0..cursor.walk.len() {
            if self.place(cursor.walk[at].folder)?.is_none() {
                cursor.walk.truncate(at);
                break;
            }
        }
        Ok(())
    }

    /// Tells the next stretch of a listing.
    fn walk_on(&mut self, cursor: &mut Cursor) -> Result<(), ItemError> {
        let Some(frame) = cursor.walk.last_mut() else { return Ok(()) };
        let Some(folder) = self.place(frame.folder)? else {
            cursor.walk.pop();
            return Ok(());
        };
        if frame.descending {
            let next = self.scope.items().find_next_folder(frame.folder, frame.after)?;
            match next {
                Some(next) => {
                    frame.after = Some(next.id);
                    let Some(below) = self.sight.below(&folder, next) else { return Ok(()) };
                    if below.item.sequence > cursor.sequence {
                        // It may have come after its parent's children were told.
                        self.entries.push(DeltaChange::Item(Box::new(below.clone())));
                    }
                    cursor.walk.push(Frame::new(below.item.id));
                    self.places.insert(below.item.id, Some(below));
                }
                None => {
                    cursor.walk.pop();
                    if cursor.walk.is_empty() {
                        cursor.settle = self.sight.drive().sequence;
                    }
                }
            }
            return Ok(());
        }
        let most = self.limit.saturating_sub(self.entries.len()).max(1);
        let after = ChildrenAfter::Id(frame.after);
        let most_rows = i64::try_from(most).unwrap_or(i64::MAX);
        let children = self.scope.items().list_children(frame.folder, after, most_rows)?;
        frame.after = children.last().map(|child| child.id);
        if children.len() < most {
            frame.descending = true;
            frame.after = None;
        }
        for child in children {
            let below = self.sight.below(&folder, child);
            self.entries.extend(below.map(|below| DeltaChange::Item(Box::new(below))));
        }
        Ok(())
    }

    /// Returns a folder as seen, if it is live and inside the scope, with everything between visible.
    fn place(&mut self, folder: ItemId) -> Result<Option<SeenItem>, ItemError> {
        if let Some(known) = self.places.get(&folder) {
            return Ok(known.clone());
        }
        let chain = self.scope.items().list_chain(self.sight.drive().id, folder)?;
        let live = chain.iter().all(|item| item.deleted.is_none());
        let seen = if live { self.sight.seen(chain) } else { None };
        // What is seen above is an unbroken run.
        let seen = seen.filter(|seen| seen.above.iter().any(|item| item.id == self.root.item.id));
        self.places.insert(folder, seen.clone());
        Ok(seen)
    }

    /// Returns an item as seen, if it is live and inside the scope.
    fn present(&mut self, item: &Item) -> Result<Option<SeenItem>, ItemError> {
        if item.id == self.root.item.id {
            return Ok(Some(self.root.clone()));
        }
        let (None, Some(parent)) = (item.deleted, item.parent) else { return Ok(None) };
        let parent = self.place(parent)?;
        Ok(parent.and_then(|parent| self.sight.below(&parent, item.clone())))
    }

    /// Tells the next stretch of the log, and what was hidden at the last page and is not now, or the other way round;
    /// false when there is nothing.
    fn tell_window(
        &mut self,
        cursor: &mut Cursor,
        hidden: BTreeSet<ItemId>,
        readings: &Readings,
    ) -> Result<bool, ItemError> {
        let drive = self.sight.drive().id;
        let most = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let log = self.scope.item_log().list_after(drive, cursor.sequence, most)?;
        let appeared: BTreeSet<ItemId> = hidden.difference(&self.hidden).copied().collect();
        let disappeared: Vec<ItemId> = self.hidden.difference(&hidden).copied().collect();
        if log.is_empty() && appeared.is_empty() && disappeared.is_empty() {
            return Ok(false);
        }
        let last = log.last().map_or(cursor.sequence, |change| change.sequence);
        let mut order = last_occurrences(&log);
        order.extend(disappeared);
        order.extend(&appeared);
        let root = self.root.item.id;
        let mut window = Window {
            plain: root == self.sight.drive().root && hidden.is_empty() && self.hidden.is_empty(),
            history: History::new(drive, root, cursor.sequence, hidden, readings.clone(), self.reader),
            appeared,
            since: cursor.sequence,
            settle: cursor.settle,
            items: self.scope.items().list_ever(drive, &order)?,
            changes: BTreeMap::new(),
            left: BTreeMap::new(),
            visited: BTreeSet::new(),
        };
        for change in log {
            if let (ItemChangeKind::Moved, Some(old)) = (change.kind, change.old_parent) {
                window.left.entry(old).or_default().push(change.item);
            }
            window.changes.entry(change.item).or_default().push(change);
        }
        self.relist_for_access_above(&window, cursor)?;
        for item in order {
            self.visit(&mut window, item, &mut cursor.pending)?;
        }
        cursor.sequence = last;
        Ok(true)
    }

    /// Lists everything again when rights changed at the scope's root or above it.
    fn relist_for_access_above(&mut self, window: &Window, cursor: &mut Cursor) -> Result<(), ItemError> {
        let is_access =
            |changes: &Vec<ItemChange>| changes.iter().any(|change| change.kind == ItemChangeKind::Access);
        if !window.changes.values().any(is_access) {
            return Ok(());
        }
        let chain = self.scope.items().list_chain(self.sight.drive().id, self.root.item.id)?;
        if chain.iter().any(|item| window.changes.get(&item.id).is_some_and(is_access)) {
            cursor.pending.push(Frame::new(self.root.item.id));
        }
        Ok(())
    }

    /// Tells one item after everything that must be told before it.
    fn visit(&mut self, window: &mut Window, id: ItemId, pending: &mut Vec<Frame>) -> Result<(), ItemError> {
        if !window.visited.insert(id) {
            return Ok(());
        }
        let item = match window.items.get(&id) {
            Some(item) => item.clone(),
            None => match self.scope.items().find_ever(self.sight.drive().id, id)? {
                Some(item) => item,
                None => return Ok(()),
            },
        };
        let Some(seen) = self.present(&item)? else { return self.visit_gone(window, item, pending) };
        if let Some(parent) = item.parent.filter(|_| id != self.root.item.id)
            && self.is_news(window, parent)?
        {
            self.visit(window, parent, pending)?;
        }
        if self.must_relist(window, &seen)? {
            pending.push(Frame::new(id));
        }
        self.entries.push(DeltaChange::Item(Box::new(seen)));
        Ok(())
    }

    fn visit_gone(
        &mut self,
        window: &mut Window,
        item: Item,
        pending: &mut Vec<Frame>,
    ) -> Result<(), ItemError> {
        // What left a removed folder is told first, so that nobody removes it with the folder.
        for left in window.left.get(&item.id).cloned().unwrap_or_default() {
            self.visit(window, left, pending)?;
        }
        if window.history.was_ever_seen(self.scope, item.id)? {
            let reason = self.reason(&item)?;
            self.entries.push(DeltaChange::Gone(Box::new(item), reason));
        }
        Ok(())
    }

    /// Says why an item is gone. What is still in the scope is hidden by permissions, and that deletes nothing on disk.
    fn reason(&mut self, item: &Item) -> Result<RemovalReason, ItemError> {
        if item.deleted.is_some() {
            return Ok(RemovalReason::Deleted);
        }
        if self.hidden.is_empty() {
            return Ok(RemovalReason::MovedOut);
        }
        let chain = self.scope.items().list_chain(self.sight.drive().id, item.id)?;
        let inside = chain.iter().any(|above| above.id == self.root.item.id);
        Ok(if inside { RemovalReason::AccessRevoked } else { RemovalReason::MovedOut })
    }

    /// Returns whether the reader may not know a folder in the place it has now.
    fn is_news(&mut self, window: &mut Window, folder: ItemId) -> Result<bool, ItemError> {
        if folder == self.root.item.id {
            return Ok(false);
        }
        let Some(place) = self.place(folder)? else { return Ok(false) };
        if place.item.sequence > window.since {
            return Ok(true);
        }
        Ok(!window.plain && !window.history.was_seen(self.scope, folder)?)
    }

    /// Returns whether a folder must be told with everything below it.
    fn must_relist(&mut self, window: &mut Window, seen: &SeenItem) -> Result<bool, ItemError> {
        let id = seen.item.id;
        if seen.item.kind != ItemKind::Folder || id == self.root.item.id {
            return Ok(false);
        }
        if window.appeared.contains(&id) {
            return Ok(true);
        }
        let Some(changes) = window.changes.get(&id).cloned() else { return Ok(false) };
        for change in &changes {
            let displaced = change.kind == ItemChangeKind::Moved && change.old_parent != change.new_parent;
            if change.kind == ItemChangeKind::Access
                || (displaced && (change.sequence <= window.settle || self.crossed(window, id, change)?))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a move may have crossed the scope's border.
    fn crossed(&mut self, window: &mut Window, id: ItemId, change: &ItemChange) -> Result<bool, ItemError> {
        if window.plain {
            return Ok(false);
        }
        for end in [change.old_parent, change.new_parent].into_iter().flatten() {
            if self.place(end)?.is_none() || !window.history.was_seen(self.scope, end)? {
                return Ok(true);
            }
        }
        Ok(!window.history.was_seen(self.scope, id)?)
    }
}

/// Returns the items of a log in the order of their last changes.
fn last_occurrences(log: &[ItemChange]) -> Vec<ItemId> {
    let mut seen = BTreeSet::new();
    let mut order: Vec<ItemId> =
        log.iter().rev().map(|change| change.item).filter(|item| seen.insert(*item)).collect();
    order.reverse();
    order
}
