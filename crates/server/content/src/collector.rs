//! Collector: removes what nothing refers to, in small steps that hold the database for moments only.
//!
//! A round goes through every tenant: uploads that ended, contents, chunks, then the objects of forgotten chunks. What
//! looks like garbage in a reading step is judged again in the writing one, with its row taken; and the database refuses
//! to forget what is referenced. A content must have been unused for [`GRACE`] before it is forgotten.

use std::collections::VecDeque;
use std::time::Duration;

use model::{TenantId, Timestamp};
use storage::{Commit, Operator, Scope, System, Unaudited, Writing};
use transfer::{ChunkId, ChunkKey, Manifest};

use crate::content_store::place;
use crate::prepared::RECORDABLE;
use crate::uploads::chunk_key;
use crate::{ContentError, ContentStore};

/// How long a content must have been unused before it is forgotten: downloads end, and mistakes can be mended.
pub const GRACE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an upload that ended is kept, so that a request that found it alive may still finish.
const ENDED: Duration = Duration::from_secs(60 * 60);
/// An object without a row is removed when it is this old: nothing can record it any more.
const STRAY: Duration = Duration::from_secs(2 * RECORDABLE.as_secs());
/// Rows looked at in one step.
const LOOK_AT: i64 = 500;
/// Rows changed in one transaction.
const CHANGE: usize = 25;
/// Objects removed in one step.
const REMOVE: i64 = 50;

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do in this round.
    More,
    /// The round is over.
    RoundDone,
}

/// Which objects a round removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Those of chunks that were forgotten.
    Forgotten,
    /// Also those that no chunk ever referred to: everything in storage is listed.
    AlsoStray,
}

/// Collects garbage. It keeps where it is in memory alone: after a restart a round begins anew.
#[derive(Debug)]
pub struct Collector {
    contents: ContentStore,
    operator: Operator,
    round: Option<InRound>,
}

#[derive(Debug)]
struct InRound {
    kind: Round,
    left: VecDeque<TenantId>,
    at: Option<(System, Stage)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Uploads,
    Unlisted,
    Contents { after: Vec<u8> },
    Chunks { after: Vec<u8> },
    Doomed,
    Stray { folder: u8 },
    Done,
}

/// What becomes of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    InUse,
    Unused,
    Forget,
}

impl Collector {
    /// Makes a collector.
    #[must_use]
    pub fn new(operator: Operator, contents: ContentStore) -> Self {
        Self { contents, operator, round: None }
    }

    /// Does one small step of a round, and begins one when none is going on.
    ///
    /// # Errors
    /// A failure of storage; the round ends, and the next one does what this one did not.
    pub async fn step(&mut self, kind: Round) -> Result<Progress, ContentError> {
        let mut round = match self.round.take() {
            Some(round) => round,
            None => {
                let tenants = self.operator.read(|cloud| cloud.list_tenants()).await?;
                let left = tenants.into_iter().map(|tenant| tenant.id).collect();
                InRound { kind, left, at: None }
            }
        };
        let Some((system, stage)) = round.at.take().or_else(|| self.next_tenant(&mut round)) else {
            return Ok(Progress::RoundDone);
        };
        let next = self.work(&system, stage, round.kind).await?;
        round.at = (next != Stage::Done).then_some((system, next));
        self.round = Some(round);
        Ok(Progress::More)
    }

    fn next_tenant(&self, round: &mut InRound) -> Option<(System, Stage)> {
        let tenant = round.left.pop_front()?;
        Some((System::new(self.operator.store().clone(), tenant, "garbage"), Stage::Uploads))
    }

    async fn work(&self, system: &System, stage: Stage, kind: Round) -> Result<Stage, ContentError> {
        match stage {
            Stage::Uploads => end_uploads(system).await,
            Stage::Unlisted => list_chunks(system).await,
            Stage::Contents { after } => judge_contents(system, after).await,
            Stage::Chunks { after } => forget_chunks(system, after).await,
            Stage::Doomed => self.remove_doomed(system, kind).await,
            Stage::Stray { folder } => self.remove_strays(system, folder).await,
            Stage::Done => Ok(Stage::Done),
        }
    }

    async fn remove_doomed(&self, system: &System, kind: Round) -> Result<Stage, ContentError> {
        let doomed = system.read(|scope| scope.garbage().list_doomed(REMOVE)).await?;
        if doomed.is_empty() {
            return Ok(if kind == Round::AlsoStray { Stage::Stray { folder: 0 } } else { Stage::Done });
        }
        for place in &doomed {
            self.contents.remove(place).await?;
        }
        // Only what is gone is forgotten: after a crash before this it is removed again, which harms nothing.
        write(system, move |scope| Ok(scope.garbage().delete_doomed(&doomed)?)).await?;
        Ok(Stage::Doomed)
    }

    async fn remove_strays(&self, system: &System, folder: u8) -> Result<Stage, ContentError> {
        let until = before(system, STRAY);
        let mut found = self.contents.list(system.tenant(), folder).await?;
        found.retain(|object| object.prepared < until);
        for batch in found.chunks(500) {
            let ids: Vec<[u8; 32]> = batch.iter().map(|object| *object.chunk.as_bytes()).collect();
            let known = system.read(move |scope| scope.contents().list_chunks(&ids)).await?;
            for object in batch {
                let row = known.get(object.chunk.as_bytes());
                // Nothing can record it: it was prepared too long ago, and a row never gets another chunk's object.
                if row.is_none_or(|row| row.object.as_ref() != Some(&object.object)) {
                    self.contents.remove(&object.place).await?;
                }
            }
        }
        Ok(folder.checked_add(1).map_or(Stage::Done, |folder| Stage::Stray { folder }))
    }
}

