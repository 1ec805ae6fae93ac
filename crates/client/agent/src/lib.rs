//! Agent: the one process per person that syncs. It owns accounts and roots, and answers its front ends over a socket.
//!
//! Entry points: [`Agent::start`] and [`serve`]; [`connect`] for front ends; [`Places`] says where things are, [`InstanceLock`] that there is one.
//!
//! Invariants: what must survive is saved before anything acts on it; each root runs and fails alone; no command
//! touches a person's files; losing access never does; no secret and no address is logged; two organizations never
//! share a folder (D03).
//!
//! Deliberately unknown here: how trees are compared, how bytes travel, the environment (the program reads it).

mod accounts;
mod agent;
mod commands;
mod file_secret_store;
mod folder_names;
mod folder_overlap;
mod instance_lock;
mod places;
mod private_file;
mod root_link;
mod root_task;
mod root_view;
mod session;
mod settings;
mod snapshot;
mod socket;

pub use agent::{Agent, AgentError};
pub use instance_lock::InstanceLock;
pub use places::Places;
pub use root_link::cloud_of_link;
pub use session::serve;
pub use socket::{SocketError, connect};
