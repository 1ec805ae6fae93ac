//! Versions: what a file held before (X10). Whoever may read a file may read its versions, as in the original, whose
//! readers hold "view versions" too.

use model::{ItemVersion, Role};
use storage::{Call, Scope};

use crate::contents::{ContentCaller, OpenFile};
use crate::reading::{Doer, ItemAddress, Reader, Telling};
use crate::{ItemError, SeenItem, Sight};
use content::ContentReader;

/// A version with what is told beyond itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionView {
    /// The version; the first one of a list is the present content.
    pub version: ItemVersion,
    /// Who wrote it.
    pub written_by: Option<Doer>,
}

/// A page of a file's versions.
#[derive(Debug, Clone)]
pub struct VersionsPage {
    /// The file.
    pub seen: SeenItem,
    /// Its versions, newest first; the first page begins with the present content.
    pub versions: Vec<VersionView>,
    /// Before which number the next page starts.
    pub next: Option<i64>,
}

impl VersionsPage {
    /// Returns whether the reader may restore and delete versions.
    #[must_use]
    pub fn may_change(&self) -> bool {
        self.seen.role >= Role::Write
    }
}

/// Lists a file's versions before a number, newest first.
///
/// # Errors
/// [`ItemError::NotFound`] when it is hidden, [`ItemError::NotAFile`] for a folder.
pub async fn list_versions(
    call: &Call,
    reader: Reader,
    address: ItemAddress,
    before: Option<i64>,
    most: i64,
) -> Result<VersionsPage, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        let seen = sight.find(scope, &address)?;
        let present = present(&seen)?;
        let mut versions: Vec<ItemVersion> = before.is_none().then_some(present).into_iter().collect();
        let before = before.unwrap_or(present.number).min(present.number);
        // One more than asked tells whether there is another page.
        versions.extend(scope.item_versions().list(seen.item.id, before, most.saturating_add(1))?);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = versions.len() > most;
        versions.truncate(most);
        let next = versions.last().filter(|_| more).map(|last| last.number);
        let mut telling = Telling::of(scope, sight.drive())?;
        let mut views = Vec::with_capacity(versions.len());
        for version in versions {
            views.push(VersionView { version, written_by: telling.doer(scope, version.written.by)? });
        }
        Ok(VersionsPage { seen, versions: views, next })
    })
    .await
}

/// Loads one version of a file.
///
/// # Errors
/// As [`list_versions`]; [`ItemError::NotFound`] when there is no such version.
pub async fn load_version(
    call: &Call,
    reader: Reader,
    address: ItemAddress,
    number: i64,
) -> Result<VersionView, ItemError> {
    call.read(move |scope| {
        let sight = Sight::open(scope, &reader.caller, reader.runtime.now(), reader.drive)?;
        let seen = sight.find(scope, &address)?;
        let version = find_version(scope, &seen, number)?;
        let written_by = Telling::of(scope, sight.drive())?.doer(scope, version.written.by)?;
        Ok(VersionView { version, written_by })
    })
    .await
}

/// Opens a version of a file for reading.
///
/// # Errors
/// As [`load_version`].
pub async fn open_version(
    call: &Call,
    who: &ContentCaller,
    address: ItemAddress,
    number: i64,
) -> Result<OpenFile, ItemError> {
    let who = who.clone();
    call.read(move |scope| {
        let sight = Sight::open(scope, &who.caller, who.runtime.now(), who.drive)?;
        let seen = sight.find(scope, &address)?;
        let version = find_version(scope, &seen, number)?;
        seen.require_download()?;
        let reader = ContentReader::open(scope, &version.content)?;
        Ok(OpenFile { seen, reader })
    })
    .await
}

/// Finds a version of a seen file, the present content included.
pub(crate) fn find_version<M>(
    scope: &mut Scope<'_, M>,
    seen: &SeenItem,
    number: i64,
) -> Result<ItemVersion, ItemError> {
    let present = present(seen)?;
    if number == present.number {
        return Ok(present);
    }
    scope.item_versions().find(seen.item.id, number)?.ok_or(ItemError::NotFound)
}

/// Returns the present content of a file as a version.
fn present(seen: &SeenItem) -> Result<ItemVersion, ItemError> {
    let item = &seen.item;
    Ok(ItemVersion {
        item: item.id,
        number: item.content_version,
        content: item.content.ok_or(ItemError::NotAFile)?,
        file_modified: item.file_modified,
        written: item.written.unwrap_or(item.modified),
    })
}
