//! A cloud seen by its identity provider: Contoso, which shares, and Maria, member of Fabrikam.

use std::ops::Deref;

use data_encoding::BASE64URL_NOPAD;
use directory::Offer;
use identity::{Authority, Grant, Identity, IdentityError, IdentitySettings, SignedIn, TokenAnswer};
use model::{Address, HomeAccount, TenantId, Timestamp, UserId};
use storage::SignIn;
use testkit::cloud::PASSWORD_COST;

pub(crate) use testkit::cloud::{
    MARIA, ORIGIN, PASSWORD, REDIRECT, SCOPE, VERIFIER, authorize_parameters as parameters,
};

pub(crate) struct Cloud(testkit::cloud::Cloud);

impl Deref for Cloud {
    type Target = testkit::cloud::Cloud;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        Self(testkit::cloud::Cloud::start().await)
    }

    /// Opens the provider once more on the same database, as after a restart.
    pub(crate) async fn reopened(&self) -> Identity {
        let settings = IdentitySettings {
            origin: ORIGIN.to_owned(),
            password_cost: PASSWORD_COST,
            countries: directory::Countries::default(),
            federation_hosts: federation::AllowedHosts::default(),
        };
        Identity::open(self.store.clone(), self.runtime().clone(), settings).await.expect("opens")
    }

    pub(crate) fn move_clock(&self, seconds: i64) {
        self.clock.move_on(seconds);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.runtime().now()
    }

    pub(crate) fn maria_at_home(&self) -> HomeAccount {
        self.at_home(self.maria)
    }

    /// Maria accepts what made her this guest of Contoso.
    pub(crate) async fn accept(&self, guest: UserId) {
        assert_eq!(self.0.accept(self.maria, Offer::Any).await.user, guest);
    }

    /// Blocks a member of Fabrikam.
    pub(crate) async fn block(&self, user: UserId) {
        self.block_in(self.fabrikam, user).await;
    }

    /// Lets a member of Fabrikam in again.
    pub(crate) async fn unblock(&self, user: UserId) {
        let (tenant, at) = (self.fabrikam, self.now());
        self.write(move |cloud| cloud.tenant(tenant).users().update_sign_in(user, SignIn::Allowed, at)).await;
    }

    /// Blocks a guest of Contoso.
    pub(crate) async fn block_guest(&self, user: UserId) {
        self.block_in(self.contoso, user).await;
    }

    async fn block_in(&self, tenant: TenantId, user: UserId) {
        let at = self.now();
        self.write(move |cloud| cloud.tenant(tenant).users().update_sign_in(user, SignIn::Blocked, at)).await;
    }

    /// Signs a person in by password and returns who the session says they are.
    pub(crate) async fn sign_in(&self, address: &str) -> SignedIn {
        let address: Address = address.parse().expect("an address");
        let home = self.identity.check_password(&address, PASSWORD).await.expect("the password is right");
        self.session(home).await
    }

    /// Issues a code to Maria's client.
    pub(crate) async fn code(&self, authority: Authority) -> Result<String, IdentityError> {
        self.0.code(authority, &self.sign_in(MARIA).await).await
    }

    /// Issues a code to the client of somebody signed in.
    pub(crate) async fn code_for(
        &self,
        authority: Authority,
        person: &SignedIn,
    ) -> Result<String, IdentityError> {
        self.0.code(authority, person).await
    }

    pub(crate) async fn refresh(
        &self,
        authority: Authority,
        token: &str,
    ) -> Result<TokenAnswer, IdentityError> {
        self.grant(authority, Grant::RefreshToken(token.to_owned())).await
    }

    /// Signs Maria in at home and returns her first refresh token.
    pub(crate) async fn first_refresh_token(&self) -> String {
        let code = self.code(Authority::Home).await.expect("a code");
        let answer = self.exchange(Authority::Home, &code).await.expect("tokens");
        answer.refresh_token.expect("a refresh token")
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
