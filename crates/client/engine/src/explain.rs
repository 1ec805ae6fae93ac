//! Explain: what is known about one path. "Why is this not syncing?" always has an answer, and this is where it is made.

use serde::{Deserialize, Serialize};
use sync_core::{
    CONTROL_FOLDER, ItemId, LocalId, LocalKind, LocalNode, NodeRef, Op, Problem, Question, RelPath,
    RemoteNode, SyncedNode, ignored, name_key,
};
use transfer::{ItemKind, ItemRole};

use crate::engine::Life;
use crate::transfers::TransferKey;

/// How one file or folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Both sides have the same.
    Synced,
    /// It is on its way to the server.
    Sending,
    /// It is on its way to this computer.
    Fetching,
    /// Something is about to be done with it, or waits for something else.
    Waiting,
    /// It does not sync before somebody does something.
    Problem,
    /// It stays on this computer, as its name says.
    Ignored,
    /// Neither side has it.
    Unknown,
}

/// A side's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionLine {
    /// It is a folder.
    pub folder: bool,
    /// Length in bytes; 0 for a folder.
    pub size: u64,
    /// Name of the bytes, where it is known. Equal names are equal bytes.
    pub content: Option<String>,
    /// The server's tag of the item; none for this computer's side.
    pub tag: Option<String>,
    /// The server's id of the item; none for this computer's side.
    pub item: Option<String>,
    /// It may be viewed only.
    pub view_only: bool,
}

/// What is known about one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// Beneath the root.
    pub path: String,
    /// How it is.
    pub verdict: Verdict,
    /// For people: why.
    pub message: String,
    /// For people: what to do, where there is something to do.
    pub remedy: Option<String>,
    /// As it is on this computer.
    pub here: Option<VersionLine>,
    /// As the server last told it.
    pub there: Option<VersionLine>,
    /// As both sides last had it.
    pub agreed: Option<VersionLine>,
    /// How often it failed in a row.
    pub failures: u32,
    /// Seconds until it is tried again by itself.
    pub next_try: Option<u64>,
}

/// The three sides of one path.
struct Sides<'a> {
    here: Option<&'a LocalNode>,
    there: Option<&'a RemoteNode>,
    row: Option<&'a SyncedNode>,
}

/// An answer: how it is, why, and what to do.
type Answer = (Verdict, String, Option<String>);

impl Life<'_> {
    /// Tells what is known about a path.
    pub(crate) fn explain(&self, path: &RelPath) -> Explanation {
        let sides = self.sides(path);
        let (verdict, message, remedy) = self.judge(path, &sides);
        let nodes = sides.nodes();
        let held = nodes.iter().find_map(|node| self.holds.of(node, self.planned_at));
        Explanation {
            path: path.to_string(),
            verdict,
            message,
            remedy,
            here: sides.here.map(here_line),
            there: sides.there.map(there_line),
            agreed: sides.row.map(agreed_line),
            failures: held.map_or(0, |(strikes, _)| strikes),
            next_try: held.map(|(_, wait)| wait.as_secs()),
        }
    }

    /// Where an item of this root is, on disk or else on the server; none when it is not in this root.
    pub(crate) fn place_of(&self, item: &ItemId) -> Option<RelPath> {
        self.trees.remote.get(item)?;
        self.path_of(Some(item), None)
    }

    fn sides(&self, path: &RelPath) -> Sides<'_> {
        let here = self.trees.local.find(path);
        let mut row = here.and_then(|node| self.trees.synced.of_local(&node.id));
        let there = match row {
            Some(row) => self.trees.remote.get(&row.item),
            None => self.item_at(path),
        };
        row = row.or_else(|| there.and_then(|node| self.trees.synced.get(&node.id)));
        Sides { here, there, row }
    }

    fn item_at(&self, path: &RelPath) -> Option<&RemoteNode> {
        let tree = self.trees.remote.tree();
        let mut node = tree.get(tree.root())?;
        for part in path.parts() {
            node = tree.child(&node.id, &name_key(part))?;
        }
        Some(node)
    }

    fn judge(&self, path: &RelPath, sides: &Sides<'_>) -> Answer {
        if path.parts().next() == Some(CONTROL_FOLDER) {
            let text = "Footbridge keeps its own things here: what is half-way, and the trash.";
            return (Verdict::Ignored, text.to_owned(), None);
        }
        for node in &sides.nodes() {
            if let Some(problem) = self.plan.blocked.get(node) {
                return of_problem(problem);
            }
        }
        if sides.row.is_none()
            && let Some(answer) = self.judge_names(path)
        {
            return answer;
        }
        if let Some(answer) = self.judge_above(path) {
            return answer;
        }
        self.judge_work(sides)
    }

    /// Names that stay out of the sync, its own or a folder's above.
    fn judge_names(&self, path: &RelPath) -> Option<Answer> {
        let mut above = RelPath::root();
        for part in path.parts() {
            above = above.join(part).ok()?;
            let node = self.trees.local.find(&above)?;
            if ignored(part).is_some() && self.trees.synced.of_local(&node.id).is_none() {
                let text = format!(
                    "`{part}` is a name that programs give to what will soon be gone; it stays here."
                );
                return Some((Verdict::Ignored, text, Some("Rename it when it shall sync.".to_owned())));
            }
        }
        None
    }

    /// A folder above that does not sync.
    fn judge_above(&self, path: &RelPath) -> Option<Answer> {
        let mut above = path.split()?.0;
        while !above.is_root() {
            let sides = self.sides(&above);
            let found = sides.nodes().into_iter().find_map(|node| self.plan.blocked.get(&node).cloned());
            let problem = found.or_else(|| sides.here.and_then(|node| node.problem.as_deref().cloned()));
            if let Some(problem) = problem {
                let text = format!("The folder `{above}` above it does not sync. {}", problem.message());
                return Some((Verdict::Problem, text, Some(problem.remedy().to_owned())));
            }
            above = above.split()?.0;
        }
        None
    }

    /// What is being done with it, or was.
    fn judge_work(&self, sides: &Sides<'_>) -> Answer {
        let nodes = sides.nodes();
        let moving = self.transfers.running().find(|(key, ..)| match key {
            TransferKey::Up(local) => nodes.contains(&NodeRef::Local(*local)),
            TransferKey::Down(item) => nodes.contains(&NodeRef::Item(item.clone())),
        });
        if let Some((key, _, done, total)) = moving {
            let text = format!("{done} of {total} bytes have arrived.");
            let up = matches!(key, TransferKey::Up(_));
            return (if up { Verdict::Sending } else { Verdict::Fetching }, text, None);
        }
        let concerns = |op: &&Op| {
            op.item().is_some_and(|item| nodes.contains(&NodeRef::Item(item.clone())))
                || op.local().is_some_and(|local| nodes.contains(&NodeRef::Local(local)))
        };
        if let Some(op) = self.plan.batch.iter().find(concerns) {
            return of_op(op);
        }
        let asked = |question: &Question| {
            let Question::MassDelete { items, .. } = question;
            sides.item().is_some_and(|item| items.contains(item))
        };
        if self.plan.questions.iter().any(asked) {
            let remedy = "`footbridge sync deletion` answers it.".to_owned();
            return (
                Verdict::Waiting,
                "It was deleted here with many others; you are asked first.".into(),
                Some(remedy),
            );
        }
        if nodes.iter().any(|node| self.plan.waiting.contains(node)) {
            return (Verdict::Waiting, "It waits for something else to be done first.".to_owned(), None);
        }
        match (sides.here, sides.there, sides.row) {
            (Some(_), Some(_), Some(_)) => (Verdict::Synced, "Both sides have the same.".to_owned(), None),
            (None, None, _) => (
                Verdict::Unknown,
                "Neither this computer nor the server has anything there.".to_owned(),
                None,
            ),
            _ => (Verdict::Waiting, "It was seen and is looked at next.".to_owned(), None),
        }
    }
}

