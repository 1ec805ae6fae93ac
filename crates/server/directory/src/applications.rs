//! Registering programs that act as themselves, and removing them.

use model::{Application, ApplicationId, ApplicationPermission, SecretHash, Timestamp};
use policy::Administration;
use storage::{Call, Commit};

use crate::authority::require;
use crate::error::check_text;
use crate::{DirectoryError, event, record};

/// A program to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApplication {
    /// Name shown to people and in records.
    pub display_name: String,
    /// What it may do.
    pub permissions: Vec<ApplicationPermission>,
    /// Hash of its secret, which `identity` made.
    pub secret: SecretHash,
    /// When the secret ends.
    pub secret_expires: Timestamp,
}

/// Registers a program in the organization.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::Text`].
pub async fn register_application(call: &Call, new: NewApplication) -> Result<Application, DirectoryError> {
    let (runtime, actor, tenant) = (call.store().runtime().clone(), call.actor(), call.tenant());
    let mut permissions = new.permissions;
    permissions.sort_unstable();
    permissions.dedup();
    let application = Application {
        id: ApplicationId::from_random(runtime.random()),
        tenant,
        display_name: check_text("the name", &new.display_name)?,
        permissions,
        secret: new.secret,
        secret_expires: new.secret_expires,
        created: runtime.now(),
    };
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        scope.applications().create(&application)?;
        let names: Vec<&str> = application.permissions.iter().map(|permission| permission.name()).collect();
        let done = event(&runtime, actor, "Add service principal")
            .detail("Application", application.id.to_string())
            .detail("Name", application.display_name.clone())
            .detail("Permissions", names.join(" "));
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(application, proof))
    })
    .await
}

/// Removes a program. Its tokens open nothing from the next request on.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn remove_application(call: &Call, application: ApplicationId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if !scope.applications().delete(application)? {
            return Err(DirectoryError::NotFound);
        }
        let done = event(&runtime, actor, "Remove service principal");
        let proof = record(scope, &runtime, &[done.detail("Application", application.to_string())])?;
        Ok(Commit::new((), proof))
    })
    .await
}
