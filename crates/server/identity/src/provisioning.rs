//! Provisioning tokens (X09): long-lived secrets of an organization's provisioning services. They open SCIM and nothing
//! else, and are judged on the stored truth at every request.

use directory::{DirectoryError, create_provisioning_token};
use model::{Actor, ProvisioningToken};
use storage::{Call, StorageError};

use crate::Identity;
use crate::secret::Secret;
use crate::sign_in::later;

/// Seconds of a day.
const DAY: i64 = 24 * 3_600;
/// Who acts, in records.
const ACTOR: Actor = Actor::System("provisioning");

impl Identity {
    /// Makes a token for a provisioning service, as an administrator. Returns it with its secret, which is shown once.
    ///
    /// # Errors
    /// [`DirectoryError::Refused`] or [`DirectoryError::Text`].
    pub async fn create_provisioning_token(
        &self,
        call: &Call,
        display_name: &str,
        days: u16,
    ) -> Result<(ProvisioningToken, Secret), DirectoryError> {
        let secret = Secret::fresh(self.runtime(), call.tenant());
        let expires = later(self.runtime().now(), i64::from(days).saturating_mul(DAY));
        let token = create_provisioning_token(call, display_name, secret.hash(), expires).await?;
        Ok((token, secret))
    }

    /// Returns the context in which a provisioning service acts; none when its token is not alive.
    ///
    /// # Errors
    /// A storage error.
    pub async fn provisioning(&self, token: &str) -> Result<Option<Call>, StorageError> {
        let Some(secret) = Secret::parse(token) else { return Ok(None) };
        let (hash, now) = (secret.hash(), self.runtime().now());
        let found =
            self.system(secret.tenant()).read(move |scope| scope.provisioning().find_token(hash)).await?;
        let alive = found.filter(|token| now < token.expires);
        Ok(alive.map(|token| Call::new(self.0.store.clone(), token.tenant, ACTOR).seen(self.1)))
    }
}
