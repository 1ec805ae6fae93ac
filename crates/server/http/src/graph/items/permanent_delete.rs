//! `POST …/items/{id}/permanentDelete`: past the recycle bin. Owners alone.

use drive::edit;
use drive::items::Condition;
use http::StatusCode;

use super::address::NamedItem;
use super::update::if_match;
use crate::ApiError;

pub(super) async fn delete_permanently(named: NamedItem) -> Result<StatusCode, ApiError> {
    let condition = if_match(&named.headers)?;
    let (at, address) = (named.at, named.address);
    edit(&at.caller.call, at.edit(), move |editor| {
        let seen = editor.find(&address)?;
        condition.check(&seen)?;
        editor.delete_permanently(seen.item.id, &Condition::None)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
