//! Template: a database with two organizations, one shared site and two people signed in, made once per program and
//! copied for every run. It is made in simulated time too, a day before all runs, so that it is always the same.

use std::collections::BTreeMap;
use std::path::Path;

use app::assemble::{Network, Parts, Server, assemble};
use content::ContentStore;
use directory::{
    NewMember, NewOrganization, Notify, Offer, accept_invitation, add_member, create_organization,
};
use drive::sharing::{Inherited, Place, RecipientName, ShareRequest, share};
use drive::sites::{NewSite, create_site};
use identity::{Authority, DeviceAnswer, FOOTBRIDGE_CLIENT_ID, Grant, Identity, PasswordCost, TokenRequest};
use model::{Actor, Address, Caller, DriveId, HomeAccount, ItemId, Road, Role, TenantId, UserId, UserKind};
use runtime::Runtime;
use storage::{Boundary, Call, DatabaseConfig, Operator, Store};

use crate::simulation::{EventLog, World, run_in_virtual_time};

/// Where the cloud says it is.
pub(crate) const ORIGIN: &str = "https://cloud.example";
/// Seed of the template's own randomness.
const SEED: u64 = 0;

/// The template could not be made; every such failure is a defect.
#[derive(Debug, thiserror::Error)]
#[error("the template of the simulated cloud cannot be made: {0}")]
pub struct TemplateError(pub(crate) String);

/// Somebody with a client.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) home: HomeAccount,
    pub(crate) address: String,
    pub(crate) refresh_token: String,
}

/// The database's bytes and who is who in it.
#[derive(Debug, Clone)]
pub struct Template {
    pub(crate) database: Vec<u8>,
    pub(crate) people: BTreeMap<&'static str, SignedIn>,
    pub(crate) contoso: TenantId,
    pub(crate) drive: DriveId,
    pub(crate) root: ItemId,
    pub(crate) owner: Caller,
}

fn failed(error: impl std::fmt::Display) -> TemplateError {
    TemplateError(error.to_string())
}

/// Opens the server on a database file.
pub(crate) async fn open_server(
    file: &Path,
    runtime: Runtime,
    content: ContentStore,
) -> Result<Server, TemplateError> {
    let store =
        Store::open(DatabaseConfig::Sqlite(file.to_owned()), runtime.clone()).await.map_err(failed)?;
    store.migrate().await.map_err(failed)?;
    let password_cost = PasswordCost { memory: 8, passes: 1, lanes: 1 };
    let parts = Parts {
        origin: ORIGIN.to_owned(),
        password_cost,
        mailbox: None,
        content,
        network: Network::default(),
    };
    assemble(store, runtime, parts).await.map_err(|error| TemplateError(format!("{error:#}")))
}

impl Template {
    /// Makes the template in `folder`.
    ///
    /// # Errors
    /// [`TemplateError`] when any step of it fails.
    pub fn make(folder: &Path) -> Result<Self, TemplateError> {
        let file = folder.join("template.db");
        let made = run_in_virtual_time(async {
            let world = World::a_day_before(SEED, EventLog::hashing());
            let process = world.process("founder");
            let server = open_server(&file, process.runtime(), ContentStore::in_memory()).await?;
            let made = furnish(&server, process.runtime()).await;
            drop(server);
            process.crash().await;
            made
        });
        let mut template = made.map_err(failed)??;
        template.database = std::fs::read(&file).map_err(failed)?;
        Ok(template)
    }
}

