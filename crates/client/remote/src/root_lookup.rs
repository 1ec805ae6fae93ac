//! Root lookup: what an address or a drive's folder is called and belongs to, before a root exists on this computer.

use engine::Demand;
use transfer::{ResolveRequest, RootInfo};

use crate::api_client::{ApiFailure, ApiRequest};
use crate::{ApiClient, RootAddress, TokenError};

/// Why an address could not become a root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// Nothing is there, or the person may not see it.
    #[error("nothing is there, or you have no access to it")]
    NotFound,
    /// The organization does not let the person in.
    #[error("the organization gives you no access: {0}")]
    NotAdmitted(String),
    /// The person must sign in again.
    #[error("sign-in is needed")]
    SignInNeeded,
    /// A policy asks for something only a person can do in a browser.
    #[error("the organization asks for more: {message}")]
    InteractionNeeded {
        /// What is demanded.
        demand: Demand,
        /// For people: what is demanded.
        message: String,
        /// Page of the same cloud that mends it.
        page: Option<String>,
    },
    /// The server refused with a reason.
    #[error("{0}")]
    Refused(String),
    /// No answer, or a broken one.
    #[error("no connection: {0}")]
    Transport(String),
}

impl From<ApiFailure> for LookupError {
    fn from(failure: ApiFailure) -> Self {
        match failure {
            ApiFailure::Token(TokenError::SignInNeeded) => Self::SignInNeeded,
            ApiFailure::Token(TokenError::NotAdmitted { message }) => Self::NotAdmitted(message),
            ApiFailure::Token(TokenError::InteractionNeeded { demand, message, page, .. }) => {
                Self::InteractionNeeded { demand, message, page }
            }
            ApiFailure::Token(TokenError::ClientTooOld(message)) => Self::Refused(message),
            ApiFailure::Token(TokenError::Transport(detail)) | ApiFailure::Broken(detail) => {
                Self::Transport(detail)
            }
            ApiFailure::Token(TokenError::Throttled { .. }) | ApiFailure::Throttled(_) => {
                Self::Transport("the cloud is busy; try again in a minute".to_owned())
            }
            ApiFailure::Refused(refusal) if refusal.status.as_u16() == 404 => Self::NotFound,
            ApiFailure::Refused(refusal) => Self::Refused(refusal.message),
        }
    }
}

/// Asks which root a web address means.
///
/// # Errors
/// [`LookupError`].
pub async fn resolve(api: &ApiClient, address: &str) -> Result<RootInfo, LookupError> {
    let question = ResolveRequest { address: address.to_owned() };
    let request = ApiRequest::post_json(api.origin().path(&["transfer", "v1", "resolve"]), &question)?;
    Ok(api.json(&request).await?)
}

/// Asks what a root is called.
///
/// # Errors
/// [`LookupError`].
pub async fn root_info(api: &ApiClient, root: &RootAddress) -> Result<RootInfo, LookupError> {
    let path = ["transfer", "v1", "drives", &root.drive, "items", &root.item, "root"];
    let request = ApiRequest::get(api.origin().path(&path));
    Ok(api.for_tenant(&root.tenant).json(&request).await?)
}
