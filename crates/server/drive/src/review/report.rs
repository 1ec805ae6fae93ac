//! The site sharing report with the original's columns (sharing-and-guests.md 7.4): a row for each user and item; for links
//! a row for each signed-in user who opened it. Links for anyone and members inside groups are not in it.

use model::{Caller, GroupKind, ItemKind, LinkId, LinkKind, PermissionId, Role, SiteId, UserKind};
use storage::{Call, PageOf};

use super::require_reviewer;
use super::rows::{RowWho, Rows, Through};
use crate::sites::SiteError;

/// One row of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The site's name and the path in it.
    pub path: String,
    /// `Web`, `Folder` or `File`.
    pub item_type: &'static str,
    /// `Read`, `Contribute` or `Full Control`.
    pub permission: &'static str,
    /// The name; `SharingLink` for a link.
    pub name: String,
    /// The address; empty for groups.
    pub address: String,
    /// `Member`, `Guest`, `SharePoint group`, `Security group`.
    pub kind: &'static str,
    /// The link by which the row came to be.
    pub link: Option<(LinkId, LinkKind)>,
}

/// Reads a part of the report behind a permission; none at the end. Owners and administrators may.
///
/// # Errors
/// [`SiteError::Refused`] or [`SiteError::NotFound`].
pub async fn sharing_report(
    call: &Call,
    caller: Caller,
    site: SiteId,
    after: Option<PermissionId>,
    most: i64,
) -> Result<(Vec<ReportRow>, Option<PermissionId>), SiteError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        require_reviewer(scope, &caller, now, Some(site))?;
        let found = scope.permissions().page(PageOf::Everybody, Some(site), after, most)?;
        let full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= most;
        let next = found.last().filter(|_| full).map(|last| last.id);
        let mut report = Vec::with_capacity(found.len());
        for row in Rows::new(now).of_permissions(scope, found, None)? {
            let mut path = row.site.as_ref().map(|site| site.name.clone()).unwrap_or_default();
            if let Some(item) = &row.item {
                let mut names: Vec<String> = scope
                    .items()
                    .list_chain(item.drive, item.id)?
                    .into_iter()
                    .filter(|above| above.parent.is_some())
                    .map(|above| above.name)
                    .collect();
                names.reverse();
                path = format!("{path}/{}", names.join("/"));
            }
            let item_type = match row.item.as_ref().map(|item| item.kind) {
                None => "Web",
                Some(ItemKind::Folder) => "Folder",
                Some(ItemKind::File) => "File",
            };
            let permission = match row.role {
                Role::Read => "Read",
                Role::Write => "Contribute",
                Role::Owner => "Full Control",
            };
            let (name, address, kind) = match row.who {
                RowWho::Person(person) => {
                    let kind = if person.kind == UserKind::Guest { "Guest" } else { "Member" };
                    (person.display_name, person.mail.unwrap_or(person.principal_name), kind)
                }
                RowWho::Group(group, ..) => {
                    let security = group.kind == GroupKind::Security;
                    (
                        group.display_name,
                        String::new(),
                        if security { "Security group" } else { "SharePoint group" },
                    )
                }
                RowWho::Anyone | RowWho::Organization | RowWho::Named(_) => continue,
            };
            let link = match row.through {
                Through::Link(id, kind) => Some((id, kind)),
                Through::Direct | Through::Group(_) => None,
            };
            report.push(ReportRow { path, item_type, permission, name, address, kind, link });
        }
        Ok((report, next))
    })
    .await
}
