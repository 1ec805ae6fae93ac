//! A cloud with Contoso and Fabrikam, one member each, and a clock that is moved by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use identity::{
    Authority, AuthorizeParameters, FOOTBRIDGE_CLIENT_ID, Grant, Identity, IdentityError, IdentitySettings,
    PasswordCost, SignedIn, TokenAnswer, TokenRequest,
};
use model::{
    Address, GuestState, HomeAccount, SharingLevel, Tenant, TenantId, Timestamp, User, UserId, UserKind,
};
use runtime::{Backend, BoxFuture, Runtime, Task};
use sha2::{Digest, Sha256};
use storage::{Commit, DatabaseConfig, NewUser, Operator, SignIn, StorageError, Store, Unaudited};

pub(crate) const ORIGIN: &str = "https://cloud.example";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const REDIRECT: &str = "http://localhost:4711/";
pub(crate) const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-xyz";
pub(crate) const SCOPE: &str = "openid profile offline_access Files.ReadWrite.All";

/// The real runtime with a clock that can be moved forward.
struct MovedClock {
    inner: Runtime,
    moved: Arc<AtomicI64>,
}

impl Backend for MovedClock {
    fn now(&self) -> Timestamp {
        let now = self.inner.now().as_microsecond() + self.moved.load(Ordering::SeqCst) * 1_000_000;
        Timestamp::from_microsecond(now).expect("a time")
    }

    fn elapsed(&self) -> Duration {
        self.inner.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.inner.sleep(duration)
    }

    fn spawn(&self, name: &'static str, task: BoxFuture<'static, ()>) -> Task {
        self.inner.spawn(name, task)
    }

    fn run_blocking(&self, work: Box<dyn FnOnce() + Send>) -> BoxFuture<'static, ()> {
        let inner = self.inner.clone();
        Box::pin(async move {
            let _ended = inner.blocking(work).await;
        })
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.inner.fill(bytes);
    }
}

pub(crate) struct Cloud {
    _folder: tempfile::TempDir,
    moved: Arc<AtomicI64>,
    pub(crate) store: Store,
    pub(crate) identity: Identity,
    pub(crate) contoso: TenantId,
    pub(crate) fabrikam: TenantId,
    /// Maria, member of Fabrikam; also known as `maria.lopez@`.
    pub(crate) maria: UserId,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let moved = Arc::new(AtomicI64::new(0));
        let runtime = Runtime::new(MovedClock { inner: Runtime::tokio(), moved: Arc::clone(&moved) });
        let database = DatabaseConfig::Sqlite(folder.path().join("cloud.db"));
        let store = Store::open(database, runtime.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let identity = open(&store, &runtime).await;
        let (contoso, fabrikam) = (TenantId::from_random([1; 16]), TenantId::from_random([2; 16]));
        let maria = UserId::from_random([3; 16]);
        let cloud = Self { _folder: folder, moved, store, identity, contoso, fabrikam, maria };
        cloud.make_tenant(contoso, "Contoso", "contoso.example").await;
        cloud.make_tenant(fabrikam, "Fabrikam", "fabrikam.example").await;
        cloud.make_member(fabrikam, maria, &["maria@fabrikam.example", "maria.lopez@fabrikam.example"]).await;
        cloud
    }

    /// Opens the provider once more on the same database, as after a restart.
    pub(crate) async fn reopened(&self) -> Identity {
        open(&self.store, self.store.runtime()).await
    }

    pub(crate) fn move_clock(&self, seconds: i64) {
        self.moved.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.store.runtime().now()
    }

