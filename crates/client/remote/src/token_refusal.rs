//! Token refusals: which of the codes of sharing-and-guests.md 5.5 a person can mend, where, and which nobody can.

use engine::Demand;
use serde::Deserialize;
use url::Url;

use crate::CloudOrigin;
use crate::token_endpoint::TokenError;

/// A refusal as it came: the protocol's error and its description.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct RefusalBody {
    pub error: String,
    pub error_description: String,
    pub error_codes: Vec<u32>,
    pub suberror: Option<String>,
    pub claims: Option<String>,
    /// **Added** by our server to demands a person can meet: the page for it.
    pub footbridge_page: Option<String>,
}

/// The refresh token itself is dead, wherever it is presented.
const DEAD_REFRESH_TOKEN: &[u32] = &[70008, 50089, 50132, 50133, 50173, 700_082, 700_084];

/// What a code asks for.
const DEMANDS: &[(Demand, &[u32])] = &[
    // Barriers first: who is kept out is not sent to a page, whatever else is asked.
    (Demand::Blocked, &[53003, 53004, 500_212, 500_213]),
    (Demand::ManagedDevice, &[53000, 53001, 53002, 50097, 50129, 50155, 50187]),
    (Demand::SecondFactor, &[50072, 50074, 50076, 50078, 50079]),
    (Demand::Terms, &[50158]),
    (Demand::SignInAgain, &[70043]),
    (Demand::Consent, &[65001]),
    (Demand::Invitation, &[50014]),
];

/// Sorts a refusal. `at_home` tells whether the person's own organization spoke: there a refused grant means a new
/// sign-in; elsewhere it means that this organization does not let the person in.
pub(crate) fn classify(refusal: RefusalBody, place: Place, origin: &CloudOrigin) -> TokenError {
    let message = plain_message(&refusal.error_description);
    let has = |codes: &[u32]| refusal.error_codes.iter().any(|code| codes.contains(code));
    if refusal.suberror.as_deref() == Some("client_too_old") {
        return TokenError::ClientTooOld(message);
    }
    if let Some(demand) = demand(&refusal) {
        // A person is sent to the cloud they know and nowhere else.
        let owned = |page: &String| Url::parse(page).is_ok_and(|url| origin.owns(&url));
        let page = refusal.footbridge_page.filter(owned);
        return TokenError::InteractionNeeded { demand, message, claims: refusal.claims, page };
    }
    if refusal.error == "temporarily_unavailable" || refusal.error == "server_error" {
        return TokenError::Transport(message);
    }
    let dead = refusal.suberror.as_deref() == Some("bad_token") || has(DEAD_REFRESH_TOKEN);
    match place {
        _ if dead => TokenError::SignInNeeded,
        Place::Home if refusal.error == "invalid_grant" => TokenError::SignInNeeded,
        _ => TokenError::NotAdmitted { message },
    }
}

/// Returns what a person is asked for; none when the refusal is of another kind.
fn demand(refusal: &RefusalBody) -> Option<Demand> {
    let named = DEMANDS.iter().find(|(_, codes)| refusal.error_codes.iter().any(|code| codes.contains(code)));
    let asks =
        matches!(refusal.error.as_str(), "interaction_required" | "consent_required" | "login_required");
    named.map(|(demand, _)| *demand).or(asks.then_some(Demand::Other))
}

/// Whose token endpoint answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Home,
    Elsewhere,
}

/// Drops the code in front and the trace behind, which mean nothing to a person.
pub(crate) fn plain_message(description: &str) -> String {
    let text = description.split(" Trace ID:").next().unwrap_or_default();
    let text = match text.strip_prefix("AADSTS") {
        Some(rest) => rest.split_once(':').map_or(rest, |(_code, text)| text),
        None => text,
    };
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use engine::Demand;

    use super::{Place, RefusalBody, TokenError, classify};

    fn refusal(error: &str, codes: &[u32]) -> RefusalBody {
        RefusalBody {
            error: error.to_owned(),
            error_description: "AADSTS50076: Use a second factor. Trace ID: 1 Correlation ID: 2".to_owned(),
            error_codes: codes.to_vec(),
            ..RefusalBody::default()
        }
    }

    #[test]
    fn refusals_are_told_apart() {
        let origin = "https://cloud.example".parse().unwrap();
        let message = "Use a second factor.".to_owned();
        let asks = |demand| TokenError::InteractionNeeded {
            demand,
            message: message.clone(),
            claims: None,
            page: None,
        };
        let outside = TokenError::NotAdmitted { message: message.clone() };
        let cases = [
            (
                "a demand of a policy",
                refusal("interaction_required", &[50076]),
                Place::Elsewhere,
                asks(Demand::SecondFactor),
            ),
            (
                "the same, named by its code only",
                refusal("invalid_grant", &[50076]),
                Place::Elsewhere,
                asks(Demand::SecondFactor),
            ),
            (
                "a sign-in that is too old, which no new line mends",
                refusal("invalid_grant", &[70043]),
                Place::Home,
                asks(Demand::SignInAgain),
            ),
            (
                "an invitation that waits",
                refusal("invalid_grant", &[50014]),
                Place::Elsewhere,
                asks(Demand::Invitation),
            ),
            ("consent", refusal("invalid_grant", &[65001]), Place::Elsewhere, asks(Demand::Consent)),
            ("terms", refusal("interaction_required", &[50158]), Place::Elsewhere, asks(Demand::Terms)),
            (
                "a barrier beside a demand",
                refusal("interaction_required", &[50076, 53003]),
                Place::Elsewhere,
                asks(Demand::Blocked),
            ),
            (
                "a device that is not managed",
                refusal("interaction_required", &[53000]),
                Place::Elsewhere,
                asks(Demand::ManagedDevice),
            ),
            (
                "a code nobody knows",
                refusal("interaction_required", &[1]),
                Place::Elsewhere,
                asks(Demand::Other),
            ),
            (
                "a dead refresh token",
                refusal("invalid_grant", &[700_082]),
                Place::Elsewhere,
                TokenError::SignInNeeded,
            ),
            ("a refusal at home", refusal("invalid_grant", &[1]), Place::Home, TokenError::SignInNeeded),
            ("a guest that is gone", refusal("invalid_grant", &[50020]), Place::Elsewhere, outside),
        ];
        for (case, refusal, place, wanted) in cases {
            assert_eq!(classify(refusal, place, &origin), wanted, "{case}");
        }
    }

    #[test]
    fn a_person_is_led_to_a_page_of_their_own_cloud_only() {
        let origin = "https://cloud.example".parse().unwrap();
        for (page, kept) in [
            ("https://cloud.example/step-up?tenant=t", true),
            ("https://cloud.example.evil.example/step-up", false),
            ("http://cloud.example/step-up", false),
            ("javascript:alert(1)", false),
        ] {
            let mut refusal = refusal("interaction_required", &[50076]);
            refusal.footbridge_page = Some(page.to_owned());
            let error = classify(refusal, Place::Elsewhere, &origin);
            let TokenError::InteractionNeeded { page: found, .. } = error else { panic!("{error:?}") };
            assert_eq!(found.as_deref(), kept.then_some(page));
        }
    }
}
