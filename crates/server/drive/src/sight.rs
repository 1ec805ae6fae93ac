//! Sight: a drive as one caller sees it within one transaction. Every item passes through here before it is told.

use model::{Caller, DriveId, Item, ItemId, ItemKind, Role, SiteGate, Timestamp};
use policy::{may_change_at, may_download};
use storage::Scope;
use transfer::{ContentId, ItemRole, OperationId, RemoteItem};

use crate::ItemError;
use crate::access::{DriveAccess, open_drive};

/// A drive as one caller sees it.
#[derive(Debug, Clone)]
pub struct Sight {
    access: DriveAccess,
}

/// An item the caller may see, with what they may see of its place.
#[derive(Debug, Clone)]
pub struct SeenItem {
    /// The item.
    pub item: Item,
    /// The caller's role at it.
    pub role: Role,
    /// The folders above it that the caller may see, nearest first. Ends at the drive's root or at what was shared.
    pub above: Vec<Item>,
    /// What its site as a whole lets happen.
    pub(crate) gate: SiteGate,
}

impl SeenItem {
    /// Returns the item as the transfer API tells it. A parent the caller may not see is not told.
    #[must_use]
    pub fn remote(&self) -> RemoteItem {
        remote_item(&self.item, self.role, self.above.first().map(|parent| parent.id))
    }

    /// Returns the names from the outermost visible folder down to the item; the drive's root has none.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        let chain = std::iter::once(&self.item).chain(&self.above);
        let mut names: Vec<&str> =
            chain.filter(|item| item.parent.is_some()).map(|item| item.name.as_str()).collect();
        names.reverse();
        names
    }

    /// Checks that the caller may change the item.
    ///
    /// # Errors
    /// [`ItemError::ReadOnly`], or [`ItemError::Refused`] where the site is locked.
    pub fn require_write(&self) -> Result<(), ItemError> {
        may_change_at(self.gate.lock).into_result().map_err(ItemError::Refused)?;
        if self.role >= Role::Write { Ok(()) } else { Err(ItemError::ReadOnly) }
    }

    /// Checks that the item's bytes are handed out (S-2).
    ///
    /// # Errors
    /// [`ItemError::Refused`].
    pub fn require_download(&self) -> Result<(), ItemError> {
        may_download(&self.gate).into_result().map_err(ItemError::Refused)
    }

    /// Checks that the item is a folder.
    ///
    /// # Errors
    /// [`ItemError::NotAFolder`].
    pub fn require_folder(&self) -> Result<(), ItemError> {
        if self.item.kind == ItemKind::Folder { Ok(()) } else { Err(ItemError::NotAFolder) }
    }

    /// Checks that the item's place may be changed by this caller: they must see the folder it is in.
    ///
    /// # Errors
    /// [`ItemError::Root`] or [`ItemError::ReadOnly`].
    pub fn require_movable(&self) -> Result<(), ItemError> {
        self.require_write()?;
        if self.above.is_empty() { Err(ItemError::Root) } else { Ok(()) }
    }
}

/// Returns an item as the transfer API tells it.
pub(crate) fn remote_item(item: &Item, role: Role, parent: Option<ItemId>) -> RemoteItem {
    RemoteItem {
        id: item.id.to_string(),
        parent: parent.map(|parent| parent.to_string()),
        name: item.name.clone(),
        kind: match item.kind {
            ItemKind::File => transfer::ItemKind::File,
            ItemKind::Folder => transfer::ItemKind::Folder,
        },
        size: item.size(),
        content: item.content.map(|content| ContentId::from_bytes(content.id)),
        e_tag: item.e_tag(),
        c_tag: item.c_tag().unwrap_or_default(),
        modified: item.file_modified,
        role: if role >= Role::Write { ItemRole::Write } else { ItemRole::Read },
        op: item.operation.clone().map(OperationId),
    }
}

