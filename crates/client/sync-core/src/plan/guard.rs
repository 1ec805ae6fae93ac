//! Guard: a mass deletion on this computer is asked about before the server hears of it (row 21).

use std::collections::BTreeSet;

use super::keep::deletable;
use super::world::{OnDisk, There};
use super::{Planner, Policy, Question};
use crate::ItemId;

impl Planner<'_> {
    /// Finds the deletions to hold; none when they are few or confirmed.
    pub(super) fn held_deletes(&mut self) -> BTreeSet<ItemId> {
        let world = self.world;
        let mut items: BTreeSet<ItemId> = BTreeSet::new();
        for row in &self.rows {
            if let (There::Here(there), OnDisk::Absent) = (world.there(row), world.on_disk(row))
                && deletable(&world, row, there)
                && !self.needs_there(&row.item)
                && !world.policy.confirmed_deletes.contains(&row.item)
            {
                items.insert(row.item.clone());
            }
        }
        let total = world.synced.tree().len().saturating_sub(1);
        let share =
            total >= Policy::MASS_DELETE_SMALLEST && items.len() * 100 >= total * Policy::MASS_DELETE_PERCENT;
        if items.len() < world.policy.mass_delete.max(1) && !share {
            return BTreeSet::new();
        }
        self.plan.questions.push(Question::MassDelete { items: items.clone(), total });
        items
    }
}
