//! Demand: what an organization's policy asks of a person before it lets them in again, and whether a browser mends it.

use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Demand {
    /// A second factor, given or set up.
    SecondFactor,
    /// The terms of use, accepted.
    Terms,
    /// A younger sign-in.
    SignInAgain,
    /// The person's consent to this program.
    Consent,
    /// The invitation, accepted.
    Invitation,
    /// Something at the organization's sign-in page that the answer did not name.
    Other,
    /// Nothing: a policy keeps the person out.
    Blocked,
    /// A computer that the organization knows as managed.
    ManagedDevice,
}

impl Demand {
    /// Tells whether the person can meet it on a page. Where not, no page is opened.
    #[must_use]
    pub const fn is_met_in_browser(self) -> bool {
        !matches!(self, Self::Blocked | Self::ManagedDevice)
    }

    /// Tells a person what to do where nothing more is known, such as the name of the organization.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Blocked => {
                "No sign-in changes that: ask the organization's administrator to let you in. It is asked again by itself."
            }
            Self::ManagedDevice => {
                "No sign-in changes that: ask the organization's administrator to trust your organization's computers, \
                 or use one they manage. It is asked again by itself."
            }
            _ => "Run `footbridge resolve` and do what the page asks; then it goes on.",
        }
    }
}
