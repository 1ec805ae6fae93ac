//! Bad input: malformed and hostile requests get a typed, helpful error, and nothing is lost ("What it must show" 7).
//!
//! Every row is sent by somebody who may do the thing, so that the refusal is about the input alone. After each table
//! the world must be as it was, and nothing may have panicked. Names on a client's disk are the client's own tests.

mod admin_center;
mod graph;
mod items;
mod oauth;
mod operations;
mod row;
mod transfer_api;
mod upload_sessions;

use row::{Row, Table};

use crate::world::{Database, World};

async fn check(rows: fn(&World) -> Vec<Row>) {
    for database in [Database::Sqlite, Database::PostgreSql] {
        let world = World::build(database).await;
        let rows = rows(&world);
        Table::new(world).check(rows).await;
    }
}

#[tokio::test]
async fn bad_requests_to_graph_get_a_typed_error_and_change_nothing() {
    check(graph::rows).await;
}

#[tokio::test]
async fn bad_requests_for_items_get_a_typed_error_and_change_nothing() {
    check(items::rows).await;
}

#[tokio::test]
async fn bad_requests_to_the_transfer_api_get_a_typed_error_and_change_nothing() {
    check(transfer_api::rows).await;
}

#[tokio::test]
async fn bad_operations_are_refused_one_by_one_and_change_nothing() {
    check(operations::rows).await;
}

#[tokio::test]
async fn bad_requests_to_the_identity_provider_get_a_typed_error_and_redirect_nowhere_else() {
    check(oauth::rows).await;
}

#[tokio::test]
async fn bad_upload_sessions_get_a_typed_error_and_change_nothing() {
    check(upload_sessions::rows).await;
}

#[tokio::test]
async fn bad_requests_to_the_admin_center_get_a_page_that_says_what_is_wrong_and_change_nothing() {
    check(admin_center::rows).await;
}
