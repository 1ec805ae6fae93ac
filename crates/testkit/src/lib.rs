//! Testkit: two organizations in one process, under virtual time and with faults, all from one seed.
//!
//! Entry points: [`simulation::World`], the clock, the randomness and the event log that simulated processes share,
//! and [`simulation::Process`], which hands out the [`runtime::Runtime`] of one of them. Tests of the server that need no
//! simulation start a [`cloud::Cloud`].
//!
//! Invariants: a run takes nothing from outside but its seed, so the same seed gives the same event log, byte for
//! byte; a crashed process has no effect on anything from that instant on.
//!
//! Deliberately unknown here: how the product decides. What must hold is judged from the outside, by what people
//! wrote and what can be found afterwards.

mod clock;
pub mod cloud;
pub mod countries;
mod database;
pub mod disk;
mod issuer;
pub mod model_cloud;
pub mod network;
mod place;
mod postgres;
pub mod real_cloud;
pub mod run;
mod s3_server;
mod sim_state;
pub mod simulation;
pub mod story;

pub use clock::Clock;
pub use database::Database;
pub use issuer::Issuer;
pub use place::{OpenPlace, Place, s3_bucket};
pub use postgres::PostgresCluster;
pub use s3_server::S3Server;
pub use sim_state::{SimState, StateFile};
/// The client's trees, for tests of the server that apply what it tells as the real client does.
pub use sync_core;
/// The messages of the transfer API, for tests in crates that do not know them otherwise.
pub use transfer;
