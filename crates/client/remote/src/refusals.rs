//! Refusals: what an answer means to the engine (sync-engine.md 6.4). The only place that decides it.

use engine::{Demand, RemoteError, ResyncKind};
use http::StatusCode;
use transfer::OperationError;

use crate::TokenError;
use crate::api_client::{ApiFailure, Refusal};

/// What a request was about; a 404 means something else for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The root: its feed, its changes.
    Root,
    /// One item of it.
    Item,
    /// An upload.
    Upload,
}

/// Translates a failure for the engine.
pub(crate) fn to_remote_error(failure: ApiFailure, subject: Subject) -> RemoteError {
    match failure {
        ApiFailure::Token(error) => from_token_error(error),
        ApiFailure::Throttled(after) => RemoteError::Throttled { after },
        ApiFailure::Broken(detail) => RemoteError::Transport(detail),
        ApiFailure::Refused(refusal) => from_refusal(refusal, subject),
    }
}

fn from_token_error(error: TokenError) -> RemoteError {
    match error {
        TokenError::SignInNeeded => RemoteError::SignInNeeded,
        TokenError::InteractionNeeded { demand, message, page, .. } => {
            RemoteError::InteractionNeeded { url: page, message, demand }
        }
        // The organization does not say why at its door; the signed report does.
        TokenError::NotAdmitted { .. } => RemoteError::RootRefused,
        TokenError::Throttled { after } => RemoteError::Throttled { after },
        TokenError::ClientTooOld(message) => RemoteError::ClientTooOld(message),
        TokenError::Transport(detail) => RemoteError::Transport(detail),
    }
}

fn from_refusal(refusal: Refusal, subject: Subject) -> RemoteError {
    // The original says some challenges in the text alone (5.6).
    let in_text = refusal.status == StatusCode::FORBIDDEN && refusal.message.contains("insufficient_claims");
    if in_text || is_interaction(&refusal.code) || is_interaction(&refusal.inner) {
        return RemoteError::InteractionNeeded { url: None, message: refusal.message, demand: Demand::Other };
    }
    if refusal.inner == "clientTooOld" || refusal.status == StatusCode::UPGRADE_REQUIRED {
        return RemoteError::ClientTooOld(refusal.message);
    }
    match (refusal.status, subject) {
        (StatusCode::INSUFFICIENT_STORAGE, _) => RemoteError::QuotaFull,
        (StatusCode::UNPROCESSABLE_ENTITY, _) if refusal.inner == "operationReused" => {
            RemoteError::OperationReused
        }
        (StatusCode::GONE, Subject::Root) if refusal.code == "resyncRequired" => {
            let epoch = refusal.inner == "epochChanged";
            RemoteError::Resync(if epoch { ResyncKind::EpochChanged } else { ResyncKind::Enumerate })
        }
        (StatusCode::NOT_FOUND | StatusCode::GONE, Subject::Upload) => RemoteError::UploadGone,
        (StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE, Subject::Root) => {
            RemoteError::RootRefused
        }
        (_, Subject::Item) | (StatusCode::FORBIDDEN, Subject::Upload) => {
            RemoteError::ItemRefused(Box::new(OperationError {
                status: refusal.status.as_u16(),
                code: refusal.code,
                message: refusal.message,
                current: None,
            }))
        }
        _ => RemoteError::Transport(format!("the cloud refused the request: {}", refusal.message)),
    }
}

fn is_interaction(code: &str) -> bool {
    matches!(code, "interactionRequired" | "interaction_required")
}

#[cfg(test)]
mod tests {
    use engine::{Demand, RemoteError, ResyncKind};
    use http::StatusCode;

    use super::{Subject, to_remote_error};
    use crate::TokenError;
    use crate::api_client::{ApiFailure, Refusal};

    fn refused(status: StatusCode, code: &str, inner: &str) -> ApiFailure {
        let text = |text: &str| text.to_owned();
        ApiFailure::Refused(Refusal { status, code: text(code), inner: text(inner), message: text("why") })
    }

    #[test]
    fn each_answer_has_one_meaning_for_the_engine() {
        let cases = [
            (
                "a hidden root",
                refused(StatusCode::NOT_FOUND, "itemNotFound", ""),
                Subject::Root,
                RemoteError::RootRefused,
            ),
            (
                "a forbidden root",
                refused(StatusCode::FORBIDDEN, "accessDenied", ""),
                Subject::Root,
                RemoteError::RootRefused,
            ),
            (
                "an organization that lets nobody in",
                ApiFailure::Token(TokenError::NotAdmitted { message: String::new() }),
                Subject::Root,
                RemoteError::RootRefused,
            ),
            (
                "an old cursor",
                refused(StatusCode::GONE, "resyncRequired", "resyncApplyDifferences"),
                Subject::Root,
                RemoteError::Resync(ResyncKind::Enumerate),
            ),
            (
                "a restored drive",
                refused(StatusCode::GONE, "resyncRequired", "epochChanged"),
                Subject::Root,
                RemoteError::Resync(ResyncKind::EpochChanged),
            ),
            (
                "an old upload",
                refused(StatusCode::NOT_FOUND, "itemNotFound", ""),
                Subject::Upload,
                RemoteError::UploadGone,
            ),
            (
                "a full drive",
                refused(StatusCode::INSUFFICIENT_STORAGE, "quotaLimitReached", ""),
                Subject::Upload,
                RemoteError::QuotaFull,
            ),
            (
                "a cloned device",
                refused(StatusCode::UNPROCESSABLE_ENTITY, "invalidRequest", "operationReused"),
                Subject::Root,
                RemoteError::OperationReused,
            ),
            (
                "a dead sign-in",
                ApiFailure::Token(TokenError::SignInNeeded),
                Subject::Root,
                RemoteError::SignInNeeded,
            ),
        ];
        for (case, failure, subject, wanted) in cases {
            assert_eq!(to_remote_error(failure, subject), wanted, "{case}");
        }
        let page = Some("https://cloud.example/step-up".to_owned());
        let demand = TokenError::InteractionNeeded {
            demand: Demand::SecondFactor,
            message: "MFA".into(),
            claims: Some("{}".into()),
            page: page.clone(),
        };
        let wanted = RemoteError::InteractionNeeded {
            url: page,
            message: "MFA".to_owned(),
            demand: Demand::SecondFactor,
        };
        assert_eq!(to_remote_error(ApiFailure::Token(demand), Subject::Root), wanted);
    }
}
