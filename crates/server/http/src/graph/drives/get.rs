//! `GET /drives/{id}`

use axum::Json;
use drive::reading::{Whole, load_drive};
use graph_types::{Drive, Quota};

use crate::ApiError;
use crate::graph::items::NamedDrive;

/// What a library without a limit says it can hold; clients stumble over a missing or zero total.
const NO_LIMIT: u64 = 25 * (1 << 40);

pub(super) async fn get_drive(at: NamedDrive) -> Result<Json<Drive>, ApiError> {
    let view = load_drive(&at.caller.call, at.reader()).await?;
    let quota =
        (view.whole == Whole::Yes).then(|| quota(view.drive.quota.unwrap_or(NO_LIMIT), view.drive.used));
    Ok(Json(Drive {
        id: view.drive.id.to_string(),
        name: view.drive.name.clone(),
        drive_type: "documentLibrary".to_owned(),
        web_url: view.address.url(&at.app.settings.origin),
        created_date_time: Some(view.drive.created.into()),
        quota,
    }))
}

fn quota(total: u64, used: u64) -> Quota {
    let remaining = total.saturating_sub(used);
    let state = match remaining {
        0 => "exceeded",
        left if left < total / 100 => "critical",
        left if left < total / 10 => "nearing",
        _ => "normal",
    };
    Quota { total, used, remaining, deleted: 0, state: state.to_owned() }
}
