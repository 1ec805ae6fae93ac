//! Applications: programs of one organization that sign in as themselves, by a secret (client credentials).

use data_encoding::BASE64URL_NOPAD;
use directory::{DirectoryError, NewApplication, register_application};
use model::{Actor, Application, ApplicationId, ApplicationPermission, TenantId};
use serde::Serialize;
use storage::{Call, StorageError};
use subtle::ConstantTimeEq;

use crate::claims::ApplicationClaims;
use crate::keys::TokenType;
use crate::secret::{Secret, hash};
use crate::sign_in::later;
use crate::tokens::ACCESS;
use crate::{Authority, Identity, IdentityError, Refusal};

/// Seconds of a day.
const DAY: i64 = 24 * 3_600;

/// What an application presents.
#[derive(Clone, PartialEq, Eq)]
pub struct ApplicationTokenRequest {
    /// The organization of the endpoint.
    pub authority: Authority,
    /// The application's id.
    pub client_id: String,
    /// Its secret.
    pub secret: Option<String>,
    /// What it asks for: `.default`, alone or of a resource.
    pub scope: String,
}

/// A token for an application. It has no `Debug` form.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ApplicationTokenAnswer {
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds the token lasts.
    pub expires_in: i64,
    /// The same, for clients that ask.
    pub ext_expires_in: i64,
    /// The token.
    pub access_token: String,
}

impl Identity {
    /// Registers an application of an organization as the operator. Returns it with its secret, which is shown once and
    /// lasts `days`.
    ///
    /// # Errors
    /// [`DirectoryError::Text`] when the name cannot be used.
    pub async fn register_application(
        &self,
        tenant: TenantId,
        display_name: String,
        permissions: Vec<ApplicationPermission>,
        days: u16,
    ) -> Result<(Application, Secret), DirectoryError> {
        let secret = Secret::fresh(self.runtime(), tenant);
        let new = NewApplication {
            display_name,
            permissions,
            secret: secret.hash(),
            secret_expires: later(self.runtime().now(), i64::from(days).saturating_mul(DAY)),
        };
        let call = Call::new(self.0.store.clone(), tenant, Actor::Operator);
        let application = register_application(&call, new).await?;
        Ok((application, secret))
    }

    /// Answers the token endpoint to an application.
    ///
    /// # Errors
    /// A [`Refusal`] with the code its client branches on.
    pub async fn application_token(
        &self,
        request: ApplicationTokenRequest,
    ) -> Result<ApplicationTokenAnswer, IdentityError> {
        let Authority::Tenant(tenant) = request.authority else {
            return Err(Refusal::TenantRequired.into());
        };
        let id: ApplicationId = request.client_id.parse().map_err(|_| Refusal::UnknownClient)?;
        let found = self
            .system(tenant)
            .read(move |scope| -> Result<_, StorageError> { scope.applications().find(id) })
            .await?;
        let application = found.ok_or(Refusal::UnknownClient)?;
        let secret = request.secret.ok_or(Refusal::SecretMissing)?;
        if !bool::from(hash(&secret).0.ct_eq(&application.secret.0)) {
            return Err(Refusal::SecretWrong.into());
        }
        if self.runtime().now() >= application.secret_expires {
            return Err(Refusal::SecretExpired.into());
        }
        if request.scope != ".default" && !request.scope.ends_with("/.default") {
            return Err(Refusal::ScopeNotDefault.into());
        }
        let access_token = self.sign_application(&application)?;
        Ok(ApplicationTokenAnswer {
            token_type: "Bearer",
            expires_in: ACCESS,
            ext_expires_in: ACCESS,
            access_token,
        })
    }

    fn sign_application(&self, application: &Application) -> Result<String, IdentityError> {
        let iat = self.runtime().now().as_second();
        let claims = ApplicationClaims {
            aud: self.origin().to_owned(),
            iss: self.issuer(application.tenant),
            iat,
            nbf: iat,
            exp: iat.saturating_add(ACCESS),
            tid: application.tenant.to_string(),
            oid: application.id.to_string(),
            sub: application.id.to_string(),
            azp: application.id.to_string(),
            azpacr: "1".to_owned(),
            idtyp: "app".to_owned(),
            roles: application.permissions.iter().map(ToString::to_string).collect(),
            uti: BASE64URL_NOPAD.encode(&self.runtime().random::<16>()),
            ver: "2.0".to_owned(),
        };
        self.0.keys.sign(TokenType::Access, &claims)
    }
}
