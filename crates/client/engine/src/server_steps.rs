//! Server steps: operations on the server, many in one request. Their ids are committed before they are sent; an
//! answer that is lost is asked for before anything else is planned.
//!
//! Above 400 lines, because what is sent, answered and recovered must be read together to be believed.

use bytes::Bytes;
use sync_core::{Fingerprint, ItemId, LocalId, LocalNode, NodeRef, Op, RemoteNode, SyncedNode};
use transfer::{
    ContentId, ContentSource, Operation, OperationBatch, OperationChange, OperationError, OperationId,
    Outcome, PutTarget,
};

use crate::cycle::Progress;
use crate::engine::{Halt, Life};
use crate::{
    ActivityKind, Durability, HashedFile, InFlight, ItemReaction, JournalKind, LocalError, Outgoing,
    RemoteError, item_reaction,
};

/// An operation ready to be sent.
#[derive(Debug)]
struct Sending {
    op: Op,
    change: OperationChange,
    body: Bytes,
    read: Option<(Fingerprint, ContentId)>,
}

impl Life<'_> {
    /// Sends what the plan wants changed on the server; deletions last.
    pub(crate) async fn change_server(&mut self, ops: Vec<Op>) -> Result<Progress, Halt> {
        let mut progress = Progress::None;
        let (mut plain, mut small, mut deletes) = (Vec::new(), Vec::new(), Vec::new());
        for op in ops {
            match &op {
                Op::UploadNew { local, fingerprint, .. } | Op::UploadVersion { local, fingerprint, .. } => {
                    if fingerprint.size <= OperationBatch::MAX_INLINE as u64 {
                        small.push(op);
                    } else if self
                        .transfers
                        .ready_upload(local)
                        .is_some_and(|ready| ready.fingerprint == *fingerprint)
                    {
                        plain.extend(self.large_upload(op));
                    }
                }
                Op::DeleteRemote { .. } => deletes.extend(plain_change(op)),
                _ => plain.extend(plain_change(op)),
            }
        }
        for group in in_requests(plain) {
            progress = Progress::Some;
            self.send(group).await?;
        }
        while !small.is_empty() {
            let most = small.len().min(OperationBatch::MAX_OPERATIONS);
            let rest = small.split_off(most);
            let group = self.read_small(std::mem::replace(&mut small, rest)).await?;
            progress = Progress::Some;
            for group in in_requests(group) {
                self.send(group).await?;
            }
        }
        for group in in_requests(deletes) {
            progress = Progress::Some;
            self.send(group).await?;
        }
        Ok(progress)
    }

    fn large_upload(&self, op: Op) -> Option<Sending> {
        let local = op.local()?;
        let ready = self.transfers.ready_upload(&local)?.clone();
        let source = ContentSource::Upload { upload: ready.upload };
        let read = (ready.fingerprint, ready.content);
        let change = self.put_file(&op, source, ready.content, ready.size, ready.modified)?;
        Some(Sending { op, change, body: Bytes::new(), read: Some(read) })
    }

    /// Reads small files; those that turn out unchanged or unreadable drop out here.
    async fn read_small(&mut self, ops: Vec<Op>) -> Result<Vec<Sending>, Halt> {
        let mut sending = Vec::with_capacity(ops.len());
        let mut by_local: std::collections::BTreeMap<LocalId, Op> =
            ops.into_iter().filter_map(|op| Some((op.local()?, op))).collect();
        for group in self.read_groups(by_local.keys().copied().collect::<Vec<_>>().into_iter()) {
            let read = self.ports.local.read(&group).await;
            for (file, hashed) in group.iter().zip(read) {
                let Some(op) = by_local.remove(&file.id) else { continue };
                match hashed {
                    Ok(hashed) => sending.extend(self.small_upload(op, file.id, hashed)?),
                    Err(error @ LocalError::Unavailable(_)) => return Err(error.into()),
                    Err(error) => self.unreadable(file.id, &error),
                }
            }
        }
        Ok(sending)
    }

    fn small_upload(&mut self, op: Op, local: LocalId, hashed: HashedFile) -> Result<Option<Sending>, Halt> {
        let content = hashed.manifest.content_id();
        self.learn(local, hashed.fingerprint, content)?;
        let row = op.item().and_then(|item| self.trees.synced.get(item));
        if row.is_some_and(|row| row.content == Some(content)) {
            // Only touched. The next plan notes it.
            return Ok(None);
        }
        // It grew meanwhile: the next plan takes the other way.
        let Some(body) = hashed.inline else { return Ok(None) };
        let size = body.len() as u64;
        let change = self.put_file(&op, ContentSource::Inline, content, size, hashed.modified);
        Ok(change.map(|change| Sending { op, change, body, read: Some((hashed.fingerprint, content)) }))
    }

    fn put_file(
        &self,
        op: &Op,
        source: ContentSource,
        content: ContentId,
        size: u64,
        modified: jiff::Timestamp,
    ) -> Option<OperationChange> {
        let (target, local) = match op {
            Op::UploadNew { local, parent, name, .. } => {
                (PutTarget::New { parent: parent.to_string(), name: name.clone() }, local)
            }
            Op::UploadVersion { local, item, if_match, .. } => {
                (PutTarget::Existing { item: item.to_string(), if_match: if_match.clone() }, local)
            }
            _ => return None,
        };
        let conflict_of = self.origins.get(local).cloned();
        Some(OperationChange::PutFile { target, source, content, size, modified, conflict_of })
    }

    /// Sends one request and takes its answers in.
    async fn send(&mut self, group: Vec<Sending>) -> Result<(), Halt> {
        if group.is_empty() {
            return Ok(());
        }
        let mut in_flight = Vec::with_capacity(group.len());
        let mut outgoing = Vec::with_capacity(group.len());
        for sending in &group {
            let op = OperationId::new(&self.control.device, self.control.next_operation);
            self.control.next_operation += 1;
            let operation = Operation { op, change: sending.change.clone() };
            let local = sending.op.local();
            let node = local.and_then(|local| self.trees.local.get(&local));
            in_flight.push(InFlight {
                operation: operation.clone(),
                local,
                fingerprint: sending.read.map(|(fingerprint, _)| fingerprint),
                name: node.map(|node| node.name.to_string()).unwrap_or_default(),
            });
            outgoing.push(Outgoing { operation, body: sending.body.clone() });
        }
        self.control_changed = Some(());
        self.trees.add_in_flight(&in_flight);
        self.commit(Durability::Full).await?;
        let outcomes = match self.ports.remote.apply(outgoing).await {
            Ok(outcomes) if outcomes.len() == group.len() => outcomes,
            Ok(_) => {
                self.unanswered.extend(in_flight);
                return Err(RemoteError::Transport("an incomplete answer".to_owned()).into());
            }
            Err(error) => {
                self.unanswered.extend(in_flight);
                return Err(error.into());
            }
        };
        self.trees.remove_in_flight(in_flight.into_iter().map(|sent| sent.operation.op));
        for (sending, outcome) in group.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Done { item } => self.done(sending, RemoteNode::from(&item))?,
                Outcome::Refused { error } => self.refused(&sending.op, error)?,
            }
        }
        self.commit(Durability::Full).await
    }

    fn done(&mut self, sending: Sending, there: RemoteNode) -> Result<(), Halt> {
        let op = &sending.op;
        self.holds.clear(op.item(), op.local());
        let result = match op {
            Op::DeleteRemote { item, .. } => self.deleted(item),
            Op::CreateDir { local, name, .. } | Op::UploadNew { local, name, .. } => {
                self.created(*local, name, there, sending.read)
            }
            Op::UploadVersion { local, item, .. } => self.versioned(*local, item, there, sending.read),
            Op::MoveRemote { local, item, .. } | Op::RestoreRemote { local, item, .. } => {
                self.placed(op, *local, item, there)
            }
            _ => Ok(()),
        };
        if let Err(error) = result {
            // The feed tells it too, in an order that fits.
            tracing::debug!(%error, "an answer does not fit the trees yet");
            self.feed_due = Some(());
        }
        Ok(())
    }

    fn note(&mut self, item: &ItemId, local: Option<LocalId>, what: ActivityKind) {
        let path = self.path_of(Some(item), local);
        let now = self.runtime.now();
        self.status.send_modify(|status| status.note(now, path.as_ref(), what));
    }

    fn deleted(&mut self, item: &ItemId) -> Result<(), String> {
        self.note(item, None, ActivityKind::DeletedThere);
        self.trees.remove_remote(item).map_err(|error| error.to_string())?;
        self.control.confirmed_deletes.retain(|confirmed| confirmed != item);
        self.trees.remove_row(item).map_err(|error| error.to_string())
    }

    fn created(
        &mut self,
        local: LocalId,
        name: &str,
        there: RemoteNode,
        read: Option<(Fingerprint, ContentId)>,
    ) -> Result<(), String> {
        self.transfers.drop_upload(&local);
        self.trees.remove_upload(local);
        self.origins.remove(&local);
        let item = there.id.clone();
        self.trees.put_remote(there.clone()).map_err(|error| error.to_string())?;
        let Some(here) = self.trees.local.get(&local).cloned() else { return Ok(()) };
        let mut here = LocalNode { name: name.into(), ..here };
        if let Some((fingerprint, content)) = read {
            here.fingerprint = fingerprint;
            here.content = Some(content);
        }
        let row = SyncedNode::agreed(&there, &here, &self.trees.synced);
        self.trees.put_row(row).map_err(|error| error.to_string())?;
        if read.is_some() {
            self.note(&item, Some(local), ActivityKind::Uploaded);
        }
        Ok(())
    }

    fn versioned(
        &mut self,
        local: LocalId,
        item: &ItemId,
        there: RemoteNode,
        read: Option<(Fingerprint, ContentId)>,
    ) -> Result<(), String> {
        self.transfers.drop_upload(&local);
        self.trees.remove_upload(local);
        self.trees.put_remote(there.clone()).map_err(|error| error.to_string())?;
        let (Some(row), Some((fingerprint, content))) = (self.trees.synced.get(item).cloned(), read) else {
            return Ok(());
        };
        if there.content == Some(content) {
            self.trees.put_row(row.with_content(&there, fingerprint)).map_err(|error| error.to_string())?;
        }
        let now = self.runtime.elapsed();
        let rewrite = self.rewrites.entry(item.clone()).or_insert((now, 0));
        *rewrite = (now, rewrite.1 + 1);
        self.note(item, Some(local), ActivityKind::Uploaded);
        Ok(())
    }

    fn placed(&mut self, op: &Op, local: LocalId, item: &ItemId, there: RemoteNode) -> Result<(), String> {
        self.trees.put_remote(there.clone()).map_err(|error| error.to_string())?;
        let (Some(row), Some(here)) =
            (self.trees.synced.get(item).cloned(), self.trees.local.get(&local).cloned())
        else {
            return Ok(());
        };
        if let Op::MoveRemote { name, reason, .. } = op {
            // What the file was called when this was planned; a rename since then is news.
            let here = if here.name == *name || *reason != sync_core::MoveReason::Agree {
                here
            } else {
                LocalNode { name: name.as_str().into(), ..here }
            };
            let row = row.moved(&there, &here, &self.trees.synced, *reason, None);
            self.trees.put_row(row).map_err(|error| error.to_string())?;
            self.note(item, Some(local), ActivityKind::Moved);
            return Ok(());
        }
        // What came back with it is told by the feed.
        self.feed_due = Some(());
        let path = self.trees.local.path(&local);
        self.journal(
            JournalKind::Restore,
            path.as_ref(),
            "Deleted on the server, still used here, and so restored.",
        );
        self.note(item, Some(local), ActivityKind::Restored);
        Ok(())
    }

    /// A refused operation changed nothing. The feed is read and the plan made anew. What the answer tells of somebody
    /// else's item is not taken in: were that deleted before the feed is read, nobody would tell so.
    fn refused(&mut self, op: &Op, error: OperationError) -> Result<(), Halt> {
        tracing::debug!(status = error.status, code = %error.code, "the server refused an operation");
        self.feed_due = Some(());
        let reaction = item_reaction(&error);
        if reaction == ItemReaction::Stop {
            return Err(RemoteError::OperationReused.into());
        }
        if let Op::RestoreRemote { item, .. } = op
            && error.code != "nameAlreadyExists"
            && matches!(error.status, 400 | 403 | 404 | 409 | 410)
        {
            self.unrestorable.insert(item.clone());
            return Ok(());
        }
        let node = match (op.item(), op.local()) {
            (Some(item), _) => NodeRef::Item(item.clone()),
            (None, Some(local)) => NodeRef::Local(local),
            (None, None) => return Ok(()),
        };
        if let Some(local) = op.local() {
            self.transfers.drop_upload(&local);
        }
        match reaction {
            ItemReaction::Replan(problem) => self.holds.strike(self.runtime, node, problem),
            ItemReaction::Rest(problem, time) => self.holds.hold(self.runtime, node, problem, time),
            ItemReaction::Stop => {}
        }
        Ok(())
    }

    /// Asks what became of operations whose answers were lost, then reads the feed, then notes what was done.
    pub(crate) async fn resolve_unanswered(&mut self) -> Result<(), Halt> {
        if self.unanswered.is_empty() {
            return Ok(());
        }
        let ids: Vec<OperationId> = self.unanswered.iter().map(|sent| sent.operation.op.clone()).collect();
        let mut outcomes = Vec::with_capacity(ids.len());
        for group in ids.chunks(OperationBatch::MAX_OPERATIONS) {
            outcomes.extend(self.ports.remote.outcomes(group).await?);
        }
        if outcomes.len() != ids.len() {
            return Err(RemoteError::Transport("an incomplete answer".to_owned()).into());
        }
        self.feed_due = Some(());
        self.observe().await?;
        for (sent, outcome) in std::mem::take(&mut self.unanswered).into_iter().zip(outcomes) {
            if let Some(Outcome::Done { item }) = outcome
                && let Err(error) = self.note_found(&sent, &RemoteNode::from(&item))
            {
                tracing::debug!(%error, "a recovered answer does not fit; the sides are compared instead");
            }
        }
        self.trees.remove_in_flight(ids);
        self.commit(Durability::Full).await
    }

    /// Notes an operation that was done although its answer was lost. The feed, read since, is the truth about the item.
    fn note_found(&mut self, sent: &InFlight, then: &RemoteNode) -> Result<(), String> {
        let (OperationChange::PutFile { .. } | OperationChange::CreateFolder { .. }) = sent.operation.change
        else {
            return Ok(());
        };
        let Some(local) = sent.local else { return Ok(()) };
        if self.trees.remote.get(&then.id).is_none() {
            return Ok(());
        }
        let stub = self.trees.local.get(&local).cloned();
        if let Some(row) = self.trees.synced.get(&then.id).cloned() {
            let Some(fingerprint) = sent.fingerprint.filter(|_| row.local == local) else { return Ok(()) };
            return self
                .trees
                .put_row(row.with_content(then, fingerprint))
                .map_err(|error| error.to_string());
        }
        if self.trees.synced.of_local(&local).is_some() {
            return Ok(());
        }
        // Without the file itself a row would mean that the person deleted it, which only a scan may say; then it does.
        let Some(here) = stub else { return Ok(()) };
        let fingerprint = sent.fingerprint.unwrap_or(here.fingerprint);
        let here = LocalNode { name: sent.name.as_str().into(), fingerprint, ..here };
        let row = SyncedNode::agreed(then, &here, &self.trees.synced);
        self.trees.put_row(row).map_err(|error| error.to_string())
    }
}

