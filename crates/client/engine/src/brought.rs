//! Brought: files that a step had put into the tree when the engine ended before it noted so. A scan finds each by which
//! file it is, so that one a person moved meanwhile is still the item's and is not fetched a second time.

use sync_core::{Fingerprint, ItemId, LocalNode, SyncedNode};

use crate::engine::{Halt, Life};
use crate::{Brought, Durability, Intent, LocalChange};

impl Life<'_> {
    /// Binds what interrupted steps brought, once a complete scan has told what is there.
    pub(crate) async fn take_in_brought(&mut self) -> Result<(), Halt> {
        if self.interrupted.is_empty() {
            return Ok(());
        }
        let interrupted = std::mem::take(&mut self.interrupted);
        for intent in &interrupted {
            let Some(row) = self.row_of_brought(intent) else { continue };
            if let Err(error) = self.trees.put_row(row) {
                tracing::debug!(%error, "an interrupted step does not fit the trees; the sides are compared instead");
            }
        }
        self.trees.remove_intents(interrupted.iter().map(|intent| intent.id));
        self.commit(Durability::Full).await
    }

    /// The row a finished step would have made. Its bytes count as unknown: a person may have written since.
    fn row_of_brought(&self, intent: &Intent) -> Option<SyncedNode> {
        const UNKNOWN: Option<Fingerprint> = None;
        let Brought { item, content, file } = intent.brings.as_ref()?;
        let here = self.trees.local.get(file).filter(|_| self.trees.synced.of_local(file).is_none())?;
        if let Some(row) = self.trees.synced.get(item) {
            let gave_way = self.trees.local.get(&row.local).is_none();
            return gave_way.then(|| SyncedNode { fingerprint: UNKNOWN, ..row.replaced(here, *content) });
        }
        let LocalChange::Place { parent, name, .. } = &intent.change else { return None };
        let there = self.trees.remote.get(item)?;
        let folder: &ItemId = &self.trees.synced.of_local(&parent.id)?.item;
        let placed = LocalNode { name: name.as_str().into(), ..here.clone() };
        Some(SyncedNode {
            parent: Some(folder.clone()),
            remote_name: name.as_str().into(),
            content: Some(*content),
            fingerprint: UNKNOWN,
            ..SyncedNode::agreed(there, &placed, &self.trees.synced)
        })
    }
}
