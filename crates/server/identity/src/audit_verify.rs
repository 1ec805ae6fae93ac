//! Verifying the audit trail: every seal's signature, its place in the chain, and every record it holds.

use std::collections::BTreeMap;
use std::fmt;

use model::{AuditRecordId, TenantId};
use storage::{SealedRecord, StorageError, StoredSeal, System};

use crate::audit_seal::{AuditHead, LEAF, leaf, read_leaf};
use crate::{Identity, IdentityError};

/// Seals that are read in one snapshot.
const AT_ONCE: i64 = 20;
/// How much earlier than a seal's newest record one of the next may say it happened: no transaction lasts so long.
const LATE: i64 = 3_600_000_000;
/// Most findings of one answer.
const MOST: usize = 1_000;

/// One sign that the trail was touched past the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tampering {
    /// A record is not what was sealed.
    RecordChanged(AuditRecordId),
    /// A record that was sealed is gone.
    RecordRemoved(AuditRecordId),
    /// A record stands in a seal that never held it.
    RecordInserted(AuditRecordId),
    /// A record stands in another seal than the one that holds it: the order was changed.
    RecordMoved(AuditRecordId),
    /// A record was given a time long before it was written.
    RecordBackdated(AuditRecordId),
    /// A seal says what the server never signed, or does not follow from the one before it.
    SealBroken(i64),
    /// A seal is gone.
    SealMissing(i64),
    /// Records are gone without the server's word that it forgot them.
    ForgottenUnproven,
    /// The trail no longer has the head that was kept elsewhere.
    HeadLost(i64),
}

impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RecordChanged(id) => write!(f, "record {id} was changed after it was sealed"),
            Self::RecordRemoved(id) => write!(f, "record {id} was removed"),
            Self::RecordInserted(id) => write!(f, "record {id} was inserted among sealed ones"),
            Self::RecordMoved(id) => write!(f, "record {id} was moved to another place in the order"),
            Self::RecordBackdated(id) => write!(f, "record {id} has a time long before it was written"),
            Self::SealBroken(number) => write!(f, "seal {number} is not what this server signed"),
            Self::SealMissing(number) => write!(f, "seal {number} was removed"),
            Self::ForgottenUnproven => {
                f.write_str("old records are gone, and the server did not forget them")
            }
            Self::HeadLost(number) => write!(f, "the trail does not have the expected seal {number}"),
        }
    }
}

impl Tampering {
    /// Returns the word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RecordChanged(_) => "recordChanged",
            Self::RecordRemoved(_) => "recordRemoved",
            Self::RecordInserted(_) => "recordInserted",
            Self::RecordMoved(_) => "recordMoved",
            Self::RecordBackdated(_) => "recordBackdated",
            Self::SealBroken(_) => "sealBroken",
            Self::SealMissing(_) => "sealMissing",
            Self::ForgottenUnproven => "forgottenUnproven",
            Self::HeadLost(_) => "headLost",
        }
    }
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Records that seals hold.
    pub records: u64,
    /// Seals.
    pub seals: u64,
    /// Records that wait for their seal and are not protected yet.
    pub unsealed: u64,
    /// The end of the chain.
    pub head: AuditHead,
    /// What is wrong; the first 1,000.
    pub tampering: Vec<Tampering>,
}

impl Identity {
    /// Verifies an organization's audit trail; `expected` is a head that was kept elsewhere.
    ///
    /// # Errors
    /// A storage error. What is wrong with the trail is no error.
    pub async fn verify_audit(
        &self,
        tenant: TenantId,
        expected: Option<AuditHead>,
    ) -> Result<AuditVerdict, IdentityError> {
        let system = System::new(self.0.store.clone(), tenant, "audit verification");
        let retention = system.read(|scope| scope.audit().load_retention()).await?;
        let mut walk = Walk::new(tenant, expected);
        if let Some(statement) = retention.forgotten {
            match self.read_seal(&statement) {
                Some((said, head)) if said.records.is_none() && said.tenant == tenant.to_string() => {
                    walk.start(head);
                }
                _ => walk.found(Tampering::ForgottenUnproven),
            }
        }
        let first = walk.head.number + 1;
        let mut after = 0;
        loop {
            let page = system
                .read(move |scope| -> Result<_, StorageError> {
                    let seals = scope.audit().list_seals(after, AT_ONCE)?;
                    let mut page = Vec::with_capacity(seals.len());
                    for seal in seals {
                        let records = scope.audit().list_of_seal(seal.number)?;
                        page.push((seal, records));
                    }
                    Ok(page)
                })
                .await?;
            let Some((last, _)) = page.last() else { break };
            after = last.number;
            for (seal, records) in page {
                walk.seal(self, &seal, &records);
            }
        }
        let (unsealed, beyond) = system
            .read(move |scope| -> Result<_, StorageError> {
                Ok((scope.audit().count_unsealed()?, scope.audit().list_beyond_seal(first, after)?))
            })
            .await?;
        for id in beyond {
            walk.inserted.insert(id, [0; 32]);
        }
        Ok(walk.end(u64::try_from(unsealed).unwrap_or(0)))
    }
}

