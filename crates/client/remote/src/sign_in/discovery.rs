//! Discovery: where a cloud's sign-in service is. Every address it names must be of the cloud's own origin.

use http::Request;
use http::header::ACCEPT;
use serde::Deserialize;
use url::Url;

use super::{SignInContext, SignInError};
use crate::TransportError;
use crate::http_exchange::{collect, require_type, send};
use crate::transport::empty_body;

const DOCUMENT_LIMIT: usize = 256 * 1024;

#[derive(Deserialize)]
struct Document {
    authorization_endpoint: String,
    token_endpoint: String,
    device_authorization_endpoint: Option<String>,
}

/// The part of the document that is needed.
#[derive(Debug, Clone)]
pub(crate) struct Discovery {
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub device_authorization_endpoint: Option<Url>,
}

/// Reads `{origin}/organizations/v2.0/.well-known/openid-configuration`.
pub(crate) async fn discover(context: &SignInContext) -> Result<Discovery, SignInError> {
    let found = read(context)
        .await
        .map_err(|error| SignInError::NoCloud { origin: context.origin.to_string(), detail: error.0 })?;
    let device = found.device_authorization_endpoint.as_ref();
    for url in [&found.authorization_endpoint, &found.token_endpoint].into_iter().chain(device) {
        if !context.origin.owns(url) {
            return Err(SignInError::NoCloud {
                origin: context.origin.to_string(),
                detail: "its sign-in service lies at another address".to_owned(),
            });
        }
    }
    Ok(found)
}

async fn read(context: &SignInContext) -> Result<Discovery, TransportError> {
    let address = context.origin.path(&["organizations", "v2.0", ".well-known", "openid-configuration"]);
    let request = Request::get(address)
        .header(ACCEPT, "application/json")
        .body(empty_body())
        .map_err(|error| TransportError(error.to_string()))?;
    let (head, body) = send(&context.runtime, &*context.transport, request).await?.into_parts();
    if !head.status.is_success() {
        return Err(TransportError(format!("it answered {}", head.status)));
    }
    require_type(&head.headers, "application/json")?;
    let bytes = collect(&context.runtime, body, DOCUMENT_LIMIT).await?;
    let unreadable = || TransportError("its answer cannot be read".to_owned());
    let document: Document = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
    let address = |text: &str| Url::parse(text).map_err(|_| unreadable());
    Ok(Discovery {
        authorization_endpoint: address(&document.authorization_endpoint)?,
        token_endpoint: address(&document.token_endpoint)?,
        device_authorization_endpoint: document
            .device_authorization_endpoint
            .as_deref()
            .map(address)
            .transpose()?,
    })
}
