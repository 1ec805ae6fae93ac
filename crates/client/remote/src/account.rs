//! Account: a person of a home organization on one cloud. Holds no secret.

use serde::{Deserialize, Serialize};

use crate::CloudOrigin;

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The cloud that signed the person in.
    pub origin: CloudOrigin,
    /// The home organization's id.
    pub home_tenant: String,
    /// The person's object id at home.
    pub home_user: String,
    /// Sign-in address, for people.
    pub address: String,
    /// Name, for people.
    pub display_name: String,
}

impl Account {
    /// Returns what names this account among others and names its secret: the same person of the same cloud again
    /// has the same key.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}|{}.{}", self.origin, self.home_tenant, self.home_user)
    }

    /// Returns the cloud of the account that a key names; none for a text that is no key.
    #[must_use]
    pub fn cloud_of_key(key: &str) -> Option<CloudOrigin> {
        key.split_once('|').and_then(|(origin, _)| origin.parse().ok())
    }

    /// Returns how other tenants know the person: `<home tenant>.<home object>`.
    #[must_use]
    pub fn person(&self) -> String {
        format!("{}.{}", self.home_tenant, self.home_user)
    }
}
