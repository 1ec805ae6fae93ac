//! Seals of the audit trail: every few seconds a job hashes what was recorded since, chains it to the seal before, and
//! signs it. What a seal holds cannot be changed, removed, reordered or added to unseen (`audit_verify` looks).
//!
//! Two things a database alone cannot show: records that were removed before their seal was made, and a trail that was
//! put back whole to an earlier state. Against the second the newest seal's head is logged, to be kept elsewhere.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use model::{AuditEvent, AuditRecordId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use storage::{Commit, SealedRecord, StorageError, StoredSeal, System, Unaudited};

use crate::keys::TokenType;
use crate::{Identity, IdentityError};

/// Most records of one seal.
const MOST: i64 = 5_000;
/// A record's place in `leaves`: its id and what it hashes to.
pub(crate) const LEAF: usize = 16 + 32;

/// The end of a chain of seals: whoever keeps it elsewhere can tell later that the trail still has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// The newest seal's number; 0 before the first.
    pub number: i64,
    /// What it and all before it hash to.
    pub hash: [u8; 32],
}

impl AuditHead {
    pub(crate) const START: Self = Self { number: 0, hash: [0; 32] };

    /// Returns the head behind a seal with these leaves.
    pub(crate) fn next(self, leaves: &[u8]) -> Self {
        let number = self.number + 1;
        let mut hasher = Sha256::new();
        hasher.update(self.hash);
        hasher.update(number.to_be_bytes());
        hasher.update((leaves.len() as u64).to_be_bytes());
        hasher.update(leaves);
        Self { number, hash: hasher.finalize().into() }
    }
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, HEXLOWER.encode(&self.hash))
    }
}

impl FromStr for AuditHead {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a head is a number, a colon and 64 hexadecimal digits";
        let (number, hash) = text.split_once(':').ok_or(WRONG)?;
        let hash = HEXLOWER.decode(hash.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        Ok(Self { number: number.parse().map_err(|_| WRONG)?, hash: hash.ok_or(WRONG)? })
    }
}

/// What is signed about a seal, and about what was forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealStatement {
    pub(crate) tenant: String,
    /// The head, as [`AuditHead`] writes it.
    pub(crate) head: String,
    /// How many records the seal holds; none in a statement about what was forgotten.
    pub(crate) records: Option<u64>,
    /// Time of the newest record, in microseconds since 1970.
    pub(crate) newest: i64,
}

/// Returns a record's place in the leaves.
pub(crate) fn leaf(record: &SealedRecord) -> [u8; LEAF] {
    let mut leaf = [0; LEAF];
    leaf[..16].copy_from_slice(record.id.uuid().as_bytes());
    leaf[16..].copy_from_slice(&Sha256::digest(&record.bytes));
    leaf
}

/// Reads a place back.
pub(crate) fn read_leaf(leaf: &[u8; LEAF]) -> (AuditRecordId, [u8; 32]) {
    let (mut id, mut hash) = ([0; 16], [0; 32]);
    id.copy_from_slice(&leaf[..16]);
    hash.copy_from_slice(&leaf[16..]);
    (AuditRecordId::from_uuid(uuid::Uuid::from_bytes(id)), hash)
}

impl Identity {
    /// Seals what an organization recorded since the last seal, up to 5,000 records. Returns the new head; none when
    /// nothing was there. Several server processes may try at once: one of them does it.
    ///
    /// # Errors
    /// A storage error, or [`IdentityError::Key`].
    pub async fn seal_audit(&self, tenant: TenantId) -> Result<Option<AuditHead>, IdentityError> {
        let system = System::new(self.0.store.clone(), tenant, "audit seal");
        if !system.read(|scope| scope.audit().has_unsealed()).await? {
            return Ok(None);
        }
        let identity = self.clone();
        let sealed = system.write(move |scope| -> Result<_, IdentityError> {
            let last = scope.audit().find_last_seal()?;
            let before = match &last {
                Some(seal) => identity.head_of(&seal.statement)?,
                // After everything was forgotten the chain goes on behind what the statement says.
                None => match scope.audit().load_retention()?.forgotten {
                    Some(statement) => identity.head_of(&statement)?,
                    None => AuditHead::START,
                },
            };
            let number = before.number + 1;
            if scope.audit().claim_for_seal(number, MOST)? == 0 {
                return Ok(Commit::unaudited(None, Unaudited::NothingChanged));
            }
            let records = scope.audit().list_of_seal(number)?;
            let leaves: Vec<u8> = records.iter().flat_map(leaf).collect();
            let newest = records.iter().map(|record| record.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
            let head = before.next(&leaves);
            let count = Some(records.len() as u64);
            let statement = identity.seal_statement(scope.tenant(), head, count, newest)?;
            scope.audit().create_seal(&StoredSeal { number, newest, leaves, statement })?;
            Ok(Commit::unaudited(Some(head), Unaudited::Housekeeping))
        });
        match sealed.await {
            Err(IdentityError::Storage(error)) if error.is_duplicate() => Ok(None),
            sealed => sealed,
        }
    }

    /// Forgets what is older than the organization keeps records, in whole seals; leaves a signed statement and a record
    /// about it. Returns how many records are gone.
    ///
    /// # Errors
    /// A storage error, or [`IdentityError::Key`].
    pub async fn forget_audit(&self, tenant: TenantId) -> Result<usize, IdentityError> {
        let (identity, now) = (self.clone(), self.0.runtime.now());
        let system = System::new(self.0.store.clone(), tenant, "audit retention");
        let actor = system.actor();
        let old = system
            .read(move |scope| -> Result<_, StorageError> {
                let days = scope.audit().load_retention()?.days;
                let hours = u64::try_from(days).unwrap_or(0).saturating_mul(24);
                let kept = std::time::Duration::from_secs(hours.saturating_mul(3_600));
                let before = now.checked_sub(kept).unwrap_or(Timestamp::MIN);
                let seals = scope.audit().list_seals(0, 200)?;
                Ok(seals.into_iter().take_while(|seal| seal.newest < before).last())
            })
            .await?;
        let Some(last) = old else { return Ok(0) };
        system
            .write(move |scope| -> Result<_, IdentityError> {
                let head = identity.head_of(&last.statement)?;
                let statement = identity.seal_statement(scope.tenant(), head, None, last.newest)?;
                let forgotten = scope.audit().forget_until(last.number, &statement)?;
                let done = AuditEvent::new(now, actor, "AuditRecordsForgotten")
                    .detail("Records", forgotten.to_string())
                    .detail("Head", head.to_string());
                let proof = scope.audit().record(identity.0.runtime.random(), &done)?;
                Ok(Commit::new(forgotten, proof))
            })
            .await
    }

    fn seal_statement(
        &self,
        tenant: TenantId,
        head: AuditHead,
        records: Option<u64>,
        newest: Timestamp,
    ) -> Result<String, IdentityError> {
        let (tenant, head, newest) = (tenant.to_string(), head.to_string(), newest.as_microsecond());
        self.0.keys.sign(TokenType::Seal, &SealStatement { tenant, head, records, newest })
    }

    /// Reads what a seal says; none when this cloud did not sign it.
    pub(crate) fn read_seal(&self, statement: &str) -> Option<(SealStatement, AuditHead)> {
        let read: SealStatement = self.0.keys.verify(TokenType::Seal, statement)?;
        let head = read.head.parse().ok()?;
        Some((read, head))
    }

    fn head_of(&self, statement: &str) -> Result<AuditHead, IdentityError> {
        self.read_seal(statement).map(|(_, head)| head).ok_or(IdentityError::AuditSeal)
    }
}
