//! The governance keeper: seals what was recorded, every few seconds; once an hour forgets what is older than each
//! organization keeps, and warns owners whose guests' time ends.

use std::error::Error;
use std::time::Duration;

use directory::warn_of_ending_stays;
use futures_util::future::{Either, select};
use identity::Identity;
use model::TenantId;
use runtime::Runtime;
use storage::{Operator, StorageError, Store, System};
use tokio::sync::watch;

/// How often is sealed: for so long a record can be removed unseen.
const SEAL: Duration = Duration::from_secs(5);
/// How often is looked for what is old.
const FORGET: Duration = Duration::from_secs(3_600);
/// Seals of one organization in a row.
const IN_A_ROW: u32 = 20;

/// Keeps the audit trails of all organizations, and warns their owners.
pub struct GovernanceKeeper {
    operator: Operator,
    identity: Identity,
    runtime: Runtime,
    next_forget: Duration,
}

impl GovernanceKeeper {
    /// Makes it; [`Self::run`] starts it.
    #[must_use]
    pub fn new(store: Store, runtime: Runtime, identity: Identity) -> Self {
        let next_forget = runtime.elapsed();
        Self { operator: Operator::new(store), identity, runtime, next_forget }
    }

    /// Works until `stop` becomes true or its sender is gone, and then seals what is there once more.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.step().await;
            let stopping = Box::pin(stop.wait_for(|stop| *stop));
            if let Either::Left((_stopped_or_gone, _)) = select(stopping, self.runtime.sleep(SEAL)).await {
                break;
            }
        }
        self.step().await;
    }

    /// Seals what waits, and forgets what is old when that is due.
    pub async fn step(&mut self) {
        let tenants = match self.tenants().await {
            Ok(tenants) => tenants,
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "the audit trail cannot be sealed");
                return;
            }
        };
        let forget = self.runtime.elapsed() >= self.next_forget;
        for tenant in tenants {
            self.seal(tenant).await;
            if forget {
                self.forget(tenant).await;
                self.warn(tenant).await;
            }
        }
        if forget {
            self.next_forget = self.runtime.elapsed() + FORGET;
        }
    }

    async fn tenants(&self) -> Result<Vec<TenantId>, StorageError> {
        let tenants = self.operator.read(|cloud| cloud.list_tenants()).await?;
        Ok(tenants.into_iter().map(|tenant| tenant.id).collect())
    }

    async fn seal(&self, tenant: TenantId) {
        for _ in 0..IN_A_ROW {
            match self.identity.seal_audit(tenant).await {
                // Whoever keeps the log elsewhere can prove later that the trail was not put back.
                Ok(Some(head)) => tracing::info!(%tenant, %head, "the audit trail was sealed"),
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%tenant, error = &error as &dyn Error, "the audit trail cannot be sealed");
                    return;
                }
            }
        }
    }

    async fn forget(&self, tenant: TenantId) {
        match self.identity.forget_audit(tenant).await {
            Ok(0) => {}
            Ok(records) => tracing::info!(%tenant, records, "old records of the audit trail were forgotten"),
            Err(error) => {
                tracing::error!(%tenant, error = &error as &dyn Error, "old records cannot be forgotten");
            }
        }
    }

    async fn warn(&self, tenant: TenantId) {
        let system = System::new(self.operator.store().clone(), tenant, "warning of ending stays");
        match warn_of_ending_stays(&system, self.identity.origin()).await {
            Ok(0) => {}
            Ok(sites) => tracing::info!(%tenant, sites, "owners were warned of guests whose time ends"),
            Err(error) => {
                tracing::error!(%tenant, error = &error as &dyn Error, "owners cannot be warned");
            }
        }
    }
}
