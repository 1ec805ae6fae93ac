//! `footbridge-server`: one process with everything a cloud needs.

fn main() {}
