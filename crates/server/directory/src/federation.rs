//! Federation of an organization (X09): where its members sign in outside this cloud, set by its administrators.

use model::{
    AddressTrust, ClientAuthentication, Federation, FederationState, Newcomers, SharedSecret, TenantId,
    Timestamp,
};
use policy::Administration;
use storage::{Call, Commit};

use crate::authority::require;
use crate::error::check_text;
use crate::{DirectoryError, event, record};

/// Longest issuer, client id or secret, in bytes.
const LONGEST: usize = 1_024;

/// How this cloud shall prove itself to the issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthenticationChange {
    /// By the secret that was given before, in the same way.
    AsBefore,
    /// This way.
    To(ClientAuthentication),
}

/// A federation to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFederation {
    /// Name of the sign-in, shown to people.
    pub display_name: String,
    /// The issuer, exactly as it names itself.
    pub issuer: String,
    /// This cloud's client id there.
    pub client_id: String,
    /// How this cloud proves itself.
    pub authentication: AuthenticationChange,
    /// Which addresses count.
    pub addresses: AddressTrust,
    /// What becomes of people nobody knows.
    pub newcomers: Newcomers,
    /// Whether it is used.
    pub state: FederationState,
}

/// Returns the organization's federation. Administrators alone may see it.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::NotFound`] when there is none.
pub async fn federation(call: &Call) -> Result<Federation, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        scope.federations().find()?.ok_or(DirectoryError::NotFound)
    })
    .await
}

/// Sets the organization's federation in the place of the one before.
///
/// # Errors
/// [`DirectoryError::Refused`]; [`DirectoryError::Text`] for a text that cannot be used; [`DirectoryError::SecretMissing`]
/// when none is sent for a new federation or for another issuer or client than the secret was given for.
pub async fn set_federation(call: &Call, new: NewFederation) -> Result<Federation, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let before = scope.federations().find()?;
        let federation = checked(scope.tenant(), new, before.as_ref(), runtime.now())?;
        scope.federations().put(&federation)?;
        let done = event(&runtime, actor, "Set federation settings on domain")
            .detail("Issuer", federation.issuer.clone())
            .detail("Client", federation.client_id.clone())
            .detail("Newcomers", format!("{:?}", federation.newcomers))
            .detail("Addresses", format!("{:?}", federation.addresses))
            .detail("State", format!("{:?}", federation.state));
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(federation, proof))
    })
    .await
}

/// Removes the organization's federation: people sign in by password again, who have one.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn remove_federation(call: &Call) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if !scope.federations().delete()? {
            return Err(DirectoryError::NotFound);
        }
        let proof =
            record(scope, &runtime, &[event(&runtime, actor, "Remove federation settings on domain")])?;
        Ok(Commit::new((), proof))
    })
    .await
}

fn checked(
    tenant: TenantId,
    new: NewFederation,
    before: Option<&Federation>,
    now: Timestamp,
) -> Result<Federation, DirectoryError> {
    let plain = |name: &'static str, text: &str| {
        let fits = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
        if fits { Ok(()) } else { Err(DirectoryError::Text(name)) }
    };
    plain("the issuer", &new.issuer)?;
    plain("the client id", &new.client_id)?;
    let authentication = match new.authentication {
        AuthenticationChange::To(authentication) => authentication,
        AuthenticationChange::AsBefore => before
            // What was given for one issuer is never sent to another.
            .filter(|before| before.issuer == new.issuer && before.client_id == new.client_id)
            .map(|before| before.authentication.clone())
            .ok_or(DirectoryError::SecretMissing)?,
    };
    if let ClientAuthentication::SecretBasic(SharedSecret(secret))
    | ClientAuthentication::SecretPost(SharedSecret(secret)) = &authentication
    {
        plain("the client secret", secret)?;
    }
    Ok(Federation {
        tenant,
        display_name: check_text("the name", &new.display_name)?,
        issuer: new.issuer,
        client_id: new.client_id,
        authentication,
        addresses: new.addresses,
        newcomers: new.newcomers,
        state: new.state,
        created: before.map_or(now, |before| before.created),
        modified: now,
    })
}