/// Forgets uploads that ended, with their leases.
async fn end_uploads(system: &System) -> Result<Stage, ContentError> {
    let until = before(system, ENDED);
    let most = i64::try_from(CHANGE).unwrap_or(i64::MAX);
    let ended = system.read(move |scope| scope.uploads().list_expired(until, most)).await?;
    if ended.is_empty() {
        return Ok(Stage::Unlisted);
    }
    write(system, move |scope| {
        for upload in ended {
            scope.uploads().delete_expired(upload, until)?;
        }
        Ok(())
    })
    .await?;
    Ok(Stage::Uploads)
}

/// Lists the chunks of contents that are from before chunks were listed.
async fn list_chunks(system: &System) -> Result<Stage, ContentError> {
    let most = i64::try_from(CHANGE).unwrap_or(i64::MAX);
    let listed = write(system, move |scope| {
        let key = chunk_key(scope)?;
        let unlisted = scope.garbage().list_unlisted(most)?;
        for content in &unlisted {
            let chunks = chunks_of(&content.manifest, &key)?;
            scope.garbage().list_chunks_of(&content.id, &chunks)?;
        }
        Ok(unlisted.len())
    })
    .await?;
    Ok(if listed == 0 { Stage::Contents { after: Vec::new() } } else { Stage::Unlisted })
}

/// Marks, unmarks and forgets contents of one page.
async fn judge_contents(system: &System, after: Vec<u8>) -> Result<Stage, ContentError> {
    let page = system.read(move |scope| scope.garbage().list_contents(&after, LOOK_AT)).await?;
    let Some(last) = page.last().map(|content| content.id.to_vec()) else {
        return Ok(Stage::Chunks { after: Vec::new() });
    };
    let until = before(system, GRACE);
    let verdict = move |used: bool, since: Option<Timestamp>| match (used, since) {
        (true, None) => Verdict::Keep,
        (true, Some(_)) => Verdict::InUse,
        (false, None) => Verdict::Unused,
        (false, Some(since)) if since < until => Verdict::Forget,
        (false, Some(_)) => Verdict::Keep,
    };
    let changing = page.iter().filter(|content| verdict(content.used, content.unused_since) != Verdict::Keep);
    let changing: Vec<[u8; 32]> = changing.map(|content| content.id).collect();
    let now = system.store().runtime().now();
    for batch in changing.chunks(CHANGE).map(<[_]>::to_vec) {
        write(system, move |scope| {
            let key = chunk_key(scope)?;
            for content in scope.garbage().take_contents(&batch)? {
                match verdict(content.used, content.unused_since) {
                    Verdict::Keep => {}
                    Verdict::InUse => scope.garbage().update_unused(&content.id, None)?,
                    Verdict::Unused => scope.garbage().update_unused(&content.id, Some(now))?,
                    Verdict::Forget => {
                        let chunks = chunks_of(&content.manifest, &key)?;
                        scope.garbage().delete_content(&content.id, &chunks)?;
                    }
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(Stage::Contents { after: last })
}

/// Forgets chunks of one page that nothing counts on, and dooms their objects in the same commit.
async fn forget_chunks(system: &System, after: Vec<u8>) -> Result<Stage, ContentError> {
    let page = system.read(move |scope| scope.garbage().list_chunks(&after, LOOK_AT)).await?;
    let Some(last) = page.last().map(|chunk| chunk.id.to_vec()) else { return Ok(Stage::Doomed) };
    let unused: Vec<[u8; 32]> = page.iter().filter(|chunk| !chunk.used).map(|chunk| chunk.id).collect();
    for batch in unused.chunks(CHANGE).map(<[_]>::to_vec) {
        write(system, move |scope| {
            // A content whose chunks are not listed counts on them all the same.
            if !scope.garbage().list_unlisted(1)?.is_empty() {
                return Ok(());
            }
            for chunk in scope.garbage().delete_chunks(&batch)? {
                if let Some(object) = chunk.object {
                    let place = place(scope.tenant(), &ChunkId::from_bytes(chunk.id), &object);
                    scope.garbage().doom(place.as_ref())?;
                }
            }
            Ok(())
        })
        .await?;
    }
    Ok(Stage::Chunks { after: last })
}

/// Returns the names of a content's chunks within the tenant.
fn chunks_of(manifest: &[u8], key: &ChunkKey) -> Result<Vec<[u8; 32]>, ContentError> {
    let manifest = Manifest::decode(manifest)?;
    Ok(manifest.chunks.iter().map(|chunk| *chunk.hash.keyed(key).as_bytes()).collect())
}

fn before(system: &System, by: Duration) -> Timestamp {
    system.store().runtime().now().saturating_sub(by).unwrap_or(Timestamp::MIN)
}

async fn write<T: Send + 'static>(
    system: &System,
    work: impl FnOnce(&mut Scope<'_, Writing>) -> Result<T, ContentError> + Send + 'static,
) -> Result<T, ContentError> {
    system.write(|scope| Ok(Commit::unaudited(work(scope)?, Unaudited::Housekeeping))).await
}
