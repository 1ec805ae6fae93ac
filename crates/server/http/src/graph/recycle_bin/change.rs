//! What `restore` and `delete` of a bin share: many entries, one outcome each, in their order.

use axum::Json;
use drive::recycle_bin::{BinAction, change_bin};
use graph_types::{Collection, RecipientError, RecycleBinIds, RecycleBinOutcome};
use http::StatusCode;
use model::BinKey;

use crate::graph::sites::SiteName;
use crate::{ApiError, App, Authenticated};

/// Most entries of one request.
const MOST: usize = 200;

/// Does the same with every entry.
pub(super) async fn change(
    app: &App,
    caller: &Authenticated,
    site: &str,
    body: RecycleBinIds,
    action: BinAction,
) -> Result<(StatusCode, Json<Collection<RecycleBinOutcome>>), ApiError> {
    let site = SiteName::of(app, site)?;
    site.find(caller).await?;
    if body.ids.is_empty() || body.ids.len() > MOST {
        return Err(ApiError::invalid(format!("ids names 1 to {MOST} entries of the recycle bin")));
    }
    // What cannot be an entry is answered like what is hidden.
    let keys: Vec<BinKey> = body.ids.iter().filter_map(|id| id.parse().ok()).collect();
    let mut changed =
        change_bin(&caller.call, caller.caller, site.id()?, keys, action).await?.into_iter().peekable();
    let mut value = Vec::with_capacity(body.ids.len());
    for id in body.ids {
        let known = id.parse::<BinKey>().is_ok();
        let outcome = changed.next_if(|_| known).map_or(Err(drive::ItemError::NotFound), |(_, done)| done);
        let error = outcome.err().map(|error| {
            let code = error.refusal().map_or("generalException", |(_, code, _)| code);
            RecipientError { code: code.to_owned(), message: error.to_string() }
        });
        value.push(RecycleBinOutcome { id, error });
    }
    Ok((StatusCode::MULTI_STATUS, Json(Collection::last(value))))
}
