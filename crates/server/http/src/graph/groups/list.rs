//! `GET /groups`, also with `$filter=displayName eq '…'`.

use axum::Json;
use graph_types::{Collection, Group};

use super::shape::group;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError};

pub(super) async fn list_groups(
    Administering { call, .. }: Administering,
    query: GraphQuery,
) -> Result<Json<Collection<Group>>, ApiError> {
    let wanted = query.get("filter").map(display_name).transpose()?;
    let mut groups = directory::read::list_groups(&call).await?;
    groups.retain(|group| wanted.as_ref().is_none_or(|name| group.display_name == *name));
    Ok(Json(Collection::last(groups.iter().map(group).collect())))
}

fn display_name(filter: &str) -> Result<String, ApiError> {
    let value = filter.trim().strip_prefix("displayName eq '").and_then(|rest| rest.strip_suffix('\''));
    value.map(|name| name.replace("''", "'")).ok_or(ApiError::NotSupported("this $filter"))
}
