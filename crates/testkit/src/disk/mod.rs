//! Disk: a simulated computer's file system: the client's port on one side, the person's hands on the other.

mod computer;
mod file_table;
mod person;
mod recovery;
mod sim_disk;
mod stage;
mod steps;
mod watch;

#[cfg(test)]
mod tests;

pub use computer::{Computer, DiskFaults};
pub use file_table::{Body, FileError, FileTable, Inode, TOP};
pub use person::OpenFile;
pub(crate) use person::split;
pub use sim_disk::SimDisk;
pub(crate) use stage::manifest_of;
