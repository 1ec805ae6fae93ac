//! Downloads: small contents, many in one request, staged as they arrive and placed under one barrier.

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use sync_core::{ItemId, NodeRef, Op, Problem};
use transfer::{ContentId, ContentRequest, OperationBatch, OperationError};

use crate::cycle::Progress;
use crate::disk_steps::Step;
use crate::engine::{Halt, Life};
use crate::transfers::stage_of;
use crate::{Brought, LocalError, Ports, RemoteError, StageId, StageRequest};

/// What one request brought.
#[derive(Debug)]
struct Fetched {
    ops: Vec<Op>,
    /// Answers by position.
    contents: Vec<(usize, Result<Bytes, OperationError>)>,
    trouble: Option<RemoteError>,
}

impl Life<'_> {
    /// Places what is staged, and fetches what is small.
    pub(crate) async fn download(&mut self, ops: Vec<Op>) -> Result<Progress, Halt> {
        let (mut steps, mut small) = (Vec::new(), Vec::new());
        for op in ops {
            let (Op::PlaceFile { item, content, .. } | Op::ReplaceFile { item, content, .. }) = &op else {
                continue;
            };
            if let Some((brought, stage)) = self.transfers.staged(item, content).cloned() {
                steps.extend(self.step(op.clone(), stage, brought));
            } else if self
                .trees
                .remote
                .get(item)
                .is_some_and(|there| there.size <= OperationBatch::MAX_INLINE as u64)
            {
                small.push(op);
            }
        }
        let mut progress = self.take_steps(steps).await?;
        let groups = self.groups(small);
        let ports = self.ports.clone();
        let mut arriving = stream::iter(groups).map(|group| fetch(ports.clone(), group)).buffered(3);
        while let Some(fetched) = arriving.next().await {
            progress = Progress::Some;
            self.place_fetched(fetched).await?;
        }
        Ok(progress)
    }

    fn step(&mut self, op: Op, stage: StageId, brought: Brought) -> Option<Step> {
        match self.placing(&op, stage) {
            Some(change) => Some(Step { op, change, brings: Some(brought) }),
            None => {
                self.op_failed(&op, &LocalError::Changed);
                None
            }
        }
    }

    fn groups(&self, ops: Vec<Op>) -> Vec<Vec<Op>> {
        let (mut groups, mut room) = (Vec::<Vec<Op>>::new(), 0_u64);
        for op in ops {
            let needs = op.item().and_then(|item| self.trees.remote.get(item)).map_or(0, |there| there.size);
            if groups.last().is_none_or(|group| group.len() >= OperationBatch::MAX_OPERATIONS) || needs > room
            {
                groups.push(Vec::new());
                room = OperationBatch::MAX_BYTES as u64;
            }
            room -= needs.min(room);
            if let Some(group) = groups.last_mut() {
                group.push(op);
            }
        }
        groups
    }

    async fn place_fetched(&mut self, fetched: Fetched) -> Result<(), Halt> {
        let (mut requests, mut placing) = (Vec::new(), Vec::new());
        for (index, content) in fetched.contents {
            let Some(op) = fetched.ops.get(index) else { continue };
            let Some((item, id)) = wants(op) else { continue };
            match content {
                Ok(bytes) => {
                    let Some(there) = self.trees.remote.get(item) else { continue };
                    let stage = stage_of(item, &id);
                    requests.push(StageRequest { stage: stage.clone(), bytes, modified: there.modified });
                    placing.push((op.clone(), stage));
                }
                Err(error) => {
                    self.feed_due = Some(());
                    let problem = Problem::Refused { code: error.code, message: error.message };
                    self.holds.strike(self.runtime, NodeRef::Item(item.clone()), problem);
                }
            }
        }
        let staged = if requests.is_empty() { Vec::new() } else { self.ports.local.stage(requests).await };
        let mut steps = Vec::with_capacity(placing.len());
        let mut unavailable = None;
        for ((op, stage), result) in placing.into_iter().zip(staged) {
            match result {
                Ok(file) => {
                    let Some((item, content)) = wants(&op) else { continue };
                    let brought = Brought { item: item.clone(), content, file };
                    steps.extend(self.step(op, stage, brought));
                }
                Err(error @ LocalError::Unavailable(_)) => unavailable = Some(error),
                Err(error) => self.op_failed(&op, &error),
            }
        }
        if let Some(error) = unavailable {
            return Err(error.into());
        }
        self.take_steps(steps).await?;
        match fetched.trouble {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }
}

fn wants(op: &Op) -> Option<(&ItemId, ContentId)> {
    match op {
        Op::PlaceFile { item, content, .. } | Op::ReplaceFile { item, content, .. } => Some((item, *content)),
        _ => None,
    }
}

async fn fetch(ports: Ports, ops: Vec<Op>) -> Fetched {
    let requests = ops
        .iter()
        .filter_map(wants)
        .map(|(item, content)| ContentRequest { item: item.to_string(), content })
        .collect();
    let mut fetched = Fetched { ops, contents: Vec::new(), trouble: None };
    let mut arriving = match ports.remote.contents(requests).await {
        Ok(arriving) => arriving,
        Err(error) => {
            fetched.trouble = Some(error);
            return fetched;
        }
    };
    while let Some(one) = arriving.next().await {
        match one {
            Ok(content) => fetched.contents.push((content.index, content.bytes)),
            Err(error) => {
                fetched.trouble = Some(error);
                break;
            }
        }
    }
    fetched
}
