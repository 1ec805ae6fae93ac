//! Explain: what is known about a path on this computer, or about a link. Nothing is changed, nothing is synced for it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use agent_api::{
    CloudTrust, ExplainedRoot, Explanation, Failure, FailureKind, ItemVersion, JournalLine, Message,
};
use engine::VersionLine;
use sync_core::{ItemId, Problem, RelPath};

use super::find_root_info::{FoundRoot, find};
use crate::Agent;
use crate::folder_overlap::resolved;
use crate::root_link::RootLink;
use crate::root_view::word;
use crate::settings::RootSettings;

/// How long an engine may take to answer; it answers between two rounds of work.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// How far back the journal is searched.
const JOURNAL_DEPTH: usize = 1000;
/// Most lines of the journal told.
const JOURNAL_LINES: usize = 10;

pub(super) async fn run(agent: &Agent, subject: &str) -> Result<Message, Failure> {
    let explanation = if subject.starts_with('/') {
        of_path(agent, subject).await?
    } else {
        of_link(agent, subject).await?
    };
    Ok(Message::Explained(Box::new(explanation)))
}

async fn of_path(agent: &Agent, subject: &str) -> Result<Explanation, Failure> {
    let roots = agent.live().settings.roots.clone();
    let path = PathBuf::from(subject);
    let work = move || find_root(&roots, &path);
    let found = agent.0.runtime.blocking(work).await;
    let found = found.map_err(|error| Failure::new(FailureKind::Internal, error.to_string()))?;
    let (root, rest) = match found {
        Ok(Some(found)) => found,
        Ok(None) => {
            return Ok(Explanation::short(subject, "outside", "It lies in no folder that is synced.")
                .with_remedy("`footbridge sync list` shows the folders that are."));
        }
        Err(error) => return Err(Failure::new(FailureKind::Computer, format!("{subject}: {error}"))),
    };
    let Some(path) = rest.to_str().and_then(|text| RelPath::try_from(text.to_owned()).ok()) else {
        let told = Explanation::short(subject, "problem", Problem::NotUtf8.message());
        return Ok(told.with_remedy(Problem::NotUtf8.remedy()));
    };
    let mut told = ask_engine(agent, &root, subject, path.clone()).await;
    told.root = explained_root(agent, &root, path.as_str());
    told.journal = journal(agent, &root, path.as_str()).await;
    Ok(told)
}

/// Finds the synced folder a path lies in, and the rest of the path. A link at the path itself is not followed: it is
/// what is asked about.
fn find_root(roots: &[RootSettings], path: &Path) -> io::Result<Option<(RootSettings, PathBuf)>> {
    let place = match (path.parent(), path.file_name()) {
        (Some(above), Some(name)) => resolved(above)?.join(name),
        _ => resolved(path)?,
    };
    for root in roots {
        let folder = resolved(&root.folder).unwrap_or_else(|_| root.folder.clone());
        if let Ok(rest) = place.strip_prefix(&folder) {
            return Ok(Some((root.clone(), rest.to_owned())));
        }
    }
    Ok(None)
}

async fn ask_engine(agent: &Agent, root: &RootSettings, subject: &str, path: RelPath) -> Explanation {
    let engine = agent.live().roots.get(&root.id).and_then(|live| live.engine());
    let Some(engine) = engine else {
        return Explanation::short(subject, "stopped", "Its folder does not sync at the moment.");
    };
    let known = match agent.0.runtime.timeout(ANSWER_LIMIT, engine.explain(path)).await {
        Ok(Some(known)) => known,
        Ok(None) => return Explanation::short(subject, "stopped", "Its folder does not sync at the moment."),
        Err(_elapsed) => {
            return Explanation::short(
                subject,
                "busy",
                "Its folder is being looked through and cannot answer now.",
            )
            .with_remedy("Ask again in a minute; `footbridge status` shows what it does.");
        }
    };
    Explanation {
        subject: subject.to_owned(),
        verdict: word(&known.verdict),
        message: known.message,
        remedy: known.remedy,
        root: None,
        here: known.here.map(version),
        there: known.there.map(version),
        agreed: known.agreed.map(version),
        failures: known.failures,
        next_try: known.next_try,
        journal: Vec::new(),
    }
}

