//! Repositories: one file per concept. Verbs mean the same everywhere: `find` gives an option, `load` fails when
//! absent, `list` pages, `create`, `update`, `delete`, `revoke` change.

mod audit;
mod cloud_secrets;
mod jobs;
mod roles;
mod tenants;
mod users;

pub use audit::Audit;
pub use jobs::Jobs;
pub use roles::Roles;
pub use tenants::Tenants;
pub use users::{NewUser, Users};
