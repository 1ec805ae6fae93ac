//! Cloud: the whole server on a real migrated database, with two organizations, for tests of the server's crates.
//!
//! Contoso shares and is administered by Anna; Fabrikam is administered by Ada, and Ben and Maria work there. Everybody
//! signs in with [`PASSWORD`]. Time goes on as it really does, and [`Cloud::clock`] moves it. What only one crate's tests
//! need is built on top of this, in those tests.

mod people;
mod requests;
mod tokens;

use app::assemble::{Parts, assemble};
use axum::{Extension, Router};
use content::ContentStore;
use directory::{Founded, NewMember, NewOrganization, Ticket, create_organization};
use federation::AllowedHosts;
use http_api::PeerAddress;
use identity::{Identity, PasswordCost};
use model::{Presence, TenantId, UserId};
use runtime::Runtime;
use storage::{Commit, Operator, OperatorScope, StorageError, Store, Unaudited, Writing};
use tempfile::TempDir;

pub use app::assemble::Network;
pub use requests::Answer;
pub use tokens::{REDIRECT, SCOPE, VERIFIER, authorize_parameters};

use crate::{Clock, Database};

/// Where the cloud says it is.
pub const ORIGIN: &str = "https://cloud.example";
/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";
/// The address of Ben, member of Fabrikam.
pub const BEN: &str = "ben@fabrikam.example";
/// The address of Maria Lopez, member of Fabrikam, who is also known as `maria.lopez@`.
pub const MARIA: &str = "maria@fabrikam.example";
/// What hashing a password costs in tests.
pub const PASSWORD_COST: PasswordCost = PasswordCost { memory: 64, passes: 1, lanes: 1 };

/// A cloud in a folder that lives as long as the test.
pub struct Cloud {
    /// Holds the database; mails are caught in its folder `mail`.
    pub folder: TempDir,
    /// Moves the cloud's time.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// Where bytes live.
    pub contents: ContentStore,
    /// The identity provider.
    pub identity: Identity,
    /// Every route.
    pub router: Router,
    /// The organization that shares.
    pub contoso: TenantId,
    /// Contoso's administrator.
    pub anna: UserId,
    /// The organization whose people receive.
    pub fabrikam: TenantId,
    /// Fabrikam's administrator.
    pub ada: UserId,
    /// Ben at home, see [`BEN`].
    pub ben: UserId,
    /// Maria at home, see [`MARIA`].
    pub maria: UserId,
    password_hash: String,
    issuers: AllowedHosts,
    /// The router as it is asked without an address.
    nowhere: Router,
}

impl Cloud {
    /// Starts a cloud on SQLite.
    ///
    /// # Panics
    /// When anything of it fails.
    pub async fn start() -> Self {
        Self::start_on(Database::Sqlite).await
    }

    /// Starts a cloud on a database of a kind.
    ///
    /// # Panics
    /// When anything of it fails.
    pub async fn start_on(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::default();
        let store = database.open(&folder, clock.runtime()).await;
        let contents = ContentStore::in_memory();
        let issuers = AllowedHosts::default();
        let parts = parts(&folder, &contents, &issuers);
        let server = assemble(store.clone(), clock.runtime(), parts).await.expect("assembles");
        let password_hash = server.identity.passwords().hash(PASSWORD).await.expect("hashes");
        let found = async |name: &str, domains: &[&str], admin: &str| {
            let new = NewOrganization {
                display_name: name.to_owned(),
                initial_domain: format!("{}.example", name.to_lowercase()),
                domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
                administrator: new_member(admin, &[], Some(password_hash.clone())),
            };
            create_organization(&Operator::new(store.clone()), new).await.expect("founds")
        };
        let contoso: Founded = found("Contoso", &[], "anna@contoso.example").await;
        let fabrikam: Founded = found("Fabrikam", &["fabrikam.test"], "ada@fabrikam.example").await;
        let mut cloud = Self {
            folder,
            clock,
            store,
            contents,
            identity: server.identity,
            nowhere: server.router.clone(),
            router: server.router,
            contoso: contoso.tenant,
            anna: contoso.administrator,
            fabrikam: fabrikam.tenant,
            ada: fabrikam.administrator,
            ben: fabrikam.administrator,
            maria: fabrikam.administrator,
            password_hash,
            issuers,
        };
        cloud.ben = cloud.add_member(cloud.fabrikam, &[BEN]).await;
        let maria = new_member(MARIA, &["maria.lopez@fabrikam.example"], Some(cloud.password_hash.clone()));
        let maria = NewMember { display_name: "Maria Lopez".to_owned(), ..maria };
        cloud.maria = cloud.add(cloud.fabrikam, maria).await;
        cloud
    }

