//! `GET /users/{id}/accessReview`: ours; what one guest has access to. Owners hear of their own sites.

use axum::Json;
use axum::extract::Path;
use drive::review::guest_review;
use graph_types::{AccessReviewItem, Collection};

use super::shape::item;
use crate::{ApiError, Authenticated};

pub(super) async fn get_guest_review(
    Authenticated { call, caller, .. }: Authenticated,
    Path(guest): Path<String>,
) -> Result<Json<Collection<AccessReviewItem>>, ApiError> {
    let guest = guest.parse().map_err(|_| ApiError::NotFound)?;
    let rows = guest_review(&call, caller, guest).await?;
    Ok(Json(Collection::last(rows.into_iter().map(item).collect())))
}
