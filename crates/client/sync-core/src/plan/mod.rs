//! Plan: what to do next so that the three trees become one. Computed anew from the trees each time; never stored.
//!
//! A batch holds operations that commute: at most one per node, none below what another one moves or removes. What
//! cannot be done now is either waiting for a later round, or blocked with a [`Problem`].

mod batch;
mod bound;
mod gone;
mod guard;
mod keep;
mod occupant;
mod op;
mod rebind;
#[cfg(test)]
mod tests;
mod unbound;
mod want;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use occupant::is_swap_name;
pub use op::{MoveReason, Op};

use crate::{ItemId, Local, LocalId, LocalNode, Problem, Remote, Synced, SyncedNode, Unsettled};
use batch::Batch;
use world::World;

/// What the planner must know besides the trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The person or device named in conflict names.
    pub who: String,
    /// The date in conflict names.
    pub today: Timestamp,
    /// From how many local deletions on a person is asked.
    pub mass_delete: usize,
    /// Deletions a person confirmed.
    pub confirmed_deletes: BTreeSet<ItemId>,
    /// Deleted items the server would not bring back.
    pub unrestorable: BTreeSet<ItemId>,
    /// Items whose name on the server was left behind by a swap that nobody ends any more.
    pub stranded_swaps: BTreeSet<ItemId>,
    /// Items to leave alone for now, and why.
    pub held_items: BTreeMap<ItemId, Problem>,
    /// Files and folders to leave alone for now, and why.
    pub held_locals: BTreeMap<LocalId, Problem>,
    /// Longest file the library takes.
    pub max_size: u64,
    /// How many operations one plan has for arrivals, and how many for departures, of small and of large files each; the
    /// others are left to the next.
    pub most: usize,
}

impl Policy {
    /// Local deletions at once from which on a person is asked (sync-engine.md row 21).
    pub const MASS_DELETE: usize = 50;
    /// Share of a root, in percent, whose deletion at once is asked about.
    pub const MASS_DELETE_PERCENT: usize = 30;
    /// Smallest root the share applies to.
    pub const MASS_DELETE_SMALLEST: usize = 20;
    /// Longest file a library takes: 250 GB.
    pub const MAX_SIZE: u64 = 250 * 1024 * 1024 * 1024;

    /// Arrivals and departures of one plan. Hundreds of thousands of operations would only be made to be thrown away.
    pub const MOST: usize = 4000;

    /// Makes the policy of a root without exceptions.
    #[must_use]
    pub fn new(who: &str, today: Timestamp) -> Self {
        Self {
            who: who.to_owned(),
            today,
            mass_delete: Self::MASS_DELETE,
            confirmed_deletes: BTreeSet::new(),
            unrestorable: BTreeSet::new(),
            stranded_swaps: BTreeSet::new(),
            held_items: BTreeMap::new(),
            held_locals: BTreeMap::new(),
            max_size: Self::MAX_SIZE,
            most: Self::MOST,
        }
    }
}

/// A node of one of the trees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeRef {
    /// An item.
    Item(ItemId),
    /// A file or folder on disk.
    Local(LocalId),
}

/// Something only a person can decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Many files were deleted on this computer. They are neither deleted on the server nor restored until answered.
    MassDelete {
        /// Everything held.
        items: BTreeSet<ItemId>,
        /// How many items the root has.
        total: usize,
    },
}

/// Why a plan may look different later without any tree changing by an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wake {
    /// A bound file is missing; a complete scan must confirm or find it.
    Scan,
    /// A file is being written.
    Settle,
}

/// What to do next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Operations that commute.
    pub batch: Vec<Op>,
    /// Nodes that cannot sync, and why.
    pub blocked: BTreeMap<NodeRef, Problem>,
    /// What a person must decide.
    pub questions: Vec<Question>,
    /// What to look at again by itself.
    pub wake: BTreeSet<Wake>,
    /// Nodes that wait for another round.
    pub waiting: BTreeSet<NodeRef>,
    /// How many nodes were left to the next plan without a look.
    pub left: usize,
}

/// Plans the next batch. Same trees, same plan.
#[must_use]
pub fn plan(remote: &Remote, local: &Local, synced: &Synced, policy: &Policy) -> Plan {
    plan_unsettled(remote, local, synced, &Unsettled::of(remote, local, synced), policy)
}

/// Plans the next batch as [`plan`] does, for somebody who keeps track of what is unsettled, so that a plan costs what
/// there is to do and not what there is.
#[must_use]
pub fn plan_unsettled(
    remote: &Remote,
    local: &Local,
    synced: &Synced,
    unsettled: &Unsettled,
    policy: &Policy,
) -> Plan {
    let world = World { remote, local, synced, policy, unsettled };
    let mut planner = Planner::new(world);
    planner.rebind_replaced();
    planner.plan_bound();
    planner.plan_remote_only();
    planner.plan_local_only();
    planner.plan_gone();
    planner.finish()
}

/// The planner's working state over one call.
struct Planner<'a> {
    world: World<'a>,
    /// The rows to look at.
    rows: Vec<&'a SyncedNode>,
    wants: want::Wants<'a>,
    /// Files that are only on disk, by folder.
    unbound: BTreeMap<LocalId, Vec<&'a LocalNode>>,
    /// The same by name key, made once per folder something arrives in.
    unbound_keys: BTreeMap<LocalId, unbound::ByKey<'a>>,
    batch: Batch,
    plan: Plan,
}

impl<'a> Planner<'a> {
    fn new(world: World<'a>) -> Self {
        let rows = world.rows();
        let wants = want::Wants::of(world, &rows);
        let unbound = unbound::by_folder(&world);
        let (batch, plan) = (Batch::default(), Plan::default());
        Self { world, rows, wants, unbound, unbound_keys: BTreeMap::new(), batch, plan }
    }

    /// Adds an operation when it commutes with the others; else it waits for the next round.
    fn emit(&mut self, op: Op) {
        if self.batch.admits(&self.world, &op) {
            self.plan.batch.push(op);
        } else if let Some(item) = op.item() {
            self.wait_item(item);
        } else if let Some(local) = op.local() {
            self.wait_local(local);
        }
    }

    fn block_item(&mut self, item: &ItemId, problem: Problem) {
        self.plan.blocked.insert(NodeRef::Item(item.clone()), problem);
    }

    fn block_local(&mut self, local: LocalId, problem: Problem) {
        self.plan.blocked.insert(NodeRef::Local(local), problem);
    }

    fn wait_item(&mut self, item: &ItemId) {
        self.plan.waiting.insert(NodeRef::Item(item.clone()));
    }

    fn wait_local(&mut self, local: LocalId) {
        self.plan.waiting.insert(NodeRef::Local(local));
    }

    fn wake(&mut self, wake: Wake) {
        self.plan.wake.insert(wake);
    }

    /// What waits although nothing is left to wait for is blocked by a neighbour, and must say so.
    fn finish(mut self) -> Plan {
        if self.plan.batch.is_empty() && self.plan.wake.is_empty() && self.plan.questions.is_empty() {
            for node in &self.plan.waiting {
                self.plan.blocked.entry(node.clone()).or_insert(Problem::ParentBlocked);
            }
        }
        self.plan
    }
}
