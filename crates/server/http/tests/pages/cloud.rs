//! A cloud behind its router: Contoso and Fabrikam, Maria at Fabrikam.

use std::sync::Arc;

use axum::Router;
use data_encoding::BASE64URL_NOPAD;
use http_api::{App, HttpSettings, router};
use identity::{Identity, IdentitySettings, PasswordCost};
use model::{
    Address, GuestState, HomeAccount, SharingLevel, Tenant, TenantId, Timestamp, User, UserId, UserKind,
};
use runtime::Runtime;
use sha2::{Digest, Sha256};
use storage::{Commit, DatabaseConfig, NewUser, Operator, StorageError, Store, Unaudited};

use crate::browser::{Answer, Browser};

pub(crate) const ORIGIN: &str = "https://cloud.example";
pub(crate) const MARIA: &str = "maria@fabrikam.example";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:4711/";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-xyz";

pub(crate) struct Cloud {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) contoso: TenantId,
    pub(crate) fabrikam: TenantId,
    pub(crate) maria: UserId,
    password_hash: String,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = Runtime::tokio();
        let database = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(database, runtime.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let password_cost = PasswordCost { memory: 64, passes: 1, lanes: 1 };
        let settings = IdentitySettings { origin: ORIGIN.to_owned(), password_cost };
        let identity = Identity::open(store.clone(), runtime.clone(), settings).await.expect("opens");
        let hash = identity.passwords().hash(PASSWORD).await.expect("hashes");
        let mailbox = Some(folder.path().join("mail"));
        let settings = Arc::new(HttpSettings { origin: ORIGIN.to_owned(), mailbox });
        let router = router(App {
            store: store.clone(),
            runtime,
            settings,
            identity,
            content: content::ContentStore::in_memory(),
            cursors: drive::delta::CursorSealer::new(&[7; 32]),
        });
        let cloud = Self {
            folder,
            router,
            store,
            contoso: TenantId::from_random([1; 16]),
            fabrikam: TenantId::from_random([2; 16]),
            maria: UserId::from_random([3; 16]),
            password_hash: hash.clone(),
        };
        cloud.make_tenant(cloud.contoso, "Contoso", "contoso.example").await;
        cloud.make_tenant(cloud.fabrikam, "Fabrikam", "fabrikam.example").await;
        let mut maria = cloud.user(cloud.fabrikam, cloud.maria, MARIA);
        maria.display_name = "Maria Lopez".to_owned();
        cloud.make_user(maria, &[MARIA, "maria.lopez@fabrikam.example"], Some(hash)).await;
        cloud
    }

    /// Adds a member with the same password as everybody here.
    pub(crate) async fn add_member(&self, tenant: TenantId, seed: u8, address: &str) -> UserId {
        let id = UserId::from_random([seed; 16]);
        let hash = self.password_hash.clone();
        self.make_user(self.user(tenant, id, address), &[address], Some(hash)).await;
        id
    }

    /// Returns a browser in which somebody is signed in.
    pub(crate) async fn signed_in_as(&self, address: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/sign-in").await;
        let page = browser.submit(&page, &[("address", address)]).await;
        let answer = browser.submit(&page, &[("password", PASSWORD)]).await;
        assert_eq!(answer.location(), "/", "{}", answer.body);
        browser
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Returns a browser in which Maria is signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        self.signed_in_as(MARIA).await
    }

    /// Makes an accepted guest of Contoso bound to Maria.
    pub(crate) async fn accepted_guest(&self) -> UserId {
        let id = UserId::from_random([4; 16]);
        let mut guest = self.user(self.contoso, id, "maria_fabrikam.example#EXT#@contoso.example");
        guest.kind = UserKind::Guest;
        guest.guest_state = Some(GuestState::Accepted);
        guest.home = Some(HomeAccount { tenant: self.fabrikam, user: self.maria });
        self.make_user(guest, &[MARIA], None).await;
        id
    }

    fn now(&self) -> Timestamp {
        self.store.runtime().now()
    }

    async fn make_tenant(&self, id: TenantId, name: &str, domain: &str) {
        let tenant = Tenant {
            id,
            display_name: name.to_owned(),
            initial_domain: domain.to_owned(),
            chunk_key: [7; 32],
            site_sharing: SharingLevel::NewAndExistingGuests,
            personal_sharing: SharingLevel::Disabled,
            created: self.now(),
        };
        self.write(move |cloud| cloud.tenant(id).tenants().create(&tenant)).await;
    }

    async fn make_user(&self, user: User, addresses: &[&str], password_hash: Option<String>) {
        let addresses = addresses.iter().map(|text| text.parse::<Address>().expect("an address")).collect();
        let new = NewUser { user, addresses, password_hash };
        self.write(move |cloud| cloud.tenant(new.user.tenant).users().create(&new)).await;
    }

    fn user(&self, tenant: TenantId, id: UserId, name: &str) -> User {
        User {
            id,
            tenant,
            kind: UserKind::Member,
            principal_name: name.to_owned(),
            display_name: name.to_owned(),
            mail: Some(name.to_owned()),
            enabled: true,
            guest_state: None,
            home: None,
            created: self.now(),
            deleted: None,
            tokens_valid_from: self.now(),
        }
    }

    pub(crate) async fn write(
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

/// Returns an authorization address of the sync client, with changes.
pub(crate) fn authorize(organization: &str, changes: &[(&str, &str)]) -> String {
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER));
    let mut parameters = std::collections::BTreeMap::from([
        ("client_id", transfer::CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid profile offline_access Files.ReadWrite.All"),
        ("state", "a state"),
        ("nonce", "a nonce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]);
    for (name, value) in changes {
        if value.is_empty() {
            parameters.remove(name);
        } else {
            parameters.insert(name, value);
        }
    }
    let query = serde_urlencoded::to_string(parameters).expect("a query");
    format!("/{organization}/oauth2/v2.0/authorize?{query}")
}

/// Exchanges a code.
pub(crate) async fn exchange(browser: &mut Browser, organization: &str, code: &str) -> Answer {
    let fields = [
        ("client_id", transfer::CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
    ];
    browser.post(&format!("/{organization}/oauth2/v2.0/token"), &fields).await
}
