//! `GET /directory/deletedItems/microsoft.graph.user`: those deleted last come first; 1,000 at most.

use axum::Json;
use directory::list_deleted_people;
use graph_types::{Collection, User};

use crate::graph::people::user;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError};

/// Most people of an answer.
const MOST: i64 = 1_000;

pub(super) async fn list_deleted(
    Administering { call, .. }: Administering,
    query: GraphQuery,
) -> Result<Json<Collection<User>>, ApiError> {
    query.refuse("filter", "filtering deleted people")?;
    let found = list_deleted_people(&call, query.top(MOST, MOST)?).await?;
    Ok(Json(Collection::last(found.iter().map(|person| user(person, &[])).collect())))
}
