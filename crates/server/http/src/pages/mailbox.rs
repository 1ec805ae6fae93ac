//! `/mailbox`: shows the mails this server kept in a folder instead of sending. Exists only where mail is a folder.

use std::path::{Path as FilePath, PathBuf};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::answer::{FormTargets, absent_page, html, server_failure};
use super::caught_mail::CaughtMail;
use crate::App;

/// Most mails that are listed.
const MOST: usize = 200;
/// Largest mail that is shown, in bytes.
const LARGEST: u64 = 1_000_000;

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    mails: Vec<CaughtMail>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    mail: CaughtMail,
}

pub(super) async fn get_mailbox(State(app): State<App>) -> Response {
    let Some(folder) = app.settings.mailbox.clone() else { return absent_page() };
    match app.runtime.blocking(move || list(&folder)).await {
        Ok(mails) => html(StatusCode::OK, FormTargets::Own, &MailboxPage { mails }),
        Err(failure) => server_failure(&failure),
    }
}

pub(super) async fn get_mail(State(app): State<App>, Path(mail): Path<String>) -> Response {
    let Some(folder) = app.settings.mailbox.clone() else { return absent_page() };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if mail.is_empty() || !mail.chars().all(plain) {
        return absent_page();
    }
    match app.runtime.blocking(move || read(&folder.join(format!("{mail}.eml")))).await {
        Ok(Some(mail)) => html(StatusCode::OK, FormTargets::Own, &MailPage { mail }),
        Ok(None) => absent_page(),
        Err(failure) => server_failure(&failure),
    }
}

/// Lists the newest mails first; their file names begin with the time.
fn list(folder: &FilePath) -> Vec<CaughtMail> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    paths.iter().rev().take(MOST).filter_map(|path| read(path)).collect()
}

fn read(path: &FilePath) -> Option<CaughtMail> {
    let fits = std::fs::metadata(path).ok()?.len() <= LARGEST;
    let name = path.file_stem()?.to_str()?.to_owned();
    fits.then(|| CaughtMail::parse(name, &std::fs::read_to_string(path).ok()?)).flatten()
}
