//! Refusals: why no token is given, by the codes clients branch on (sharing-and-guests.md 5.5).

use policy::{Demand, Reason};

/// Why the identity provider refuses. The text is for people; clients read the codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A parameter is missing or malformed.
    #[error("The request is malformed: {0}.")]
    Malformed(&'static str),
    /// The tenant in the address does not exist.
    #[error("This organization is not on this cloud. Check the address of the organization.")]
    UnknownTenant,
    /// The client is not known here.
    #[error("The application is not known to this cloud.")]
    UnknownClient,
    /// The client is public and must not send a secret.
    #[error("The application is public; it must not send a secret.")]
    SecretOfPublicClient,
    /// The application must prove itself by its secret.
    #[error("The application must send its client_secret.")]
    SecretMissing,
    /// The secret is not the application's.
    #[error("The client secret is not the application's. Send the secret itself, as it was shown once.")]
    SecretWrong,
    /// The secret ended.
    #[error("The client secret has expired. Ask the operator to register the application again.")]
    SecretExpired,
    /// Signed assertions are not supported.
    #[error("Client assertions are not supported. Use a client secret.")]
    AssertionUnsupported,
    /// An application signs in to one organization.
    #[error("An application signs in to one organization. Put its id or domain into the address.")]
    TenantRequired,
    /// Applications cannot choose among their permissions.
    #[error("The scope of an application must be '.default', alone or behind a resource.")]
    ScopeNotDefault,
    /// The redirect address is not one of the client's.
    #[error("The redirect address does not belong to the application.")]
    RedirectMismatch,
    /// The grant type is not supported.
    #[error("The grant type is not supported.")]
    UnsupportedGrant,
    /// The response type is not supported.
    #[error("The response type is not supported. Use 'code'.")]
    UnsupportedResponse,
    /// PKCE is required and missing.
    #[error("Proof Key for Code Exchange (method S256) is required.")]
    ChallengeMissing,
    /// The verifier does not fit the challenge.
    #[error("The code verifier does not match the code challenge.")]
    VerifierMismatch,
    /// The code or token is not one of ours, or not of this client or tenant.
    #[error("The code or token is not valid for this application and organization.")]
    InvalidGrant,
    /// The code ended before it was used.
    #[error("The code has expired. Sign in again.")]
    CodeExpired,
    /// The code was used before.
    #[error("The code was already redeemed. Sign in again.")]
    CodeReused,
    /// The refresh token ended.
    #[error("The refresh token has expired. Sign in again.")]
    RefreshExpired,
    /// The refresh token was revoked, or an old one of its family was presented.
    #[error("The sign-in was revoked. Sign in again.")]
    SignInRevoked,
    /// The address or password is wrong. Which of them is not told.
    #[error("The address or password is not right.")]
    BadCredentials,
    /// The account is of another cloud, which this one has no trust with (D08).
    #[error(
        "Accounts of other clouds cannot be used here: this cloud and yours have no trust. Open what was shared with you in the browser, by the code that is mailed to you."
    )]
    OtherCloud,
    /// The organization's people sign in at its own issuer; only administrators may use a password here.
    #[error("Your organization has its people sign in at its own sign-in page. Go back and follow it.")]
    SignInElsewhere,
    /// The organization's issuer does not answer, or not as an issuer does.
    #[error(
        "Your organization's sign-in cannot be used now. Try again in a moment; if it stays, tell your organization's administrator."
    )]
    ProviderUnavailable,
    /// What came back from the issuer is not accepted.
    #[error("The answer of your organization's sign-in is not accepted: {0}. Start again.")]
    ProviderAnswer(&'static str),
    /// The issuer knows them, the organization does not.
    #[error(
        "Your organization's sign-in knows you, but you have no account here yet. Ask your organization's administrator."
    )]
    PersonUnknown,
    /// The issuer names an address that is not the organization's.
    #[error(
        "Your organization's sign-in gave an address outside your organization's domains. Ask its administrator."
    )]
    PersonOfOtherDomain,
    /// The account is blocked, at home or in the organization.
    #[error("The account is disabled. Ask the organization's administrator.")]
    AccountDisabled,
    /// The account at home does not exist any more.
    #[error("The account does not exist any more.")]
    AccountGone,
    /// The person is no guest of the organization.
    #[error("The account has no guest account in this organization. Ask to be invited.")]
    NoGuest,
    /// The invitation was not accepted yet.
    #[error("The invitation to this organization has not been accepted yet. Open the link in its mail.")]
    InvitationPending,
    /// The sync client is older than the operator allows.
    #[error(
        "This version of Footbridge is older than this cloud takes; it must be {oldest} or later. Install the current \
         version."
    )]
    ClientTooOld {
        /// The oldest version that will do.
        oldest: String,
    },
    /// The operator ended sign-in by device code.
    #[error("Signing in with a code is not taken here any more. Sign in in a browser: `footbridge sign-in`.")]
    DeviceCodeRetired,
    /// Nobody is signed in and no page may be shown.
    #[error("Somebody must sign in, and the request does not allow asking.")]
    LoginRequired,
    /// Somebody is signed in, must say so on a page, and no page may be shown.
    #[error("Somebody must confirm this on a page, and the request does not allow asking.")]
    InteractionRequired,
    /// Conditional access policies of the organization ask for something that is missing, or block.
    #[error("{}", conditions(*code, policies, demands))]
    Conditions {
        /// The number of what is in the way.
        code: u32,
        /// The policies' names.
        policies: String,
        /// What the person can do about it, in a browser; empty when nothing helps.
        demands: Vec<Demand>,
    },
    /// A code of a second factor is wrong, or was used.
    #[error("The code is not right, or was used already. Wait for the next one and try again.")]
    SecondFactorWrong,
    /// There were too many wrong codes.
    #[error("There were too many wrong codes. Wait a few minutes and try again.")]
    SecondFactorLocked,
    /// A second factor is changed by somebody who gave none.
    #[error("Give one of your second factors first.")]
    SecondFactorFirst,
    /// One of the two organizations does not let this person cross.
    #[error("{} {}", .0.message(), .0.remedy())]
    CrossTenant(Reason),
    /// The person refused.
    #[error("The request was declined.")]
    Declined,
    /// Nobody has answered the device's request.
    #[error("Nobody has answered the request yet.")]
    DevicePending,
    /// The device asks too often.
    #[error("Ask less often.")]
    DeviceSlowDown,
    /// The person refused the device.
    #[error("The request was declined.")]
    DeviceDeclined,
    /// The device's request ended.
    #[error("The request has expired. Start again.")]
    DeviceExpired,
    /// The device code is not one of ours.
    #[error("The device code is not valid.")]
    DeviceUnknown,
}

