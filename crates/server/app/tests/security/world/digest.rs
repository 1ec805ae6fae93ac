//! Digest: everything of the organizations that a refused request must not have changed, as one text.

use std::fmt::Write as _;

use storage::{Operator, StorageError};

use super::World;

impl World {
    /// Describes people, groups, permissions, sites and the numbers of all libraries.
    pub(crate) async fn digest(&self) -> String {
        let operator = Operator::new(self.store.clone());
        let read = operator.read(move |cloud| -> Result<String, StorageError> {
            let mut text = String::new();
            for tenant in cloud.list_tenants()? {
                let scope = &mut cloud.tenant(tenant.id);
                let _written = writeln!(text, "{:?}", scope.tenants().load()?);
                for user in scope.users().list(None, 10_000)? {
                    let addresses = scope.users().list_addresses(user.id)?;
                    let roles = scope.roles().list_of(user.id)?;
                    let _written = writeln!(text, "{user:?} {addresses:?} {roles:?}");
                }
                for group in scope.groups().list()? {
                    let members: Vec<_> =
                        scope.groups().list_members(group.id)?.into_iter().map(|user| user.id).collect();
                    let _written = writeln!(text, "{group:?} {members:?}");
                }
                for site in scope.sites().list()? {
                    let permissions = scope.permissions().list_in_site(site.id)?;
                    let drives = scope.drives().list_of_site(site.id)?;
                    let _written = writeln!(text, "{site:?} {permissions:?} {drives:?}");
                }
            }
            Ok(text)
        });
        read.await.expect("reads")
    }
}
