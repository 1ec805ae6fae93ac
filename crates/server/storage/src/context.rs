//! Contexts: the only roads to a repository. Each is bound to its tenant or tenants before any query runs.

use std::sync::Arc;

use model::{Actor, Client, Presence, TenantId};

use crate::connection::Connection;
use crate::{Commit, Reading, Scope, StorageError, Store, Writing};

/// One tenant and whoever acts in it. Nearly everything runs in a `Call`.
#[derive(Clone)]
pub struct Call {
    store: Store,
    tenant: TenantId,
    actor: Actor,
    presence: Presence,
    user_agent: Option<Arc<str>>,
}

/// Home tenant and resource tenant at once: token exchange, redemption, home realm discovery (`identity` only).
#[derive(Clone)]
pub struct Boundary {
    store: Store,
    home: TenantId,
    resource: TenantId,
}

/// One tenant, one job of the server.
#[derive(Clone)]
pub struct System {
    store: Store,
    tenant: TenantId,
    job: &'static str,
}

/// The operator's own commands and what a cloud has before any tenant is known: bootstrap, sign-in pages, keys.
#[derive(Clone)]
pub struct Operator {
    store: Store,
}

/// Gives a context its store and its two transactions; the named fields are what a transaction is bound to.
macro_rules! transactions {
    ($context:ident, $scope:ident { $($bound:ident),* }) => {
        impl $context {
            /// Returns the store, for its runtime and what it publishes.
            #[must_use]
            pub fn store(&self) -> &Store {
                &self.store
            }

            /// Reads one consistent snapshot.
            ///
            /// # Errors
            /// The closure's, or a storage error.
            pub async fn read<T, E>(
                &self,
                work: impl FnOnce(&mut $scope<'_, Reading>) -> Result<T, E> + Send + 'static,
            ) -> Result<T, E>
            where
                T: Send + 'static,
                E: From<StorageError> + Send + 'static,
            {
                $(let $bound = self.$bound;)*
                self.store
                    .read_with(move |connection, mode| work(&mut $scope { connection, mode, $($bound),* }))
                    .await
            }

            /// Writes in one transaction; nothing is kept when the closure fails.
            ///
            /// # Errors
            /// The closure's, or a storage error.
            pub async fn write<T, E>(
                &self,
                work: impl FnOnce(&mut $scope<'_, Writing>) -> Result<Commit<T>, E> + Send + 'static,
            ) -> Result<T, E>
            where
                T: Send + 'static,
                E: From<StorageError> + Send + 'static,
            {
                $(let $bound = self.$bound;)*
                let client = self.client();
                self.store
                    .write_with(move |connection, mode| {
                        mode.client = client;
                        work(&mut $scope { connection, mode, $($bound),* })
                    })
                    .await
            }
        }
    };
}

transactions!(Call, Scope { tenant });
transactions!(System, Scope { tenant });
transactions!(Boundary, BoundaryScope { home, resource });
transactions!(Operator, OperatorScope {});

impl Call {
    /// Binds a tenant and an actor. Only who authenticated the actor in that tenant may do this.
    #[must_use]
    pub fn new(store: Store, tenant: TenantId, actor: Actor) -> Self {
        Self { store, tenant, actor, presence: Presence::default(), user_agent: None }
    }

    /// Says from where and on what the actor asks.
    #[must_use]
    pub fn seen(self, presence: Presence) -> Self {
        Self { presence, ..self }
    }

    /// Returns from where and on what the actor asks; nothing is known of those who act within the server.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.presence
    }

    /// Says with which program the actor asks, for the records of what they do.
    #[must_use]
    pub fn with_program(self, user_agent: Option<Arc<str>>) -> Self {
        Self { user_agent, ..self }
    }

    fn client(&self) -> Client {
        let user_agent = self.user_agent.as_deref().map(str::to_owned);
        Client { address: self.presence.address, user_agent }
    }

    /// Returns the tenant.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Returns who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actor
    }
}

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("System").field("tenant", &self.tenant).field("job", &self.job).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Operator")
    }
}

impl System {
    fn client(&self) -> Client {
        Client::default()
    }

    /// Binds a tenant for a job.
    #[must_use]
    pub fn new(store: Store, tenant: TenantId, job: &'static str) -> Self {
        Self { store, tenant, job }
    }

    /// Returns the tenant.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Returns who acts, for audit records.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::System(self.job)
    }
}

/// Both tenants inside one transaction.
pub struct BoundaryScope<'c, M> {
    connection: &'c mut Connection,
    home: TenantId,
    resource: TenantId,
    mode: &'c mut M,
}

impl<M> BoundaryScope<'_, M> {
    /// Returns the tenant that holds the credential.
    pub fn home(&mut self) -> Scope<'_, M> {
        Scope { connection: self.connection, tenant: self.home, mode: self.mode }
    }

    /// Returns the tenant that owns the content.
    pub fn resource(&mut self) -> Scope<'_, M> {
        Scope { connection: self.connection, tenant: self.resource, mode: self.mode }
    }
}

impl Boundary {
    fn client(&self) -> Client {
        Client::default()
    }

    /// Binds both tenants.
    #[must_use]
    pub fn new(store: Store, home: TenantId, resource: TenantId) -> Self {
        Self { store, home, resource }
    }
}

/// The whole cloud inside one transaction.
pub struct OperatorScope<'c, M> {
    pub(crate) connection: &'c mut Connection,
    pub(crate) mode: &'c mut M,
}

impl<M> OperatorScope<'_, M> {
    /// Narrows to one tenant.
    pub fn tenant(&mut self, tenant: TenantId) -> Scope<'_, M> {
        Scope { connection: self.connection, tenant, mode: self.mode }
    }
}

impl Operator {
    fn client(&self) -> Client {
        Client::default()
    }

    /// Makes the operator's context.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}
