//! Isolation: every route of the server, asked by every kind of caller, answers what it must and leaks nothing
//! ("What it must show" 6).
//!
//! The table (`cases`) names every route; a served route that is missing from it fails the sweep, and so does a row for
//! a route that is not served. *Hidden* is proven by comparing with a twin request whose ids nothing has.

mod applications;
mod case;
mod cases;
mod guessing;
mod refresh_lines;
mod sweep;
mod token_endpoint;

use crate::world::{Database, World};

#[tokio::test]
async fn every_route_answers_every_caller_what_it_must_on_sqlite() {
    sweep::run(World::build(Database::Sqlite).await).await;
}

#[tokio::test]
async fn every_route_answers_every_caller_what_it_must_on_postgresql() {
    sweep::run(World::build(Database::PostgreSql).await).await;
}

#[test]
fn every_served_route_is_in_the_table_and_every_row_is_served() {
    let problems = sweep::compare_with_routes(&cases::all());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
