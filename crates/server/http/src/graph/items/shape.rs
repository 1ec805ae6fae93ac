//! An item as Graph shows it.

use data_encoding::{BASE64, HEXUPPER};
use drive::SeenItem;
use drive::reading::{Doer, ItemView};
use graph_types::{
    DriveItem, EmptyFacet, FileFacet, FileSystemInfo, FolderFacet, Hashes, Identity, IdentitySet,
    ItemReference,
};
use model::ItemKind;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::address::NamedDrive;
use crate::ApiError;
use crate::graph::download::download_url;

/// What a path within a JSON text must not contain plainly; clients decode it once.
const IN_PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'#').add(b'?').add(b'"').add(b'<').add(b'>');

/// Writes an item.
pub(in crate::graph) fn drive_item(origin: &str, view: &ItemView) -> DriveItem {
    let item = &view.seen.item;
    let is_root = item.parent.is_none();
    DriveItem {
        context: None,
        id: item.id.to_string(),
        name: Some(item.name.clone()),
        e_tag: Some(item.e_tag()),
        c_tag: item.c_tag(),
        size: Some(item.size()),
        web_url: Some(view.address.url(origin)),
        created_date_time: Some(item.created.at.into()),
        last_modified_date_time: Some(item.modified.at.into()),
        created_by: view.created_by.as_ref().map(identity),
        last_modified_by: view.modified_by.as_ref().map(identity),
        parent_reference: Some(parent_reference(&view.seen)),
        file_system_info: Some(FileSystemInfo {
            created_date_time: Some(item.file_created.into()),
            last_modified_date_time: Some(item.file_modified.into()),
        }),
        folder: (item.kind == ItemKind::Folder)
            .then_some(FolderFacet { child_count: Some(view.child_count) }),
        file: (item.kind == ItemKind::File).then(|| file_facet(view)),
        root: is_root.then_some(EmptyFacet {}),
        children: None,
        children_next_link: None,
        download_url: None,
        deleted: None,
    }
}

/// Writes an item with the address of its bytes.
pub(super) fn item_with_download(at: &NamedDrive, view: &ItemView) -> DriveItem {
    let item = &view.seen.item;
    let download_url = (item.kind == ItemKind::File).then(|| download_url(at, item.id)).flatten();
    DriveItem { download_url, ..drive_item(&at.app.settings.origin, view) }
}

/// Describes and writes one item that was just changed, as the whole answer.
pub(in crate::graph) async fn answer(at: &NamedDrive, seen: SeenItem) -> Result<DriveItem, ApiError> {
    let mut views = drive::reading::describe(&at.caller.call, at.reader(), vec![seen]).await?;
    let view = views.pop().ok_or(ApiError::NotFound)?;
    Ok(with_context(at, item_with_download(at, &view)))
}

/// Says what the answer is.
pub(super) fn with_context(at: &NamedDrive, item: DriveItem) -> DriveItem {
    DriveItem { context: Some(format!("{}/$entity", context(at))), ..item }
}

/// Returns what a list of items of the drive is.
pub(super) fn context(at: &NamedDrive) -> String {
    format!("{}/v1.0/$metadata#drives('{}')/items", at.app.settings.origin, at.drive)
}

fn parent_reference(seen: &SeenItem) -> ItemReference {
    let drive = seen.item.drive;
    let parent = seen.above.first();
    let names = seen.path();
    let folders = names.split_last().map_or(&[][..], |(_, folders)| folders);
    let path: String =
        folders.iter().map(|name| format!("/{}", utf8_percent_encode(name, IN_PATH))).collect();
    ItemReference {
        drive_id: Some(drive.to_string()),
        drive_type: Some("documentLibrary".to_owned()),
        id: parent.map(|parent| parent.id.to_string()),
        path: parent.map(|_| format!("/drives/{drive}/root:{path}")),
    }
}

/// Writes who did something.
pub(in crate::graph) fn identity(doer: &Doer) -> IdentitySet {
    let user = Identity {
        id: Some(doer.id.to_string()),
        display_name: Some(doer.display_name.clone()),
        ..Identity::default()
    };
    IdentitySet { user: Some(user), ..IdentitySet::default() }
}

fn file_facet(view: &ItemView) -> FileFacet {
    let item = &view.seen.item;
    FileFacet {
        mime_type: Some(mime_type(&item.name).to_owned()),
        hashes: Some(Hashes {
            quick_xor_hash: item.content.map(|content| BASE64.encode(&content.quick_xor)),
            sha256_hash: view.sha256.map(|hash| HEXUPPER.encode(&hash)),
        }),
    }
}

/// Guesses a type from a name. It is told to clients, never to browsers: those get bytes without a type.
fn mime_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("txt" | "log") => "text/plain",
        Some("md") => "text/markdown",
        Some("html" | "htm") => "text/html",
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("svg") => "image/svg+xml",
        Some("mp3") => "audio/mpeg",
        Some("mp4") => "video/mp4",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("pptx") => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => "application/octet-stream",
    }
}
