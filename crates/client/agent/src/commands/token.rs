//! Token: an access token for commands that speak Graph themselves.

use agent_api::{Failure, FailureKind, Message};
use remote::{Account, TokenError};

use crate::Agent;

pub(super) async fn run(
    agent: &Agent,
    account: Option<&str>,
    tenant: Option<String>,
) -> Result<Message, Failure> {
    let account = choose(agent, account)?;
    let tenant = tenant.unwrap_or_else(|| account.home_tenant.clone());
    let token = agent.tokens(&account).token(&tenant).await.map_err(failure)?;
    Ok(Message::Token { cloud: account.origin.to_string(), token: token.secret().to_owned() })
}

/// The account named, or the only one. Among several a guess could act in the name of the wrong organization.
fn choose(agent: &Agent, name: Option<&str>) -> Result<Account, Failure> {
    let live = agent.live();
    let accounts = &live.settings.accounts;
    match (name, accounts.as_slice()) {
        (Some(name), _) => live.settings.account(name).cloned().ok_or_else(|| {
            Failure::new(FailureKind::NoAccount, format!("`{name}` is not signed in here."))
                .with_remedy("`footbridge accounts` shows who is.")
        }),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(Failure::new(FailureKind::NoAccount, "Nobody is signed in.")
            .with_remedy("Sign in with `footbridge sign-in --cloud https://…`.")),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|account| account.address.as_str()).collect();
            Err(Failure::new(
                FailureKind::NoAccount,
                format!("Several people are signed in: {}.", names.join(", ")),
            )
            .with_remedy("Say who you are with `--account`."))
        }
    }
}

pub(super) fn failure(error: TokenError) -> Failure {
    let message = error.to_string();
    match error {
        TokenError::SignInNeeded => Failure::new(FailureKind::SignInNeeded, message)
            .with_remedy("Sign in again with `footbridge sign-in`."),
        TokenError::InteractionNeeded { demand, .. } => {
            Failure::new(FailureKind::InteractionNeeded, message).with_remedy(demand.remedy())
        }
        TokenError::NotAdmitted { .. } => Failure::new(FailureKind::NoAccess, message),
        TokenError::Throttled { .. } | TokenError::Transport(_) => {
            Failure::new(FailureKind::Offline, message).with_remedy("Check your connection, then try again.")
        }
        TokenError::ClientTooOld(text) => Failure::new(FailureKind::NoAccess, text)
            .with_remedy("Install the current version of Footbridge, then try again."),
    }
}
