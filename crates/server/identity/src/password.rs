//! Passwords: Argon2id on blocking threads, a few at a time, so that guessing costs the guesser and not the cloud.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use runtime::Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::IdentityError;

/// Most hashes computed at once; each takes the memory of its cost.
const AT_ONCE: usize = 4;
/// Longest password that is hashed, in bytes.
const LONGEST: usize = 1024;

/// What one hash costs. The default is OWASP's first choice: 19 MiB, two passes, one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, lanes: 1 }
    }
}

/// Makes and checks password hashes.
pub struct Passwords {
    runtime: Runtime,
    cost: PasswordCost,
    turns: Arc<Semaphore>,
    /// A hash nobody knows the password of, checked where there is no account, so that both take as long.
    decoy: String,
}

impl Passwords {
    /// Prepares hashing at a cost.
    ///
    /// # Errors
    /// [`IdentityError::Password`] when the cost is not possible.
    pub async fn new(runtime: Runtime, cost: PasswordCost) -> Result<Self, IdentityError> {
        let decoy = runtime.random::<32>();
        let salt = runtime.random::<16>();
        let decoy = runtime
            .blocking(move || hash(&decoy, &salt, cost))
            .await
            .map_err(|_| IdentityError::Interrupted)??;
        Ok(Self { runtime, cost, turns: Arc::new(Semaphore::new(AT_ONCE)), decoy })
    }

    /// Hashes a password into a PHC string.
    ///
    /// # Errors
    /// [`IdentityError::Password`] when it is longer than 1,024 bytes.
    pub async fn hash(&self, password: &str) -> Result<String, IdentityError> {
        if password.len() > LONGEST {
            return Err(IdentityError::Password);
        }
        let turn = self.turn().await?;
        let (password, salt, cost) = (password.to_owned(), self.runtime.random::<16>(), self.cost);
        self.runtime
            .blocking(move || {
                let _turn = turn;
                hash(password.as_bytes(), &salt, cost)
            })
            .await
            .map_err(|_| IdentityError::Interrupted)?
    }

    /// Returns whether a password is the one behind a stored hash. Without one it takes as long and is never right.
    ///
    /// # Errors
    /// [`IdentityError::Interrupted`] when the server is shutting down.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<bool, IdentityError> {
        let known = stored.is_some() && password.len() <= LONGEST;
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        let password = if password.len() > LONGEST { String::new() } else { password.to_owned() };
        let turn = self.turn().await?;
        let right = self
            .runtime
            .blocking(move || {
                let _turn = turn;
                Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok()
            })
            .await
            .map_err(|_| IdentityError::Interrupted)?;
        Ok(right && known)
    }

    /// Waits for a turn. It goes along with the work: who hangs up ends their waiting, not the work, and must not make
    /// room for more of it.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, IdentityError> {
        Arc::clone(&self.turns).acquire_owned().await.map_err(|_| IdentityError::Interrupted)
    }
}

fn hash(password: &[u8], salt: &[u8], cost: PasswordCost) -> Result<String, IdentityError> {
    let params =
        Params::new(cost.memory, cost.passes, cost.lanes, None).map_err(|_| IdentityError::Password)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password, salt)
        .map(|hash| hash.to_string())
        .map_err(|_| IdentityError::Password)
}
