//! Run: one simulated day of a cloud and its clients, from one seed.

mod chaos;
mod client;
mod cloud;
mod day;
mod seat;
mod store;

pub use cloud::{Cloud, ModelLibrary};
pub use day::{Options, Outcome, Telling, run_seed};
pub use seat::Seat;
