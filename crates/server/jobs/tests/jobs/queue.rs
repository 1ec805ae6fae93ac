//! A queue with mails of one tenant.

use std::sync::Arc;

use directory::mail::{MailKind, MailRequest, queue};
use jobs::{Mailer, Sender, Worker};
use model::{SharingLevel, Tenant, TenantId};
use runtime::Runtime;
use storage::{Commit, DatabaseConfig, Operator, StorageError, Store, Unaudited};

pub(crate) struct Queue {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Store,
    tenant: TenantId,
}

impl Queue {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(database, Runtime::tokio()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let tenant = Tenant {
            id: TenantId::from_random([1; 16]),
            display_name: "Contoso".to_owned(),
            initial_domain: "contoso.example".to_owned(),
            chunk_key: [1; 32],
            site_sharing: SharingLevel::Anyone,
            personal_sharing: SharingLevel::Anyone,
            created: store.runtime().now(),
        };
        let queue = Self { folder, store, tenant: tenant.id };
        queue.write(move |cloud| cloud.tenant(tenant.id).tenants().create(&tenant)).await;
        queue
    }

    pub(crate) async fn add(&self, mail: MailRequest) {
        let (tenant, runtime) = (self.tenant, self.store.runtime().clone());
        self.write(move |cloud| queue(&mut cloud.tenant(tenant), &runtime, &mail)).await;
    }

    pub(crate) fn worker(&self, mailer: impl Mailer) -> Worker {
        let sender = Sender::new("no-reply@cloud.example").expect("an address");
        Worker::new(self.store.clone(), self.store.runtime().clone(), Arc::new(mailer), sender)
    }

    /// Returns how many jobs wait, whenever they are due.
    pub(crate) async fn waiting(&self) -> usize {
        let end = "9000-01-01T00:00:00Z".parse().expect("a time");
        let operator = Operator::new(self.store.clone());
        let waiting =
            operator.read(move |cloud| -> Result<_, StorageError> { cloud.list_due_jobs(end, 100) });
        waiting.await.expect("reads").len()
    }

    async fn write(
        &self,
        work: impl FnOnce(&mut storage::OperatorScope<'_, storage::Writing>) -> Result<(), StorageError>
        + Send
        + 'static,
    ) {
        Operator::new(self.store.clone())
            .write(move |cloud| -> Result<_, StorageError> {
                work(cloud)?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("writes");
    }
}

pub(crate) fn invitation() -> MailRequest {
    MailRequest {
        kind: MailKind::Invitation,
        recipient: "maria@fabrikam.example".to_owned(),
        recipient_name: Some("Maria López".to_owned()),
        sharer_name: "Olivia Owner".to_owned(),
        sharer_address: Some("olivia@contoso.example".to_owned()),
        organization: "Contoso".to_owned(),
        item: Some("Project Falcon".to_owned()),
        message: Some("Here are the files.\nSee you!".to_owned()),
        link: "https://cloud.example/redeem/a-ticket-that-is-rather-long-so-that-its-line-must-be-broken-somewhere"
            .to_owned(),
    }
}
