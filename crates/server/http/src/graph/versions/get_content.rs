//! `GET …/versions/{version}/content`: a version's bytes, also those of the present one.

use axum::response::Response;
use drive::versions::open_version;

use super::name::NamedVersion;
use crate::ApiError;
use crate::graph::items::NamedItem;
use crate::send_bytes::{Sendable, send_bytes};

pub(super) async fn get_version_content(
    named: NamedItem,
    NamedVersion(number): NamedVersion,
) -> Result<Response, ApiError> {
    let at = named.at;
    let file = open_version(&at.caller.call, &at.content_caller(), named.address, number).await?;
    let item = file.seen.item;
    // A version's bytes never change, so its number is all its tag needs.
    let e_tag = format!("\"v:{{{}}},{number}\"", item.id.uuid());
    let sendable = Sendable { reader: file.reader, name: item.name, e_tag, c_tag: None };
    send_bytes(&at.app, at.caller.call.clone(), &named.headers, sendable)
}
