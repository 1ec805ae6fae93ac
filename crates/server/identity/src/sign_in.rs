//! Sign-in: which organization is at home, whether the password is right, and the browser's session (A03, A04).

use model::{
    Address, DirectoryRole, FederationState, HomeAccount, Proofs, Session, SignInLine, Tenant, TenantId,
    Timestamp, User, UserKind,
};
use storage::{Commit, Scope, StorageError, System, Unaudited};

use crate::secret::Secret;
use crate::{Identity, IdentityError, Refusal};

/// How long a session lasts, in seconds: a working day and some.
pub(crate) const SESSION: i64 = 24 * 3_600;

/// Where an address signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HomeRealm {
    /// At this organization's own page.
    Here {
        /// The organization.
        tenant: TenantId,
        /// Its name.
        name: String,
    },
    /// At the organization's own issuer, outside this cloud (X09).
    Elsewhere {
        /// The organization.
        tenant: TenantId,
        /// Its name.
        name: String,
    },
    /// The address belongs to no organization of this cloud (A12).
    Nowhere,
}

/// Somebody signed in at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub home: HomeAccount,
    /// Name shown to people.
    pub display_name: String,
    /// The sign-in name.
    pub principal_name: String,
    /// Every address the person is known by at home, as comparable keys.
    pub addresses: Vec<String>,
    /// When the session began.
    pub since: Timestamp,
    /// The session.
    pub line: SignInLine,
    /// When the session ends.
    pub until: Timestamp,
    /// What was proven in it.
    pub proofs: Proofs,
}

impl SignedIn {
    /// Returns whether an address is one of this person's.
    #[must_use]
    pub fn is_known_by(&self, address: &str) -> bool {
        let key = address.trim().to_lowercase();
        self.principal_name.to_lowercase() == key || self.addresses.contains(&key)
    }
}

/// A member with what their password is good for.
struct Account {
    user: User,
    hash: Option<String>,
    by_password: bool,
}

/// Returns whether the organization's people sign in at its own issuer.
fn is_federated<M>(scope: &mut Scope<'_, M>) -> Result<bool, StorageError> {
    Ok(scope.federations().find()?.is_some_and(|federation| federation.state == FederationState::On))
}

impl Identity {
    /// Finds where an address signs in, by the domain its organization proved.
    ///
    /// # Errors
    /// A storage error.
    pub async fn home_realm(&self, address: &Address) -> Result<HomeRealm, IdentityError> {
        let domain = address.domain();
        let found = self
            .operator()
            .read(move |cloud| -> Result<_, StorageError> {
                let Some(id) = cloud.find_tenant_by_domain(&domain)? else { return Ok(None) };
                let used = is_federated(&mut cloud.tenant(id))?;
                Ok(cloud.find_tenant(id)?.map(|tenant| (tenant, used)))
            })
            .await?;
        Ok(match found {
            Some((Tenant { id: tenant, display_name: name, .. }, false)) => HomeRealm::Here { tenant, name },
            Some((Tenant { id: tenant, display_name: name, .. }, true)) => {
                HomeRealm::Elsewhere { tenant, name }
            }
            None => HomeRealm::Nowhere,
        })
    }

    /// Checks a password at the home organization. An address nobody has takes as long as a wrong password and is
    /// refused with the same words.
    ///
    /// # Errors
    /// [`Refusal::BadCredentials`]; [`Refusal::AccountDisabled`] and [`Refusal::SignInElsewhere`] only to who knows the
    /// password. The latter is for everybody but administrators where people sign in at the organization's own issuer:
    /// somebody must get in when that fails.
    pub async fn check_password(
        &self,
        address: &Address,
        password: &str,
    ) -> Result<HomeAccount, IdentityError> {
        let account = self.find_member(address).await?;
        let hash = account.as_ref().and_then(|account| account.hash.clone());
        let right = self.0.passwords.verify(password, hash).await?;
        let Account { user, by_password, .. } = account.filter(|_| right).ok_or(Refusal::BadCredentials)?;
        if !by_password {
            return Err(Refusal::SignInElsewhere.into());
        }
        if !user.enabled {
            return Err(Refusal::AccountDisabled.into());
        }
        Ok(HomeAccount { tenant: user.tenant, user: user.id })
    }

