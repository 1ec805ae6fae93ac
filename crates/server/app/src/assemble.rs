//! Assembly: the server in one piece. The program serves it on a socket; the simulation calls its router directly.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use content::ContentStore;
use directory::Countries;
use drive::delta::CursorSealer;
use federation::AllowedHosts;
use http_api::{App, HttpSettings, ProgramRules, Proxies};
use identity::{Identity, IdentitySettings, PasswordCost};
use jobs::{FolderMailer, GovernanceKeeper, Hashing, Keeper, Mailer, Sender, SmtpMailer, Worker};
use policy::AddressRanges;
use runtime::Runtime;
use storage::Store;

use crate::config::{Config, MailConfig};
use crate::content_config::ContentConfig;

/// How long object storage may take to answer when the server starts.
const PROBE: Duration = Duration::from_secs(60);

/// What a server is made of besides its database.
pub struct Parts {
    /// The cloud's public origin.
    pub origin: String,
    /// What hashing a password costs; anything but the default is for tests.
    pub password_cost: PasswordCost,
    /// Folder of caught mails, to be shown on `/mailbox`; none where mail is really sent.
    pub mailbox: Option<PathBuf>,
    /// Where bytes live.
    pub content: ContentStore,
    /// How the outside is met.
    pub network: Network,
}

/// How the outside is met: where requests come from, where the server's own may go, and which programs are taken.
#[derive(Clone, Default)]
pub struct Network {
    /// The proxies in front of the server.
    pub proxies: Proxies,
    /// In which countries addresses lie.
    pub countries: Countries,
    /// Hosts of organizations' issuers that may be asked although they are private or without TLS.
    pub issuers: AllowedHosts,
    /// What is taken from programs.
    pub programs: ProgramRules,
}

impl Network {
    fn of(config: &Config) -> anyhow::Result<Self> {
        let countries = match &config.country_database {
            None => Countries::default(),
            Some(file) => std::fs::read(file)
                .map_err(anyhow::Error::from)
                .and_then(|bytes| Ok(Countries::read(bytes)?))
                .with_context(|| {
                    format!("the setting `country-database` cannot be used: {}", file.display())
                })?,
        };
        let proxies = Proxies {
            trusted: AddressRanges::new(&config.trusted_proxies),
            header: config.forwarding_header,
        };
        Ok(Self {
            proxies,
            countries,
            issuers: config.federation_hosts.clone(),
            programs: config.programs.clone(),
        })
    }
}

impl Parts {
    /// Returns the parts that a configuration means.
    ///
    /// # Errors
    /// When the place of contents cannot be opened.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        let mailbox = match &config.mail {
            MailConfig::Folder(folder) => Some(folder.clone()),
            MailConfig::Smtp(_) => None,
        };
        let content = match &config.content {
            ContentConfig::Folder(folder) => ContentStore::folder(folder)?,
            ContentConfig::S3(bucket) => ContentStore::s3(bucket)?,
        };
        let (origin, password_cost) = (config.origin.clone(), PasswordCost::default());
        Ok(Self { origin, password_cost, mailbox, content, network: Network::of(config)? })
    }
}

/// An assembled server.
pub struct Server {
    /// Every route.
    pub router: Router,
    /// The identity provider, for commands that make accounts.
    pub identity: Identity,
    /// The database.
    pub store: Store,
    /// Where bytes live.
    pub content: ContentStore,
}

/// Opens the configured database. A data folder that is new or empty is furnished first; one that has lost its
/// contents is not, because an empty place would look like one where nothing was ever stored.
///
/// # Errors
/// When the folder or the database cannot be had.
pub async fn open_store(config: &Config, runtime: Runtime) -> anyhow::Result<Store> {
    let data = &config.data;
    let folder = match &config.content {
        ContentConfig::Folder(folder) => folder,
        ContentConfig::S3(_) => data,
    };
    let fresh = std::fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none());
    if fresh {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
        // The database in it holds the keys that sign every token.
        std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700))
            .with_context(|| format!("the data folder {} cannot be made private", data.display()))?;
    }
    anyhow::ensure!(
        folder.is_dir(),
        "the folder of contents {} is missing; bring it back (is a disk not mounted?) before the server starts",
        folder.display()
    );
    Ok(Store::open(config.database.clone(), runtime).await?)
}

/// Checks that contents can be written, read back and removed, so that a server that cannot keep files does not start.
///
/// # Errors
/// Names the place and what could not be done.
pub async fn check_content(config: &Config, content: &ContentStore, runtime: &Runtime) -> anyhow::Result<()> {
    content.probe(runtime, PROBE).await.with_context(|| match &config.content {
        ContentConfig::Folder(folder) => {
            format!("the folder of contents {} cannot be used", folder.display())
        }
        ContentConfig::S3(bucket) => {
            let at = bucket.endpoint.as_deref().unwrap_or("Amazon");
            format!("the bucket {} at {at} cannot be used; check the settings s3-*", bucket.bucket)
        }
    })
}

/// Puts a server together on an open, migrated database.
///
/// # Errors
/// When its keys cannot be had.
pub async fn assemble(store: Store, runtime: Runtime, parts: Parts) -> anyhow::Result<Server> {
    let settings = IdentitySettings {
        origin: parts.origin.clone(),
        password_cost: parts.password_cost,
        countries: parts.network.countries,
        federation_hosts: parts.network.issuers,
    };
    let identity = Identity::open(store.clone(), runtime.clone(), settings).await?;
    let cursors = CursorSealer::load(&store).await?;
    let app = App {
        store: store.clone(),
        runtime,
        settings: Arc::new(HttpSettings {
            origin: parts.origin,
            mailbox: parts.mailbox,
            proxies: parts.network.proxies,
            programs: parts.network.programs,
        }),
        identity: identity.clone(),
        content: parts.content.clone(),
        cursors,
        invitations: http_api::InvitationLimit::default(),
    };
    Ok(Server { router: http_api::router(app), identity, store, content: parts.content })
}

/// Makes what keeps the place of bytes in order.
#[must_use]
pub fn make_keeper(server: &Server, runtime: Runtime) -> Keeper {
    Keeper::new(server.store.clone(), runtime, server.content.clone())
}

/// Makes what has the SHA-256 of stored contents made.
#[must_use]
pub fn make_hashing(server: &Server, runtime: Runtime) -> Hashing {
    Hashing::new(server.store.clone(), runtime, server.content.clone())
}

/// Makes what seals the audit trail and warns owners.
#[must_use]
pub fn make_governance_keeper(server: &Server, runtime: Runtime) -> GovernanceKeeper {
    GovernanceKeeper::new(server.store.clone(), runtime, server.identity.clone())
}

/// Makes the worker that does what changes leave to be done, such as mail.
///
/// # Errors
/// When the mail settings cannot be used.
pub fn make_worker(config: &Config, store: Store, runtime: Runtime) -> anyhow::Result<Worker> {
    let sender = Sender::new(&config.mail_from).context("the setting `mail-from` is no address")?;
    let mailer: Arc<dyn Mailer> = match &config.mail {
        MailConfig::Folder(folder) => Arc::new(FolderMailer::new(folder.clone(), runtime.clone())),
        MailConfig::Smtp(url) => Arc::new(SmtpMailer::new(url).context("the setting `mail` cannot be used")?),
    };
    Ok(Worker::new(store, runtime, mailer, sender))
}
