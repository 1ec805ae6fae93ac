//! A root in a temporary folder, and short ways to say what to do with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use engine::{Applied, LocalChange, LocalEntry, LocalError, LocalRef, StageId, StageRequest};
use jiff::Timestamp;
use runtime::Runtime;
use sync_core::{Fingerprint, ItemId, RelPath};
use tempfile::TempDir;

use crate::options::{DiskOptions, RootIdentity};
use crate::root::{Root, link};
use crate::{batch, scan, stage};

pub(super) struct Fixture {
    pub(super) path: PathBuf,
    pub(super) options: DiskOptions,
    pub(super) identity: RootIdentity,
    root: Option<Arc<Root>>,
    _folder: TempDir,
}

/// Every kind of file system at hand.
pub(super) fn everywhere() -> Vec<Fixture> {
    let memory = Path::new("/dev/shm");
    let mut all = vec![Fixture::new()];
    if memory.is_dir() {
        all.push(Fixture::within(tempfile::tempdir_in(memory).unwrap()));
    }
    all
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::within(tempfile::tempdir().unwrap())
    }

    pub(super) fn within(folder: TempDir) -> Self {
        let path = folder.path().join("root");
        std::fs::create_dir(&path).unwrap();
        Self::at(path, folder)
    }

    /// Links the folder at `path`, which lives as long as `folder`.
    pub(super) fn at(path: PathBuf, folder: TempDir) -> Self {
        let mut options = DiskOptions::new(path.clone(), folder.path().join("rescue"));
        options.reserve = Some(0);
        let identity = link(&Runtime::tokio(), &path).unwrap();
        let mut fixture = Self { path, options, identity, root: None, _folder: folder };
        fixture.restart();
        fixture
    }

    /// Ends the process, as far as the disk can tell, and starts the next.
    pub(super) fn restart(&mut self) {
        self.root = None;
        self.root = Some(Arc::new(self.attach().unwrap()));
    }

    pub(super) fn attach(&self) -> Result<Root, LocalError> {
        Root::attach(Runtime::tokio(), self.options.clone(), &self.identity)
    }

    pub(super) fn root(&self) -> Arc<Root> {
        Arc::clone(self.root.as_ref().unwrap())
    }

    /// Pretends that the file system can or cannot exchange.
    pub(super) fn set_exchanges(&mut self, exchanges: bool) {
        let root = self.root.take().unwrap();
        let mut root = Arc::into_inner(root).unwrap();
        root.exchanges = exchanges && root.exchanges;
        self.root = Some(Arc::new(root));
    }

    pub(super) fn let_go(&mut self) {
        self.root = None;
    }

    pub(super) fn write(&self, path: &str, bytes: &str) {
        std::fs::write(self.path.join(path), bytes).unwrap();
    }

    pub(super) fn text(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.path.join(path)).ok()
    }

    pub(super) fn scan(&self) -> Vec<LocalEntry> {
        scan::scan(&self.root()).unwrap().entries
    }

    pub(super) fn entry(&self, name: &str) -> LocalEntry {
        self.scan().into_iter().find(|entry| entry.name == name).unwrap()
    }

    pub(super) fn top(&self) -> LocalRef {
        LocalRef { path: RelPath::root(), id: self.root().id }
    }

    pub(super) fn file(&self, path: &str) -> (LocalRef, Fingerprint) {
        let path = RelPath::try_from(path.to_owned()).unwrap();
        let (_, name) = path.split().unwrap();
        let entry = self.entry(name);
        (LocalRef { path, id: entry.id }, entry.fingerprint)
    }

    pub(super) fn stage(&self, stage: &str, bytes: &str) -> StageId {
        let stage = StageId(stage.to_owned());
        let request = StageRequest {
            stage: stage.clone(),
            bytes: Bytes::from(bytes.to_owned()),
            modified: Timestamp::UNIX_EPOCH,
        };
        stage::stage(&self.root(), &[request]).remove(0).unwrap();
        stage
    }

    pub(super) fn apply(&self, change: LocalChange) -> Result<Applied, LocalError> {
        batch::apply(&self.root(), &[change]).remove(0)
    }

    pub(super) fn replace(&self, path: &str, stage: StageId) -> LocalChange {
        let (target, expected) = self.file(path);
        LocalChange::Replace { stage, target, expected, item: ItemId::new("item") }
    }

    pub(super) fn place(&self, name: &str, stage: StageId) -> LocalChange {
        LocalChange::Place { stage, parent: self.top(), name: name.to_owned() }
    }

    pub(super) fn trash(&self, path: &str) -> LocalChange {
        let (node, expected) = self.file(path);
        LocalChange::Trash { node, expected, item: Some(ItemId::new("item")) }
    }

    /// The contents of all files in the trash, without the sidecars.
    pub(super) fn trashed(&self) -> Vec<String> {
        self.kept(".footbridge/trash")
    }

    pub(super) fn staged(&self) -> Vec<String> {
        self.kept(".footbridge/stage")
    }

    fn kept(&self, folder: &str) -> Vec<String> {
        let mut all: Vec<String> = std::fs::read_dir(self.path.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_none_or(|end| end != "json"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect();
        all.sort();
        all
    }

    /// Every text readable anywhere: tree, stage, trash.
    pub(super) fn readable(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .scan()
            .into_iter()
            .filter(|entry| entry.problem.is_none())
            .filter_map(|entry| self.text(&entry.name))
            .collect();
        all.extend(self.trashed());
        all.extend(self.staged());
        all
    }
}
