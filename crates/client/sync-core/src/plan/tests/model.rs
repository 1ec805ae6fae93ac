//! Model: a small world in which planned operations really happen, with every precondition checked, for tests.
//!
//! One file above 400 lines, because people's acts, the engine's acts and the oracle share the same state.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use transfer::{ChunkHash, ContentId, ItemKind, ItemRole};

use crate::plan::{Op, Plan, Policy, plan, plan_unsettled};
use crate::tree::Node;
use crate::{
    Fingerprint, Gone, ItemId, Local, LocalId, LocalKind, LocalNode, Motion, Remote, RemoteNode, Synced,
    SyncedNode, Text, Unsettled, name_key,
};

/// The names of the small world; they clash by case and by normal form.
pub(super) const NAMES: [&str; 6] = ["a", "A", "b", "c.txt", "e\u{301}", "\u{e9}"];

pub(super) fn bytes(token: u32) -> ContentId {
    ContentId::from_bytes(*ChunkHash::of(&token.to_le_bytes()).as_bytes())
}

/// Both sides, the merge base, and what is in the bins.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) remote: Remote,
    pub(super) local: Local,
    pub(super) synced: Synced,
    pub(super) policy: Policy,
    /// What the files really hold, known to the planner or not.
    pub(super) truth: BTreeMap<LocalId, ContentId>,
    pub(super) bin: BTreeMap<ItemId, RemoteNode>,
    pub(super) trash: BTreeSet<ContentId>,
    pub(super) clock: i64,
}

impl Model {
    pub(super) fn new() -> Self {
        let (item, root) = (ItemId::new("root"), LocalId::new(1, 0));
        let mut policy = Policy::new("Ada", Timestamp::UNIX_EPOCH);
        policy.mass_delete = 10_000;
        Self {
            remote: Remote::new(item.clone(), ItemRole::Write),
            local: Local::new(root),
            synced: Synced::new(item, root),
            policy,
            truth: BTreeMap::new(),
            bin: BTreeMap::new(),
            trash: BTreeSet::new(),
            clock: 100,
        }
    }

    pub(super) fn tick(&mut self) -> i64 {
        self.clock += 1;
        self.clock
    }

    pub(super) fn plan(&self) -> Plan {
        let (remote, local, synced) = (&self.remote, &self.local, &self.synced);
        let everything = Unsettled::everything(remote, local, synced);
        let found = plan(remote, local, synced, &self.policy);
        let whole = plan_unsettled(remote, local, synced, &everything, &self.policy);
        assert_eq!(found, whole, "something unsettled was not looked at\n{}", self.dump());
        found
    }

    // ---- what people do ----

    pub(super) fn add_remote(&mut self, parent: &str, name: &str, content: Option<u32>) -> Option<ItemId> {
        let id = ItemId::new(&format!("i{}", self.tick()));
        let node = self.remote_node(&id, &ItemId::new(parent), name, content.map(bytes));
        self.remote.put(node).ok().map(|()| id)
    }

    pub(super) fn add_local(&mut self, parent: LocalId, name: &str, content: Option<u32>) -> Option<LocalId> {
        let id = LocalId::new(u64::try_from(self.tick()).ok()?, 0);
        self.put_local(id, parent, name, content.map(bytes)).ok().map(|()| id)
    }

    /// Adds something that is on both sides and agreed on.
    pub(super) fn add_both(
        &mut self,
        parent: &str,
        name: &str,
        content: Option<u32>,
    ) -> Option<(ItemId, LocalId)> {
        let folder = self.synced.get(&ItemId::new(parent))?.local;
        let local = self.add_local(folder, name, content)?;
        let Some(item) = self.add_remote(parent, name, content) else {
            self.local.update(vec![], &[local]).ok()?;
            return None;
        };
        let row = SyncedNode::agreed(self.remote.get(&item)?, self.local.get(&local)?, &self.synced);
        self.synced.update(vec![row], &[]).ok()?;
        Some((item, local))
    }

    pub(super) fn write_local(&mut self, local: LocalId, token: u32, known: Option<()>) {
        let now = self.tick();
        let Some(node) = self.local.get(&local).filter(|node| node.kind == LocalKind::File).cloned() else {
            return;
        };
        let fingerprint = Fingerprint { mtime_ns: now, ctime_ns: now, ..node.fingerprint };
        let content = known.map(|()| bytes(token));
        self.local.update(vec![LocalNode { content, fingerprint, ..node }], &[]).unwrap();
        self.truth.insert(local, bytes(token));
    }