    pub(crate) fn maria_at_home(&self) -> HomeAccount {
        HomeAccount { tenant: self.fabrikam, user: self.maria }
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

    pub(crate) async fn make_member(&self, tenant: TenantId, id: UserId, addresses: &[&str]) {
        let hash = self.identity.passwords().hash(PASSWORD).await.expect("hashes");
        let user = self.user(tenant, id, UserKind::Member, addresses[0]);
        let new = NewUser { user, addresses: parse(addresses), password_hash: Some(hash) };
        self.write(move |cloud| cloud.tenant(tenant).users().create(&new)).await;
    }

    /// Invites a guest to Contoso without mail.
    pub(crate) async fn invite(&self, address: &str) -> UserId {
        let id = UserId::from_random(self.store.runtime().random());
        let contoso = self.contoso;
        let mut user = self.user(contoso, id, UserKind::Guest, address);
        user.principal_name = format!("{}#EXT#@contoso.example", address.replace('@', "_"));
        user.guest_state = Some(GuestState::PendingAcceptance);
        let new = NewUser { user, addresses: parse(&[address]), password_hash: None };
        self.write(move |cloud| cloud.tenant(contoso).users().create(&new)).await;
        id
    }

    pub(crate) async fn accept(&self, guest: UserId) {
        let (contoso, home, at) = (self.contoso, self.maria_at_home(), self.now());
        self.write(move |cloud| cloud.tenant(contoso).users().accept_guest(guest, home, at)).await;
    }

    /// Blocks a member of Fabrikam.
    pub(crate) async fn block(&self, user: UserId) {
        let (tenant, at) = (self.fabrikam, self.now());
        self.write(move |cloud| cloud.tenant(tenant).users().update_sign_in(user, SignIn::Blocked, at)).await;
    }

    /// Blocks a guest of Contoso.
    pub(crate) async fn block_guest(&self, user: UserId) {
        let (tenant, at) = (self.contoso, self.now());
        self.write(move |cloud| cloud.tenant(tenant).users().update_sign_in(user, SignIn::Blocked, at)).await;
    }

    fn user(&self, tenant: TenantId, id: UserId, kind: UserKind, address: &str) -> User {
        User {
            id,
            tenant,
            kind,
            principal_name: address.to_owned(),
            display_name: "Maria Lopez".to_owned(),
            mail: Some(address.to_owned()),
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

    /// Signs Maria in and returns who the session says she is.
    pub(crate) async fn sign_in(&self, address: &str) -> SignedIn {
        let address: Address = address.parse().expect("an address");
        let home = self.identity.check_password(&address, PASSWORD).await.expect("the password is right");
        let cookie = self.identity.start_session(home).await.expect("a session");
        self.identity.session(cookie.as_str()).await.expect("reads").expect("signed in")
    }

    pub(crate) async fn code(&self, authority: Authority) -> Result<String, IdentityError> {
        let person = self.sign_in("maria@fabrikam.example").await;
        let request = parameters().request().expect("a good request");
        let code = self.identity.issue_code(authority, &request, &person).await?;
        Ok(code.as_str().to_owned())
    }

    pub(crate) async fn exchange(
        &self,
        authority: Authority,
        code: &str,
    ) -> Result<TokenAnswer, IdentityError> {
        let grant = Grant::AuthorizationCode {
            code: code.to_owned(),
            redirect_uri: REDIRECT.to_owned(),
            verifier: Some(VERIFIER.to_owned()),
        };
        self.token(authority, grant).await
    }

    pub(crate) async fn refresh(
        &self,
        authority: Authority,
        token: &str,
    ) -> Result<TokenAnswer, IdentityError> {
        self.token(authority, Grant::RefreshToken(token.to_owned())).await
    }

    pub(crate) async fn token(
        &self,
        authority: Authority,
        grant: Grant,
    ) -> Result<TokenAnswer, IdentityError> {
        let client_id = FOOTBRIDGE_CLIENT_ID.to_owned();
        self.identity.token(TokenRequest { authority, client_id, grant, scope: None }).await
    }

    /// Signs Maria in at home and returns her first refresh token.
    pub(crate) async fn first_refresh_token(&self) -> String {
        let code = self.code(Authority::Home).await.expect("a code");
        let answer = self.exchange(Authority::Home, &code).await.expect("tokens");
        answer.refresh_token.expect("a refresh token")
    }
}

async fn open(store: &Store, runtime: &Runtime) -> Identity {
    let password_cost = PasswordCost { memory: 64, passes: 1, lanes: 1 };
    let settings = IdentitySettings { origin: ORIGIN.to_owned(), password_cost };
    Identity::open(store.clone(), runtime.clone(), settings).await.expect("opens")
}

fn parse(addresses: &[&str]) -> Vec<Address> {
    addresses.iter().map(|text| text.parse().expect("an address")).collect()
}

pub(crate) fn parameters() -> AuthorizeParameters {
    AuthorizeParameters {
        client_id: Some(FOOTBRIDGE_CLIENT_ID.to_owned()),
        redirect_uri: Some(REDIRECT.to_owned()),
        response_type: Some("code".to_owned()),
        scope: Some(SCOPE.to_owned()),
        nonce: Some("a nonce".to_owned()),
        code_challenge: Some(BASE64URL_NOPAD.encode(&Sha256::digest(VERIFIER))),
        code_challenge_method: Some("S256".to_owned()),
    }
}

/// Returns the number of a refusal; panics when there was none.
pub(crate) fn refused<T>(result: Result<T, IdentityError>) -> u32 {
    match result {
        Err(IdentityError::Refused(refusal)) => refusal.code(),
        Err(other) => panic!("failed instead of refusing: {other}"),
        Ok(_) => panic!("was not refused"),
    }
}

/// Returns a token's claims without checking anything.
pub(crate) fn claims(token: &str) -> serde_json::Value {
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).expect("base64")).expect("JSON")
}
