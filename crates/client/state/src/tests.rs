//! Tests of the store: against a model, against crashes, against damage.

mod damage;
mod model;
mod samples;
