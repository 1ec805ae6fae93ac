//! Adding a member: a person who signs in here.

use model::{Address, Timestamp, User, UserId, UserKind};
use policy::Administration;
use runtime::Runtime;
use storage::{Call, Commit, NewUser, Scope, Writing};

use crate::authority::require;
use crate::error::check_text;
use crate::{DirectoryError, event, record};

/// A member to be made.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// Sign-in name and first address; of one of the organization's domains.
    pub address: Address,
    /// Name shown to people.
    pub display_name: String,
    /// Further addresses of the same person.
    pub aliases: Vec<Address>,
    /// Password as an Argon2id PHC string, made by `identity`.
    pub password_hash: Option<String>,
}

/// Adds a member to the organization.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::ForeignDomain`], [`DirectoryError::Taken`].
pub async fn add_member(call: &Call, new: NewMember) -> Result<User, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let user = create_member(scope, &runtime, new)?;
        let proof = record(scope, &runtime, &[event(&runtime, actor, "Add user").target(user.id)])?;
        Ok(Commit::new(user, proof))
    })
    .await
}

/// Stores a member without deciding or recording.
pub(crate) fn create_member(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    new: NewMember,
) -> Result<User, DirectoryError> {
    let domains = scope.tenants().list_domains()?;
    let mut addresses = vec![new.address.clone()];
    addresses.extend(new.aliases);
    if addresses.iter().any(|address| !domains.contains(&address.domain())) {
        return Err(DirectoryError::ForeignDomain);
    }
    let now: Timestamp = runtime.now();
    let user = User {
        id: UserId::from_random(runtime.random()),
        tenant: scope.tenant(),
        kind: UserKind::Member,
        principal_name: new.address.to_string(),
        display_name: check_text("the name", &new.display_name)?,
        mail: Some(new.address.to_string()),
        enabled: true,
        guest_state: None,
        home: None,
        created: now,
        deleted: None,
        tokens_valid_from: now,
    };
    let stored = NewUser { user: user.clone(), addresses, password_hash: new.password_hash };
    scope.users().create(&stored).map_err(DirectoryError::taken)?;
    Ok(user)
}
