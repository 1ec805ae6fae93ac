//! `GET /sites/{id}/sharingReport`: ours; the site sharing report as CSV, with the original's columns (7.4).

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use drive::review::{ReportRow, sharing_report};
use futures_util::stream::try_unfold;
use http::header;
use model::{Caller, PermissionId, SiteId};
use storage::Call;

use crate::csv::csv_line;
use crate::graph::SiteName;
use crate::{ApiError, App, Authenticated};

/// Rows that are read at once.
const AT_ONCE: i64 = 500;
const COLUMNS: [&str; 9] = [
    "Resource Path",
    "Item Type",
    "Permission",
    "User Name",
    "User E-mail",
    "User or Group Type",
    "Link ID",
    "Link Type",
    "AccessViaLinkID",
];

enum Stand {
    At(Option<PermissionId>),
    End,
}

pub(super) async fn get_sharing_report(
    State(app): State<App>,
    Authenticated { call, caller, .. }: Authenticated,
    Path(name): Path<String>,
) -> Result<Response, ApiError> {
    let site = SiteName::of(&app, &name)?.id()?;
    // The first part is read before the answer begins, so that a refusal is one.
    let (rows, next) = sharing_report(&call, caller, site, None, AT_ONCE).await?;
    let first = format!("{}{}", csv_line(COLUMNS), lines(rows));
    let stand = next.map_or(Stand::End, |next| Stand::At(Some(next)));
    let rest = try_unfold(
        (Some(first), stand, call, caller, site),
        |(first, stand, call, caller, site)| async move {
            if let Some(first) = first {
                return Ok(Some((first, (None, stand, call, caller, site))));
            }
            let Stand::At(after) = stand else { return Ok(None) };
            let (text, stand) = part(&call, caller, site, after).await?;
            Ok::<_, ApiError>(Some((text, (None, stand, call, caller, site))))
        },
    );
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"sharing.csv\""),
    ];
    Ok((headers, Body::from_stream(rest)).into_response())
}

async fn part(
    call: &Call,
    caller: Caller,
    site: SiteId,
    after: Option<PermissionId>,
) -> Result<(String, Stand), ApiError> {
    let (rows, next) = sharing_report(call, caller, site, after, AT_ONCE).await?;
    Ok((lines(rows), next.map_or(Stand::End, |next| Stand::At(Some(next)))))
}

fn lines(rows: Vec<ReportRow>) -> String {
    let line = |row: ReportRow| {
        let (id, kind) = match row.link {
            Some((id, kind)) => (id.to_string(), kind.graph_name()),
            None => (String::new(), ""),
        };
        let via = id.clone();
        let (path, name, address) = (row.path, row.name, row.address);
        csv_line([&path, row.item_type, row.permission, &name, &address, row.kind, &id, kind, &via])
    };
    rows.into_iter().map(line).collect()
}