impl Sight {
    /// Opens a drive for a caller.
    ///
    /// # Errors
    /// [`ItemError::NotFound`] when the drive is hidden from them, [`ItemError::Refused`] when nothing but the site's gate
    /// is in their way.
    pub fn open<M>(
        scope: &mut Scope<'_, M>,
        caller: &Caller,
        now: Timestamp,
        drive: DriveId,
    ) -> Result<Self, ItemError> {
        let hidden = |gate: Option<_>| gate.map_or(ItemError::NotFound, ItemError::Refused);
        let access = open_drive(scope, caller, now, drive)?.map_err(hidden)?;
        Ok(Self { access })
    }

    /// Sees what a link opens, which was judged by [`crate::links`].
    pub(crate) fn by_link(access: DriveAccess) -> Self {
        Self { access }
    }

    /// Returns what the caller may do in the drive.
    #[must_use]
    pub fn access(&self) -> &DriveAccess {
        &self.access
    }

    /// Returns the drive.
    #[must_use]
    pub fn drive(&self) -> &model::Drive {
        &self.access.drive
    }

    /// Loads an item the caller may see.
    ///
    /// # Errors
    /// [`ItemError::NotFound`] when it does not exist, is deleted, or is hidden.
    pub fn item<M>(&self, scope: &mut Scope<'_, M>, item: ItemId) -> Result<SeenItem, ItemError> {
        let seen = self.item_ever(scope, item)?;
        let deleted = seen.item.deleted.is_some();
        if deleted { Err(ItemError::NotFound) } else { Ok(seen) }
    }

    /// Loads an item the caller may see, also from the recycle bin.
    ///
    /// # Errors
    /// [`ItemError::NotFound`] when it does not exist or is hidden.
    pub fn item_ever<M>(&self, scope: &mut Scope<'_, M>, item: ItemId) -> Result<SeenItem, ItemError> {
        let chain = scope.items().list_chain(self.access.drive.id, item)?;
        self.seen(chain).ok_or(ItemError::NotFound)
    }

    /// Loads a folder's child by name.
    ///
    /// # Errors
    /// [`ItemError::NotFound`] when there is none, [`ItemError::NotAFolder`] when the parent is a file.
    pub fn child<M>(
        &self,
        scope: &mut Scope<'_, M>,
        parent: &SeenItem,
        name: &str,
    ) -> Result<SeenItem, ItemError> {
        parent.require_folder()?;
        if name.chars().any(char::is_control) {
            return Err(ItemError::NotFound);
        }
        let key = model::ItemName::key_of(name);
        let child = scope.items().find_child(parent.item.id, &key)?.ok_or(ItemError::NotFound)?;
        self.below(parent, child).ok_or(ItemError::NotFound)
    }

    /// Follows a path of names down from a folder.
    ///
    /// # Errors
    /// [`ItemError::NotFound`] when a step leads nowhere.
    pub fn descend<M>(
        &self,
        scope: &mut Scope<'_, M>,
        from: SeenItem,
        path: &[String],
    ) -> Result<SeenItem, ItemError> {
        let step = |at: SeenItem, name: &String| match self.child(scope, &at, name) {
            Err(ItemError::NotAFolder) => Err(ItemError::NotFound),
            other => other,
        };
        path.iter().try_fold(from, step)
    }

    /// Returns a child of a seen folder as seen; none when it has permissions of its own that hide it.
    #[must_use]
    pub fn below(&self, parent: &SeenItem, child: Item) -> Option<SeenItem> {
        let role = self.access.role_below(parent.role, child.id)?;
        let above = std::iter::once(&parent.item).chain(&parent.above).cloned().collect();
        Some(SeenItem { item: child, role, above, gate: self.access.gate })
    }

    /// Judges an item by the item itself and all folders above it, nearest first.
    #[must_use]
    pub fn seen(&self, chain: Vec<Item>) -> Option<SeenItem> {
        let ids: Vec<ItemId> = chain.iter().map(|item| item.id).collect();
        let role = self.access.role_along(&ids)?;
        // What is visible above ends at the first folder that is not.
        let visible = (1..ids.len()).take_while(|at| self.access.role_along(&ids[*at..]).is_some()).count();
        let mut chain = chain.into_iter();
        let item = chain.next()?;
        Some(SeenItem { item, role, above: chain.take(visible).collect(), gate: self.access.gate })
    }
}
