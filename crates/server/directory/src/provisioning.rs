//! Provisioning (X09): members and security groups kept in step with an organization's own directory.
//!
//! The actor is the service behind a provisioning token. It may do what stands here and nothing else: it never sees or
//! touches a guest, a site's group or a role, and never takes the last administrator's sign-in away.

use model::{
    Actor, Address, AuditEvent, DirectoryRole, PersonRecord, ProvisioningToken, ProvisioningTokenId,
    SecretHash, Timestamp, User, UserId, UserKind,
};
use policy::{Administration, Reason};
use runtime::Runtime;
use storage::{Call, Commit, Scope, SignIn, StorageError, Writing};

use crate::authority::require;
use crate::error::check_text;
use crate::member::{NewMember, create_member};
use crate::{DirectoryError, event, record};

/// Most tokens of an organization.
const MOST_TOKENS: usize = 20;
/// Longest text of a service's own, in characters.
const LONGEST: usize = 256;

/// A member as a provisioning service sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionedPerson {
    /// The object.
    pub user: User,
    /// Every address they are known by, in lower case.
    pub addresses: Vec<String>,
    /// What the service keeps of them.
    pub record: PersonRecord,
}

/// What a member shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedPerson {
    /// Sign-in name and first address; of one of the organization's domains.
    pub user_name: Address,
    /// Name shown to people.
    pub display_name: String,
    /// Further addresses. Those outside the organization's domains are left out.
    pub addresses: Vec<Address>,
    /// The service's own name for them.
    pub external_id: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Whether they may sign in.
    pub sign_in: SignIn,
}

/// How a person is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonKey {
    /// By id.
    Id(UserId),
    /// By sign-in name.
    UserName(String),
    /// By the service's own name.
    ExternalId(String),
    /// By any address.
    Address(Address),
}

/// Makes a token for a provisioning service. `token` is the hash of its secret, which `identity` made.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::Text`].
pub async fn create_provisioning_token(
    call: &Call,
    display_name: &str,
    token: SecretHash,
    expires: Timestamp,
) -> Result<ProvisioningToken, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    let token = ProvisioningToken {
        id: ProvisioningTokenId::from_random(runtime.random()),
        tenant: call.tenant(),
        display_name: check_text("the name", display_name)?,
        token,
        created: runtime.now(),
        expires,
    };
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if scope.provisioning().list_tokens()?.len() >= MOST_TOKENS {
            return Err(DirectoryError::Text("the list of tokens is full; revoke one first: the list"));
        }
        scope.provisioning().create_token(&token)?;
        let done = event(&runtime, actor, "Add provisioning token")
            .detail("Token", token.id.to_string())
            .detail("Name", token.display_name.clone());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(token, proof))
    })
    .await
}

/// Lists the organization's tokens.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn list_provisioning_tokens(call: &Call) -> Result<Vec<ProvisioningToken>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        Ok(scope.provisioning().list_tokens()?)
    })
    .await
}

/// Revokes a token; the next request with it is refused.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn revoke_provisioning_token(
    call: &Call,
    token: ProvisioningTokenId,
) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if !scope.provisioning().delete_token(token)? {
            return Err(DirectoryError::NotFound);
        }
        let done = event(&runtime, actor, "Remove provisioning token").detail("Token", token.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Finds a member.
///
/// # Errors
/// A storage error.
pub async fn find_provisioned(
    call: &Call,
    key: PersonKey,
) -> Result<Option<ProvisionedPerson>, DirectoryError> {
    call.read(move |scope| {
        let found = match key {
            PersonKey::Id(id) => scope.users().find(id)?,
            PersonKey::UserName(name) => scope.users().find_by_principal_name(&name)?,
            PersonKey::Address(address) => scope.users().find_by_address(&address)?,
            PersonKey::ExternalId(name) => {
                let mut alive = None;
                for id in scope.provisioning().list_people_called(&name)? {
                    alive = alive.or(scope.users().find(id)?);
                }
                alive
            }
        };
        member(found).map(|user| seen(scope, user)).transpose()
    })
    .await
}

/// Lists members by sign-in name, after the given one. People who are no members are passed over: the second value is the
/// sign-in name at which the next page begins, none at the end.
///
/// # Errors
/// A storage error.
pub async fn list_provisioned(
    call: &Call,
    after: Option<String>,
    most: i64,
) -> Result<(Vec<ProvisionedPerson>, Option<String>), DirectoryError> {
    call.read(move |scope| {
        let page = scope.users().list(after.as_deref(), most)?;
        let full = i64::try_from(page.len()).unwrap_or(i64::MAX) >= most;
        let next = page.last().filter(|_| full).map(|user| user.principal_name.clone());
        let members = page.into_iter().filter(|user| user.kind == UserKind::Member);
        let seen: Result<Vec<_>, DirectoryError> = members.map(|user| seen(scope, user)).collect();
        Ok((seen?, next))
    })
    .await
}

/// Makes a member.
///
/// # Errors
/// [`DirectoryError::ForeignDomain`], [`DirectoryError::Taken`] or [`DirectoryError::Text`].
pub async fn provision_person(
    call: &Call,
    wanted: WantedPerson,
) -> Result<ProvisionedPerson, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let own = own_addresses(scope, &wanted)?;
        let new = NewMember {
            address: wanted.user_name.clone(),
            display_name: wanted.display_name.clone(),
            aliases: own.into_iter().filter(|address| address.key() != wanted.user_name.key()).collect(),
            password_hash: None,
        };
        let user = create_member(scope, &runtime, new)?;
        if wanted.sign_in == SignIn::Blocked {
            scope.users().update_sign_in(user.id, SignIn::Blocked, runtime.now())?;
        }
        keep_record(scope, &runtime, user.id, wanted)?;
        let proof = record(scope, &runtime, &[event(&runtime, actor, "Add user").target(user.id)])?;
        Ok(Commit::new(look(scope, user.id)?, proof))
    })
    .await
}

