//! Repositories: one file per concept. Verbs mean the same everywhere: `find` gives an option, `load` fails when
//! absent, `list` pages, `create`, `update`, `delete`, `revoke` change.

mod audit;
mod authorization_codes;
mod cloud_secrets;
mod consents;
mod device_codes;
mod drives;
mod item_rows;
mod jobs;
mod refresh_tokens;
mod roles;
mod sessions;
mod signing_keys;
mod tenants;
mod users;

pub use audit::Audit;
pub use authorization_codes::AuthorizationCodes;
pub use consents::Consents;
pub use drives::{Drives, NewDrive};
pub use jobs::Jobs;
pub use refresh_tokens::RefreshTokens;
pub use roles::Roles;
pub use sessions::Sessions;
pub use tenants::Tenants;
pub use users::{NewUser, Users};