    async fn find_member(&self, address: &Address) -> Result<Option<Account>, IdentityError> {
        let address = address.clone();
        let found = self
            .operator()
            .read(move |cloud| -> Result<_, StorageError> {
                let Some(tenant) = cloud.find_tenant_by_domain(&address.domain())? else { return Ok(None) };
                let mut scope = cloud.tenant(tenant);
                let by_address = scope.users().find_by_address(&address)?;
                let user = match by_address {
                    Some(user) => Some(user),
                    None => scope.users().find_by_principal_name(address.as_str())?,
                };
                let Some(user) = user.filter(|user| user.kind == UserKind::Member) else { return Ok(None) };
                let hash = scope.users().find_password_hash(user.id)?;
                let by_password = !is_federated(&mut scope)?
                    || scope.roles().list_of(user.id)?.contains(&DirectoryRole::GlobalAdministrator);
                Ok(Some(Account { user, hash, by_password }))
            })
            .await?;
        Ok(found)
    }

    /// Starts a session for somebody whose password was just checked. The secret goes into the browser's cookie.
    ///
    /// # Errors
    /// A storage error.
    pub async fn start_session(&self, home: HomeAccount) -> Result<Secret, IdentityError> {
        let secret = Secret::fresh(self.runtime(), home.tenant);
        let now = self.runtime().now();
        let session = Session {
            token: secret.hash(),
            tenant: home.tenant,
            user: home.user,
            created: now,
            expires: later(now, SESSION),
        };
        self.system(home.tenant)
            .write(move |scope| -> Result<_, StorageError> {
                scope.sessions().create(&session)?;
                let line = SignInLine::Session(session.token);
                scope.evidence().note_password(line, session.created, Some(session.expires))?;
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await?;
        Ok(secret)
    }

    /// Finds who is signed in by a browser's cookie; none when the session ended, the account is gone or blocked, or
    /// its sessions were revoked.
    ///
    /// # Errors
    /// A storage error.
    pub async fn session(&self, cookie: &str) -> Result<Option<SignedIn>, IdentityError> {
        let Some(secret) = Secret::parse(cookie) else { return Ok(None) };
        let (token, now) = (secret.hash(), self.runtime().now());
        let found = self
            .system(secret.tenant())
            .read(move |scope| -> Result<_, StorageError> {
                let Some(session) = scope.sessions().find(token)?.filter(|session| now < session.expires)
                else {
                    return Ok(None);
                };
                let Some(user) = scope.users().find(session.user)? else { return Ok(None) };
                if !user.enabled || user.tokens_valid_from > session.created {
                    return Ok(None);
                }
                let addresses = scope.users().list_addresses(user.id)?;
                let line = SignInLine::Session(session.token);
                let proofs = scope.evidence().proofs(line, session.created)?;
                Ok(Some(SignedIn {
                    home: HomeAccount { tenant: user.tenant, user: user.id },
                    display_name: user.display_name,
                    principal_name: user.principal_name,
                    addresses,
                    since: session.created,
                    line,
                    until: session.expires,
                    proofs,
                }))
            })
            .await?;
        Ok(found)
    }

    /// Ends a browser's session; unknown cookies are fine.
    ///
    /// # Errors
    /// A storage error.
    pub async fn end_session(&self, cookie: &str) -> Result<(), IdentityError> {
        let Some(secret) = Secret::parse(cookie) else { return Ok(()) };
        let token = secret.hash();
        self.system(secret.tenant())
            .write(move |scope| -> Result<_, StorageError> {
                scope.sessions().delete(token)?;
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await?;
        Ok(())
    }

    pub(crate) fn system(&self, tenant: TenantId) -> System {
        System::new(self.0.store.clone(), tenant, "sign-in")
    }
}

/// Adds seconds to a time; the end of time stays the end of time.
pub(crate) fn later(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond().saturating_add(seconds.saturating_mul(1_000_000)))
        .unwrap_or(time)
}
