//! Reading what a link opens without a permission of one's own: for the request alone (graph-surface.md 4.5).

use content::ContentReader;
use model::{Item, ItemId, ItemKind, Link};
use storage::{Call, ChildrenAfter};

use super::LinkError;
use super::judge::{LinkUse, open};
use crate::contents::OpenFile;
use crate::reading::{ItemAddress, ItemView, describe_in};
use crate::{ItemError, SeenItem};

/// An item that a link opens.
#[derive(Debug, Clone)]
pub struct LinkedItem {
    /// The link.
    pub link: Link,
    /// What the link was made for.
    pub opens: ItemKind,
    /// The item: what the link was made for, or something beneath it.
    pub view: ItemView,
}

/// Most children that are listed.
const MOST: i64 = 1_000;

/// Loads what a link opens, or what a path leads to from there.
///
/// # Errors
/// [`LinkError::NotFound`] or [`LinkError::Refused`].
pub async fn load_linked_item(
    call: &Call,
    used: LinkUse,
    path: Vec<String>,
) -> Result<LinkedItem, LinkError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let found = open(scope, now, &used)?;
        let address = ItemAddress { start: Some(found.item.id), path };
        let seen = found.sight.find(scope, &address)?;
        let mut views = describe_in(scope, &found.sight, vec![seen])?;
        let view = views.pop().ok_or(LinkError::NotFound)?;
        Ok(LinkedItem { link: found.link, opens: found.item.kind, view })
    })
    .await
}

/// Lists what the folder holds that a link opens, by name; the first 1,000.
///
/// # Errors
/// [`LinkError::NotFound`], [`LinkError::Refused`], or [`ItemError::NotAFolder`] within.
pub async fn list_linked_children(call: &Call, used: LinkUse) -> Result<Vec<ItemView>, LinkError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let found = open(scope, now, &used)?;
        let folder = found.sight.item(scope, found.item.id)?;
        folder.require_folder()?;
        let children: Vec<Item> =
            scope.items().list_children(found.item.id, ChildrenAfter::Name(None), MOST)?;
        let seen: Vec<SeenItem> =
            children.into_iter().filter_map(|child| found.sight.below(&folder, child)).collect();
        Ok(describe_in(scope, &found.sight, seen)?)
    })
    .await
}

/// Opens a file for reading: what a link was made for, or an item beneath it.
///
/// # Errors
/// [`LinkError::NotFound`], [`LinkError::Refused`], or [`ItemError::NotAFile`] within.
pub async fn open_linked_file(
    call: &Call,
    used: LinkUse,
    item: Option<ItemId>,
) -> Result<OpenFile, LinkError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let found = open(scope, now, &used)?;
        let seen = found.sight.item(scope, item.unwrap_or(found.item.id))?;
        let content = seen.item.content.ok_or(LinkError::Item(ItemError::NotAFile))?;
        seen.require_download()?;
        let reader = ContentReader::open(scope, &content).map_err(ItemError::from)?;
        Ok(OpenFile { seen, reader })
    })
    .await
}
