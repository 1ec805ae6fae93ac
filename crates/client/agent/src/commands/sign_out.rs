//! Sign-out: the account and its secret are forgotten. Its roots stay listed and say that a sign-in is needed.

use agent_api::{Failure, FailureKind, Message};

use crate::Agent;

pub(super) async fn run(agent: &Agent, name: &str) -> Result<Message, Failure> {
    let account = agent.live().settings.account(name).cloned().ok_or_else(|| {
        Failure::new(FailureKind::NotFound, format!("`{name}` is not signed in here."))
            .with_remedy("`footbridge accounts` shows who is.")
    })?;
    agent.tokens(&account).forget().await.map_err(|error| {
        Failure::new(FailureKind::Computer, format!("The saved sign-in could not be removed: {error}"))
    })?;
    let key = account.key();
    agent
        .change_settings(move |settings| {
            settings.accounts.retain(|other| other.key() != key);
            Ok(())
        })
        .await?;
    agent.drop_account(&account);
    agent.restart_roots_of(&account).await;
    Ok(Message::Done)
}
