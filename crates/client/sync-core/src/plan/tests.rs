//! Tests of the planner: the catalogue of conflicts, and random trees, in a small world where plans really happen.

mod model;
mod properties;
mod table;