    pub(super) fn move_local(&mut self, local: LocalId, parent: LocalId, name: &str) -> Result<(), String> {
        let now = self.tick();
        let node = self.local.get(&local).cloned().ok_or("gone")?;
        let fingerprint = Fingerprint { ctime_ns: now, ..node.fingerprint };
        // The content of a renamed file is looked at again.
        let content = if node.fingerprint.ctime_ns % 2 == 0 { None } else { node.content };
        let node = LocalNode { parent: Some(parent), name: name.into(), fingerprint, content, ..node };
        self.local.update(vec![node], &[]).map_err(|error| error.to_string())
    }

    pub(super) fn delete_local(&mut self, local: LocalId) {
        for node in self.local.remove_subtree(&local).unwrap_or_default() {
            self.truth.remove(&node.id);
        }
    }

    pub(super) fn write_remote(&mut self, item: &ItemId, token: u32) {
        let tag = Text::from(self.tick().to_string());
        let Some(node) = self.remote.get(item).filter(|node| node.kind == ItemKind::File).cloned() else {
            return;
        };
        let node = RemoteNode { content: Some(bytes(token)), e_tag: tag.clone(), c_tag: tag, ..node };
        self.remote.put(node).unwrap();
    }

    pub(super) fn move_remote(&mut self, item: &ItemId, parent: &ItemId, name: &str) -> Result<(), String> {
        let e_tag = Text::from(self.tick().to_string());
        let node = self.remote.get(item).cloned().ok_or("gone")?;
        let node = RemoteNode { parent: Some(parent.clone()), name: name.into(), e_tag, ..node };
        self.remote.put(node).map_err(|error| error.to_string())
    }

    pub(super) fn delete_remote(&mut self, item: &ItemId) {
        for id in self.remote.tree().subtree(item) {
            self.bin.extend(self.remote.get(&id).map(|node| (id.clone(), node.clone())));
        }
        self.remote.remove(item).unwrap();
    }

    /// A complete healthy scan: everything bound and not there is confirmed as absent.
    pub(super) fn scan(&mut self) {
        let missing =
            self.synced.tree().iter().map(|row| row.local).filter(|id| self.local.get(id).is_none());
        let missing = missing.collect();
        self.local.confirm_absent(missing);
    }

    fn remote_node(
        &mut self,
        id: &ItemId,
        parent: &ItemId,
        name: &str,
        content: Option<ContentId>,
    ) -> RemoteNode {
        let tag = Text::from(self.tick().to_string());
        RemoteNode {
            id: id.clone(),
            parent: Some(parent.clone()),
            name: name.into(),
            kind: if content.is_some() { ItemKind::File } else { ItemKind::Folder },
            size: 4,
            content,
            e_tag: tag.clone(),
            c_tag: tag,
            modified: Timestamp::UNIX_EPOCH,
            role: ItemRole::Write,
        }
    }

    fn put_local(
        &mut self,
        id: LocalId,
        parent: LocalId,
        name: &str,
        content: Option<ContentId>,
    ) -> Result<(), String> {
        let now = self.tick();
        let node = LocalNode {
            id,
            parent: Some(parent),
            name: name.into(),
            kind: if content.is_some() { LocalKind::File } else { LocalKind::Folder },
            content: content.filter(|_| now % 2 == 0),
            fingerprint: Fingerprint { id, size: 4, mtime_ns: now, ctime_ns: now },
            motion: Motion::Settled,
            problem: None,
        };
        self.local.update(vec![node], &[]).map_err(|error| error.to_string())?;
        self.truth.extend(content.map(|content| (id, content)));
        Ok(())
    }

    // ---- what the engine does ----

