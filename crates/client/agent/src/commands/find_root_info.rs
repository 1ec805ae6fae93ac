//! Finding a root: which of the person's accounts can open a link, and what its owner calls it.

use agent_api::{CloudTrust, Failure, FailureKind};
use remote::{Account, LookupError, resolve, root_info};
use transfer::RootInfo;
use url::Url;

use crate::Agent;
use crate::root_link::RootLink;

/// A root somebody may open.
pub(super) struct FoundRoot {
    pub account: Account,
    pub info: RootInfo,
}

/// Asks the cloud with each account that could know, the named or pre-filled one first.
pub(super) async fn find(
    agent: &Agent,
    link: &RootLink,
    named: Option<&str>,
    trust: CloudTrust,
) -> Result<FoundRoot, Failure> {
    let accounts = candidates(agent, link, named, trust)?;
    let mut last = None;
    for account in accounts {
        for tenant in tenants(agent, link, &account) {
            let api = agent.api(&account, &tenant);
            let answer = match link {
                RootLink::Ids { root, .. } => root_info(&api, root).await,
                RootLink::Web { url, .. } => resolve(&api, url.as_str()).await,
            };
            match answer {
                Ok(info) => return Ok(FoundRoot { account, info }),
                // A connection that failed would hide a better answer behind a worse one.
                Err(error @ LookupError::Transport(_)) => return Err(failure(&error, &account)),
                Err(error) => last = last.or(Some(failure(&error, &account))),
            }
        }
    }
    Err(last.unwrap_or_else(|| Failure::new(FailureKind::NoAccount, "Nobody is signed in.")))
}

pub(super) fn candidates(
    agent: &Agent,
    link: &RootLink,
    named: Option<&str>,
    trust: CloudTrust,
) -> Result<Vec<Account>, Failure> {
    let cloud = link.cloud();
    let live = agent.live();
    let everybody = &live.settings.accounts;
    let mut accounts: Vec<Account> =
        everybody.iter().filter(|account| account.origin == *cloud).cloned().collect();
    if accounts.is_empty() {
        return Err(match (trust, everybody.first()) {
            (CloudTrust::KnownOnly, None) => {
                Failure::new(FailureKind::UnknownCloud, format!("The link leads to {cloud}."))
                    .with_remedy("If you know that cloud, answer yes or add `--yes`.")
            }
            (CloudTrust::KnownOnly, Some(other)) => Failure::new(
                FailureKind::UnknownCloud,
                format!("The link leads to {cloud}, and you are signed in to {} only.", other.origin),
            )
            .with_remedy(
                "An account of one cloud cannot sync from another. Answer yes to sign in there too.",
            ),
            (CloudTrust::Agreed, _) => {
                Failure::new(FailureKind::NoAccount, format!("Nobody is signed in to {cloud}."))
                    .with_remedy(format!("Sign in with `footbridge sign-in --cloud {cloud}`."))
            }
        });
    }
    if let Some(name) = named {
        accounts.retain(|account| account.key() == name || account.address.eq_ignore_ascii_case(name));
        if accounts.is_empty() {
            return Err(Failure::new(FailureKind::NoAccount, format!("`{name}` is not signed in there."))
                .with_remedy("`footbridge accounts` shows who is."));
        }
    }
    if let Some(address) = link.address() {
        accounts.sort_by_key(|account| !account.address.eq_ignore_ascii_case(address));
    }
    Ok(accounts)
}

/// Which organizations may own what a link means. A web address does not say it in ids: its first part may be the
/// organization's domain, else it is the person's own or one they sync from already.
pub(super) fn tenants(agent: &Agent, link: &RootLink, account: &Account) -> Vec<String> {
    let url = match link {
        RootLink::Ids { root, .. } => return vec![root.tenant.clone()],
        RootLink::Web { url, .. } => url,
    };
    let key = account.key();
    let live = agent.live();
    let known = live.settings.roots.iter().filter(|root| root.account == key).map(|root| root.tenant.clone());
    let mut tenants: Vec<String> = named_tenant(url).into_iter().collect();
    for tenant in std::iter::once(account.home_tenant.clone()).chain(known) {
        if !tenants.contains(&tenant) {
            tenants.push(tenant);
        }
    }
    tenants
}

/// The first part of the path, when it is a domain or an id; of a sharing link, what its secret names.
fn named_tenant(url: &Url) -> Option<String> {
    if let Some(tenant) = transfer::tenant_of_link(url.path()) {
        return Some(tenant);
    }
    let first = url.path_segments()?.next()?;
    let domain = first.contains('.') && !first.starts_with('.') && !first.ends_with('.');
    let id = first.len() == 36 && first.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    (domain || id).then(|| first.to_owned())
}

fn failure(error: &LookupError, account: &Account) -> Failure {
    let who = &account.address;
    let message = error.to_string();
    match error {
        LookupError::NotFound => Failure::new(
            FailureKind::NoAccess,
            format!("There is nothing at that address that {who} may open."),
        )
        .with_remedy("Check the address, or ask its owner to share it with you."),
        LookupError::NotAdmitted(_) => Failure::new(FailureKind::NoAccess, message).with_remedy(
            "Open the link of your invitation in the browser and accept it, or ask the owner to invite you.",
        ),
        LookupError::SignInNeeded => {
            Failure::new(FailureKind::SignInNeeded, format!("{who} must sign in again."))
                .with_remedy(format!("Sign in with `footbridge sign-in --cloud {} {who}`.", account.origin))
        }
        LookupError::InteractionNeeded { demand, .. } if !demand.is_met_in_browser() => {
            Failure::new(FailureKind::NoAccess, message).with_remedy(demand.remedy())
        }
        LookupError::InteractionNeeded { .. } => Failure::new(FailureKind::InteractionNeeded, message)
            .with_remedy(
                "Run `footbridge resolve` with this address and do what the page asks, then try again.",
            ),
        LookupError::Refused(_) => Failure::new(FailureKind::NoAccess, message),
        LookupError::Transport(_) => {
            Failure::new(FailureKind::Offline, message).with_remedy("Check your connection, then try again.")
        }
    }
}
