//! A person who signed in at the organization's own issuer: which member they are (X09).
//!
//! A member is bound to the issuer's subject, once. An address only serves to bind, and only within the domains that the
//! organization proved: an issuer speaks for one organization's people and nobody else's.

use model::{Actor, Address, AuditEvent, FederatedSubject, Federation, Newcomers, User, UserKind};
use runtime::Runtime;
use storage::{Scope, Writing};

use crate::member::{NewMember, create_member};
use crate::{DirectoryError, event};

/// Who the issuer says they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identification {
    /// The issuer's lasting name for them.
    pub subject: String,
    /// Their address, if the issuer's word for it counts.
    pub address: Option<Address>,
    /// Their name.
    pub name: Option<String>,
}

/// Returns which member somebody is, binding or adding them when they come for the first time. The caller records what
/// was done.
///
/// # Errors
/// [`DirectoryError::NotFound`] when they are nobody here; [`DirectoryError::ForeignDomain`] when their address is of a
/// domain that is not the organization's; [`DirectoryError::Taken`] when the address belongs to somebody who is bound to
/// another subject.
pub fn admit_identified(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    actor: Actor,
    federation: &Federation,
    who: &Identification,
) -> Result<(User, Vec<AuditEvent>), DirectoryError> {
    let bond = scope.federations().find_subject(&federation.issuer, &who.subject)?;
    if let Some(bond) = &bond
        && let Some(user) = scope.users().find(bond.user)?
    {
        return Ok((user, Vec::new()));
    }
    let address = who.address.as_ref().ok_or(DirectoryError::NotFound)?;
    if !scope.tenants().list_domains()?.contains(&address.domain()) {
        return Err(DirectoryError::ForeignDomain);
    }
    let (user, mut done) = match scope.users().find_by_address(address)? {
        Some(user) if user.kind == UserKind::Member => (user, Vec::new()),
        Some(_) => return Err(DirectoryError::Taken),
        // Whoever was deleted here is not brought back by signing in there.
        None if bond.is_some() || federation.newcomers == Newcomers::Refused => {
            return Err(DirectoryError::NotFound);
        }
        None => {
            let named = who.name.clone().filter(|name| !name.trim().is_empty());
            let display_name = named.unwrap_or_else(|| address.to_string());
            let new = NewMember {
                address: address.clone(),
                display_name: display_name.chars().filter(|c| !c.is_control()).take(256).collect(),
                aliases: Vec::new(),
                password_hash: None,
            };
            let user = create_member(scope, runtime, new)?;
            let added = event(runtime, actor, "Add user").target(user.id).detail("Origin", "federation");
            (user, vec![added])
        }
    };
    if scope.federations().is_bound(&federation.issuer, user.id)? {
        return Err(DirectoryError::Taken);
    }
    let bond = FederatedSubject {
        issuer: federation.issuer.clone(),
        subject: who.subject.clone(),
        user: user.id,
        bound: runtime.now(),
    };
    scope.federations().bind(&bond).map_err(DirectoryError::taken)?;
    let bound = event(runtime, actor, "Link federated account");
    done.push(bound.target(user.id).detail("Issuer", federation.issuer.clone()));
    Ok((user, done))
}
