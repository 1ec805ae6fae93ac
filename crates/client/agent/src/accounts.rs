//! Accounts as they live: one source of tokens each, and one stream of hints per organization.

use std::collections::BTreeMap;
use std::sync::Arc;

use agent_api::AccountStatus;
use remote::{Account, ApiClient, HintHub, TokenSource};

use crate::Agent;

/// A signed-in account at work.
pub(crate) struct LiveAccount {
    tokens: TokenSource,
    hubs: BTreeMap<String, HintHub>,
}

/// What a root needs of its account.
pub(crate) struct AccountAccess {
    pub api: ApiClient,
    pub hub: HintHub,
}

impl Agent {
    /// Returns the tokens of an account; all roots and commands share them.
    pub(crate) fn tokens(&self, account: &Account) -> TokenSource {
        let mut live = self.live();
        let entry = live.accounts.entry(account.key()).or_insert_with(|| LiveAccount {
            tokens: TokenSource::new(
                self.0.runtime.clone(),
                Arc::clone(&self.0.transport),
                account.clone(),
                Arc::clone(&self.0.secrets),
                self.0.gates.clone(),
            ),
            hubs: BTreeMap::new(),
        });
        entry.tokens.clone()
    }

    /// Returns a client of an organization in the name of an account.
    pub(crate) fn api(&self, account: &Account, tenant: &str) -> ApiClient {
        let tokens = self.tokens(account);
        ApiClient::new(self.0.runtime.clone(), Arc::clone(&self.0.transport), tokens, tenant)
    }

    /// Returns what a root of `tenant` needs.
    pub(crate) fn access(&self, account: &Account, tenant: &str) -> AccountAccess {
        let api = self.api(account, tenant);
        let mut live = self.live();
        let hub = match live.accounts.get_mut(&account.key()) {
            Some(entry) => {
                entry.hubs.entry(tenant.to_owned()).or_insert_with(|| HintHub::new(api.clone())).clone()
            }
            None => HintHub::new(api.clone()),
        };
        AccountAccess { api, hub }
    }

    /// Goes on at once with what an organization kept waiting: its stream of hints and its roots.
    pub(crate) fn go_on(&self, account: &Account, tenant: &str) {
        let key = account.key();
        let live = self.live();
        if let Some(hub) = live.accounts.get(&key).and_then(|entry| entry.hubs.get(tenant)) {
            hub.reconnect();
        }
        for root in live.settings.roots.iter().filter(|root| root.account == key && root.tenant == tenant) {
            if let Some(engine) = live.roots.get(&root.id).and_then(|live| live.engine()) {
                engine.look();
            }
        }
    }

    /// Forgets an account's tokens and streams.
    pub(crate) fn drop_account(&self, account: &Account) {
        self.live().accounts.remove(&account.key());
    }
}

/// Tells people about an account.
pub(crate) fn account_status(account: &Account) -> AccountStatus {
    AccountStatus {
        key: account.key(),
        cloud: account.origin.to_string(),
        address: account.address.clone(),
        display_name: account.display_name.clone(),
    }
}