async fn furnish(server: &Server, runtime: Runtime) -> Result<Template, TemplateError> {
    let store = &server.store;
    let operator = Operator::new(store.clone());
    let contoso = found(&operator, "Contoso", "contoso.example", "alice@contoso.example", "Alice").await?;
    let fabrikam = found(&operator, "Fabrikam", "fabrikam.example", "admin@fabrikam.example", "Fay").await?;
    let bob = NewMember {
        address: address("bob@fabrikam.example")?,
        display_name: "Bob".to_owned(),
        aliases: Vec::new(),
        password_hash: None,
    };
    let bob =
        add_member(&Call::new(store.clone(), fabrikam.0, Actor::Operator), bob).await.map_err(failed)?;
    let alice = HomeAccount { tenant: contoso.0, user: contoso.1 };
    let bob = HomeAccount { tenant: fabrikam.0, user: bob.id };
    let owner = Caller {
        tenant: contoso.0,
        user: alice.user,
        kind: UserKind::Member,
        home: alice,
        road: Road::Program,
    };
    let call = Call::new(store.clone(), contoso.0, Actor::Person(alice.user));
    let site = NewSite { name: "falcon".to_owned(), display_name: "Project Falcon".to_owned() };
    let site = create_site(&call, owner, site).await.map_err(failed)?;
    let request = ShareRequest {
        inherited: Inherited::Retain,
        place: Place::Item { drive: site.library.id, item: site.library.root },
        recipients: vec![RecipientName::Address("bob@fabrikam.example".to_owned())],
        role: Role::Write,
        expires: None,
        message: None,
        notify: Notify::Nobody,
        origin: ORIGIN.to_owned(),
    };
    for outcome in share(&call, owner, request).await.map_err(failed)? {
        outcome.result.map_err(failed)?;
    }
    let boundary = Boundary::new(store.clone(), bob.tenant, contoso.0);
    accept_invitation(&boundary, &runtime, bob, Offer::Any).await.map_err(failed)?;
    let mut people = BTreeMap::new();
    for (name, home, address) in
        [("alice", alice, "alice@contoso.example"), ("bob", bob, "bob@fabrikam.example")]
    {
        let refresh_token = sign_in(&server.identity, &runtime, home).await?;
        people.insert(name, SignedIn { home, address: address.to_owned(), refresh_token });
    }
    Ok(Template {
        database: Vec::new(),
        people,
        contoso: contoso.0,
        drive: site.library.id,
        root: site.library.root,
        owner,
    })
}

fn address(text: &str) -> Result<Address, TemplateError> {
    text.parse().map_err(failed)
}

async fn found(
    operator: &Operator,
    name: &str,
    domain: &str,
    admin: &str,
    person: &str,
) -> Result<(TenantId, UserId), TemplateError> {
    let organization = NewOrganization {
        display_name: name.to_owned(),
        initial_domain: domain.to_owned(),
        domains: Vec::new(),
        administrator: NewMember {
            address: address(admin)?,
            display_name: person.to_owned(),
            aliases: Vec::new(),
            password_hash: None,
        },
    };
    let founded = create_organization(operator, organization).await.map_err(failed)?;
    Ok((founded.tenant, founded.administrator))
}

/// Signs somebody's client in as a device, and returns its refresh token.
async fn sign_in(identity: &Identity, runtime: &Runtime, home: HomeAccount) -> Result<String, TemplateError> {
    let scope = "openid profile offline_access";
    let device = identity.start_device(Authority::Home, FOOTBRIDGE_CLIENT_ID, scope).await.map_err(failed)?;
    let session = identity.start_session(home).await.map_err(failed)?;
    let person = identity.session(session.as_str()).await.map_err(failed)?;
    let person = person.ok_or_else(|| TemplateError("no session".to_owned()))?;
    identity.answer_device(&device.user_code, &person, DeviceAnswer::Allow).await.map_err(failed)?;
    runtime.sleep(std::time::Duration::from_secs(60)).await;
    let request = TokenRequest {
        authority: Authority::Home,
        client_id: FOOTBRIDGE_CLIENT_ID.to_owned(),
        grant: Grant::DeviceCode(device.device_code),
        scope: Some(scope.to_owned()),
    };
    let answer = identity.token(request).await.map_err(failed)?;
    answer.refresh_token.ok_or_else(|| TemplateError("no refresh token".to_owned()))
}
