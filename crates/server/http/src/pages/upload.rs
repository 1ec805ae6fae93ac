//! A file sent by a page's form: streamed into storage piece by piece, and written in one change at the end.

use axum::body::Body;
use axum::response::Response;
use content::ContentWriter;
use content::uploads::Uploader;
use drive::ConflictBehavior;
use drive::contents::Room;
use drive::items::{Condition, FileBytes, FileTarget, LONGEST_FILE, Put};
use http::{HeaderMap, StatusCode, header};
use model::{ItemId, ItemKind, UploadId};
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::Visitor;
use super::answer::{message_page, server_failure, stale_form_page};
use super::hand::Hand;
use crate::App;

/// Longest of the fields beside the file, in bytes.
const LONGEST_FIELD: u64 = 1_024;

/// What to do with a file whose name is taken.
const REPLACE: &str = "replace";

/// Takes the file of a form into a folder, or in place of what a file holds. The error is the page to answer.
///
/// Whoever may not write there, and whose form is not ours, is refused before a byte of the file is read.
pub(super) async fn take_upload(
    app: &App,
    visitor: &Visitor,
    hand: &Hand,
    item: ItemId,
    headers: &HeaderMap,
    body: Body,
) -> Result<(), Response> {
    let room = hand.room(item).await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok()).ok_or_else(unreadable)?;
    let limits = SizeLimit::new().for_field("token", LONGEST_FIELD).for_field("same-name", LONGEST_FIELD);
    let limits = Constraints::new().size_limit(limits);
    let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let (mut sent, mut conflict) = (false, ConflictBehavior::Rename);
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "token" => sent = visitor.sent(&text(field).await?),
            "same-name" => {
                let replace = text(field).await? == REPLACE;
                conflict = if replace { ConflictBehavior::Replace } else { ConflictBehavior::Rename };
            }
            "file" if !sent => return Err(stale_form_page()),
            "file" => return take_file(app, hand, room, item, conflict, field).await,
            _ => {}
        }
    }
    Err(if sent { no_file() } else { stale_form_page() })
}

async fn text(field: Field<'_>) -> Result<String, Response> {
    field.text().await.map_err(|_| unreadable())
}

async fn take_file(
    app: &App,
    hand: &Hand,
    room: Room,
    item: ItemId,
    conflict: ConflictBehavior,
    field: Field<'_>,
) -> Result<(), Response> {
    let name = field.file_name().map(str::to_owned).filter(|name| !name.is_empty()).ok_or_else(no_file)?;
    let target = match room.kind {
        ItemKind::Folder => FileTarget::Named { parent: item, name, conflict },
        ItemKind::File => FileTarget::Existing(item),
    };
    let bytes =
        take_bytes(app, hand, room.most.unwrap_or(LONGEST_FILE).min(LONGEST_FILE), room.uploader, field);
    let bytes = bytes.await?;
    hand.edit(move |editor| {
        let put = Put { target, bytes, condition: Condition::None, modified: None, created: None };
        editor.put_file(put)
    })
    .await
    .map(|_| ())
}

async fn take_bytes(
    app: &App,
    hand: &Hand,
    most: u64,
    uploader: Uploader,
    mut field: Field<'_>,
) -> Result<FileBytes, Response> {
    let upload = UploadId::from_random(app.runtime.random());
    let started = ContentWriter::start(app.content.clone(), hand.call().clone(), upload, uploader).await;
    let mut writer = started.map_err(|failure| server_failure(&failure))?;
    while let Some(piece) = field.chunk().await.map_err(|_| unreadable())? {
        if writer.written() + piece.len() as u64 > most {
            return Err(too_long());
        }
        writer.push(&piece, app.runtime.now()).await.map_err(|failure| server_failure(&failure))?;
    }
    let finished = writer.finish(app.runtime.now()).await;
    let (content, upload) = finished.map_err(|failure| server_failure(&failure))?;
    Ok(FileBytes::Prepared(Box::new(content), upload))
}

fn unreadable() -> Response {
    message_page(
        StatusCode::BAD_REQUEST,
        "The file did not arrive",
        "The connection broke off, or what was sent is not the form of this page. Nothing was changed. Go back and try again.",
    )
}

fn no_file() -> Response {
    message_page(StatusCode::BAD_REQUEST, "No file was chosen", "Go back and choose a file first.")
}

fn too_long() -> Response {
    message_page(
        StatusCode::INSUFFICIENT_STORAGE,
        "There is no room for this file",
        "It is longer than what the library or its organization has space for. Nothing was changed. Ask an owner for \
         more space.",
    )
}
