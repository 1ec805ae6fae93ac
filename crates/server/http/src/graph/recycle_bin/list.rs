//! `GET /sites/{id}/recycleBin/items?stage=`: what the caller may see of a stage; the first when not told.

use axum::Json;
use axum::extract::{Path, State};
use data_encoding::BASE64URL_NOPAD;
use drive::recycle_bin::{BinRequest, BinView, list_bin as list};
use graph_types::{Collection, FootbridgeBinItem, RecycleBinItem};
use http::Uri;
use model::{BinKey, BinStage, ItemKind, ItemVersion, Timestamp};

use crate::graph::items::identity;
use crate::graph::sites::SiteName;
use crate::graph_query::GraphQuery;
use crate::{ApiError, App, Authenticated};

/// Entries of a page when nothing is asked.
const USUAL: i64 = 200;
/// Most entries of a page.
const MOST: i64 = 1_000;

pub(super) async fn list_bin(
    State(app): State<App>,
    caller: Authenticated,
    Path(site): Path<String>,
    uri: Uri,
    query: GraphQuery,
) -> Result<Json<Collection<RecycleBinItem>>, ApiError> {
    let site = SiteName::of(&app, &site)?.id()?;
    let stage = match query.get("stage") {
        None | Some("first") => BinStage::First,
        Some("second") => BinStage::Second,
        Some(_) => return Err(ApiError::invalid("stage is first or second")),
    };
    let most = query.top(USUAL, MOST)?;
    let after = query.get("skiptoken").map(read_token).transpose()?;
    let request = BinRequest { caller: caller.caller, site, stage, after, most };
    let page = list(&caller.call, request).await?;
    let origin = &app.settings.origin;
    let next_link = page.next.map(|(at, key)| query.next_link(origin, uri.path(), &write_token(at, key)));
    let context = format!("{origin}/v1.0/$metadata#sites('{site}')/recycleBin/items");
    let value = page.entries.iter().map(|view| bin_item(&page.site, view)).collect();
    Ok(Json(Collection { context: Some(context), value, next_link }))
}

fn bin_item(site: &str, view: &BinView) -> RecycleBinItem {
    let entry = &view.entry;
    let kind = match (entry.key.version, view.kind) {
        (Some(_), _) => "version",
        (None, ItemKind::File) => "file",
        (None, ItemKind::Folder) => "folder",
    };
    let stage = match entry.stage() {
        BinStage::First => "first",
        BinStage::Second => "second",
    };
    RecycleBinItem {
        id: entry.key.to_string(),
        name: view.name.clone(),
        title: view.name.clone(),
        size: view.size,
        deleted_date_time: Some(entry.deleted.at.into()),
        deleted_from_location: Some(format!("sites/{site}/{}", view.location.join("/"))),
        deleted_by: view.deleted_by.as_ref().map(identity),
        footbridge: Some(FootbridgeBinItem {
            kind: kind.to_owned(),
            stage: stage.to_owned(),
            expiration_date_time: Some(entry.expires().into()),
            drive_id: entry.drive.to_string(),
            version: entry.key.version.map(ItemVersion::id_of),
        }),
    }
}

fn write_token(at: Timestamp, key: BinKey) -> String {
    BASE64URL_NOPAD.encode(format!("{} {key}", at.as_microsecond()).as_bytes())
}

fn read_token(token: &str) -> Result<(Timestamp, BinKey), ApiError> {
    let text = BASE64URL_NOPAD.decode(token.as_bytes()).ok().and_then(|text| String::from_utf8(text).ok());
    let read = text.as_deref().and_then(|text| {
        let (at, key) = text.split_once(' ')?;
        Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, key.parse().ok()?))
    });
    read.ok_or_else(|| ApiError::invalid("Invalid paging token: start from the first page"))
}