/// The way along the chain.
struct Walk {
    tenant: String,
    expected: Option<AuditHead>,
    met_expected: bool,
    head: AuditHead,
    newest: i64,
    records: u64,
    seals: u64,
    removed: BTreeMap<AuditRecordId, [u8; 32]>,
    inserted: BTreeMap<AuditRecordId, [u8; 32]>,
    tampering: Vec<Tampering>,
}

impl Walk {
    fn new(tenant: TenantId, expected: Option<AuditHead>) -> Self {
        Self {
            tenant: tenant.to_string(),
            expected,
            met_expected: false,
            head: AuditHead::START,
            newest: i64::MIN,
            records: 0,
            seals: 0,
            removed: BTreeMap::new(),
            inserted: BTreeMap::new(),
            tampering: Vec::new(),
        }
    }

    fn start(&mut self, head: AuditHead) {
        self.head = head;
        // What was kept elsewhere may have been forgotten since, in order.
        self.met_expected =
            self.expected.is_some_and(|expected| expected.number < head.number || expected == head);
    }

    fn found(&mut self, tampering: Tampering) {
        if self.tampering.len() < MOST {
            self.tampering.push(tampering);
        }
    }

    fn seal(&mut self, identity: &Identity, seal: &StoredSeal, records: &[SealedRecord]) {
        while self.head.number + 1 < seal.number && self.tampering.len() < MOST {
            self.found(Tampering::SealMissing(self.head.number + 1));
            self.head.number += 1;
        }
        let computed = AuditHead { number: seal.number - 1, ..self.head }.next(&seal.leaves);
        let held = (seal.leaves.len() / LEAF) as u64;
        let said = identity.read_seal(&seal.statement);
        let good = said.as_ref().is_some_and(|(said, head)| {
            *head == computed && said.records == Some(held) && said.tenant == self.tenant
        });
        if !good {
            self.found(Tampering::SealBroken(seal.number));
        }
        // The chain goes on from what was signed, so that one broken seal is not told as all the later ones.
        self.head = said.as_ref().map_or(computed, |(_, head)| AuditHead { number: seal.number, ..*head });
        self.met_expected |= good && self.expected == Some(computed);
        self.compare(seal, records);
        self.newest = said.map_or(self.newest, |(said, _)| said.newest.max(self.newest));
        (self.records, self.seals) = (self.records + held, self.seals + 1);
    }

    /// Compares what a seal holds with what stands under its number.
    fn compare(&mut self, seal: &StoredSeal, records: &[SealedRecord]) {
        let leaves = seal.leaves.as_chunks::<LEAF>().0;
        let mut held: BTreeMap<AuditRecordId, [u8; 32]> = leaves.iter().map(read_leaf).collect();
        for record in records {
            let (id, hash) = read_leaf(&leaf(record));
            match held.remove(&id) {
                Some(sealed) if sealed == hash => {
                    if record.at.as_microsecond().saturating_add(LATE) < self.newest {
                        self.found(Tampering::RecordBackdated(id));
                    }
                }
                Some(_) => self.found(Tampering::RecordChanged(id)),
                None => {
                    self.inserted.insert(id, hash);
                }
            }
        }
        self.removed.extend(held);
    }

    fn end(mut self, unsealed: u64) -> AuditVerdict {
        let removed = std::mem::take(&mut self.removed);
        let mut inserted = std::mem::take(&mut self.inserted);
        for id in removed.into_keys() {
            let moved = inserted.remove(&id).is_some();
            self.found(if moved { Tampering::RecordMoved(id) } else { Tampering::RecordRemoved(id) });
        }
        for id in inserted.into_keys() {
            self.found(Tampering::RecordInserted(id));
        }
        if let Some(expected) = self.expected.filter(|expected| expected.number > 0 && !self.met_expected) {
            self.found(Tampering::HeadLost(expected.number));
        }
        self.tampering.sort_unstable();
        let Self { records, seals, head, tampering, .. } = self;
        AuditVerdict { records, seals, unsealed, head, tampering }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit_seal::AuditHead;

    #[test]
    fn a_head_reads_back_and_depends_on_all_before_it() {
        let head = AuditHead::START.next(b"one").next(b"two");
        assert_eq!(head.to_string().parse(), Ok(head));
        assert_ne!(head, AuditHead::START.next(b"two").next(b"one"));
        for bad in ["", "1", "1:ab", "x:00", ":"] {
            assert!(bad.parse::<AuditHead>().is_err(), "{bad}");
        }
    }
}
