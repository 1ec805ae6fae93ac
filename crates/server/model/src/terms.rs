//! Terms of use: what an organization asks people to accept, and what they answered (5.7).

use jiff::Timestamp;

use crate::{TermsId, UserId};

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: TermsId,
    /// Its name.
    pub display_name: String,
    /// Whether its text must be opened before it is accepted.
    pub viewing_required: bool,
    /// When every acceptance ends, whoever gave it.
    pub expiry: Option<TermsExpiry>,
    /// Seconds after which each person accepts again.
    pub reaccept_every_s: Option<i64>,
    /// When it was made.
    pub created: Timestamp,
}

/// Times at which all acceptances end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermsExpiry {
    /// The first.
    pub from: Timestamp,
    /// Seconds to each further one.
    pub every_s: i64,
}

/// One version of an agreement, without its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermsVersion {
    /// Counted from 1.
    pub version: i64,
    /// Whether who accepted an older one must accept this one.
    pub reaccept: bool,
    /// When it was published.
    pub published: Timestamp,
}

/// The text of a version in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsText {
    /// Such as `en` or `de-CH`.
    pub language: String,
    /// Whether it is shown to who reads none of the languages.
    pub is_default: bool,
    /// Its name as a file.
    pub file_name: String,
    /// `application/pdf` or `text/plain`.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// What somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermsAnswer {
    /// Who.
    pub user: UserId,
    /// To which version.
    pub version: i64,
    /// Whether they accepted.
    pub accepted: bool,
    /// When.
    pub at: Timestamp,
}
