//! Device code sign-in: for a computer without a browser. The person types a short code on another one.

use std::time::Duration;

use serde::Deserialize;

use super::discovery::{Discovery, discover};
use super::{SignInContext, SignInError, SignedIn, refused};
use crate::token_endpoint::{SCOPE, TokenAnswer, TokenError, post_form, request_token};
use crate::token_refusal::RefusalBody;
use transfer::CLIENT_ID;

/// A sign-in that waits for a person at another computer.
pub struct DeviceSignIn {
    context: SignInContext,
    discovery: Discovery,
    granted: DeviceAnswer,
}

#[derive(Debug, Deserialize)]
struct DeviceAnswer {
    device_code: String,
    user_code: String,
    verification_uri: String,
    expires_in: u64,
    #[serde(default = "default_interval")]
    interval: u64,
}

fn default_interval() -> u64 {
    5
}

impl DeviceSignIn {
    /// Asks the cloud for a code.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn begin(context: SignInContext) -> Result<Self, SignInError> {
        let discovery = discover(&context).await?;
        let Some(address) = discovery.device_authorization_endpoint.clone() else {
            return Err(SignInError::Refused("this cloud does not offer sign-in by code".to_owned()));
        };
        let form = [("client_id", CLIENT_ID), ("scope", SCOPE)];
        let (status, bytes) =
            post_form(&context.runtime, &*context.transport, address.as_str(), &form).await?;
        if !status.is_success() {
            let refusal: RefusalBody = serde_json::from_slice(&bytes).unwrap_or_default();
            return Err(refused(refusal));
        }
        let granted = serde_json::from_slice(&bytes)
            .map_err(|_| SignInError::Transport("the cloud's answer cannot be read".to_owned()))?;
        Ok(Self { context, discovery, granted })
    }

    /// Returns the code to type.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.granted.user_code
    }

    /// Returns the page to type it on.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.granted.verification_uri
    }

    /// Waits until the person signed in.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn finish(self) -> Result<SignedIn, SignInError> {
        let mut interval = Duration::from_secs(self.granted.interval.clamp(1, 60));
        let runtime = &self.context.runtime;
        let last = runtime.elapsed() + Duration::from_secs(self.granted.expires_in.min(3600));
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", CLIENT_ID),
            ("device_code", self.granted.device_code.as_str()),
            ("client_info", "1"),
        ];
        while runtime.elapsed() < last {
            runtime.sleep(interval).await;
            let address = self.discovery.token_endpoint.as_str();
            let refusal = match request_token(runtime, &*self.context.transport, address, &form).await {
                Ok(TokenAnswer::Tokens(tokens)) => {
                    return SignedIn::from_tokens(&self.context, *tokens, None);
                }
                Ok(TokenAnswer::Refused(refusal)) => refusal,
                Err(TokenError::Throttled { after }) => {
                    interval = interval.max(after.min(Duration::from_secs(60)));
                    continue;
                }
                // The person may still be typing while the connection comes and goes.
                Err(TokenError::Transport(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            match refusal.error.as_str() {
                "authorization_pending" => {}
                "slow_down" => interval += Duration::from_secs(5),
                "expired_token" => return Err(SignInError::TooLate),
                _ => return Err(refused(refusal)),
            }
        }
        Err(SignInError::TooLate)
    }
}
