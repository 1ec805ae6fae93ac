//! App: what handlers share. Built once by the program and cloned per request.

use std::path::PathBuf;
use std::sync::Arc;

use content::ContentStore;
use drive::delta::CursorSealer;
use identity::Identity;
use runtime::Runtime;
use storage::Store;

use crate::{InvitationLimit, ProgramRules, Proxies};

/// Settings of the HTTP surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// The cloud's public origin, such as `https://cloud.example`, without a slash at the end. Links are made from it,
    /// never from a request's header.
    pub origin: String,
    /// Folder of caught mails, shown on `/mailbox`; none where mail is really sent.
    pub mailbox: Option<PathBuf>,
    /// The proxies in front of the server.
    pub proxies: Proxies,
    /// What this cloud takes from programs.
    pub programs: ProgramRules,
}

/// What handlers share.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// Time, randomness, tasks.
    pub runtime: Runtime,
    /// Settings of the HTTP surface.
    pub settings: Arc<HttpSettings>,
    /// Sign-in, tokens and signatures.
    pub identity: Identity,
    /// Where bytes live.
    pub content: ContentStore,
    /// Seals delta cursors.
    pub cursors: CursorSealer,
    /// How many invitations an organization asks for in a time.
    pub invitations: InvitationLimit,
}
