//! Founding an organization: its domains, and its first Global Administrator (A01).

use model::{Actor, DirectoryRole, SharingLevel, Tenant, TenantId, UserId};
use storage::{Commit, Operator};

use crate::error::check_text;
use crate::member::create_member;
use crate::{DirectoryError, NewMember, event, record};

/// An organization to be founded by the operator.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// Name shown to people.
    pub display_name: String,
    /// First domain; it never changes.
    pub initial_domain: String,
    /// Further domains the operator vouches for.
    pub domains: Vec<String>,
    /// The first Global Administrator.
    pub administrator: NewMember,
}

/// What was founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Founded {
    /// The organization.
    pub tenant: TenantId,
    /// Its first Global Administrator.
    pub administrator: UserId,
}

/// Founds an organization. Only the operator can; domains are theirs to vouch for.
///
/// # Errors
/// [`DirectoryError::Taken`] when a domain belongs to somebody, [`DirectoryError::ForeignDomain`] when the administrator's
/// address is of none of the domains.
pub async fn create_organization(
    operator: &Operator,
    new: NewOrganization,
) -> Result<Founded, DirectoryError> {
    let runtime = operator.store().runtime().clone();
    let tenant = Tenant {
        id: TenantId::from_random(runtime.random()),
        display_name: check_text("the name", &new.display_name)?,
        initial_domain: check_domain(&new.initial_domain)?,
        chunk_key: runtime.random(),
        site_sharing: SharingLevel::NewAndExistingGuests,
        personal_sharing: SharingLevel::NewAndExistingGuests,
        created: runtime.now(),
    };
    let further = new.domains.iter().map(|domain| check_domain(domain)).collect::<Result<Vec<_>, _>>()?;
    operator
        .write(move |cloud| {
            let scope = &mut cloud.tenant(tenant.id);
            scope.tenants().create(&tenant).map_err(DirectoryError::taken)?;
            for domain in further.iter().filter(|domain| **domain != tenant.initial_domain) {
                scope.tenants().add_domain(domain).map_err(DirectoryError::taken)?;
            }
            let administrator = create_member(scope, &runtime, new.administrator)?;
            scope.roles().create(administrator.id, DirectoryRole::GlobalAdministrator)?;
            let done = [
                event(&runtime, Actor::Operator, "Add organization"),
                event(&runtime, Actor::Operator, "Add user").target(administrator.id),
                event(&runtime, Actor::Operator, "Add member to role")
                    .target(administrator.id)
                    .detail("Role", "GlobalAdministrator"),
            ];
            let proof = record(scope, &runtime, &done)?;
            Ok(Commit::new(Founded { tenant: tenant.id, administrator: administrator.id }, proof))
        })
        .await
}

fn check_domain(domain: &str) -> Result<String, DirectoryError> {
    // A domain is good when an address with it is.
    let address: model::Address = format!("postmaster@{}", domain.trim()).parse()?;
    Ok(address.domain())
}
