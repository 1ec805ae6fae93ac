//! Audit: who did what, by the original's operation names (sharing-and-guests.md 7.1).

use jiff::Timestamp;

use crate::{ApplicationId, AuditRecordId, ItemId, SiteId, UserId};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A person of the tenant, member or guest.
    Person(UserId),
    /// A program of the tenant, without a person.
    Application(ApplicationId),
    /// The operator at the server's own command line.
    Operator,
    /// A job of the server.
    System(&'static str),
}

/// From where somebody acts, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// Their address.
    pub address: Option<std::net::IpAddr>,
    /// What their program says it is, shortened.
    pub user_agent: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuditOperation(pub &'static str);

/// One record of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, by the original's name, such as `SharingInvitationCreated`.
    pub operation: AuditOperation,
    /// The person it was done to.
    pub target: Option<UserId>,
    /// The site it was done in.
    pub site: Option<SiteId>,
    /// The item it was done to.
    pub item: Option<ItemId>,
    /// Further facts as name and value. Never a secret, token or file content.
    pub details: Vec<(&'static str, String)>,
}

impl AuditEvent {
    /// Starts a record.
    #[must_use]
    pub fn new(at: Timestamp, actor: Actor, operation: &'static str) -> Self {
        let operation = AuditOperation(operation);
        Self { at, actor, operation, target: None, site: None, item: None, details: Vec::new() }
    }

    /// Names the person it was done to.
    #[must_use]
    pub fn target(mut self, user: UserId) -> Self {
        self.target = Some(user);
        self
    }

    /// Names the site.
    #[must_use]
    pub fn site(mut self, site: SiteId) -> Self {
        self.site = Some(site);
        self
    }

    /// Names the item.
    #[must_use]
    pub fn item(mut self, item: ItemId) -> Self {
        self.item = Some(item);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

/// Who acted, as it is read from a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordedActor {
    /// A person of the tenant, who may be gone by now.
    Person(UserId),
    /// A program of the tenant.
    Application(ApplicationId),
    /// The operator.
    Operator,
    /// A job of the server, by its name.
    System(String),
}

/// A record as it is read from the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its name.
    pub id: AuditRecordId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: RecordedActor,
    /// What, by the original's name.
    pub operation: String,
    /// The person it was done to.
    pub target: Option<UserId>,
    /// The site it was done in.
    pub site: Option<SiteId>,
    /// The item it was done to.
    pub item: Option<ItemId>,
    /// Further facts by name.
    pub details: std::collections::BTreeMap<String, String>,
    /// The address it was done from, where it was known.
    pub client_address: Option<String>,
    /// The program it was done with, where it was known.
    pub user_agent: Option<String>,
    /// The seal that holds it; none until it is sealed.
    pub seal: Option<i64>,
}
