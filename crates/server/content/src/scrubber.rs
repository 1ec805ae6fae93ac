//! Scrubber: reads every chunk back, slowly, and notes what is missing or wrong. It never removes anything.

use std::time::Duration;

use storage::{Commit, Damage, Operator, ScrubState, System, Unaudited};
use transfer::{ChunkHash, ChunkId, ChunkKey};

use crate::uploads::chunk_key;
use crate::{ContentError, ContentStore};

/// How long after a round the next one begins.
const PAUSE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Chunks read in one step: 4 MiB each at most.
const AT_ONCE: i64 = 8;

/// What a step found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scrubbed {
    /// How many chunks were read.
    pub read: usize,
    /// How many of them are damaged.
    pub damaged: usize,
}

/// Reads chunks back. Where it is stands in the database, so that a restart goes on.
#[derive(Debug)]
pub struct Scrubber {
    contents: ContentStore,
    operator: Operator,
}

impl Scrubber {
    /// Makes a scrubber.
    #[must_use]
    pub fn new(operator: Operator, contents: ContentStore) -> Self {
        Self { contents, operator }
    }

    /// Reads the next few chunks of one tenant whose turn it is. Nothing is read when every round is over.
    ///
    /// # Errors
    /// A failure of storage other than damage; the same chunks are read again then.
    pub async fn step(&self) -> Result<Scrubbed, ContentError> {
        for tenant in self.operator.read(|cloud| cloud.list_tenants()).await? {
            let system = System::new(self.operator.store().clone(), tenant.id, "scrub");
            if let Some(state) = due(&system).await? {
                return self.scrub(&system, state).await;
            }
        }
        Ok(Scrubbed::default())
    }

    async fn scrub(&self, system: &System, state: ScrubState) -> Result<Scrubbed, ContentError> {
        let after = state.after.clone();
        let (key, page) = system
            .read(move |scope| {
                Ok::<_, ContentError>((chunk_key(scope)?, scope.scrubs().list_chunks(&after, AT_ONCE)?))
            })
            .await?;
        let mut found = Vec::new();
        for id in &page {
            found.push((*id, self.judge(system, &key, ChunkId::from_bytes(*id)).await?));
        }
        let now = system.store().runtime().now();
        let state = match page.last() {
            Some(last) => ScrubState { after: last.to_vec(), ..state },
            None => ScrubState { finished: Some(now), ..state },
        };
        let damaged = found.iter().filter(|(_, damage)| damage.is_some()).count();
        system
            .write(move |scope| -> Result<_, ContentError> {
                for (chunk, damage) in &found {
                    match damage {
                        Some(damage) => scope.scrubs().create_damage(chunk, *damage, now)?,
                        None => scope.scrubs().delete_damage(chunk)?,
                    }
                }
                scope.scrubs().update(&state)?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await?;
        Ok(Scrubbed { read: page.len(), damaged })
    }

    /// Judges one chunk. One that was forgotten or replaced while it was read is fine.
    async fn judge(
        &self,
        system: &System,
        key: &ChunkKey,
        id: ChunkId,
    ) -> Result<Option<Damage>, ContentError> {
        let find = || system.read(move |scope| scope.contents().find_chunk(id.as_bytes()));
        let Some(stored) = find().await? else { return Ok(None) };
        let object = stored.object.clone();
        let length = stored.length;
        let damage = match self.contents.read(system.tenant(), &id, stored).await? {
            None => Damage::Missing,
            Some(bytes) if bytes.len() as u64 == length && ChunkHash::of(&bytes).keyed(key) == id => {
                return Ok(None);
            }
            Some(_) => Damage::Wrong,
        };
        let same = find().await?.is_some_and(|now| now.object == object);
        Ok(same.then_some(damage))
    }
}

/// Returns where a tenant's round goes on, or a fresh one when its time has come; none when it rests.
async fn due(system: &System) -> Result<Option<ScrubState>, ContentError> {
    let now = system.store().runtime().now();
    let fresh = ScrubState { after: Vec::new(), started: now, finished: None };
    Ok(match system.read(|scope| scope.scrubs().find()).await? {
        None => Some(fresh),
        Some(state) => match state.finished {
            None => Some(state),
            Some(finished) => finished.saturating_add(PAUSE).is_ok_and(|next| next <= now).then_some(fresh),
        },
    })
}
