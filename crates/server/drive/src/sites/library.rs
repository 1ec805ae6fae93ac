//! Libraries: a site begins with one and may get more.

use directory::{event, record, site_access};
use model::{
    Actor, Caller, Drive, DriveId, ItemId, ItemKind, ItemName, ItemPlace, ItemStamp, Role, Site, SiteId,
};
use policy::Reason;
use runtime::Runtime;
use storage::{Call, Commit, NewDrive, Scope, StorageError, Writing};

use super::{LibraryView, SiteError};

/// The name of a site's first library.
pub(crate) const FIRST_LIBRARY: &str = "Documents";

/// Makes one more library in a site. The site's owners may.
///
/// # Errors
/// [`SiteError::NotFound`] when the site is hidden from the caller, [`SiteError::Refused`], [`SiteError::LibraryName`] or
/// [`SiteError::Taken`].
pub async fn create_library(
    call: &Call,
    caller: Caller,
    site: SiteId,
    name: String,
) -> Result<LibraryView, SiteError> {
    let runtime = call.store().runtime().clone();
    call.write(move |scope| {
        let open = site_access(scope, &caller, runtime.now(), site)?.ok_or(SiteError::NotFound)?;
        if open.role < Some(Role::Owner) {
            return Err(Reason::RoleRequired.into());
        }
        let name = ItemName::parse(&name, ItemKind::Folder, ItemPlace::LibraryRoot);
        let name = name.map_err(|_| SiteError::LibraryName)?;
        let library = add_library(scope, &runtime, &open.site, name.as_str()).map_err(|error| {
            if error.is_duplicate() { SiteError::Taken } else { SiteError::Storage(error) }
        })?;
        let done = event(&runtime, Actor::Person(caller.user), "ListCreated").site(site);
        let proof = record(scope, &runtime, &[done.detail("Library", library.id.to_string())])?;
        let room = scope.quotas().room(&library)?;
        Ok(Commit::new(LibraryView { drive: library, room }, proof))
    })
    .await
}

/// Stores an empty library without deciding or recording.
pub(crate) fn add_library(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    site: &Site,
    name: &str,
) -> Result<Drive, StorageError> {
    scope.drives().create(&NewDrive {
        id: DriveId::from_random(runtime.random()),
        site: site.id,
        name: name.to_owned(),
        root: ItemId::from_random(runtime.random()),
        epoch: runtime.uuid().to_string(),
        quota: None,
        stamp: ItemStamp { at: runtime.now(), by: site.created_by },
    })
}
