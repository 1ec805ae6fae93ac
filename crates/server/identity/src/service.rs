//! The service: what every operation of the identity provider needs, and who is meant by the first segment of its
//! addresses.

use std::sync::Arc;

use directory::Countries;
use federation::{AllowedHosts, OpenWeb, Providers};
use model::{Presence, Tenant, TenantId};
use runtime::Runtime;
use storage::{Operator, StorageError, Store};

use crate::address_grant::GrantSealer;
use crate::door::RememberedRules;
use crate::keyed_hash::load_key;
use crate::keys::Keys;
use crate::totp::FactorSealer;
use crate::{IdentityError, PasswordCost, Passwords, Refusal};
use crate::{form_token, recovery, refresh};

/// Settings of the identity provider.
#[derive(Clone)]
pub struct IdentitySettings {
    /// The cloud's public origin without a slash at the end: issuer, audience and the start of every address.
    pub origin: String,
    /// What hashing a password costs.
    pub password_cost: PasswordCost,
    /// In which countries addresses lie.
    pub countries: Countries,
    /// Hosts of issuers that may be asked although they are private or without TLS.
    pub federation_hosts: AllowedHosts,
}

/// The identity provider, as it meets one request ([`Identity::meeting`]). Cheap to clone.
#[derive(Clone)]
pub struct Identity(pub(crate) Arc<Inner>, pub(crate) Presence);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) runtime: Runtime,
    pub(crate) settings: IdentitySettings,
    pub(crate) keys: Keys,
    pub(crate) passwords: Passwords,
    pub(crate) form_key: [u8; 32],
    pub(crate) grants: GrantSealer,
    pub(crate) refresh_key: [u8; 32],
    pub(crate) rules: Arc<RememberedRules>,
    pub(crate) factors: FactorSealer,
    pub(crate) recovery_key: [u8; 32],
    pub(crate) providers: Providers,
}

/// Whom an address of the identity provider is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// One organization.
    Tenant(TenantId),
    /// The home organization of whoever signs in (`organizations`, `common`).
    Home,
}

impl Identity {
    /// Opens the identity provider of a cloud, making its keys when there are none.
    ///
    /// # Errors
    /// A storage error, or a key or cost that cannot be used.
    pub async fn open(
        store: Store,
        runtime: Runtime,
        settings: IdentitySettings,
    ) -> Result<Self, IdentityError> {
        let operator = Operator::new(store.clone());
        let keys = Keys::load(&operator, &runtime).await?;
        let form_key = load_key(&operator, &runtime, form_token::KEY_NAME).await?;
        let refresh_key = load_key(&operator, &runtime, refresh::KEY_NAME).await?;
        let grants = GrantSealer::load(&operator, &runtime).await?;
        let passwords = Passwords::new(runtime.clone(), settings.password_cost).await?;
        let factors = FactorSealer::load(&operator, &runtime).await?;
        let recovery_key = load_key(&operator, &runtime, recovery::KEY_NAME).await?;
        let web = OpenWeb::new(runtime.clone(), settings.federation_hosts.clone());
        let providers = Providers::new(Arc::new(web), runtime.clone());
        let inner = Inner {
            store,
            runtime,
            settings,
            keys,
            passwords,
            form_key,
            grants,
            refresh_key,
            rules: Arc::default(),
            factors,
            recovery_key,
            providers,
        };
        Ok(Self(Arc::new(inner), Presence::default()))
    }

    /// Returns the provider as it meets a request that comes from somewhere. Of anything else it knows neither address
    /// nor platform, and policies judge it as coming from nowhere known.
    #[must_use]
    pub fn meeting(&self, presence: Presence) -> Self {
        Self(self.0.clone(), presence)
    }

    /// Returns the cloud's public origin.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.settings.origin
    }

    /// Returns in which countries addresses lie.
    #[must_use]
    pub fn countries(&self) -> &Countries {
        &self.0.settings.countries
    }

    /// Returns the public keys as a JWK set.
    #[must_use]
    pub fn published_keys(&self) -> &serde_json::Value {
        self.0.keys.published()
    }

    /// Returns the password hasher, for who makes accounts.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Returns a tenant's issuer.
    #[must_use]
    pub fn issuer(&self, tenant: TenantId) -> String {
        format!("{}/{tenant}/v2.0", self.origin())
    }

    /// Reads the first segment of an address: a tenant's id, a verified domain, `organizations` or `common`.
    ///
    /// # Errors
    /// [`Refusal::UnknownTenant`] for anything else.
    pub async fn authority(&self, segment: &str) -> Result<Authority, IdentityError> {
        if matches!(segment, "organizations" | "common") {
            return Ok(Authority::Home);
        }
        let segment = segment.to_owned();
        let found = self
            .operator()
            .read(move |cloud| -> Result<_, StorageError> {
                match segment.parse::<TenantId>() {
                    Ok(id) => Ok(cloud.find_tenant(id)?.map(|tenant| tenant.id)),
                    Err(_) => cloud.find_tenant_by_domain(&segment),
                }
            })
            .await?;
        Ok(Authority::Tenant(found.ok_or(Refusal::UnknownTenant)?))
    }

    /// Loads a tenant, for naming it to people.
    ///
    /// # Errors
    /// [`Refusal::UnknownTenant`] when it does not exist.
    pub async fn tenant(&self, tenant: TenantId) -> Result<Tenant, IdentityError> {
        let found = self.operator().read(move |cloud| cloud.find_tenant(tenant)).await?;
        Ok(found.ok_or(Refusal::UnknownTenant)?)
    }

    pub(crate) fn operator(&self) -> Operator {
        Operator::new(self.0.store.clone())
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }
}
