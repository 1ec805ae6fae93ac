//! Tests on real file systems: the temporary folder's, and one in memory where there is one.

mod crash;
mod fixture;
mod odd_names;
mod races;
mod reading;
mod roots;
mod space;
mod staging;
mod watching;
mod with_engine;
