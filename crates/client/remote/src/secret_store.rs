//! Secret store: where refresh tokens lie between two starts. One secret per account.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A secret could not be read or kept. The text names no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the saved sign-in cannot be read or written: {0}")]
pub struct SecretStoreError(pub String);

/// Keeps secrets so that only their owner can read them. Calls may block; they are made where blocking is allowed.
pub trait SecretStore: Send + Sync + 'static {
    /// Finds the secret of an account.
    ///
    /// # Errors
    /// [`SecretStoreError`] when that cannot be told.
    fn find(&self, key: &str) -> Result<Option<String>, SecretStoreError>;

    /// Saves a secret in place of an older one. When this returns, it survives a crash.
    ///
    /// # Errors
    /// [`SecretStoreError`]; the older secret is then still there.
    fn save(&self, key: &str, secret: &str) -> Result<(), SecretStoreError>;

    /// Deletes a secret.
    ///
    /// # Errors
    /// [`SecretStoreError`].
    fn delete(&self, key: &str) -> Result<(), SecretStoreError>;
}

/// Secrets that end with the process; for the simulation and for tests.
#[derive(Default)]
pub struct MemorySecretStore(Mutex<BTreeMap<String, String>>);

impl SecretStore for MemorySecretStore {
    fn find(&self, key: &str) -> Result<Option<String>, SecretStoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn save(&self, key: &str, secret: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<(), SecretStoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        Ok(())
    }
}
