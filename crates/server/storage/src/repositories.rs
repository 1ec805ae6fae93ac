//! Repositories: one file per concept. Verbs mean the same everywhere: `find` gives an option, `load` fails when
//! absent, `list` pages, `create`, `update`, `delete`, `revoke` change.

mod audit;
mod authorization_codes;
mod cloud_secrets;
mod consents;
mod device_codes;
mod drives;
mod groups;
mod invitations;
mod item_rows;
mod jobs;
mod permissions;
mod refresh_tokens;
mod roles;
mod sessions;
mod signing_keys;
mod sites;
mod sync_roots;
mod tenants;
mod users;

pub use audit::Audit;
pub use authorization_codes::AuthorizationCodes;
pub use consents::Consents;
pub use drives::{Drives, NewDrive};
pub use groups::Groups;
pub use invitations::Invitations;
pub use jobs::Jobs;
pub use permissions::{Held, Permissions};
pub use refresh_tokens::RefreshTokens;
pub use roles::Roles;
pub use sessions::Sessions;
pub use sites::{SiteAndPerson, Sites};
pub use sync_roots::SyncRoots;
pub use tenants::Tenants;
pub use users::{NewUser, SignIn, Users};
