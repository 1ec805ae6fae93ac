//! `DELETE …/versions/{version}`: to the recycle bin; never the present one.

use drive::edit;
use http::StatusCode;

use super::name::NamedVersion;
use crate::ApiError;
use crate::graph::items::NamedItem;

pub(super) async fn delete_version(
    named: NamedItem,
    NamedVersion(number): NamedVersion,
) -> Result<StatusCode, ApiError> {
    let (at, address) = (named.at, named.address);
    edit(&at.caller.call, at.edit(), move |editor| {
        let seen = editor.find(&address)?;
        editor.delete_version(seen.item.id, number)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