/// Says what policies ask for.
fn conditions(code: u32, policies: &str, demands: &[Demand]) -> String {
    let what = match code {
        50_076 => "asks for multi-factor authentication",
        50_079 => "asks for multi-factor authentication, and you have no second factor there yet",
        50_158 => "asks you to accept its terms of use",
        70_043 => "asks you to sign in again",
        53_000 => "asks for a device that is managed by an organization it trusts",
        53_001 => "asks for a device that is joined to an organization it trusts",
        _ => "does not let you in",
    };
    let remedy = if demands.is_empty() { "Ask its administrator." } else { "Sign in there in a browser." };
    format!("The organization {what} (policy {policies}). {remedy}")
}

impl Refusal {
    /// Returns the `AADSTS` number.
    #[must_use]
    pub const fn code(&self) -> u32 {
        match self {
            Self::Malformed(_) => 900_144,
            Self::UnknownTenant => 90_002,
            Self::UnknownClient => 700_016,
            Self::SecretOfPublicClient => 700_025,
            Self::SecretMissing => 7_000_218,
            Self::SecretWrong => 7_000_215,
            Self::SecretExpired => 7_000_222,
            Self::AssertionUnsupported => 700_027,
            Self::TenantRequired => 50_059,
            Self::ScopeNotDefault => 1_002_012,
            Self::RedirectMismatch => 50_011,
            Self::UnsupportedGrant | Self::DeviceCodeRetired => 70_003,
            Self::ClientTooOld { .. } => 53_002,
            Self::UnsupportedResponse => 700_054,
            Self::ChallengeMissing => 9_002_325,
            Self::VerifierMismatch => 501_481,
            Self::InvalidGrant => 70_000,
            Self::CodeExpired => 70_008,
            Self::CodeReused => 54_005,
            Self::RefreshExpired => 700_082,
            Self::SignInRevoked => 50_173,
            Self::BadCredentials => 50_126,
            Self::AccountDisabled => 50_057,
            Self::AccountGone => 50_034,
            Self::NoGuest => 50_020,
            Self::InvitationPending => 50_014,
            Self::LoginRequired => 50_058,
            Self::InteractionRequired => 16_000,
            Self::Conditions { code, .. } => *code,
            Self::SecondFactorWrong => 500_121,
            Self::SecondFactorLocked => 50_053,
            Self::SecondFactorFirst => 50_074,
            Self::OtherCloud => 1_000_104,
            Self::SignInElsewhere => 50_126,
            Self::ProviderUnavailable => 90_033,
            Self::ProviderAnswer(_) => 50_008,
            Self::PersonUnknown | Self::PersonOfOtherDomain => 50_034,
            Self::CrossTenant(Reason::OutboundBlocked) => 500_212,
            Self::CrossTenant(_) => 500_213,
            Self::Declined => 65_004,
            Self::DevicePending => 70_016,
            Self::DeviceSlowDown => 70_021,
            Self::DeviceDeclined => 70_018,
            Self::DeviceExpired => 70_019,
            Self::DeviceUnknown => 70_002,
        }
    }

