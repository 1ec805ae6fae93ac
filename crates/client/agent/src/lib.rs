//! Agent: the one process per person that syncs. It owns accounts and roots, and answers its front ends over a socket.
//!
//! Entry points: [`Agent::start`] and [`serve`]; [`connect`] for front ends; [`Places`] says where things are, [`InstanceLock`] that there is one.
//!
//! Invariants: what must survive is saved before anything acts on it; each root runs and fails alone; no command
//! touches a person's files; losing access never does; no secret and no address is logged; two organizations never
//! share a folder (D03); what a policy of this computer
//! forbids is not added and does not run (D11).
//!
//! Deliberately unknown here: how trees are compared, how bytes travel, the environment (the program reads it).

mod accounts;
mod agent;
mod commands;
mod file_secret_store;
mod folder_names;
mod folder_overlap;
mod instance_lock;
mod managed;
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
pub use policies::{Computer, managed_json::FOLDER as POLICY_FOLDER};
pub use root_link::cloud_of_link;
pub use session::serve;
pub use socket::{SocketError, connect};
