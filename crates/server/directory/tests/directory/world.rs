//! World: Contoso, which shares, and Fabrikam, whose people are invited.

use directory::{
    Founded, GuestInvitation, Invited, NewMember, NewOrganization, Notify, create_organization, invite_guest,
};
use model::{Actor, Address, HomeAccount, TenantId, UserId};
use runtime::Runtime;
use storage::{Boundary, Call, DatabaseConfig, Operator, Store};

pub(crate) const ORIGIN: &str = "https://cloud.example";

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) runtime: Runtime,
    pub(crate) contoso: Founded,
    pub(crate) fabrikam: Founded,
    _folder: tempfile::TempDir,
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub(crate) fn new_member(text: &str, aliases: &[&str]) -> NewMember {
    NewMember {
        address: address(text),
        display_name: text.split('@').next().expect("a name").to_owned(),
        aliases: aliases.iter().map(|alias| address(alias)).collect(),
        password_hash: Some("$argon2id$x".to_owned()),
    }
}

pub(crate) fn invitation(text: &str) -> GuestInvitation {
    GuestInvitation {
        address: address(text),
        display_name: None,
        redirect_url: format!("{ORIGIN}/contoso.example/sites/Falcon"),
        message: Some("Hello".to_owned()),
        origin: ORIGIN.to_owned(),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = Runtime::tokio();
        let config = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(config, runtime.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let found = async |name: &str, admin: &str, domains: &[&str]| {
            let new = NewOrganization {
                display_name: name.to_owned(),
                initial_domain: format!("{}.example", name.to_lowercase()),
                domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
                administrator: new_member(admin, &[]),
            };
            create_organization(&Operator::new(store.clone()), new).await.expect("founds")
        };
        let contoso = found("Contoso", "anna@contoso.example", &[]).await;
        let fabrikam = found("Fabrikam", "ada@fabrikam.example", &["fabrikam.test"]).await;
        Self { store, runtime, contoso, fabrikam, _folder: folder }
    }

    pub(crate) fn call(&self, tenant: TenantId, person: UserId) -> Call {
        Call::new(self.store.clone(), tenant, Actor::Person(person))
    }

    /// Contoso's administrator.
    pub(crate) fn anna(&self) -> Call {
        self.call(self.contoso.tenant, self.contoso.administrator)
    }

    /// Fabrikam's administrator.
    pub(crate) fn ada(&self) -> Call {
        self.call(self.fabrikam.tenant, self.fabrikam.administrator)
    }

    /// Between Fabrikam, where people sign in, and Contoso, which invites.
    pub(crate) fn boundary(&self) -> Boundary {
        Boundary::new(self.store.clone(), self.fabrikam.tenant, self.contoso.tenant)
    }

    pub(crate) fn at_fabrikam(&self, user: UserId) -> HomeAccount {
        HomeAccount { tenant: self.fabrikam.tenant, user }
    }

    pub(crate) async fn invite(&self, text: &str) -> Invited {
        invite_guest(&self.anna(), invitation(text), Notify::Mail).await.expect("invites")
    }

    /// Payloads of the mails that wait.
    pub(crate) async fn mails(&self) -> Vec<String> {
        let now = self.runtime.now();
        let due = Operator::new(self.store.clone()).read(move |cloud| cloud.list_due_jobs(now, 100)).await;
        due.expect("reads").into_iter().map(|job| job.payload).collect()
    }
}

/// Reads the ticket out of a redeem link.
pub(crate) fn ticket(url: &str) -> directory::Ticket {
    let (_, text) = url.split_once("/redeem/").expect("a ticket");
    directory::Ticket::parse(text).expect("a ticket of this cloud")
}
