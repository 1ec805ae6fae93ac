//! Second factors: what somebody proves themselves with beside their password.

use jiff::Timestamp;

use crate::{FactorId, UserId};

/// An authenticator app of a person in one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// The person there.
    pub user: UserId,
    /// What the person calls it.
    pub display_name: String,
    /// The secret, encrypted.
    pub sealed: Vec<u8>,
    /// The time step of the last code that was accepted.
    pub last_step: i64,
    /// When it was added.
    pub created: Timestamp,
}

/// Wrong codes since the last right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongCodes {
    /// How many.
    pub count: i64,
    /// When the last one came.
    pub last: Timestamp,
}
