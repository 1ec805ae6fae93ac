//! Status for people: short, without jargon, and with what to do where something is wrong.

use std::fmt::Write as _;

use agent_api::{RootState, RootStatus, StatusSnapshot};

use crate::terminal::plain;

/// How much is told of each folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What fits on a screen that is drawn again and again.
    Short,
    /// Every problem that is known.
    Full,
}

impl Detail {
    /// Returns the most problems or transfers shown per folder.
    fn lines(self) -> usize {
        match self {
            Self::Short => 5,
            Self::Full => usize::MAX,
        }
    }
}

/// Returns the words for a folder's state, with the number of its problems where that is known.
pub fn state_word(state: RootState, problems: Option<u64>) -> String {
    let word = match state {
        RootState::Starting => "starting",
        RootState::Syncing => "syncing",
        RootState::UpToDate => "synced",
        RootState::NeedsAttention => match problems {
            Some(1) => return "synced, 1 problem".to_owned(),
            Some(count) => return format!("synced, {count} problems"),
            None => "synced, with problems",
        },
        RootState::Paused => "paused",
        RootState::Offline => "no connection; it is tried again",
        RootState::Guarded => "waiting for your answer",
        RootState::InteractionNeeded => "needs you: the owner asks for more",
        RootState::SignInNeeded => "you must sign in again",
        RootState::Suspended => "the owner paused outside access",
        RootState::Revoked => "your access ended",
        RootState::Managed => "a policy of this computer stops it",
        RootState::FolderMissing => "the folder is not there",
        RootState::Failed => "stopped",
    };
    word.to_owned()
}

/// Describes everything.
pub fn describe(status: &StatusSnapshot, detail: Detail) -> String {
    let mut text = String::new();
    if status.accounts.is_empty() {
        line(&mut text, "Nobody is signed in. Sign in with `footbridge sign-in --cloud https://…`.");
    }
    if status.roots.is_empty() {
        line(&mut text, "Nothing is synced yet. Open a site in your browser and press Sync.");
    }
    for root in &status.roots {
        describe_root(&mut text, root, detail);
    }
    text
}

fn describe_root(text: &mut String, root: &RootStatus, detail: Detail) {
    line(
        text,
        &format!(
            "{} / {}: {}",
            root.organization,
            root.title,
            state_word(root.state, Some(root.counts.problems))
        ),
    );
    line(text, &format!("  {}", root.folder));
    if !root.account.is_empty() {
        line(text, &format!("  with {}", root.account));
    }
    for sentence in root.message.iter().chain(&root.remedy) {
        line(text, &format!("  {}", as_sentence(sentence)));
    }
    if let Some(page) = &root.page {
        line(text, &format!("  {page}"));
    }
    if matches!(
        root.state,
        RootState::Revoked | RootState::Suspended | RootState::InteractionNeeded | RootState::Managed
    ) {
        line(text, "  Your files are still here; none was touched.");
    }
    if root.view_only {
        line(text, "  The share is for viewing: what you change here stays on this computer.");
    }
    describe_counts(text, root);
    for transfer in root.transfers.iter().take(detail.lines()) {
        let percent = (transfer.done * 100).checked_div(transfer.total).unwrap_or(0);
        line(text, &format!("  {} {percent} %  {}", transfer.direction, transfer.path));
    }
    if let Some(held) = root.held {
        line(text, &format!("  {} of {} items were deleted here. Is that right?", held.count, held.total));
        line(text, &format!("  `footbridge sync deletion {} --delete` or `--restore` answers it.", root.id));
    }
    let problems = root.problems.iter().take(detail.lines());
    let shown = u64::try_from(problems.len()).unwrap_or(u64::MAX);
    for problem in problems {
        line(text, &format!("  ! {}: {} {}", problem.path, problem.message, problem.remedy));
    }
    if root.counts.problems > shown {
        line(
            text,
            &format!(
                "  … and {} more; `footbridge explain <path>` tells about each",
                root.counts.problems - shown
            ),
        );
    }
}

fn describe_counts(text: &mut String, root: &RootStatus) {
    let counts = &root.counts;
    let parts = [
        (counts.synced, "in sync"),
        (counts.uploading, "to send"),
        (counts.downloading, "to fetch"),
        (counts.pending, "waiting"),
        (counts.conflicts, "conflict copies"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if !told.is_empty() {
        line(text, &format!("  {}", told.join(", ")));
    }
}

/// Makes a sentence: messages of the parts below begin in lower case and end without a period.
pub fn as_sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _written = writeln!(text, "{}", plain(line));
}
