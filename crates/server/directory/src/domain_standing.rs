//! Domain standing: how somebody's domain stands to the lists of an organization and its sites (B07). Asked of the database
//! only where there is a list; what it means is decided by `policy`.

use std::collections::BTreeSet;

use model::{Address, DomainMode, DomainName, SiteId, User, UserKind};
use policy::{DomainFacts, DomainStanding, Listed};
use storage::{ListPlace, Scope, SiteAndPerson, StorageError};

/// What the lists for sharing of an organization and one of its sites mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharingLists {
    /// The organization's.
    pub organization: DomainMode,
    /// The site's own.
    pub of_site: DomainMode,
    /// The site.
    pub site: SiteId,
}

/// Says how a person's domain stands at a site; lists concern people from outside alone.
///
/// # Errors
/// A storage error.
pub fn person_standing<M>(
    scope: &mut Scope<'_, M>,
    found: &SiteAndPerson,
) -> Result<DomainFacts, StorageError> {
    if found.person.kind == UserKind::Member {
        return Ok(DomainFacts::FREE);
    }
    let lists = SharingLists {
        organization: found.organization_domains,
        of_site: found.site_domains,
        site: found.site.id,
    };
    sharing_standing(scope, lists, domain_of(&found.person).as_ref())
}

/// Says how a domain stands to the lists for sharing; none when no domain is known.
///
/// # Errors
/// A storage error.
pub fn sharing_standing<M>(
    scope: &mut Scope<'_, M>,
    lists: SharingLists,
    domain: Option<&DomainName>,
) -> Result<DomainFacts, StorageError> {
    let places = [(lists.organization, ListPlace::Sharing), (lists.of_site, ListPlace::Site(lists.site))];
    let asked: Vec<ListPlace> = places
        .iter()
        .filter(|(mode, _)| *mode != DomainMode::Unrestricted)
        .map(|(_, place)| *place)
        .collect();
    let found = match domain {
        Some(domain) if !asked.is_empty() => scope.listed_domains().lists_with(domain, &asked)?,
        _ => BTreeSet::new(),
    };
    let [organization, site] =
        places.map(|(mode, place)| DomainStanding { mode, listed: domain.map(|_| listed(&found, place)) });
    Ok(DomainFacts { organization, site })
}

/// Says how a domain stands to the directory's list for new guests.
///
/// # Errors
/// A storage error.
pub fn directory_standing<M>(
    scope: &mut Scope<'_, M>,
    domain: Option<&DomainName>,
) -> Result<DomainStanding, StorageError> {
    let mode = scope.sharing_policies().load_collaboration()?.domains;
    let found = match domain {
        Some(domain) if mode != DomainMode::Unrestricted => {
            scope.listed_domains().lists_with(domain, &[ListPlace::Directory])?
        }
        _ => BTreeSet::new(),
    };
    Ok(DomainStanding { mode, listed: domain.map(|_| listed(&found, ListPlace::Directory)) })
}

/// Returns the domain of the address by which somebody was invited.
#[must_use]
pub fn domain_of(person: &User) -> Option<DomainName> {
    person.mail.as_deref()?.parse::<Address>().ok()?.domain().parse().ok()
}

fn listed(found: &BTreeSet<ListPlace>, place: ListPlace) -> Listed {
    if found.contains(&place) { Listed::Yes } else { Listed::No }
}
