//! Tests of the store: against a model, against crashes, against damage.

mod damage;
mod loading;
mod model;
mod samples;