fn version(line: VersionLine) -> ItemVersion {
    let VersionLine { folder, size, content, tag, item, view_only } = line;
    ItemVersion { folder, size, content, tag, item, view_only }
}

fn explained_root(agent: &Agent, root: &RootSettings, path: &str) -> Option<ExplainedRoot> {
    let live = agent.live();
    let told = live.roots.get(&root.id)?.view().describe(&live.settings, root);
    Some(ExplainedRoot {
        id: told.id,
        organization: told.organization,
        title: told.title,
        folder: told.folder,
        account: told.account,
        state: told.state,
        message: told.message,
        remedy: told.remedy,
        path: path.to_owned(),
    })
}

async fn journal(agent: &Agent, root: &RootSettings, path: &str) -> Vec<JournalLine> {
    let store = agent.live().roots.get(&root.id).and_then(|live| live.store());
    let Some(store) = store else { return Vec::new() };
    // A journal that cannot be read is no reason to keep the rest back.
    let entries = store.journal(JOURNAL_DEPTH).await.unwrap_or_default();
    let of_it = entries.into_iter().filter(|entry| entry.path.as_deref() == Some(path));
    of_it.take(JOURNAL_LINES).map(super::journal::line).collect()
}

async fn of_link(agent: &Agent, subject: &str) -> Result<Explanation, Failure> {
    let link = RootLink::parse(subject)?;
    let found =
        find(agent, &link, None, CloudTrust::KnownOnly).await.map_err(|failure| match failure.kind {
            // Explaining asks nobody; who is not signed in there learns nothing there.
            FailureKind::UnknownCloud => {
                let cloud = link.cloud();
                Failure::new(
                    FailureKind::NoAccount,
                    format!("Nobody is signed in to {cloud}, so it cannot be asked."),
                )
                .with_remedy(format!(
                    "Sign in with `footbridge sign-in --cloud {cloud}` if you know that cloud."
                ))
            }
            _ => failure,
        })?;
    if let Some((root, path)) = synced_place(agent, &found).await {
        let mut told =
            Explanation::short(subject, "synced", format!("It is synced to {}.", place(&root, &path)));
        told.root = explained_root(agent, &root, path.as_str());
        return Ok(told);
    }
    let who = &found.account.address;
    let what = match found.info.role {
        transfer::ItemRole::Read => "view",
        transfer::ItemRole::Write => "edit",
    };
    let text =
        format!("{who} may {what} it; it belongs to {} and is not synced here.", found.info.organization);
    Ok(Explanation::short(subject, "canSync", text)
        .with_remedy("`footbridge sync add` with this address syncs it."))
}

/// Finds where on this computer a place is synced with the same account already, by itself or inside another root.
pub(super) async fn synced_place(agent: &Agent, found: &FoundRoot) -> Option<(RootSettings, RelPath)> {
    let key = found.account.key();
    let same = |root: &&RootSettings| root.account == key && root.drive == found.info.drive;
    let roots: Vec<RootSettings> = agent.live().settings.roots.iter().filter(same).cloned().collect();
    for root in roots {
        if root.item == found.info.item {
            return Some((root, RelPath::root()));
        }
        let engine = agent.live().roots.get(&root.id).and_then(|live| live.engine());
        let Some(engine) = engine else { continue };
        let asked = engine.place_of(ItemId::new(&found.info.item));
        if let Ok(Some(path)) = agent.0.runtime.timeout(ANSWER_LIMIT, asked).await {
            return Some((root, path));
        }
    }
    None
}

/// Names a place on this computer.
pub(super) fn place(root: &RootSettings, path: &RelPath) -> String {
    root.folder.join(path.as_str()).display().to_string()
}
