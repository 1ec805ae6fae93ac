//! The client's road to a cloud, against a scripted one behind the [`remote::Transport`] port.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answer_table;
mod answers;
mod downloads;
mod fake_cloud;
mod hints;
mod network;
mod sign_in;
mod step_up;
mod tokens;
