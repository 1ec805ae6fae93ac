//! Statements: answers the cloud signs, so that a client can act on them without trusting the connection alone
//! (flow 5: why access ended).

use serde::Serialize;

use crate::keys::TokenType;
use crate::{Identity, IdentityError};

impl Identity {
    /// Signs a statement into a compact JWS that the published keys verify. Its header's type keeps it from being
    /// taken for a token.
    ///
    /// # Errors
    /// [`IdentityError::Key`] when it cannot be written as JSON.
    pub fn sign_statement<T: Serialize>(&self, statement: &T) -> Result<String, IdentityError> {
        self.0.keys.sign(TokenType::Statement, statement)
    }
}
