//! `DELETE …/items/{id}`: to the recycle bin, a folder with everything in it.

use drive::edit;
use drive::items::{Condition, DeletionReach};
use http::StatusCode;

use super::address::NamedItem;
use super::update::if_match;
use crate::ApiError;

pub(super) async fn delete_item(named: NamedItem) -> Result<StatusCode, ApiError> {
    let condition = if_match(&named.headers)?;
    let (at, address) = (named.at, named.address);
    edit(&at.caller.call, at.edit(), move |editor| {
        let seen = editor.find(&address)?;
        condition.check(&seen)?;
        editor.delete(seen.item.id, DeletionReach::Tree, &Condition::None)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
