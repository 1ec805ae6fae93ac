//! Token: an access token for commands that speak Graph themselves.

use agent_api::{Failure, FailureKind, Message};
use remote::TokenError;

use crate::Agent;

pub(super) async fn run(
    agent: &Agent,
    account: Option<&str>,
    tenant: Option<String>,
) -> Result<Message, Failure> {
    let found = {
        let live = agent.live();
        match account {
            Some(name) => live.settings.account(name).cloned(),
            None => live.settings.accounts.first().cloned(),
        }
    };
    let account = found.ok_or_else(|| {
        Failure::new(FailureKind::NoAccount, "Nobody is signed in.")
            .with_remedy("Sign in with `footbridge sign-in`.")
    })?;
    let tenant = tenant.unwrap_or_else(|| account.home_tenant.clone());
    let token = agent.tokens(&account).token(&tenant).await.map_err(failure)?;
    Ok(Message::Token { cloud: account.origin.to_string(), token: token.secret().to_owned() })
}

fn failure(error: TokenError) -> Failure {
    let message = error.to_string();
    let kind = match error {
        TokenError::SignInNeeded => FailureKind::SignInNeeded,
        TokenError::InteractionNeeded { .. } => FailureKind::InteractionNeeded,
        TokenError::NotAdmitted { .. } => FailureKind::NoAccess,
        TokenError::Throttled { .. } | TokenError::Transport(_) => FailureKind::Offline,
        TokenError::ClientTooOld(_) => FailureKind::BadRequest,
    };
    Failure::new(kind, message)
}