    /// Carries out an operation, checking every precondition.
    pub(super) fn apply(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::Hash { local } => self.hash(*local),
            Op::Bind { item, local } => self.bind(item, *local),
            Op::Settle { item } => {
                let row = self.row(item)?;
                let row = row.settled(self.there(item)?, self.here(row.local)?, &self.synced);
                self.put_row(row)
            }
            Op::Forget { item } => {
                self.synced.update(vec![], std::slice::from_ref(item)).map_err(|error| error.to_string())
            }
            Op::MakeDirLocal { item, parent, name } => self.place(item, *parent, name, None),
            Op::PlaceFile { item, parent, name, content } => self.place(item, *parent, name, Some(*content)),
            Op::ReplaceFile { item, local, expected, content } => {
                self.replace(item, *local, expected, *content)
            }
            Op::MoveLocal { local, item, parent, name, reason } => {
                let before = self.here(*local)?.fingerprint;
                if self.local.tree().child(parent, name).is_some_and(|other| other.id != *local) {
                    return Err("name taken on disk".to_owned());
                }
                self.move_local(*local, *parent, name)?;
                let Some(item) = item else { return Ok(()) };
                if *reason == crate::plan::MoveReason::Split {
                    return self
                        .synced
                        .update(vec![], std::slice::from_ref(item))
                        .map_err(|error| error.to_string());
                }
                let Some(there) = self.remote.get(item) else { return Ok(()) };
                let row =
                    self.row(item)?.moved(there, self.here(*local)?, &self.synced, *reason, Some(before));
                self.put_row(row)
            }
            Op::TrashLocal { local, item, expected } => self.trash(*local, item.as_ref(), expected),
            Op::RemoveDirLocal { local, item } => {
                if self.local.tree().children(local).next().is_some() {
                    return Err("not empty".to_owned());
                }
                self.delete_local(*local);
                self.synced.update(vec![], std::slice::from_ref(item)).map_err(|error| error.to_string())
            }
            Op::CreateDir { local, parent, name } => self.create(*local, parent, name, None),
            Op::UploadNew { local, parent, name, .. } => {
                self.hash(*local)?;
                let content = self.truth.get(local).copied();
                self.create(*local, parent, name, content)
            }
            Op::UploadVersion { local, item, if_match, .. } => self.upload(*local, item, if_match),
            Op::MoveRemote { item, local, parent, name, if_match, reason } => {
                self.check_tag(item, if_match)?;
                self.check_name(item, parent, name)?;
                self.move_remote(item, parent, name)?;
                let row =
                    self.row(item)?.moved(self.there(item)?, self.here(*local)?, &self.synced, *reason, None);
                self.put_row(row)
            }
            Op::DeleteRemote { item, if_match } => {
                self.check_tag(item, if_match)?;
                if self.remote.tree().children(item).next().is_some() {
                    return Err("folder not empty on the server".to_owned());
                }
                self.delete_remote(item);
                self.synced.update(vec![], std::slice::from_ref(item)).map_err(|error| error.to_string())
            }
            Op::RestoreRemote { item, parent, name, .. } => {
                self.check_name(item, parent, name)?;
                let node = self.bin.get(item).cloned().ok_or("not in the bin")?;
                let e_tag = Text::from(self.tick().to_string());
                let node =
                    RemoteNode { parent: Some(parent.clone()), name: name.as_str().into(), e_tag, ..node };
                self.remote.put(node).map_err(|error| error.to_string())
            }
        }
    }

    fn hash(&mut self, local: LocalId) -> Result<(), String> {
        let node = self.here(local)?.clone();
        let content = self.truth.get(&local).copied();
        self.local.update(vec![LocalNode { content, ..node }], &[]).map_err(|error| error.to_string())
    }

    fn bind(&mut self, item: &ItemId, local: LocalId) -> Result<(), String> {
        let here = self.here(local)?;
        let row = match self.synced.get(item) {
            Some(row) => row.rebound(here),
            None => {
                let there = self.there(item)?;
                if there.kind == ItemKind::File && self.truth.get(&local) != there.content.as_ref() {
                    return Err("bound unequal bytes".to_owned());
                }
                SyncedNode::agreed(there, here, &self.synced)
            }
        };
        self.put_row(row)
    }

    fn place(
        &mut self,
        item: &ItemId,
        parent: LocalId,
        name: &str,
        content: Option<ContentId>,
    ) -> Result<(), String> {
        if self.there(item)?.content != content {
            return Err("another content".to_owned());
        }
        let id = LocalId::new(u64::try_from(self.tick()).map_err(|error| error.to_string())?, 0);
        self.put_local(id, parent, name, content)?;
        let row = SyncedNode::agreed(self.there(item)?, self.here(id)?, &self.synced);
        self.put_row(row)
    }

    fn replace(
        &mut self,
        item: &ItemId,
        local: LocalId,
        expected: &Fingerprint,
        content: ContentId,
    ) -> Result<(), String> {
        let old = self.here(local)?.clone();
        if old.fingerprint != *expected || self.there(item)?.content != Some(content) {
            return Err("stale replace".to_owned());
        }
        if self.truth.get(&local) != self.row(item)?.content.as_ref() {
            return Err("replaced bytes nobody has".to_owned());
        }
        self.trash.extend(self.truth.get(&local).copied());
        self.delete_local(local);
        let id = LocalId::new(u64::try_from(self.tick()).map_err(|error| error.to_string())?, 0);
        self.put_local(id, old.parent.ok_or("root")?, &old.name, Some(content))?;
        self.hash(id)?;
        let here = self.here(id)?.clone();
        let row = self.row(item)?.replaced(&here, content).with_content(self.there(item)?, here.fingerprint);
        self.put_row(row)
    }

    fn trash(&mut self, local: LocalId, item: Option<&ItemId>, expected: &Fingerprint) -> Result<(), String> {
        if self.here(local)?.fingerprint != *expected {
            return Err("stale trash".to_owned());
        }
        if let Some(item) = item {
            if self.remote.gone(item) != Some(Gone::Deleted) {
                return Err("trashed without a tombstone".to_owned());
            }
            if self.truth.get(&local) != self.row(item)?.content.as_ref() {
                return Err("trashed an edit".to_owned());
            }
            self.synced.update(vec![], std::slice::from_ref(item)).map_err(|error| error.to_string())?;
        }
        self.trash.extend(self.truth.get(&local).copied());
        self.delete_local(local);
        Ok(())
    }

    fn create(
        &mut self,
        local: LocalId,
        parent: &ItemId,
        name: &str,
        content: Option<ContentId>,
    ) -> Result<(), String> {
        let id = ItemId::new(&format!("i{}", self.tick()));
        let node = self.remote_node(&id, parent, name, content);
        self.remote.put(node).map_err(|error| error.to_string())?;
        let row = SyncedNode::agreed(self.there(&id)?, self.here(local)?, &self.synced);
        self.put_row(row)
    }

    fn upload(&mut self, local: LocalId, item: &ItemId, if_match: &str) -> Result<(), String> {
        if self.there(item)?.c_tag.as_str() != if_match {
            return Err("412 on content".to_owned());
        }
        self.hash(local)?;
        let here = self.here(local)?.clone();
        if here.content == self.row(item)?.content {
            let row = self.row(item)?.settled(self.there(item)?, &here, &self.synced);
            return self.put_row(row);
        }
        let tag = Text::from(self.tick().to_string());
        let node = self.there(item)?.clone();
        let node = RemoteNode { content: here.content, e_tag: tag.clone(), c_tag: tag, ..node };
        self.remote.put(node).map_err(|error| error.to_string())?;
        let row = self.row(item)?.clone().with_content(self.there(item)?, here.fingerprint);
        self.put_row(row)
    }

    fn check_tag(&self, item: &ItemId, if_match: &str) -> Result<(), String> {
        if self.there(item)?.e_tag.as_str() == if_match { Ok(()) } else { Err("412".to_owned()) }
    }

    fn check_name(&self, item: &ItemId, parent: &ItemId, name: &str) -> Result<(), String> {
        match self.remote.tree().child(parent, &name_key(name)) {
            Some(other) if other.id != *item => Err("409 name exists".to_owned()),
            _ => Ok(()),
        }
    }

    pub(super) fn there(&self, item: &ItemId) -> Result<&RemoteNode, String> {
        self.remote.get(item).ok_or_else(|| format!("404 {item}"))
    }

    pub(super) fn here(&self, local: LocalId) -> Result<&LocalNode, String> {
        self.local.get(&local).ok_or_else(|| format!("no file {local:?}"))
    }

    pub(super) fn row(&self, item: &ItemId) -> Result<&SyncedNode, String> {
        self.synced.get(item).ok_or_else(|| format!("no row {item}"))
    }

    fn put_row(&mut self, row: SyncedNode) -> Result<(), String> {
        self.synced.update(vec![row], &[]).map_err(|error| error.to_string())
    }

    /// Plans and applies until nothing is left to do; panics with the reason when that does not happen.
    pub(super) fn settle(&mut self, mut order: impl FnMut(&mut Vec<Op>)) -> (Plan, usize) {
        for round in 0..200 {
            let plan = self.plan();
            assert_eq!(plan, self.plan(), "not deterministic");
            if plan.batch.is_empty() {
                return (plan, round);
            }
            let mut batch = plan.batch.clone();
            order(&mut batch);
            for op in &batch {
                if let Err(error) = self.apply(op) {
                    panic!("round {round}: {op:?}: {error}\nbatch {batch:#?}\n{}", self.dump());
                }
                assert_eq!(self.remote.tree().check(), Ok(()));
                assert_eq!(self.local.tree().check(), Ok(()));
                assert_eq!(self.synced.tree().check(), Ok(()));
            }
            self.scan();
        }
        panic!("does not end; next {:#?}\n{}", self.plan().batch, self.dump());
    }

    /// Tells all three trees, for a failing test.
    pub(super) fn dump(&self) -> String {
        let mut text = String::from("remote:\n");
        for node in self.remote.tree().iter() {
            text += &format!("  {} {:?} in {:?} {:?}\n", node.id, node.name, node.parent, node.content);
        }
        text += &format!("gone {:?}\nlocal:\n", self.remote.tombstones());
        for node in self.local.tree().iter() {
            let truth = self.truth.get(&node.id);
            let parent = node.parent.map(|id| id.inode);
            text +=
                &format!("  {} {:?} in {parent:?} {:?} {truth:?}\n", node.id.inode, node.name, node.content);
        }
        text += &format!("absent {:?}\nsynced:\n", self.local.absent());
        for row in self.synced.tree().iter() {
            let names = (&row.remote_name, &row.local_name);
            text += &format!(
                "  {}={} {names:?} in {:?} {:?}\n",
                row.item, row.local.inode, row.parent, row.content
            );
        }
        text
    }

    /// Checks that both sides are equal, apart from what is blocked and what is below it.
    pub(super) fn check_equal(&self, plan: &Plan) {
        let blocked = |item: Option<&ItemId>, local: Option<LocalId>| {
            item.is_some_and(|item| plan.blocked.contains_key(&crate::plan::NodeRef::Item(item.clone())))
                || local.is_some_and(|local| plan.blocked.contains_key(&crate::plan::NodeRef::Local(local)))
        };
        let item_of = |local: LocalId| self.synced.of_local(&local).map(|row| &row.item);
        for node in self.remote.tree().iter().filter(|node| node.parent.is_some()) {
            let line = std::iter::once(node).chain(self.remote.tree().ancestors(&node.id));
            let mut rows = line.map(|node| (&node.id, self.synced.get(&node.id).map(|row| row.local)));
            if rows.any(|(item, local)| blocked(Some(item), local)) {
                continue;
            }
            let row = self
                .synced
                .get(&node.id)
                .unwrap_or_else(|| panic!("{} not synced\n{}", node.id, self.dump()));
            let here =
                self.local.get(&row.local).unwrap_or_else(|| panic!("{} not here\n{}", node.id, self.dump()));
            let folder = here.parent.and_then(item_of);
            assert_eq!(folder, node.parent.as_ref(), "{} in another folder\n{}", node.id, self.dump());
            assert_eq!(node.key(), name_key(&here.name), "{} another name\n{}", node.id, self.dump());
            assert_eq!(self.truth.get(&here.id), node.content.as_ref(), "{} bytes\n{}", node.id, self.dump());
        }
        for node in self.local.tree().iter().filter(|node| node.parent.is_some()) {
            let line = std::iter::once(node).chain(self.local.tree().ancestors(&node.id));
            if line.into_iter().any(|node| blocked(item_of(node.id), Some(node.id))) {
                continue;
            }
            let there = item_of(node.id).and_then(|item| self.remote.get(item));
            assert!(there.is_some(), "{:?} {} not on the server\n{}", node.id, node.name, self.dump());
        }
    }
}
