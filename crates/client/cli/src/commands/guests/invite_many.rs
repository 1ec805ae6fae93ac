//! `footbridge guests invite --csv`: everybody of a file (A08). Can be repeated on its own output: what is done is passed over,
//! what failed is tried again, one bad row never stops the rest.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use http::Method;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::invitation_table::{InvitationTable, RowOutcome, SUCCESS};
use super::result_file::{ResultFile, earlier};
use crate::admin::{Admin, text_of};
use crate::failure::{CliError, IN_THE_WAY};

/// People in one request: few enough that a broken run repeats little.
const AT_ONCE: usize = 50;

/// What everybody of a file gets.
pub(super) struct ManyInvitations<'o> {
    /// The file of people.
    pub csv: &'o Path,
    /// The file of results.
    pub out: Option<&'o Path>,
    /// The group's id.
    pub group: Option<String>,
    /// Where the browser goes.
    pub redirect_url: String,
    /// Whether everybody gets a mail.
    pub mail: bool,
    /// What the mail says.
    pub message: Option<String>,
}

/// Invites everybody of a file.
pub(super) async fn run(admin: &Admin, asked: &ManyInvitations<'_>) -> Result<ExitCode, CliError> {
    let bytes = std::fs::read(asked.csv)
        .map_err(|error| CliError::Computer(format!("{}: {error}", asked.csv.display())))?;
    let mut table = InvitationTable::read(&bytes)?;
    let out = asked.out.map_or_else(|| beside(asked.csv), Path::to_owned);
    let before: usize = earlier(&out)?.iter().map(|earlier| table.take_over(earlier)).sum();
    if before > 0 {
        eprintln!("{before} people were done by an earlier run ({}).", out.display());
    }
    let mut results = ResultFile::begin(&out, &table)?;
    let open: Vec<usize> = (0..table.rows.len()).filter(|at| !table.is_done(&table.rows[*at])).collect();
    let bar = progress(open.len());
    let mut failed = 0;
    for chunk in open.chunks(AT_ONCE) {
        let outcomes = invite(admin, asked, &table, chunk).await?;
        for (at, outcome) in chunk.iter().zip(&outcomes) {
            failed += usize::from(outcome.error != SUCCESS);
            table.settle(*at, outcome);
        }
        results.append(&table, chunk)?;
        bar.inc(u64::try_from(chunk.len()).unwrap_or_default());
    }
    bar.finish_and_clear();
    results.finish(&table)?;
    let (all, done) = (table.rows.len(), open.len() - failed);
    let told = json!({
        "people": all, "invited": done, "doneBefore": all - open.len(), "failed": failed,
        "results": out.display().to_string(),
    });
    admin.show(&told, |_| {
        let rest = if failed == 0 {
            String::new()
        } else {
            format!("{failed} failed; column `error` says why, and the same command tries them again.\n")
        };
        format!(
            "{done} of {all} people were invited now, {} before.\n{rest}Results: {}\n",
            all - open.len(),
            out.display()
        )
    });
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(IN_THE_WAY) })
}

async fn invite(
    admin: &Admin,
    asked: &ManyInvitations<'_>,
    table: &InvitationTable,
    chunk: &[usize],
) -> Result<Vec<RowOutcome>, CliError> {
    let people: Vec<Value> = chunk
        .iter()
        .map(|at| json!({"name": table.name_of(&table.rows[*at]), "email": table.email_of(&table.rows[*at])}))
        .collect();
    let body = json!({
        "people": people, "groupId": asked.group, "inviteRedirectUrl": asked.redirect_url,
        "sendInvitationMessage": asked.mail, "customizedMessageBody": asked.message,
    });
    let answer = admin.graph.send(Method::POST, "/admin/guests/invite", Some(&body)).await?;
    let now = admin.graph.runtime().now().to_string();
    let outcomes = answer["value"].as_array().cloned().unwrap_or_default();
    if outcomes.len() != chunk.len() {
        return Err(CliError::Offline("it answered for other people than were asked for".to_owned()));
    }
    Ok(outcomes.iter().map(|outcome| read(outcome, &now)).collect())
}

fn read(outcome: &Value, now: &str) -> RowOutcome {
    RowOutcome {
        time: now.to_owned(),
        status: text_of(&outcome["status"]),
        user: text_of(&outcome["userId"]),
        redeem_url: text_of(&outcome["redeemUrl"]),
        invitation: text_of(&outcome["inviteId"]),
        error: outcome["error"]["message"].as_str().unwrap_or(SUCCESS).to_owned(),
    }
}

/// Names the results after the input where nobody named them.
fn beside(csv: &Path) -> PathBuf {
    let stem = csv.file_stem().unwrap_or_default().to_string_lossy();
    csv.with_file_name(format!("{stem}Results.csv"))
}

/// A bar on a terminal; nothing where nobody looks.
fn progress(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(length).unwrap_or_default());
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} people, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
