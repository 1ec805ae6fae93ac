//! Device codes: sign-in for a program without a browser (RFC 8628, graph-surface.md 2.6).

use data_encoding::BASE64URL_NOPAD;
use model::{DeviceCode, DeviceCodeState, SignInLine, TenantId};
use storage::{Commit, StorageError, Unaudited};

use crate::authorize::LONGEST;
use crate::secret::hash;
use crate::sign_in::later;
use crate::{Authority, Client, Identity, IdentityError, Refusal, SignedIn};

/// How long a request waits for its answer, in seconds.
const LIFETIME: i64 = 900;
/// Seconds between two questions of a device.
const INTERVAL: i64 = 5;
/// Letters of the code people type: no vowels, so it spells nothing, and none that are mistaken for one another.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Length of the code people type: 20^9 possibilities within fifteen minutes.
const LENGTH: usize = 9;

/// What a device is told. It has no `Debug` form.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceGrant {
    /// The code the device polls with.
    pub device_code: String,
    /// The code a person types.
    pub user_code: String,
    /// Seconds it lasts.
    pub expires_in: i64,
    /// Seconds between two questions.
    pub interval: i64,
}

/// A device's request as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    /// The application that asks.
    pub client: Client,
    /// The organization it asks for; none means the home of whoever answers.
    pub resource: Option<TenantId>,
}

/// What a person says to a device's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// It may sign in.
    Allow,
    /// It may not.
    Decline,
}

impl Identity {
    /// Starts a device's request.
    ///
    /// # Errors
    /// [`Refusal::UnknownClient`], or a storage error.
    pub async fn start_device(
        &self,
        authority: Authority,
        client_id: &str,
        scope: &str,
    ) -> Result<DeviceGrant, IdentityError> {
        let client = Client::find(client_id).ok_or(Refusal::UnknownClient)?;
        // Nobody has signed in, and it is kept.
        if scope.len() > LONGEST {
            return Err(Refusal::Malformed("a parameter is too long").into());
        }
        let device_code = BASE64URL_NOPAD.encode(&self.runtime().random::<32>());
        let user_code = self.fresh_user_code();
        let request = DeviceCode {
            device: hash(&device_code),
            user_code: hash(&user_code),
            client: client.id.to_owned(),
            resource: match authority {
                Authority::Tenant(tenant) => Some(tenant),
                Authority::Home => None,
            },
            scope: scope.to_owned(),
            state: DeviceCodeState::Pending,
            home: None,
            signed_in: None,
            polled: None,
            expires: later(self.runtime().now(), LIFETIME),
        };
        self.operator()
            .write(move |cloud| -> Result<_, StorageError> {
                cloud.create_device_code(&request)?;
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await?;
        Ok(DeviceGrant { device_code, user_code, expires_in: LIFETIME, interval: INTERVAL })
    }

    /// Finds the pending request behind the code a person typed; none when there is none.
    ///
    /// # Errors
    /// A storage error.
    pub async fn device_request(&self, user_code: &str) -> Result<Option<DeviceRequest>, IdentityError> {
        let found = self.find_pending(user_code).await?;
        Ok(found.and_then(|request| {
            Some(DeviceRequest { client: Client::find(&request.client)?, resource: request.resource })
        }))
    }

    /// Answers a device's request as somebody signed in, with what they proved. Returns whether it was still waiting.
    ///
    /// # Errors
    /// A storage error.
    pub async fn answer_device(
        &self,
        user_code: &str,
        person: &SignedIn,
        answer: DeviceAnswer,
    ) -> Result<bool, IdentityError> {
        let Some(request) = self.find_pending(user_code).await? else { return Ok(false) };
        let state = match answer {
            DeviceAnswer::Allow => DeviceCodeState::Approved,
            DeviceAnswer::Decline => DeviceCodeState::Declined,
        };
        let (home, since, session) = (person.home, person.since, person.line);
        let answered = self
            .operator()
            .write(move |cloud| -> Result<_, StorageError> {
                let answered = cloud.answer_device_code(request.device, state, home, since)?;
                let (device, expires) = (SignInLine::Device(request.device), Some(request.expires));
                cloud.tenant(home.tenant).evidence().hand_on(session, device, expires)?;
                Ok(Commit::unaudited(answered, Unaudited::SignInPlumbing))
            })
            .await?;
        Ok(answered)
    }

    async fn find_pending(&self, user_code: &str) -> Result<Option<DeviceCode>, IdentityError> {
        let (typed, now) = (hash(&canonical(user_code)), self.runtime().now());
        let found = self.operator().read(move |cloud| cloud.find_device_code_by_user_code(typed)).await?;
        Ok(found.filter(|request| request.state == DeviceCodeState::Pending && now < request.expires))
    }

    /// Answers a device that asks whether it may: the approved request, or why not yet.
    pub(crate) async fn poll_device(&self, code: &str, client: Client) -> Result<DeviceCode, IdentityError> {
        let (device, now) = (hash(code), self.runtime().now());
        self.operator()
            .write(move |cloud| -> Result<_, IdentityError> {
                let request = cloud.find_device_code(device)?.ok_or(Refusal::DeviceUnknown)?;
                if request.client != client.id {
                    return Err(Refusal::DeviceUnknown.into());
                }
                if now >= request.expires {
                    return Err(Refusal::DeviceExpired.into());
                }
                cloud.poll_device_code(device, now)?;
                // One second of tolerance: clients count their interval from the answer they got.
                let hasty = request.polled.is_some_and(|polled| now < later(polled, INTERVAL - 1));
                let answer = match request.state {
                    DeviceCodeState::Approved => Ok(request),
                    DeviceCodeState::Declined => Err(Refusal::DeviceDeclined),
                    DeviceCodeState::Spent => Err(Refusal::DeviceUnknown),
                    DeviceCodeState::Pending if hasty => Err(Refusal::DeviceSlowDown),
                    DeviceCodeState::Pending => Err(Refusal::DevicePending),
                };
                Ok(Commit::unaudited(answer, Unaudited::SignInPlumbing))
            })
            .await?
            .map_err(IdentityError::from)
    }

    fn fresh_user_code(&self) -> String {
        let mut code = String::with_capacity(LENGTH);
        while code.len() < LENGTH {
            let [byte] = self.runtime().random::<1>();
            // 240 is the largest multiple of 20 in a byte; bytes above would favour the first letters.
            if byte < 240 {
                code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            }
        }
        code
    }
}

/// Reads a code as a person types it: any case, with spaces or hyphens.
fn canonical(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_uppercase()
}
