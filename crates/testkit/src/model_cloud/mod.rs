//! Model cloud: the contract of a drive in memory, small enough to be believed by reading it. Engines are simulated
//! against it thousands of times a minute; the same stories then run against the real server.

mod cloud;
mod port;

pub use cloud::ModelCloud;
pub(crate) use cloud::TOP;
pub use port::{ModelRemote, RemoteFaults};
