//! `POST …/versions/{version}/restoreVersion`: its bytes become the newest version; nothing is lost.

use drive::edit;
use drive::items::Condition;
use http::StatusCode;

use super::name::NamedVersion;
use crate::ApiError;
use crate::graph::items::{NamedItem, if_match};

pub(super) async fn restore_version(
    named: NamedItem,
    NamedVersion(number): NamedVersion,
) -> Result<StatusCode, ApiError> {
    let condition = if_match(&named.headers)?;
    let (at, address) = (named.at, named.address);
    edit(&at.caller.call, at.edit(), move |editor| {
        let seen = editor.find(&address)?;
        condition.check(&seen)?;
        editor.restore_version(seen.item.id, number, &Condition::None)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