    /// Returns whether an organization's rules about who gets in refuse: whoever is refused is known there and is told.
    #[must_use]
    pub const fn is_of_the_door(&self) -> bool {
        matches!(self, Self::Conditions { .. } | Self::CrossTenant(_))
    }

    /// Returns the OAuth error.
    #[must_use]
    pub const fn error(&self) -> &'static str {
        match self {
            Self::Malformed(_)
            | Self::UnknownTenant
            | Self::TenantRequired
            | Self::RedirectMismatch
            | Self::ChallengeMissing => "invalid_request",
            Self::UnknownClient | Self::ClientTooOld { .. } => "unauthorized_client",
            Self::SecretOfPublicClient
            | Self::SecretMissing
            | Self::SecretWrong
            | Self::SecretExpired
            | Self::AssertionUnsupported => "invalid_client",
            Self::ScopeNotDefault => "invalid_scope",
            Self::UnsupportedGrant | Self::DeviceCodeRetired => "unsupported_grant_type",
            Self::UnsupportedResponse => "unsupported_response_type",
            Self::LoginRequired => "login_required",
            Self::Conditions { code: 70_043, .. } => "invalid_grant",
            Self::InteractionRequired | Self::SecondFactorFirst | Self::Conditions { .. } => {
                "interaction_required"
            }
            Self::Declined => "access_denied",
            Self::DevicePending => "authorization_pending",
            Self::DeviceSlowDown => "slow_down",
            Self::DeviceDeclined => "authorization_declined",
            Self::DeviceExpired => "expired_token",
            Self::DeviceUnknown => "bad_verification_code",
            _ => "invalid_grant",
        }
    }

    /// Returns the finer word some client libraries act on.
    #[must_use]
    pub const fn suberror(&self) -> Option<&'static str> {
        match self {
            Self::SignInRevoked | Self::RefreshExpired => Some("bad_token"),
            Self::ClientTooOld { .. } => Some("client_too_old"),
            Self::DeviceCodeRetired => Some("method_retired"),
            _ => None,
        }
    }

    /// Returns the text with its number in front, as clients print it.
    #[must_use]
    pub fn description(&self) -> String {
        format!("AADSTS{}: {self}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn i_04_every_refusal_has_the_number_and_the_error_that_clients_branch_on() {
        let blocked = |code| Refusal::Conditions { code, policies: String::new(), demands: Vec::new() };
        let cases = [
            (Refusal::NoGuest, 50_020, "invalid_grant"),
            (Refusal::AccountGone, 50_034, "invalid_grant"),
            (Refusal::InvitationPending, 50_014, "invalid_grant"),
            (Refusal::AccountDisabled, 50_057, "invalid_grant"),
            (Refusal::BadCredentials, 50_126, "invalid_grant"),
            (Refusal::SignInRevoked, 50_173, "invalid_grant"),
            (Refusal::RefreshExpired, 700_082, "invalid_grant"),
            (Refusal::InvalidGrant, 70_000, "invalid_grant"),
            (Refusal::CodeExpired, 70_008, "invalid_grant"),
            (Refusal::CodeReused, 54_005, "invalid_grant"),
            (Refusal::VerifierMismatch, 501_481, "invalid_grant"),
            (Refusal::UnknownClient, 700_016, "unauthorized_client"),
            (Refusal::SecretMissing, 7_000_218, "invalid_client"),
            (Refusal::SecretWrong, 7_000_215, "invalid_client"),
            (Refusal::SecretExpired, 7_000_222, "invalid_client"),
            (Refusal::UnsupportedGrant, 70_003, "unsupported_grant_type"),
            (Refusal::DevicePending, 70_016, "authorization_pending"),
            (Refusal::DeviceDeclined, 70_018, "authorization_declined"),
            (Refusal::DeviceExpired, 70_019, "expired_token"),
            (Refusal::Declined, 65_004, "access_denied"),
            (Refusal::LoginRequired, 50_058, "login_required"),
            (blocked(53_003), 53_003, "interaction_required"),
            (blocked(50_076), 50_076, "interaction_required"),
        ];
        for (refusal, number, error) in cases {
            assert_eq!((refusal.code(), refusal.error()), (number, error), "{refusal:?}");
            assert!(refusal.description().starts_with(&format!("AADSTS{number}: ")), "{refusal:?}");
        }
    }
}
