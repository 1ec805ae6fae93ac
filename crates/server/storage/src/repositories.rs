//! Repositories: one file per concept. Verbs mean the same everywhere: `find` gives an option, `load` fails when
//! absent, `list` pages, `create`, `update`, `delete`, `revoke` change.

mod audit;
mod cloud_secrets;
mod groups;
mod invitations;
mod jobs;
mod permissions;
mod roles;
mod sites;
mod tenants;
mod users;

pub use audit::Audit;
pub use groups::Groups;
pub use invitations::Invitations;
pub use jobs::Jobs;
pub use permissions::{Held, Permissions};
pub use roles::Roles;
pub use sites::{SiteAndPerson, Sites};
pub use tenants::Tenants;
pub use users::{NewUser, SignIn, Users};
