//! Scope: one tenant inside one transaction, and the proof of audit that a commit asks for.

use model::{Client, DriveId, TenantId};

use crate::connection::Connection;

/// A scope's mode: it may only read.
#[derive(Debug)]
pub struct Reading {
    pub(crate) _private: (),
}

/// A scope's mode: it may write; collects what happens after the commit.
#[derive(Debug, Default)]
pub struct Writing {
    pub(crate) published: Vec<DriveChange>,
    /// From where the one who acts does so; for records.
    pub(crate) client: Client,
}

/// A drive's sequence moved; published after the commit that moved it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriveChange {
    /// The tenant.
    pub tenant: TenantId,
    /// The drive.
    pub drive: DriveId,
    /// Its newest sequence.
    pub sequence: i64,
}

/// One tenant's data inside one transaction. Repositories are its methods.
pub struct Scope<'c, M> {
    pub(crate) connection: &'c mut Connection,
    pub(crate) tenant: TenantId,
    pub(crate) mode: &'c mut M,
}

impl<'c, M> Scope<'c, M> {
    /// Returns the tenant every repository of this scope is bound to.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Borrows the scope for a repository.
    pub(crate) fn reborrow(&mut self) -> Scope<'_, M> {
        Scope { connection: self.connection, tenant: self.tenant, mode: self.mode }
    }
}

impl Scope<'_, Writing> {
    /// Announces after the commit that a drive of this tenant changed.
    pub fn publish(&mut self, drive: DriveId, sequence: i64) {
        let change = DriveChange { tenant: self.tenant, drive, sequence };
        self.mode.published.push(change);
    }
}

/// Proof that a change was recorded in the audit trail, or why it needs no record.
#[derive(Debug)]
#[must_use = "a commit asks for it"]
pub struct Audited(pub(crate) ());

/// Why a write needs no audit record of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unaudited {
    /// Sign-in state: codes, sessions, token rotation; sign-ins are recorded apart.
    SignInPlumbing,
    /// Bytes on their way; the commit that makes them an item's content is recorded.
    TransferPlumbing,
    /// The server's own housekeeping, such as a job's progress.
    Housekeeping,
    /// Nothing was changed after all.
    NothingChanged,
}

impl Audited {
    /// States that this write needs no record.
    pub fn not_needed(_reason: Unaudited) -> Self {
        Self(())
    }
}

/// The result of a write, with the proof of audit.
#[derive(Debug)]
#[must_use]
pub struct Commit<T> {
    pub(crate) value: T,
}

impl<T> Commit<T> {
    /// Finishes a write with its value.
    pub fn new(value: T, _proof: Audited) -> Self {
        Self { value }
    }

    /// Finishes a write that needs no audit record.
    pub fn unaudited(value: T, _reason: Unaudited) -> Self {
        Self { value }
    }
}
