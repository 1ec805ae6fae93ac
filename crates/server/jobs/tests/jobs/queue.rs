//! A queue with mails of one tenant.

use std::ops::Deref;
use std::sync::Arc;

use directory::mail::{MailKind, MailRequest, queue};
use jobs::{Mailer, Sender, Worker};
use storage::{Operator, StorageError};
use testkit::cloud::Cloud;

pub(crate) struct Queue(Cloud);

impl Deref for Queue {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.0
    }
}

impl Queue {
    pub(crate) async fn start() -> Self {
        Self(Cloud::start().await)
    }

    pub(crate) async fn add(&self, mail: MailRequest) {
        let (tenant, runtime) = (self.contoso, self.runtime().clone());
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
