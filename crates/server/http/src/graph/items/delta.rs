//! `GET …/delta`: changes since a token, of a whole library or of a folder.

use axum::Json;
use drive::delta::{DeltaChange, DeltaRequest, DeltaStart, PAGE, read_delta};
use drive::reading::{Whole, describe, load_item};
use drive::{ItemError, SeenItem};
use graph_types::{DeletedFacet, DeltaCollection, DriveItem, ItemReference};

use super::address::{NamedDrive, NamedItem};
use super::shape::{context, drive_item};
use crate::ApiError;
use crate::graph_query::GraphQuery;

/// Entries of a page that follows a token: some clients read only the first (graph-surface.md T-8).
const FOLLOWING: usize = 5_000;

pub(super) async fn get_delta(
    named: NamedItem,
    query: GraphQuery,
) -> Result<Json<DeltaCollection>, ApiError> {
    let at = named.at;
    let root = load_item(&at.caller.call, at.reader(), named.address).await?;
    let item = root.seen.item.id;
    let address = format!("{}/v1.0/drives/{}/items/{item}/delta", at.app.settings.origin, at.drive);
    let (start, usual) = match query.get("token") {
        None | Some("") => (DeltaStart::Nothing, PAGE),
        Some("latest") => (DeltaStart::Now, FOLLOWING),
        Some(token) => (DeltaStart::Cursor(token.to_owned()), FOLLOWING),
    };
    let usual = i64::try_from(usual).unwrap_or(i64::MAX);
    let limit = usize::try_from(query.top(usual, usual)?).unwrap_or(PAGE);
    let (caller, runtime) = (at.caller.caller, at.app.runtime.clone());
    let request = DeltaRequest { caller, drive: at.drive, item, start, limit, runtime };
    let changes = match read_delta(&at.caller.call, &at.app.cursors, request).await {
        Err(error @ (ItemError::Resync | ItemError::EpochChanged)) => {
            let inner = error.refusal().and_then(|(_, _, inner)| inner).unwrap_or("resyncApplyDifferences");
            return Err(ApiError::ResyncRequired { inner, location: Some(address) });
        }
        other => other?,
    };
    let value = values(&at, changes.entries, changes.whole).await?;
    let link = format!("{address}?token={}", changes.cursor);
    let (next_link, delta_link) = if changes.more { (Some(link), None) } else { (None, Some(link)) };
    Ok(Json(DeltaCollection { context: Some(context(&at)), value, next_link, delta_link }))
}

/// Writes the entries in their order.
async fn values(
    at: &NamedDrive,
    entries: Vec<DeltaChange>,
    whole: Whole,
) -> Result<Vec<DriveItem>, ApiError> {
    let live = |entry: &DeltaChange| match entry {
        DeltaChange::Item(seen) => Some(SeenItem::clone(seen)),
        DeltaChange::Gone(..) => None,
    };
    let seen: Vec<SeenItem> = entries.iter().filter_map(live).collect();
    let mut views = describe(&at.caller.call, at.reader(), seen).await?.into_iter();
    let mut values = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry {
            DeltaChange::Item(_) => {
                values.extend(views.next().map(|view| drive_item(&at.app.settings.origin, &view)));
            }
            DeltaChange::Gone(item, _) => values.push(gone(at, &item, whole)),
        }
    }
    Ok(values)
}

/// Writes a tombstone. Where anything of the library is hidden its folder is not told: that may be hidden too.
fn gone(at: &NamedDrive, item: &model::Item, whole: Whole) -> DriveItem {
    let parent = item.parent.filter(|_| whole == Whole::Yes).map(|parent| parent.to_string());
    DriveItem {
        id: item.id.to_string(),
        parent_reference: Some(ItemReference {
            drive_id: Some(at.drive.to_string()),
            drive_type: Some("documentLibrary".to_owned()),
            id: parent,
            path: None,
        }),
        deleted: Some(DeletedFacet { state: "deleted".to_owned() }),
        ..DriveItem::default()
    }
}