/// Changes a member in one step: `change` is given what they are and says what they shall be.
///
/// # Errors
/// The error of `change`; [`DirectoryError::NotFound`] for who is no member; [`DirectoryError::Refused`] when nobody would be
/// left who administers; otherwise as [`provision_person`].
pub async fn change_provisioned<E>(
    call: &Call,
    person: UserId,
    change: impl FnOnce(&ProvisionedPerson) -> Result<WantedPerson, E> + Send + 'static,
) -> Result<ProvisionedPerson, E>
where
    E: From<DirectoryError> + From<StorageError> + Send + 'static,
{
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let before = look(scope, person)?;
        let wanted = change(&before)?;
        let done = carry_out(scope, &runtime, actor, &before, wanted).map_err(E::from)?;
        let proof = record(scope, &runtime, &done)?;
        Ok(Commit::new(look(scope, person)?, proof))
    })
    .await
}

/// Deletes a member softly: their tokens and sessions are void at once.
///
/// # Errors
/// [`DirectoryError::NotFound`], or [`DirectoryError::Refused`] for the last administrator.
pub async fn deprovision_person(call: &Call, person: UserId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        look(scope, person)?;
        require_other_administrator(scope, person)?;
        scope.users().delete(person, runtime.now())?;
        let proof = record(scope, &runtime, &[event(&runtime, actor, "Delete user").target(person)])?;
        Ok(Commit::new((), proof))
    })
    .await
}

fn carry_out(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    before: &ProvisionedPerson,
    wanted: WantedPerson,
) -> Result<Vec<AuditEvent>, DirectoryError> {
    let person = before.user.id;
    let mut done = Vec::new();
    let display_name = check_text("the name", &wanted.display_name)?;
    let own = own_addresses(scope, &wanted)?;
    let mut keys: Vec<String> = own.iter().map(Address::key).collect();
    keys.sort_unstable();
    keys.dedup();
    let renamed =
        before.user.principal_name != wanted.user_name.as_str() || before.user.display_name != display_name;
    if renamed || keys != before.addresses {
        let names = (&wanted.user_name, display_name.as_str());
        scope.users().update_names(person, names, &own).map_err(DirectoryError::taken)?;
        done.push(event(runtime, actor, "Update user").target(person));
    }
    if before.user.enabled != (wanted.sign_in == SignIn::Allowed) {
        let operation = match wanted.sign_in {
            SignIn::Allowed => "Enable account",
            SignIn::Blocked => {
                require_other_administrator(scope, person)?;
                "Disable account"
            }
        };
        scope.users().update_sign_in(person, wanted.sign_in, runtime.now())?;
        done.push(event(runtime, actor, operation).target(person));
    }
    keep_record(scope, runtime, person, wanted)?;
    if done.is_empty() {
        done.push(event(runtime, actor, "Update user").target(person).detail("Change", "ProvisioningRecord"));
    }
    Ok(done)
}

/// Fails when nobody would be left who administers the organization.
fn require_other_administrator(scope: &mut Scope<'_, Writing>, person: UserId) -> Result<(), DirectoryError> {
    let administers = scope.roles().list_of(person)?.contains(&DirectoryRole::GlobalAdministrator);
    if administers && !scope.roles().has_administrator_besides(person)? {
        return Err(Reason::WouldLockOut.into());
    }
    Ok(())
}

/// Returns the addresses of the organization's domains, the sign-in name first.
fn own_addresses(
    scope: &mut Scope<'_, Writing>,
    wanted: &WantedPerson,
) -> Result<Vec<Address>, DirectoryError> {
    let domains = scope.tenants().list_domains()?;
    if !domains.contains(&wanted.user_name.domain()) {
        return Err(DirectoryError::ForeignDomain);
    }
    let mut own = vec![wanted.user_name.clone()];
    for address in &wanted.addresses {
        let known = own.iter().any(|known| known.key() == address.key());
        if domains.contains(&address.domain()) && !known {
            own.push(address.clone());
        }
    }
    Ok(own)
}

fn keep_record(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    user: UserId,
    wanted: WantedPerson,
) -> Result<(), DirectoryError> {
    let WantedPerson { external_id, given_name, family_name, .. } = wanted;
    for text in [&external_id, &given_name, &family_name].into_iter().flatten() {
        if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return Err(DirectoryError::Text("externalId and the parts of a name"));
        }
    }
    let record = PersonRecord { user, external_id, given_name, family_name, modified: runtime.now() };
    Ok(scope.provisioning().put_person(&record)?)
}

fn member(user: Option<User>) -> Option<User> {
    user.filter(|user| user.kind == UserKind::Member)
}

fn look<M>(scope: &mut Scope<'_, M>, person: UserId) -> Result<ProvisionedPerson, DirectoryError> {
    let user = member(scope.users().find(person)?).ok_or(DirectoryError::NotFound)?;
    seen(scope, user)
}

fn seen<M>(scope: &mut Scope<'_, M>, user: User) -> Result<ProvisionedPerson, DirectoryError> {
    let addresses = scope.users().list_addresses(user.id)?;
    let kept = scope.provisioning().find_person(user.id)?;
    let record = kept.unwrap_or(PersonRecord {
        user: user.id,
        external_id: None,
        given_name: None,
        family_name: None,
        modified: user.created,
    });
    Ok(ProvisionedPerson { user, addresses, record })
}
