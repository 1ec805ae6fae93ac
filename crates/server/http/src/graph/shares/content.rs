//! `GET /shares/{share}/driveItem/content`: a shared file's bytes.

use axum::response::Response;
use drive::links::open_linked_file;
use http::HeaderMap;

use super::share::NamedShare;
use crate::ApiError;
use crate::send_bytes::{Sendable, send_bytes};

pub(super) async fn get_content(share: NamedShare, headers: HeaderMap) -> Result<Response, ApiError> {
    let file = open_linked_file(&share.caller.call, share.used().await?, None).await?;
    send_bytes(&share.app, share.caller.call.clone(), &headers, Sendable::of(file))
}
