//! Items: what a person does with files and folders. Each action checks right, name, condition and room before it
//! changes anything, so that a refused action leaves no trace.

mod condition;
mod create_folder;
mod delete;
mod move_item;
mod permanent_delete;
mod put_file;
mod restore;
mod update_times;
mod versions;

pub use condition::Condition;
pub use delete::DeletionReach;
pub use move_item::NewPlace;
pub use put_file::{FileBytes, FileTarget, LONGEST_FILE, Put, Written};
pub use restore::RestorePlace;
