//! Access question: asks the cloud, in the name of the home account, whether a root of another organization is open.
//!
//! The home token is used on purpose: who lost the guest account has no token of the other organization any more.

use engine::VerifiedAccess;
use serde::Serialize;

use crate::access_report::{KeySet, Question, ReportError};
use crate::api_client::{ApiFailure, ApiRequest};
use crate::http_exchange::{collect, require_type, send};
use crate::transport::empty_body;
use crate::{ApiClient, RootAddress, TransportError};

const REPORT_LIMIT: usize = 64 * 1024;
const KEYS_LIMIT: usize = 256 * 1024;

#[derive(Serialize)]
struct AccessRequest<'a> {
    tenant: &'a str,
    drive: &'a str,
    item: &'a str,
    nonce: &'a str,
}

/// Asks with a fresh nonce and verifies the answer.
pub(crate) async fn ask_access(api: &ApiClient, root: &RootAddress) -> Result<VerifiedAccess, ApiFailure> {
    let account = api.tokens().account().clone();
    let home = api.for_tenant(&account.home_tenant);
    let nonce = home.runtime().uuid().simple().to_string();
    let question =
        AccessRequest { tenant: &root.tenant, drive: &root.drive, item: &root.item, nonce: &nonce };
    let address = home.origin().path(&["transfer", "v1", "access"]);
    let request = ApiRequest::post_json(address, &question)?.accepting("application/jose");
    let body = home.open(&request).await?;
    let jws = collect(home.runtime(), body, REPORT_LIMIT).await?;
    let keys = published_keys(&home).await?;
    let expected = Question {
        drive: &root.drive,
        item: &root.item,
        person: &account.person(),
        nonce: &nonce,
        now: home.runtime().now().as_second(),
    };
    let report = keys.verify(&String::from_utf8_lossy(&jws), &expected).map_err(|error: ReportError| {
        tracing::warn!(%error, "an access report was not believed");
        ApiFailure::Broken(error.to_string())
    })?;
    Ok(VerifiedAccess(report))
}

/// Reads the cloud's keys anew each time: reports are rare, and a stale key would hide one.
async fn published_keys(home: &ApiClient) -> Result<KeySet, ApiFailure> {
    let address = home.origin().path(&[home.tenant(), "discovery", "v2.0", "keys"]);
    let request = http::Request::get(address)
        .body(empty_body())
        .map_err(|error| ApiFailure::Broken(error.to_string()))?;
    let (head, body) = send(home.runtime(), home.transport(), request).await?.into_parts();
    if !head.status.is_success() {
        return Err(TransportError(format!("the cloud's keys: {}", head.status)).into());
    }
    require_type(&head.headers, "application/json")?;
    let bytes = collect(home.runtime(), body, KEYS_LIMIT).await?;
    serde_json::from_slice(&bytes).map_err(|_| ApiFailure::Broken("the cloud's keys cannot be read".into()))
}
