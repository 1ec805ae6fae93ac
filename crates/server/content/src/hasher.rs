//! Hasher: makes the SHA-256 of contents some time after they were stored, one chunk in memory at a time. A content
//! waits in its own row, so nothing is lost by a crash; what was begun then is begun again.

use std::time::Duration;

use model::Timestamp;
use sha2::{Digest, Sha256};
use storage::{Commit, Operator, System, Unaudited, UnhashedContent};
use transfer::Manifest;

use crate::content_reader::{open_chunk, read_recorded};
use crate::uploads::chunk_key;
use crate::{ContentError, ContentStore};

/// How long a content rests first, so that people's own reading and writing comes before it.
const REST: Duration = Duration::from_secs(10);
/// Contents looked at in one step.
const AT_ONCE: i64 = 64;
/// Bytes after which a step ends, so that what was made is stored before long.
const BYTES_AT_ONCE: u64 = 64 * 1024 * 1024;
/// How long a content whose bytes are damaged is left alone; the same bytes sent again heal it.
const DAMAGED: Duration = Duration::from_secs(24 * 3_600);
/// How long a content whose bytes could not be read otherwise is left alone.
const UNREADABLE: Duration = Duration::from_secs(600);

/// Makes the SHA-256 of contents. Several server processes may each run one; what two make at once is the same.
#[derive(Debug)]
pub struct Hasher {
    contents: ContentStore,
    operator: Operator,
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hashed {
    /// How many hashes were made.
    pub made: usize,
    /// How many contents could not be read and wait now.
    pub unreadable: usize,
}

/// What became of one content.
enum Made {
    Hash([u8; 32]),
    Later(Timestamp),
}

impl Hasher {
    /// Makes a hasher.
    #[must_use]
    pub fn new(operator: Operator, contents: ContentStore) -> Self {
        Self { contents, operator }
    }

    /// Makes some of the hashes that are due; nothing was done when none is. A content that cannot be read waits
    /// and keeps no other one from its turn. Dropping this loses only work.
    ///
    /// # Errors
    /// [`ContentError::Storage`] when the database cannot be used.
    pub async fn step(&self) -> Result<Hashed, ContentError> {
        let now = self.operator.store().runtime().now();
        let before = now.saturating_sub(REST).unwrap_or(Timestamp::MIN);
        let due = self.operator.read(move |cloud| cloud.list_unhashed_contents(before, AT_ONCE)).await?;
        let mut made = Vec::new();
        let mut hashed = Hashed::default();
        let mut bytes = 0_u64;
        for content in due {
            if bytes > 0 && bytes.saturating_add(content.size) > BYTES_AT_ONCE {
                break;
            }
            bytes = bytes.saturating_add(content.size);
            let result = self.make(content, now).await?;
            match result {
                Made::Hash(_) => hashed.made += 1,
                Made::Later(_) => hashed.unreadable += 1,
            }
            made.push((content, result));
        }
        if made.is_empty() {
            return Ok(hashed);
        }
        self.operator
            .write(move |cloud| -> Result<_, ContentError> {
                for (content, made) in made {
                    let mut scope = cloud.tenant(content.tenant);
                    match made {
                        Made::Hash(hash) => scope.content_hashes().update(&content.id, &hash)?,
                        Made::Later(time) => scope.content_hashes().postpone(&content.id, time)?,
                    }
                }
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await?;
        Ok(hashed)
    }

    async fn make(&self, content: UnhashedContent, now: Timestamp) -> Result<Made, ContentError> {
        let pause = match self.hash(content).await {
            Ok(hash) => return Ok(Made::Hash(hash)),
            Err(ContentError::Storage(error)) => return Err(error.into()),
            Err(ContentError::Damaged(_)) => DAMAGED,
            Err(_) => UNREADABLE,
        };
        Ok(Made::Later(now.saturating_add(pause).unwrap_or(now)))
    }

    async fn hash(&self, content: UnhashedContent) -> Result<[u8; 32], ContentError> {
        let system = System::new(self.operator.store().clone(), content.tenant, "sha256");
        let small = content.size <= ContentStore::SMALL as u64;
        let (key, manifest, whole) = system
            .read(move |scope| -> Result<_, ContentError> {
                let stored = scope.contents().find(&content.id)?.ok_or(ContentError::ContentNotFound)?;
                let key = chunk_key(scope)?;
                let whole = if small { read_recorded(scope, &key, &stored)? } else { None };
                Ok((key, stored.manifest, whole))
            })
            .await?;
        if let Some(whole) = whole {
            return Ok(Sha256::digest(&whole).into());
        }
        let mut digest = Sha256::new();
        for entry in Manifest::decode(&manifest)?.chunks {
            let id = entry.hash.keyed(&key);
            let stored = system.read(move |scope| scope.contents().find_chunk(id.as_bytes())).await?;
            digest.update(&open_chunk(&self.contents, content.tenant, &id, entry, stored).await?);
        }
        Ok(digest.finalize().into())
    }
}
