//! A sharing link as Graph shows it: a permission with a `link` facet.

use drive::links::{LinkHolder, LinkView};
use graph_types::{Identity, IdentitySet, Permission, SharingLink};
use model::{Link, Role};

use super::shape::{inherited_from, person};

/// Writes a link.
pub(in crate::graph) fn link_permission(origin: &str, view: &LinkView) -> Permission {
    let mut holders: Vec<IdentitySet> = view.holders.iter().map(holder).collect();
    for opened in &view.opened_by {
        let known = |set: &IdentitySet| {
            set.user.as_ref().and_then(|user| user.id.as_deref()) == Some(&opened.id.to_string())
        };
        if !holders.iter().any(known) {
            holders.push(person(opened));
        }
    }
    Permission {
        granted_to_identities: Some(holders.clone()),
        granted_to_identities_v2: Some(holders),
        link: Some(facet(&view.link, view.url(origin))),
        share_id: view.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()),
        inherited_from: view.inherited.then(|| inherited_from(view.link.scope)),
        ..bare_link(&view.link)
    }
}

/// Writes what whoever opened a link may know of it.
pub(in crate::graph) fn bare_link(link: &Link) -> Permission {
    Permission {
        id: Some(link.id.to_string()),
        roles: vec![link.role.graph_name().to_owned()],
        link: Some(facet(link, None)),
        has_password: Some(link.password.is_some()),
        expiration_date_time: link.expires.map(Into::into),
        ..Permission::default()
    }
}

fn facet(link: &Link, web_url: Option<String>) -> SharingLink {
    SharingLink {
        kind: if link.role == Role::Read { "view" } else { "edit" }.to_owned(),
        scope: link.kind.graph_name().to_owned(),
        web_url,
        prevents_download: false,
    }
}

fn holder(holder: &LinkHolder) -> IdentitySet {
    match holder {
        LinkHolder::Person(user) => person(user),
        LinkHolder::Address(address) => {
            let user = Identity {
                display_name: Some(address.clone()),
                email: Some(address.clone()),
                ..Identity::default()
            };
            IdentitySet { user: Some(user), ..IdentitySet::default() }
        }
    }
}
