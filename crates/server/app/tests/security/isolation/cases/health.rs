//! `/healthz`.

use crate::isolation::case::{Case, Expect, case};
use crate::world::Ask;

pub(super) fn cases() -> Vec<Case> {
    vec![case("GET /healthz", "health", |_| Ask::get("/healthz")).everybody(Expect::Ok)]
}
