//! A permission as Graph shows it.

use drive::sharing::{Holder, PermissionView};
use graph_types::{Identity, IdentitySet, InheritedFrom, Permission, SharingInvitation};
use model::{GuestState, PermissionScope, User};

/// Writes a permission.
pub(super) fn permission(view: &PermissionView) -> Permission {
    let pending = match &view.holder {
        Holder::Person(person) => person.guest_state == Some(GuestState::PendingAcceptance),
        Holder::Group(_) => false,
    };
    let holder = identities(&view.holder);
    Permission {
        id: Some(view.permission.id.to_string()),
        roles: vec![view.permission.role.graph_name().to_owned()],
        // Clients take a missing holder with an address for an invitation that waits.
        granted_to: (!pending).then(|| holder.clone()),
        granted_to_v2: Some(holder),
        invitation: match &view.holder {
            Holder::Person(person) if pending => {
                Some(SharingInvitation { email: person.mail.clone(), sign_in_required: true })
            }
            _ => None,
        },
        inherited_from: view.inherited.then(|| inherited_from(view.permission.scope)),
        expiration_date_time: view.permission.expires.map(Into::into),
        ..Permission::default()
    }
}

fn identities(holder: &Holder) -> IdentitySet {
    match holder {
        Holder::Person(holder) => person(holder),
        Holder::Group(group) => {
            let identity = Some(Identity {
                id: Some(group.id.to_string()),
                display_name: Some(group.display_name.clone()),
                email: None,
            });
            match group.site {
                Some(_) => IdentitySet { site_group: identity, ..IdentitySet::default() },
                None => IdentitySet { group: identity, ..IdentitySet::default() },
            }
        }
    }
}

/// Writes a person.
pub(super) fn person(person: &User) -> IdentitySet {
    IdentitySet { user: Some(identity(person)), ..IdentitySet::default() }
}

fn identity(person: &User) -> Identity {
    Identity {
        id: Some(person.id.to_string()),
        display_name: Some(person.display_name.clone()),
        email: person.mail.clone(),
    }
}

/// Writes where a permission was given.
pub(super) fn inherited_from(scope: PermissionScope) -> InheritedFrom {
    match scope {
        PermissionScope::Site(site) => {
            InheritedFrom { site_id: Some(site.to_string()), ..InheritedFrom::default() }
        }
        PermissionScope::Item { drive, item, .. } => {
            InheritedFrom { drive_id: Some(drive.to_string()), id: Some(item.to_string()), site_id: None }
        }
    }
}
