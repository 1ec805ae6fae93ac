//! The door of the admin center: whoever administers the organization comes in, everybody else gets the page of what does
//! not exist. Judged on the stored roles at every request.

use axum::response::Response;
use directory::{DirectoryError, Office, Reach, office};
use policy::Reason;
use storage::Call;

use super::super::Visitor;
use super::super::answer::{absent_page, server_failure};
use super::super::site_door::enter_organization;
use crate::App;

/// An administrator who came in.
pub(super) struct AtAdmin {
    pub(super) call: Call,
    pub(super) office: Office,
    /// Who they are, for the page's head.
    pub(super) person: String,
}

/// What every page of the admin center shows around its content.
pub(super) struct Frame {
    pub(super) person: String,
    pub(super) organization: String,
    /// The path of the overview.
    pub(super) base: String,
    /// The part that is open.
    pub(super) part: &'static str,
    /// Whether the parts about guests' accounts and policies are theirs.
    pub(super) directory: bool,
}

impl AtAdmin {
    /// Returns the frame of a part.
    pub(super) fn frame(&self, part: &'static str) -> Frame {
        Frame {
            person: self.person.clone(),
            organization: self.office.organization.clone(),
            base: self.base(),
            part,
            directory: self.office.reach == Reach::Directory,
        }
    }

    /// Returns the path of the overview.
    pub(super) fn base(&self) -> String {
        format!("/{}/admin", self.office.domain)
    }
}

/// Lets an administrator in; the error is the page to answer.
pub(super) async fn enter_admin(
    app: &App,
    visitor: &Visitor,
    organization: &str,
) -> Result<AtAdmin, Response> {
    let person = visitor.require()?.principal_name.clone();
    let bearer = enter_organization(app, visitor, organization).await?;
    match office(&bearer.call).await {
        Ok(office) => Ok(AtAdmin { call: bearer.call, office, person }),
        Err(DirectoryError::Refused(_)) => Err(absent_page()),
        Err(failure) => Err(server_failure(&failure)),
    }
}

/// Lets in who also manages the directory; to other administrators the part does not exist.
pub(super) async fn enter_directory(
    app: &App,
    visitor: &Visitor,
    organization: &str,
) -> Result<AtAdmin, Response> {
    let at = enter_admin(app, visitor, organization).await?;
    if at.office.reach == Reach::Directory { Ok(at) } else { Err(absent_page()) }
}

/// Writes a refusal as it stands beside a field.
pub(super) fn told(reason: Reason) -> String {
    format!("{} {}", reason.message(), reason.remedy())
}
