//! World: Contoso owns the site *Falcon* with folders; Ben of Fabrikam is the one to share with.

use directory::{
    Founded, NewMember, NewOrganization, Notify, Offer, accept_invitation, add_member, create_organization,
};
use drive::sharing::{PermissionView, Place, RecipientName, ShareOutcome, ShareRefusal, ShareRequest, share};
use drive::sites::{CreatedSite, NewSite, create_site};
use model::{
    Actor, Address, Caller, DriveId, HomeAccount, ItemId, ItemKind, ItemName, ItemStamp, Role, TenantId,
    UserId, UserKind,
};
use runtime::Runtime;
use storage::{
    Boundary, Call, ChangeStamp, Commit, DatabaseConfig, NewItem, Operator, StorageError, Store, Unaudited,
};

pub(crate) const ORIGIN: &str = "https://cloud.example";
pub(crate) const BEN: &str = "ben@fabrikam.example";

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) runtime: Runtime,
    pub(crate) contoso: Founded,
    pub(crate) fabrikam: Founded,
    /// Ben at home.
    pub(crate) ben: HomeAccount,
    pub(crate) falcon: CreatedSite,
    _folder: tempfile::TempDir,
}

fn new_member(text: &str) -> NewMember {
    NewMember {
        address: text.parse::<Address>().expect("an address"),
        display_name: text.split('@').next().expect("a name").to_owned(),
        aliases: Vec::new(),
        password_hash: None,
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = Runtime::tokio();
        let config = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(config, runtime.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let found = async |name: &str, admin: &str| {
            let new = NewOrganization {
                display_name: name.to_owned(),
                initial_domain: format!("{}.example", name.to_lowercase()),
                domains: Vec::new(),
                administrator: new_member(admin),
            };
            create_organization(&Operator::new(store.clone()), new).await.expect("founds")
        };
        let contoso = found("Contoso", "anna@contoso.example").await;
        let fabrikam = found("Fabrikam", "ada@fabrikam.example").await;
        let ada = Call::new(store.clone(), fabrikam.tenant, Actor::Person(fabrikam.administrator));
        let ben = add_member(&ada, new_member(BEN)).await.expect("adds");
        let anna = Call::new(store.clone(), contoso.tenant, Actor::Person(contoso.administrator));
        let new = NewSite { name: "Falcon".to_owned(), display_name: "Project Falcon".to_owned() };
        let falcon =
            create_site(&anna, member(contoso.tenant, contoso.administrator), new).await.expect("creates");
        let ben = HomeAccount { tenant: fabrikam.tenant, user: ben.id };
        Self { store, runtime, contoso, fabrikam, ben, falcon, _folder: folder }
    }

    pub(crate) fn call(&self, caller: Caller) -> Call {
        Call::new(self.store.clone(), caller.tenant, Actor::Person(caller.user))
    }

    /// Contoso's administrator, who owns Falcon.
    pub(crate) fn anna(&self) -> Caller {
        member(self.contoso.tenant, self.contoso.administrator)
    }

    /// One more member of Contoso.
    pub(crate) async fn colleague(&self, text: &str) -> Caller {
        let user = add_member(&self.call(self.anna()), new_member(text)).await.expect("adds");
        member(self.contoso.tenant, user.id)
    }

    /// Ben as Contoso's guest.
    pub(crate) fn as_guest(&self, guest: UserId) -> Caller {
        Caller { tenant: self.contoso.tenant, user: guest, kind: UserKind::Guest, home: self.ben }
    }

    /// Ben accepts whatever Contoso offered him.
    pub(crate) async fn accept(&self) -> Caller {
        let boundary = Boundary::new(self.store.clone(), self.fabrikam.tenant, self.contoso.tenant);
        let accepted = accept_invitation(&boundary, &self.runtime, self.ben, Offer::Any).await;
        self.as_guest(accepted.expect("accepts").guest.id)
    }

    pub(crate) fn drive(&self) -> DriveId {
        self.falcon.library.id
    }

    pub(crate) fn root(&self) -> ItemId {
        self.falcon.library.root
    }

    pub(crate) fn site(&self) -> Place {
        Place::Site(self.falcon.site.id)
    }

    pub(crate) fn library(&self) -> Place {
        self.item(self.root())
    }

    pub(crate) fn item(&self, item: ItemId) -> Place {
        Place::Item { drive: self.drive(), item }
    }

    /// Makes a folder in Falcon's library.
    pub(crate) async fn folder(&self, parent: ItemId, name: &str) -> ItemId {
        let (drive, now) = (self.drive(), self.runtime.now());
        let new = NewItem {
            id: ItemId::from_random(self.runtime.random()),
            parent,
            name: ItemName::parse(name, ItemKind::Folder, model::ItemPlace::Folder).expect("a name"),
            kind: ItemKind::Folder,
            content: None,
            file_created: now,
            file_modified: now,
        };
        let id = new.id;
        let by = ChangeStamp { stamp: ItemStamp { at: now, by: None }, operation: None };
        self.call(self.anna())
            .write(move |scope| -> Result<_, StorageError> {
                scope.change_drive(drive, |changes| changes.create_item(new, &by))?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("creates");
        id
    }

    pub(crate) fn request(&self, place: Place, to: &[&str], role: Role) -> ShareRequest {
        let recipients = to.iter().map(|text| RecipientName::Address((*text).to_owned())).collect();
        ShareRequest {
            place,
            recipients,
            role,
            expires: None,
            message: Some("Have a look".to_owned()),
            notify: Notify::Mail,
            origin: ORIGIN.to_owned(),
        }
    }

    /// Anna shares with one recipient.
    pub(crate) async fn share(
        &self,
        place: Place,
        to: &str,
        role: Role,
    ) -> Result<PermissionView, ShareRefusal> {
        let anna = self.anna();
        let mut outcomes: Vec<ShareOutcome> =
            share(&self.call(anna), anna, self.request(place, &[to], role)).await.expect("answers");
        outcomes.remove(0).result
    }

    /// Payloads of the mails that wait.
    pub(crate) async fn mails(&self) -> Vec<serde_json::Value> {
        let now = self.runtime.now();
        let due = Operator::new(self.store.clone()).read(move |cloud| cloud.list_due_jobs(now, 100)).await;
        let due = due.expect("reads");
        due.iter().map(|job| serde_json::from_str(&job.payload).expect("JSON")).collect()
    }
}

fn member(tenant: TenantId, user: UserId) -> Caller {
    Caller { tenant, user, kind: UserKind::Member, home: HomeAccount { tenant, user } }
}