fn plain_change(op: Op) -> Option<Sending> {
    let change = match &op {
        Op::CreateDir { parent, name, .. } => {
            OperationChange::CreateFolder { parent: parent.to_string(), name: name.clone() }
        }
        Op::MoveRemote { item, parent, name, if_match, .. } => OperationChange::Move {
            item: item.to_string(),
            parent: parent.to_string(),
            name: name.clone(),
            if_match: if_match.clone(),
        },
        Op::DeleteRemote { item, if_match } => {
            OperationChange::Delete { item: item.to_string(), if_match: if_match.clone() }
        }
        Op::RestoreRemote { item, parent, name, .. } => OperationChange::Restore {
            item: item.to_string(),
            parent: parent.to_string(),
            name: name.clone(),
        },
        _ => return None,
    };
    Some(Sending { op, change, body: Bytes::new(), read: None })
}

/// Cuts operations into requests by number and bytes.
fn in_requests(sending: Vec<Sending>) -> Vec<Vec<Sending>> {
    let (mut requests, mut room) = (Vec::<Vec<Sending>>::new(), 0);
    for one in sending {
        let full = requests.last().is_none_or(|request| request.len() >= OperationBatch::MAX_OPERATIONS);
        if full || one.body.len() > room {
            requests.push(Vec::new());
            room = OperationBatch::MAX_BYTES;
        }
        room -= one.body.len().min(room);
        if let Some(request) = requests.last_mut() {
            request.push(one);
        }
    }
    requests
}
