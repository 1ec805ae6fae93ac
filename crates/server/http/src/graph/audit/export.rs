//! `GET /admin/audit/export?format=csv|jsonl`: ours; everything a question finds, written out as it is read. A cell that a
//! table program would take for a formula is made a text (`csv`).

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use drive::audit_trail::{AuditQuestion, require_audit_reader, search_audit};
use futures_util::stream::try_unfold;
use graph_types::AuditEntry;
use http::header;
use model::Caller;
use storage::Call;

use super::question::read;
use super::shape::entry;
use crate::csv::csv_line;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError, App};

/// Records that are read at once.
const AT_ONCE: i64 = 1_000;
const COLUMNS: [&str; 15] = [
    "CreationTime",
    "UserId",
    "Operation",
    "Workload",
    "RecordType",
    "ObjectId",
    "Site",
    "ItemType",
    "SourceFileName",
    "ClientIP",
    "UserAgent",
    "TargetUserOrGroupType",
    "TargetUserOrGroupName",
    "UniqueSharingId",
    "EventData",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
}

struct Export {
    call: Call,
    person: Option<Caller>,
    question: Option<AuditQuestion>,
    origin: String,
    format: Format,
    headed: bool,
}

pub(super) async fn export_audit(
    State(app): State<App>,
    Administering { call, person }: Administering,
    query: GraphQuery,
) -> Result<Response, ApiError> {
    let (format, kind, name) = match query.get("format") {
        None | Some("csv") => (Format::Csv, "text/csv; charset=utf-8", "audit.csv"),
        Some("jsonl") => (Format::JsonLines, "application/x-ndjson", "audit.jsonl"),
        Some(_) => return Err(ApiError::invalid("format is csv or jsonl")),
    };
    let question = read(&app, &query)?;
    // The answer has begun when the first page is read; who may not read hears it before.
    require_audit_reader(&call, person, question.search.sites.clone()).await?;
    let origin = app.settings.origin.clone();
    let export = Export { call, person, question: Some(question), origin, format, headed: false };
    let body = Body::from_stream(try_unfold(export, |mut export| async move {
        Ok::<_, ApiError>(export.next().await?.map(|text| (text, export)))
    }));
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body)
        .into_response())
}

impl Export {
    async fn next(&mut self) -> Result<Option<String>, ApiError> {
        let Some(question) = self.question.take() else { return Ok(None) };
        let page = search_audit(&self.call, self.person, question.clone(), AT_ONCE).await?;
        let mut text = String::new();
        if self.format == Format::Csv && !self.headed {
            text.push_str(&csv_line(COLUMNS));
        }
        self.headed = true;
        for view in page.records {
            self.write(&mut text, entry(&self.origin, view))?;
        }
        self.question = page.next.map(|place| {
            let mut question = question;
            question.search.after = Some(place);
            question
        });
        Ok(Some(text))
    }

    fn write(&self, text: &mut String, entry: AuditEntry) -> Result<(), ApiError> {
        if self.format == Format::JsonLines {
            text.push_str(&serde_json::to_string(&entry).map_err(ApiError::internal)?);
            text.push('\n');
            return Ok(());
        }
        let data = match entry.event_data.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&entry.event_data).map_err(ApiError::internal)?,
        };
        let time = format!("{:.3}", entry.creation_time.0);
        let maybe = |cell: &Option<String>| cell.clone().unwrap_or_default();
        text.push_str(&csv_line([
            &time,
            &entry.user_id,
            &entry.operation,
            &entry.workload,
            &entry.record_type,
            &maybe(&entry.object_id),
            &maybe(&entry.site),
            &maybe(&entry.item_type),
            &maybe(&entry.source_file_name),
            &maybe(&entry.client_ip),
            &maybe(&entry.user_agent),
            &maybe(&entry.target_user_or_group_type),
            &maybe(&entry.target_user_or_group_name),
            &maybe(&entry.unique_sharing_id),
            &data,
        ]));
        Ok(())
    }
}
