//! Sign-ins of a person: the browsers and devices in which they are signed in, and the end of one or all (X12).

use data_encoding::HEXLOWER;
use model::{FamilyId, HomeAccount, SecretHash, SignInLine, TenantId, Timestamp};
use storage::{Commit, StorageError, Unaudited};

use crate::{Client, Identity, IdentityError, SignedIn};

/// One browser or device in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInView {
    /// Its name in forms: it signs nobody in.
    pub key: String,
    /// The client; none for a browser.
    pub client: Option<&'static str>,
    /// When it began.
    pub since: Timestamp,
    /// When it was last renewed.
    pub used: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// An organization of a person: their own, or one where they are a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationView {
    /// The organization.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
}

impl Identity {
    /// Lists where a person is signed in, the newest first.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sign_ins(&self, person: &SignedIn) -> Result<Vec<SignInView>, IdentityError> {
        let (HomeAccount { tenant, user }, line, now) = (person.home, person.line, self.runtime().now());
        let mut found = self
            .system(tenant)
            .read(move |scope| -> Result<_, StorageError> {
                let sessions = scope.sessions().list_of(user, now)?;
                let families = scope.refresh_tokens().list_families(user, now)?;
                let browsers = sessions.into_iter().map(|session| SignInView {
                    key: HEXLOWER.encode(&session.token.0),
                    client: None,
                    since: session.created,
                    used: session.created,
                    this: SignInLine::Session(session.token) == line,
                });
                let devices = families.into_iter().map(|(family, used)| SignInView {
                    key: family.id.to_string(),
                    client: Some(Client::find(&family.client).map_or("An application", |client| client.name)),
                    since: family.created,
                    used,
                    this: false,
                });
                Ok(browsers.chain(devices).collect::<Vec<_>>())
            })
            .await?;
        found.sort_by(|a, b| (b.used, &b.key).cmp(&(a.used, &a.key)));
        Ok(found)
    }

    /// Ends one of a person's sign-ins; one that is over or is not theirs is no failure.
    ///
    /// # Errors
    /// A storage error.
    pub async fn end_sign_in(&self, person: &SignedIn, key: &str) -> Result<(), IdentityError> {
        let (HomeAccount { tenant, user }, now) = (person.home, self.runtime().now());
        let family = key.parse::<FamilyId>().ok();
        let session =
            HEXLOWER.decode(key.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok()).map(SecretHash);
        self.system(tenant)
            .write(move |scope| -> Result<_, StorageError> {
                if let Some(family) = family
                    && scope
                        .refresh_tokens()
                        .find_family(family)?
                        .is_some_and(|found| found.home.user == user)
                {
                    scope.refresh_tokens().revoke_family(family, now)?;
                }
                if let Some(token) = session
                    && scope.sessions().find(token)?.is_some_and(|found| found.user == user)
                {
                    scope.sessions().delete(token)?;
                }
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await?;
        Ok(())
    }

    /// Ends all of a person's sign-ins but the one that asks.
    ///
    /// # Errors
    /// A storage error.
    pub async fn end_other_sign_ins(&self, person: &SignedIn) -> Result<(), IdentityError> {
        for other in self.sign_ins(person).await? {
            if !other.this {
                self.end_sign_in(person, &other.key).await?;
            }
        }
        Ok(())
    }

    /// Lists the organizations of a person: their own first, then those where they are a guest, by name.
    ///
    /// # Errors
    /// A storage error.
    pub async fn organizations(&self, person: &SignedIn) -> Result<Vec<OrganizationView>, IdentityError> {
        let home = person.home;
        let found = self.operator().read(move |cloud| cloud.list_tenants_of(home)).await?;
        let view = |tenant: model::Tenant| OrganizationView { tenant: tenant.id, name: tenant.display_name };
        let (own, mut others): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|tenant| tenant.id == home.tenant);
        others.sort_by(|a, b| (&a.display_name, a.id).cmp(&(&b.display_name, b.id)));
        Ok(own.into_iter().chain(others).map(view).collect())
    }
}