    /// Puts the server together again on what is stored, as after a crash.
    ///
    /// # Panics
    /// When it cannot be.
    pub async fn restart(&mut self) {
        self.restart_on(Network { issuers: self.issuers.clone(), ..Network::default() }).await;
    }

    /// Puts the server together again with other settings of its network.
    ///
    /// # Panics
    /// When it cannot be.
    pub async fn restart_on(&mut self, network: Network) {
        let parts = Parts { network, ..parts(&self.folder, &self.contents, &self.issuers) };
        let server = assemble(self.store.clone(), self.clock.runtime(), parts).await.expect("assembles");
        (self.router, self.identity) = (server.router.clone(), server.identity);
        self.nowhere = server.router;
    }

    /// Lets everything from now on come from an address.
    ///
    /// # Panics
    /// When the text is no address.
    pub fn come_from(&mut self, address: &str) {
        let address = address.parse().expect("an address");
        self.router = self.nowhere.clone().layer(Extension(PeerAddress(address)));
        self.identity = self.identity.meeting(Presence { address: Some(address), platform: None });
    }

    /// Puts the server together again with the hosts of issuers that may be asked although they are on this computer.
    ///
    /// # Panics
    /// When one is no host.
    pub async fn allow_issuers(&mut self, hosts: &[&str]) {
        self.issuers = AllowedHosts::parse(hosts.iter().copied()).expect("hosts");
        self.restart().await;
    }

    /// The runtime that everything of the cloud runs on.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        self.store.runtime()
    }

    /// Changes the database directly, past every rule, for what a test needs to be so.
    ///
    /// # Panics
    /// When the change fails.
    pub async fn write(
        &self,
        work: impl FnOnce(&mut OperatorScope<'_, Writing>) -> Result<(), StorageError> + Send + 'static,
    ) {
        Operator::new(self.store.clone())
            .write(move |cloud| -> Result<_, StorageError> {
                work(cloud)?;
                Ok(Commit::unaudited((), Unaudited::Housekeeping))
            })
            .await
            .expect("writes");
    }

    /// Returns the payloads of the mails that wait, oldest first.
    ///
    /// # Panics
    /// When they cannot be read.
    pub async fn mails(&self) -> Vec<String> {
        let now = self.runtime().now();
        let operator = Operator::new(self.store.clone());
        let due = operator.read(move |cloud| cloud.list_due_jobs(now, 1_000)).await;
        due.expect("reads").into_iter().map(|job| job.payload).collect()
    }
}

fn parts(folder: &TempDir, contents: &ContentStore, issuers: &AllowedHosts) -> Parts {
    Parts {
        origin: ORIGIN.to_owned(),
        password_cost: PASSWORD_COST,
        mailbox: Some(folder.path().join("mail")),
        content: contents.clone(),
        network: Network { issuers: issuers.clone(), ..Network::default() },
    }
}

/// Describes a member named for the first address.
///
/// # Panics
/// When a text is no address.
#[must_use]
pub fn new_member(address: &str, aliases: &[&str], password_hash: Option<String>) -> NewMember {
    NewMember {
        address: address.parse().expect("an address"),
        display_name: address.split('@').next().expect("a name").to_owned(),
        aliases: aliases.iter().map(|alias| alias.parse().expect("an address")).collect(),
        password_hash,
    }
}

/// Reads the ticket out of a redeem link.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn ticket(url: &str) -> Ticket {
    let (_, text) = url.split_once("/redeem/").expect("a redeem link");
    Ticket::parse(text).expect("a ticket of this cloud")
}
