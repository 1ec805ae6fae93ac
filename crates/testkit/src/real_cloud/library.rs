//! Library: the shared library of one run on the real server, and what the oracle asks of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use app::assemble::make_keeper;
use async_trait::async_trait;
use content::ContentStore;
use drive::delta::{CursorSealer, DeltaRequest, DeltaStart, read_delta};
use engine::RemoteTree;
use model::Actor;
use remote::{
    Account, ApiClient, CloudOrigin, HintHub, HostGates, HttpRemoteTree, MemorySecretStore, RootAddress,
    SecretStore, TokenSource, Transport,
};
use storage::{Call, Store};
use tokio::sync::watch;
use transfer::{DeltaEntry, RemoteItem};

use super::Template;
use super::template::{ORIGIN, TemplateError, open_server};
use crate::model_cloud::RemoteFaults;
use crate::network::{ServerHost, SimTransport};
use crate::run::Cloud;
use crate::simulation::{Process, Signal, World};
use crate::story::{Digest, Tree};

/// The library as it was at a number of the drive's sequence.
type Seen = Option<(u64, Tree)>;

/// One run's server.
pub struct RealLibrary {
    world: World,
    template: Arc<Template>,
    file: PathBuf,
    content: ContentStore,
    host: ServerHost,
    store: Mutex<Option<Store>>,
    secrets: BTreeMap<&'static str, Arc<MemorySecretStore>>,
    seen: Mutex<Seen>,
    kept: Mutex<BTreeSet<Digest>>,
}

impl RealLibrary {
    /// Copies the template into `folder` and starts the server on it.
    ///
    /// # Errors
    /// [`TemplateError`] when it does not start.
    pub async fn start(world: &World, template: Arc<Template>, folder: &Path) -> Result<Self, TemplateError> {
        let file = folder.join("cloud.db");
        std::fs::write(&file, &template.database).map_err(|error| TemplateError(error.to_string()))?;
        let mut secrets = BTreeMap::new();
        for (name, person) in &template.people {
            let store = Arc::new(MemorySecretStore::default());
            let account = account(person)?;
            store
                .save(&account.key(), &person.refresh_token)
                .map_err(|error| TemplateError(error.to_string()))?;
            secrets.insert(*name, store);
        }
        let library = Self {
            world: world.clone(),
            template,
            file,
            content: ContentStore::in_memory(),
            host: ServerHost::default(),
            store: Mutex::new(None),
            secrets,
            seen: Mutex::new(None),
            kept: Mutex::new(BTreeSet::new()),
        };
        library.open().await?;
        Ok(library)
    }

    async fn open(&self) -> Result<(), TemplateError> {
        let process = self.world.process("server");
        let server = open_server(&self.file, process.runtime(), self.content.clone()).await?;
        let keeper = make_keeper(&server, process.runtime());
        let (never_stopped, stop) = watch::channel(false);
        process
            .runtime()
            .spawn("keeper", async move {
                keeper.run(stop).await;
                drop(never_stopped);
            })
            .detach();
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Some(server.store);
        self.host.open(&process, server.router);
        Ok(())
    }

    fn call(&self) -> Option<Call> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let owner = self.template.owner;
        Some(Call::new(store, owner.tenant, Actor::Person(owner.user)))
    }

    async fn read_sequence(&self) -> Option<u64> {
        let drive = self.template.drive;
        let found = self.call()?.read(move |scope| scope.drives().find(drive)).await.ok()??;
        u64::try_from(found.sequence).ok()
    }

    async fn read_items(&self) -> Option<Vec<RemoteItem>> {
        let call = self.call()?;
        let sealer = CursorSealer::load(call.store()).await.ok()?;
        let (mut items, mut start) = (Vec::new(), DeltaStart::Nothing);
        loop {
            let request = DeltaRequest {
                caller: self.template.owner,
                drive: self.template.drive,
                item: self.template.root,
                start,
                limit: drive::delta::PAGE,
                runtime: call.store().runtime().clone(),
            };
            let page = read_delta(&call, &sealer, request).await.ok()?.into_page();
            items.extend(page.entries.into_iter().filter_map(|entry| match entry {
                DeltaEntry::Item(item) => Some(item),
                DeltaEntry::Removed { .. } => None,
            }));
            if !page.more {
                return Some(items);
            }
            start = DeltaStart::Cursor(page.cursor);
        }
    }
}

