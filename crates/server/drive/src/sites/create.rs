//! Making a site: three groups with their roles, the library *Documents*, and its maker as owner, in one commit (B15).

use directory::{authority_of, event, record};
use model::{
    Actor, Caller, Drive, Group, GroupId, GroupKind, Permission, PermissionId, PermissionScope, Principal,
    Role, SharingLevel, Site, SiteId,
};
use policy::{Administration, may_administer};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Writing};

use super::SiteError;
use super::library::{FIRST_LIBRARY, add_library};

/// A new site's own level, as a team site has it (L-12); what is in effect is never looser than the organization's.
const NEW_SITE_SHARING: SharingLevel = SharingLevel::NewAndExistingGuests;
/// The groups of a site with what they are called and may do.
const GROUPS: [(GroupKind, &str, Role); 3] = [
    (GroupKind::SiteOwners, "Owners", Role::Owner),
    (GroupKind::SiteMembers, "Members", Role::Write),
    (GroupKind::SiteVisitors, "Visitors", Role::Read),
];

/// A site to be made.
#[derive(Debug, Clone)]
pub struct NewSite {
    /// Name in addresses.
    pub name: String,
    /// Name shown to people.
    pub display_name: String,
}

/// A site that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedSite {
    /// The site.
    pub site: Site,
    /// Its first library.
    pub library: Drive,
}

/// Makes a site; the caller becomes its owner.
///
/// # Errors
/// [`SiteError::Refused`], [`SiteError::Name`] or [`SiteError::Taken`].
pub async fn create_site(call: &Call, caller: Caller, new: NewSite) -> Result<CreatedSite, SiteError> {
    let runtime = call.store().runtime().clone();
    let actor = Actor::Person(caller.user);
    let site = Site {
        id: SiteId::from_random(runtime.random()),
        tenant: call.tenant(),
        name: check_name(&new.name)?,
        display_name: check_display_name(&new.display_name)?,
        sharing: NEW_SITE_SHARING,
        created_by: Some(caller.user),
        created: runtime.now(),
        deleted: None,
        personal_of: None,
    };
    call.write(move |scope| {
        let authority = authority_of(scope, actor)?;
        may_administer(&authority, Administration::CreateSite).into_result()?;
        scope.sites().create(&site).map_err(|error| {
            if error.is_duplicate() { SiteError::Taken } else { SiteError::Storage(error) }
        })?;
        let owners = create_groups(scope, &runtime, &site)?;
        scope.groups().add_member(owners, caller.user, site.created)?;
        let library = add_library(scope, &runtime, &site, FIRST_LIBRARY)?;
        let done = [
            event(&runtime, actor, "SiteCollectionCreated").site(site.id),
            event(&runtime, actor, "AddedToGroup")
                .site(site.id)
                .target(caller.user)
                .detail("Group", owners.to_string()),
        ];
        let proof = record(scope, &runtime, &done)?;
        Ok(Commit::new(CreatedSite { site, library }, proof))
    })
    .await
}

/// Makes the three groups with their permissions at the site; returns the owners'.
fn create_groups(
    scope: &mut Scope<'_, Writing>,
    runtime: &Runtime,
    site: &Site,
) -> Result<GroupId, StorageError> {
    let ids: [GroupId; GROUPS.len()] = std::array::from_fn(|_| GroupId::from_random(runtime.random()));
    for (id, (kind, name, role)) in ids.into_iter().zip(GROUPS) {
        scope.groups().create(&Group {
            id,
            tenant: site.tenant,
            kind,
            display_name: format!("{} {name}", site.display_name),
            site: Some(site.id),
            created: site.created,
        })?;
        scope.permissions().create(&Permission {
            id: PermissionId::from_random(runtime.random()),
            tenant: site.tenant,
            scope: PermissionScope::Site(site.id),
            principal: Principal::Group(id),
            role,
            link: None,
            created_by: site.created_by,
            created: site.created,
            expires: None,
            revoked: None,
        })?;
    }
    Ok(ids[0])
}

fn check_name(name: &str) -> Result<String, SiteError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let fits = (1..=64).contains(&name.len()) && name.chars().all(plain);
    if fits { Ok(name.to_owned()) } else { Err(SiteError::Name) }
}

fn check_display_name(name: &str) -> Result<String, SiteError> {
    let name = name.trim();
    let fits = (1..=256).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(SiteError::Name) }
}
