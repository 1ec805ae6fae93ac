//! Secrets in a file that only their owner can read. The desktop's secret service takes its place where there is one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use remote::{SecretStore, SecretStoreError};

use crate::private_file::{read, replace};

/// All secrets of one person's agent, in one file.
pub(crate) struct FileSecretStore {
    path: PathBuf,
    /// One change at a time; the file is the truth.
    turn: Mutex<()>,
}

impl FileSecretStore {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, turn: Mutex::new(()) }
    }

    fn load(&self) -> Result<BTreeMap<String, String>, SecretStoreError> {
        let bytes = read(&self.path).map_err(|error| SecretStoreError(error.to_string()))?;
        match bytes {
            None => Ok(BTreeMap::new()),
            Some(bytes) => serde_json::from_slice(&bytes)
                .map_err(|_| SecretStoreError("the file of saved sign-ins is damaged".to_owned())),
        }
    }

    fn store(&self, secrets: &BTreeMap<String, String>) -> Result<(), SecretStoreError> {
        let bytes = serde_json::to_vec(secrets).map_err(|error| SecretStoreError(error.to_string()))?;
        replace(&self.path, &bytes).map_err(|error| SecretStoreError(error.to_string()))
    }
}

impl SecretStore for FileSecretStore {
    fn find(&self, key: &str) -> Result<Option<String>, SecretStoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.load()?.remove(key))
    }

    fn save(&self, key: &str, secret: &str) -> Result<(), SecretStoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // A damaged file must not keep a person from signing in again.
        let mut secrets = self.load().unwrap_or_default();
        secrets.insert(key.to_owned(), secret.to_owned());
        self.store(&secrets)
    }

    fn delete(&self, key: &str) -> Result<(), SecretStoreError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut secrets = self.load()?;
        match secrets.remove(key) {
            Some(_) => self.store(&secrets),
            None => Ok(()),
        }
    }
}
