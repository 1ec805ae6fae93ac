//! Managed: what the administrators of this computer decided, read before anything starts and looked at again and again
//! (D11). What it forbids stops; no file is touched for it.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use agent_api::{Failure, FailureKind};
use policies::{Computer, Policies, Refusal};
use remote::Account;
use runtime::Runtime;

use crate::Agent;
use crate::agent::Inner;
use crate::settings::RootSettings;

/// How often the places of policies are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Stands for the person's home folder in a policy.
const HOME_WORD: &str = "${user_home}";

/// Reads what is in force now.
pub(crate) async fn read(runtime: &Runtime, computer: &Computer) -> Policies {
    let computer = computer.clone();
    match runtime.blocking(move || Policies::of(computer.read())).await {
        Ok(policies) => policies,
        Err(error) => Policies::of(vec![policies::Layer::unreadable("this computer", error)]),
    }
}

/// Looks again and again, as long as the agent is there.
pub(crate) async fn watch(agent: Weak<Inner>) {
    loop {
        let Some(inner) = agent.upgrade() else { return };
        let (runtime, computer) = (inner.runtime.clone(), inner.places.computer().clone());
        drop(inner);
        runtime.sleep(LOOK).await;
        let now = read(&runtime, &computer).await;
        let Some(inner) = agent.upgrade() else { return };
        Agent(inner).take_policies(now).await;
    }
}

impl Agent {
    /// Returns what is in force.
    pub(crate) fn policies(&self) -> Arc<Policies> {
        Arc::clone(&self.0.policies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lives by other policies from now on: roots that they forbid stop, roots they allow again start.
    async fn take_policies(&self, now: Policies) {
        if *self.policies() == now {
            return;
        }
        for flaw in &now.flaws {
            tracing::warn!(source = %flaw.source, text = %flaw.text, "a policy of this computer is flawed");
        }
        tracing::info!(set = now.set.len(), "the policies of this computer changed");
        *self.0.policies.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
        let roots = self.live().settings.roots.clone();
        for root in roots {
            let barred = self.barred(&root);
            let differs = self.live().roots.get(&root.id).is_some_and(|live| *live.barred() != barred);
            if differs {
                self.restart_root(&root).await;
            }
        }
        self.changed();
    }

    /// Returns the policy that keeps a root from syncing.
    pub(crate) fn barred(&self, root: &RootSettings) -> Option<Refusal> {
        let account = self.live().settings.account(&root.account).cloned()?;
        self.policies().may_sync(&account.home_tenant, &root.tenant).err()
    }

    /// Returns the folder below which new folders of an account lie: the policy's, else the person's.
    pub(crate) fn sync_home_of(&self, account: &Account) -> PathBuf {
        let places = &self.0.places;
        let policies = self.policies();
        let wanted =
            policies.default_root(&account.home_tenant).and_then(|text| match text.strip_prefix(HOME_WORD) {
                Some(rest) => Some(places.home()?.join(rest.trim_start_matches('/'))),
                None => Some(PathBuf::from(text)),
            });
        wanted.filter(|folder| folder.is_absolute()).unwrap_or_else(|| places.sync_home().to_owned())
    }
}

/// Tells people which policy it is.
pub(crate) fn forbidden(refusal: &Refusal) -> Failure {
    Failure::new(FailureKind::Managed, refusal.message.clone()).with_remedy(Refusal::REMEDY)
}