impl Sides<'_> {
    fn item(&self) -> Option<&ItemId> {
        self.there.map(|node| &node.id).or_else(|| self.row.map(|row| &row.item))
    }

    fn local(&self) -> Option<LocalId> {
        self.here.map(|node| node.id).or_else(|| self.row.map(|row| row.local))
    }

    fn nodes(&self) -> Vec<NodeRef> {
        let item = self.item().cloned().map(NodeRef::Item);
        item.into_iter().chain(self.local().map(NodeRef::Local)).collect()
    }
}

fn of_problem(problem: &Problem) -> Answer {
    (Verdict::Problem, problem.message(), Some(problem.remedy().to_owned()))
}

fn of_op(op: &Op) -> Answer {
    let (verdict, text) = match op {
        Op::UploadNew { .. } | Op::UploadVersion { .. } | Op::CreateDir { .. } => {
            (Verdict::Sending, "It is about to be sent.")
        }
        Op::PlaceFile { .. } | Op::ReplaceFile { .. } | Op::MakeDirLocal { .. } => {
            (Verdict::Fetching, "It is about to be fetched.")
        }
        Op::MoveRemote { .. } => (Verdict::Sending, "It is about to be moved on the server."),
        Op::DeleteRemote { .. } => (Verdict::Sending, "It is about to be deleted on the server."),
        Op::RestoreRemote { .. } => (Verdict::Sending, "It is about to be restored on the server."),
        Op::MoveLocal { .. } => (Verdict::Fetching, "It is about to be moved here."),
        Op::TrashLocal { .. } | Op::RemoveDirLocal { .. } => {
            (Verdict::Fetching, "It was deleted on the server and is about to go to the trash here.")
        }
        Op::Hash { .. } | Op::Bind { .. } | Op::Settle { .. } | Op::Forget { .. } => {
            (Verdict::Waiting, "Both sides are being compared.")
        }
    };
    (verdict, text.to_owned(), None)
}

fn here_line(node: &LocalNode) -> VersionLine {
    VersionLine {
        folder: node.kind == LocalKind::Folder,
        size: node.size(),
        content: node.content.map(|content| content.to_string()),
        tag: None,
        item: None,
        view_only: false,
    }
}

fn there_line(node: &RemoteNode) -> VersionLine {
    VersionLine {
        folder: node.kind == ItemKind::Folder,
        size: node.size,
        content: node.content.map(|content| content.to_string()),
        tag: Some(node.e_tag.to_string()),
        item: Some(node.id.to_string()),
        view_only: node.role == ItemRole::Read,
    }
}

fn agreed_line(row: &SyncedNode) -> VersionLine {
    VersionLine {
        folder: row.kind == ItemKind::Folder,
        size: row.size,
        content: row.content.map(|content| content.to_string()),
        tag: Some(row.e_tag.to_string()),
        item: Some(row.item.to_string()),
        view_only: row.role == ItemRole::Read,
    }
}
