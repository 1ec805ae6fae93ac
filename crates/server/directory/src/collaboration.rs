//! Who brings guests into the directory, and of which domains (sharing-and-guests.md 4.9).

use std::collections::BTreeSet;

use model::{CollaborationPolicy, DomainList, DomainMode, DomainName, InvitesFrom};
use policy::{Administration, may_set_directory_domains};
use storage::{Call, Commit, ListPlace, Scope, StorageError, Unaudited};

use crate::authority::require;
use crate::{DirectoryError, event, record};

/// What is set about new guests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collaboration {
    /// Who invites, and what the list means.
    pub policy: CollaborationPolicy,
    /// The directory's list of domains.
    pub domains: BTreeSet<DomainName>,
}

/// A change of it; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CollaborationChange {
    /// Who invites.
    pub invites_from: Option<InvitesFrom>,
    /// The list of domains; another kind discards the one before.
    pub domains: Option<DomainList>,
}

fn load<M>(scope: &mut Scope<'_, M>) -> Result<Collaboration, StorageError> {
    let policy = scope.sharing_policies().load_collaboration()?;
    Ok(Collaboration { policy, domains: scope.listed_domains().list(ListPlace::Directory)? })
}

/// Reads what is set. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn collaboration(call: &Call) -> Result<Collaboration, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        Ok(load(scope)?)
    })
    .await
}

/// Changes what is set. Guests who have accepted stay; an invitation that is pending is judged again when it is accepted.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn change_collaboration(
    call: &Call,
    change: CollaborationChange,
) -> Result<Collaboration, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let before = load(scope)?;
        let mut list = change
            .domains
            .unwrap_or_else(|| DomainList { mode: before.policy.domains, domains: before.domains.clone() });
        if list.mode == DomainMode::Unrestricted {
            list = DomainList::UNRESTRICTED;
        }
        may_set_directory_domains(&list).into_result()?;
        let invites_from = change.invites_from.unwrap_or(before.policy.invites_from);
        let policy = CollaborationPolicy { invites_from, domains: list.mode };
        let after = Collaboration { policy, domains: list.domains };
        if after == before {
            return Ok(Commit::unaudited(after, Unaudited::NothingChanged));
        }
        scope.sharing_policies().update_collaboration(&after.policy)?;
        scope.listed_domains().replace(ListPlace::Directory, &after.domains)?;
        let listed: Vec<&str> = after.domains.iter().map(DomainName::as_str).collect();
        let done = event(&runtime, actor, "CollaborationPolicyChanged")
            .detail("InvitesFromBefore", before.policy.invites_from.graph_name())
            .detail("InvitesFromAfter", after.policy.invites_from.graph_name())
            .detail("DomainModeAfter", after.policy.domains.graph_name())
            .detail("DomainsAfter", listed.join(" "));
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(after, proof))
    })
    .await
}
