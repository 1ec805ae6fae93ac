//! Sign-in: a person proves at home who they are; the account and its secret are kept.

use agent_api::{Failure, FailureKind, Message, SignInWay};
use remote::{BrowserSignIn, CloudOrigin, DeviceSignIn, SignInContext, SignInError, SignedIn};

use crate::Agent;
use crate::accounts::account_status;
use crate::managed::forbidden;
use crate::session::Outlet;

pub(super) async fn run(
    agent: &Agent,
    cloud: &str,
    address: Option<&str>,
    way: SignInWay,
    outlet: &mut Outlet,
) -> Result<Message, Failure> {
    let origin: CloudOrigin = cloud
        .parse()
        .map_err(|error: remote::InvalidOrigin| Failure::new(FailureKind::BadRequest, error.to_string()))?;
    let context = SignInContext {
        runtime: agent.0.runtime.clone(),
        transport: std::sync::Arc::clone(&agent.0.transport),
        origin,
    };
    let signed_in = match way {
        SignInWay::Browser => {
            let pending = BrowserSignIn::begin(context, address).await.map_err(failure)?;
            tell(outlet, Message::OpenPage { page: pending.page().to_owned() }).await?;
            pending.finish().await
        }
        SignInWay::DeviceCode => {
            let pending = DeviceSignIn::begin(context).await.map_err(failure)?;
            let (page, code) = (pending.page().to_owned(), pending.user_code().to_owned());
            tell(outlet, Message::EnterCode { page, code }).await?;
            pending.finish().await
        }
    };
    keep(agent, signed_in.map_err(failure)?).await
}

/// Saves the secret first: an account without one would be a lie after a crash, a secret without one is nothing.
async fn keep(agent: &Agent, signed_in: SignedIn) -> Result<Message, Failure> {
    let account = signed_in.account;
    agent.policies().may_add_account(&account.home_tenant).map_err(|refusal| forbidden(&refusal))?;
    agent.tokens(&account).adopt(signed_in.refresh_token).await.map_err(|error| {
        Failure::new(FailureKind::Computer, format!("The sign-in could not be saved: {error}"))
    })?;
    let kept = account.clone();
    agent
        .change_settings(move |settings| {
            settings.accounts.retain(|other| other.key() != kept.key());
            settings.accounts.push(kept);
            Ok(())
        })
        .await?;
    agent.restart_roots_of(&account).await;
    Ok(Message::SignedIn(account_status(&account)))
}

async fn tell(outlet: &mut Outlet, message: Message) -> Result<(), Failure> {
    outlet.send(&message).await.map_err(|error| Failure::new(FailureKind::Internal, error.to_string()))
}

pub(super) fn failure(error: SignInError) -> Failure {
    let message = error.to_string();
    match error {
        SignInError::NoCloud { .. } => Failure::new(FailureKind::Offline, message)
            .with_remedy("Check the cloud's address and your connection."),
        SignInError::Transport(_) => Failure::new(FailureKind::Offline, message)
            .with_remedy("Check your connection, then sign in again."),
        SignInError::TooLate => {
            Failure::new(FailureKind::SignInFailed, message).with_remedy("Sign in again.")
        }
        SignInError::Refused(_) => Failure::new(FailureKind::SignInFailed, message)
            .with_remedy("Sign in again, or ask your administrator."),
        SignInError::TooOld(_) => Failure::new(FailureKind::SignInFailed, message)
            .with_remedy("Install the current version of Footbridge, then sign in again."),
        SignInError::NoListener(_) => Failure::new(FailureKind::SignInFailed, message)
            .with_remedy("Sign in with `footbridge sign-in --device-code`."),
    }
}
