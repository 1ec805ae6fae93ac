//! The address of an upload session: made, and read back into who sends what.

use axum::extract::{FromRequestParts, Path};
use content::uploads::LONGEST;
use drive::ItemError;
use drive::upload_sessions::{OpenSession, SessionCaller, find_session};
use http::HeaderMap;
use http::request::Parts;
use identity::{AddressUse, AuthenticationFault, Bearer};
use model::{Presence, UploadId};
use serde::Deserialize;

use crate::graph::items::NamedDrive;
use crate::presence::presence_of;
use crate::{ApiError, App, Authenticated};

const PATH: &str = "/v1.0/uploadSessions/";

/// Who goes on with which session.
pub(super) struct NamedSession {
    pub(super) id: UploadId,
    pub(super) caller: Authenticated,
    pub(super) headers: HeaderMap,
    pub(super) app: App,
}

#[derive(Deserialize)]
struct AddressPart {
    address: String,
}

impl FromRequestParts<App> for NamedSession {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let part = Path::<AddressPart>::from_request_parts(parts, app).await;
        let Path(part) = part.map_err(|_| ApiError::UploadSessionNotFound)?;
        let (caller, id) = open(app, presence_of(parts), &part.address).await?;
        Ok(Self { id, caller, headers: parts.headers.clone(), app: app.clone() })
    }
}

impl NamedSession {
    /// Returns who goes on.
    pub(super) fn who(&self) -> SessionCaller {
        SessionCaller { caller: self.caller.caller, id: self.id, runtime: self.app.runtime.clone() }
    }

    /// Finds the session as it stands.
    pub(super) async fn find(&self) -> Result<OpenSession, ApiError> {
        find_session(&self.caller.call, self.who()).await.map_err(refusal)
    }

    /// Returns the drive that the session writes to, for writing there.
    pub(super) fn drive(&self, open: &OpenSession) -> NamedDrive {
        NamedDrive { drive: open.session.drive, caller: self.caller.clone(), app: self.app.clone() }
    }
}

/// Makes the address of a session.
pub(in crate::graph) fn upload_url(
    app: &App,
    caller: &Authenticated,
    id: UploadId,
) -> Result<String, ApiError> {
    let who = (&caller.caller, caller.line);
    let sealed = app.identity.seal_address(who, AddressUse::Upload, &id.to_string(), LONGEST);
    let sealed = sealed.ok_or(ApiError::UploadSessionNotFound)?;
    Ok(format!("{}{PATH}{sealed}", app.settings.origin))
}

/// Returns the session that an address means, if it speaks for this caller.
pub(in crate::graph) async fn session_of(at: &NamedDrive, url: &str) -> Result<UploadId, ApiError> {
    let (_, sealed) = url.rsplit_once('/').ok_or(ApiError::UploadSessionNotFound)?;
    let (sender, id) = open(&at.app, at.caller.call.presence(), sealed).await?;
    if sender.caller == at.caller.caller { Ok(id) } else { Err(ApiError::UploadSessionNotFound) }
}

/// Checks that a caller's session is one of a drive.
pub(in crate::graph) async fn find_in_drive(at: &NamedDrive, id: UploadId) -> Result<(), ApiError> {
    let who = SessionCaller { caller: at.caller.caller, id, runtime: at.app.runtime.clone() };
    let open = find_session(&at.caller.call, who).await.map_err(refusal)?;
    if open.session.drive == at.drive { Ok(()) } else { Err(ApiError::UploadSessionNotFound) }
}

async fn open(app: &App, presence: Presence, sealed: &str) -> Result<(Authenticated, UploadId), ApiError> {
    let opened = app.identity.meeting(presence).open_address(AddressUse::Upload, sealed).await;
    let (Bearer { call, caller, line }, about) = match opened {
        Ok(opened) => opened,
        Err(AuthenticationFault::Storage(error)) => return Err(error.into()),
        Err(AuthenticationFault::Refused(refusal)) => return Err(ApiError::Forbidden(refusal.description())),
        Err(AuthenticationFault::Invalid | AuthenticationFault::Expired) => {
            return Err(ApiError::UploadSessionNotFound);
        }
    };
    let id = about.parse().map_err(|_| ApiError::UploadSessionNotFound)?;
    Ok((Authenticated { call, caller, line }, id))
}

/// Puts a refusal of a session into words: what ended and what is closed are one.
pub(super) fn refusal(error: ItemError) -> ApiError {
    match error {
        ItemError::UploadNotFound | ItemError::NotFound => ApiError::UploadSessionNotFound,
        other => other.into(),
    }
}
