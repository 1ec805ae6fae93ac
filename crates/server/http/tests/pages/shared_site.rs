//! Olivia's site *Project Falcon* at Contoso, with two folders, and what she shares of it.

use directory::Notify;
use directory::mail::MailRequest;
use drive::sharing::{Inherited, Place, RecipientName, ShareRequest, share};
use drive::sites::{CreatedSite, NewSite, create_site};
use drive::{ConflictBehavior, EditRequest, edit};
use model::{Actor, Caller, DirectoryRole, HomeAccount, ItemId, Road, Role, UserId, UserKind};
use storage::{Call, Operator, StorageError};

use crate::cloud::{Cloud, ORIGIN};

pub(crate) const OLIVIA: &str = "olivia@contoso.example";
pub(crate) const SITE: &str = "/contoso.example/sites/falcon";

pub(crate) struct SharedSite {
    pub(crate) made: CreatedSite,
    pub(crate) plans: ItemId,
    pub(crate) olivia: Caller,
    pub(crate) call: Call,
}

impl SharedSite {
    pub(crate) async fn make(cloud: &Cloud) -> Self {
        let olivia: UserId = cloud.add_member(cloud.contoso, &[OLIVIA]).await;
        let contoso = cloud.contoso;
        cloud
            .write(move |scope| {
                scope.tenant(contoso).roles().create(olivia, DirectoryRole::GlobalAdministrator)
            })
            .await;
        let home = HomeAccount { tenant: contoso, user: olivia };
        let caller =
            Caller { tenant: contoso, user: olivia, kind: UserKind::Member, home, road: Road::Program };
        let call = Call::new(cloud.store.clone(), contoso, Actor::Person(olivia));
        let new = NewSite { name: "falcon".to_owned(), display_name: "Project Falcon".to_owned() };
        let made = create_site(&call, caller, new).await.expect("makes the site");
        let plans = make_folder(&call, caller, &made, made.library.root, "Plans & Drafts").await;
        make_folder(&call, caller, &made, plans, "Deeper").await;
        Self { made, plans, olivia: caller, call }
    }

    /// Shares the site or the folder *Plans*, and returns the link of the mail.
    pub(crate) async fn share(&self, cloud: &Cloud, whole: bool, with: &str, role: Role) -> String {
        let place = if whole {
            Place::Site(self.made.site.id)
        } else {
            Place::Item { drive: self.made.library.id, item: self.plans }
        };
        let request = ShareRequest {
            inherited: Inherited::Retain,
            place,
            recipients: vec![RecipientName::Address(with.to_owned())],
            role,
            expires: None,
            message: Some("Here are <b>the plans</b>.".to_owned()),
            notify: Notify::Mail,
            origin: ORIGIN.to_owned(),
        };
        let outcomes = share(&self.call, self.olivia, request).await.expect("shares");
        assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()), "{outcomes:?}");
        last_link(cloud).await
    }
}

async fn make_folder(
    call: &Call,
    caller: Caller,
    made: &CreatedSite,
    parent: ItemId,
    name: &'static str,
) -> ItemId {
    let request = EditRequest { caller, drive: made.library.id, runtime: call.store().runtime().clone() };
    let seen =
        edit(call, request, move |editor| editor.create_folder(parent, name, ConflictBehavior::Fail, None));
    seen.await.expect("makes a folder").item.id
}

/// Returns the link of the newest queued mail, without the cloud's origin.
async fn last_link(cloud: &Cloud) -> String {
    let operator = Operator::new(cloud.store.clone());
    let end = "9000-01-01T00:00:00Z".parse().expect("a time");
    let jobs = operator.read(move |all| -> Result<_, StorageError> { all.list_due_jobs(end, 100) });
    let payload = jobs.await.expect("reads").pop().expect("a mail").payload;
    let mail: MailRequest = serde_json::from_str(&payload).expect("a mail");
    mail.link.strip_prefix(ORIGIN).expect("a link to this cloud").to_owned()
}