fn account(person: &super::template::SignedIn) -> Result<Account, TemplateError> {
    let origin = ORIGIN.parse().map_err(|_| TemplateError("the origin is no address".to_owned()))?;
    Ok(Account {
        origin: CloudOrigin::of(&origin).map_err(|error| TemplateError(error.to_string()))?,
        home_tenant: person.home.tenant.to_string(),
        home_user: person.home.user.to_string(),
        address: person.address.clone(),
        display_name: person.address.clone(),
    })
}

/// Makes paths of items by following their folders.
fn tree_of(items: &[RemoteItem]) -> Tree {
    let by_id: BTreeMap<&str, &RemoteItem> = items.iter().map(|item| (item.id.as_str(), item)).collect();
    let path = |item: &RemoteItem| -> String {
        let mut names = vec![item.name.as_str()];
        let mut at = item.parent.as_deref();
        while let Some(folder) = at.and_then(|id| by_id.get(id)).filter(|folder| folder.parent.is_some()) {
            names.push(&folder.name);
            at = folder.parent.as_deref();
        }
        names.reverse();
        names.join("/")
    };
    items
        .iter()
        .filter(|item| item.parent.is_some())
        .map(|item| (path(item), item.content.map(Digest::of_content)))
        .collect()
}

#[async_trait]
impl Cloud for RealLibrary {
    fn root(&self) -> String {
        self.template.root.to_string()
    }

    async fn connect(
        &self,
        person: &str,
        process: &Process,
        faults: Signal<RemoteFaults>,
    ) -> Arc<dyn RemoteTree> {
        let transport: Arc<dyn Transport> = Arc::new(SimTransport::new(&self.host, process, faults));
        let known = self.template.people.get(person).zip(self.secrets.get(person));
        let account = known.map(|(person, _)| account(person));
        let (Some((_, secrets)), Some(Ok(account))) = (known, account) else {
            self.world.broken(format!("{person} is nobody here"));
            return Arc::new(crate::model_cloud::ModelRemote::connect(
                &crate::model_cloud::ModelCloud::new(),
                process,
                Signal::default(),
            ));
        };
        let secrets: Arc<dyn SecretStore> = Arc::<MemorySecretStore>::clone(secrets);
        let tokens = TokenSource::new(
            process.runtime(),
            Arc::clone(&transport),
            account,
            secrets,
            HostGates::default(),
        );
        let tenant = self.template.contoso.to_string();
        let api = ApiClient::new(process.runtime(), transport, tokens, &tenant);
        let hub = HintHub::new(api.clone());
        let address = RootAddress { tenant, drive: self.template.drive.to_string(), item: self.root() };
        Arc::new(HttpRemoteTree::new(api, address, &hub))
    }

    async fn tree(&self) -> Tree {
        let sequence = self.sequence().await;
        let cached = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, tree)) = cached
            && at == sequence
        {
            return tree;
        }
        let Some(items) = self.read_items().await else {
            self.world.broken("the library cannot be read".to_owned());
            return Tree::new();
        };
        let tree = tree_of(&items);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).extend(tree.values().copied().flatten());
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((sequence, tree.clone()));
        tree
    }

    async fn kept(&self) -> BTreeSet<Digest> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn sequence(&self) -> u64 {
        self.read_sequence().await.unwrap_or_default()
    }

    async fn restart(&self) {
        self.host.crash().await;
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let tape = self.world.tape(crate::simulation::TapeKind::Crash, "server");
        self.world.sleep(std::time::Duration::from_millis(tape.below(8000))).await;
        if let Err(error) = self.open().await {
            self.world.broken(format!("the server does not start again: {error}"));
        }
    }
}
