//! World: Contoso owns the site *Falcon* with folders; Ben of Fabrikam is the one to share with.

use std::ops::Deref;

use directory::{Notify, Offer};
use drive::sharing::{
    Inherited, PermissionView, Place, RecipientName, ShareOutcome, ShareRefusal, ShareRequest, share,
};
use drive::sites::{CreatedSite, NewSite, create_site};
use model::{
    Caller, DriveId, HomeAccount, ItemId, ItemKind, ItemName, ItemStamp, Road, Role, UserId, UserKind,
};
use runtime::Runtime;
use storage::{ChangeStamp, Commit, NewItem, StorageError, Unaudited};

pub(crate) use testkit::cloud::{BEN, ORIGIN};

pub(crate) struct World {
    base: testkit::cloud::Cloud,
    pub(crate) runtime: Runtime,
    /// Ben at home.
    pub(crate) ben: HomeAccount,
    pub(crate) falcon: CreatedSite,
}

impl Deref for World {
    type Target = testkit::cloud::Cloud;

    fn deref(&self) -> &Self::Target {
        &self.base
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let base = testkit::cloud::Cloud::start().await;
        let anna = base.at_contoso(base.anna);
        let new = NewSite { name: "Falcon".to_owned(), display_name: "Project Falcon".to_owned() };
        let falcon = create_site(&base.call(anna), anna, new).await.expect("creates");
        Self { runtime: base.runtime().clone(), ben: base.at_home(base.ben), falcon, base }
    }

    /// Contoso's administrator, who owns Falcon.
    pub(crate) fn anna(&self) -> Caller {
        self.at_contoso(self.anna)
    }

    /// One more member of Contoso.
    pub(crate) async fn colleague(&self, address: &str) -> Caller {
        self.at_contoso(self.add_member(self.contoso, &[address]).await)
    }

    /// Ben as Contoso's guest.
    pub(crate) fn as_guest(&self, guest: UserId) -> Caller {
        Caller {
            tenant: self.contoso,
            user: guest,
            kind: UserKind::Guest,
            home: self.ben,
            road: Road::Program,
        }
    }

    /// Ben accepts whatever Contoso offered him.
    pub(crate) async fn accept(&self) -> Caller {
        self.base.accept(self.base.ben, Offer::Any).await
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
        self.item_in(parent, name, ItemKind::Folder).await
    }

    /// Makes a file without content in Falcon's library.
    pub(crate) async fn file(&self, parent: ItemId, name: &str) -> ItemId {
        self.item_in(parent, name, ItemKind::File).await
    }

    async fn item_in(&self, parent: ItemId, name: &str, kind: ItemKind) -> ItemId {
        let (drive, now) = (self.drive(), self.runtime.now());
        let new = NewItem {
            id: ItemId::from_random(self.runtime.random()),
            parent,
            name: ItemName::parse(name, kind, model::ItemPlace::Folder).expect("a name"),
            kind,
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
            inherited: Inherited::Retain,
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
        let shared = outcomes.remove(0).result?;
        Ok(shared.into_permission().expect("a permission of their own"))
    }

    /// Payloads of the mails that wait.
    pub(crate) async fn mails(&self) -> Vec<serde_json::Value> {
        self.base.mails().await.iter().map(|payload| serde_json::from_str(payload).expect("JSON")).collect()
    }
}
