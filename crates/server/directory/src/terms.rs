//! Terms of use of an organization (C02, 5.7): agreements with versions, who accepted what, and whether it still stands.

use std::collections::BTreeSet;

use model::{
    AccessControl, Agreement, TermsAnswer, TermsExpiry, TermsId, TermsText, TermsVersion, Timestamp, User,
};
use policy::{Administration, Reason, terms_stand};
use storage::{Call, Commit, Scope, StorageError, Writing};

use crate::authority::require;
use crate::error::check_text;
use crate::{DirectoryError, event, record};

/// Most agreements of an organization (5.7).
const MOST: usize = 40;

/// An agreement with its versions and the texts of the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The agreement.
    pub agreement: Agreement,
    /// Its versions, the oldest first.
    pub versions: Vec<TermsVersion>,
    /// The texts of the newest version.
    pub texts: Vec<TermsText>,
}

impl Terms {
    /// Returns the text for a reader of these languages, the dearest first.
    #[must_use]
    pub fn text_for(&self, languages: &[String]) -> Option<&TermsText> {
        let wanted = |language: &String| {
            let short = language.split('-').next().unwrap_or_default();
            let exact = self.texts.iter().find(|text| text.language.eq_ignore_ascii_case(language));
            exact.or_else(|| self.texts.iter().find(|text| text.language.eq_ignore_ascii_case(short)))
        };
        let default = self.texts.iter().find(|text| text.is_default);
        languages.iter().find_map(wanted).or(default).or(self.texts.first())
    }

    /// Returns the newest version.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.versions.last().map_or(1, |version| version.version)
    }
}

/// What an administrator says about an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsDraft {
    /// Its name.
    pub display_name: String,
    /// Whether its text must be opened first.
    pub viewing_required: bool,
    /// When all acceptances end.
    pub expiry: Option<TermsExpiry>,
    /// Seconds after which each person accepts again.
    pub reaccept_every_s: Option<i64>,
    /// The texts of a new version; empty leaves the newest one.
    pub texts: Vec<TermsText>,
    /// Whether who accepted an older version must accept the new one.
    pub reaccept: bool,
}

/// Lists the agreements, the oldest first. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn list_terms(call: &Call) -> Result<Vec<Terms>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let agreements = scope.terms().list()?;
        agreements.into_iter().map(|agreement| Ok(with_texts(scope, agreement)?)).collect()
    })
    .await
}

/// Lists what people answered to an agreement, the newest first. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn list_terms_answers(call: &Call, terms: TermsId) -> Result<Vec<TermsAnswer>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        Ok(scope.terms().list_answers(terms)?)
    })
    .await
}

/// Keeps an agreement, and publishes a version of it when texts are given. The first version is asked of everybody.
///
/// # Errors
/// [`DirectoryError::Refused`], or [`DirectoryError::Text`] for a name that cannot be used or when there is no text.
pub async fn keep_terms(call: &Call, terms: TermsId, draft: TermsDraft) -> Result<Terms, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        let display_name = check_text("the agreement's name", &draft.display_name)?;
        let before = scope.terms().find(terms)?;
        if before.is_none() && scope.terms().list()?.len() >= MOST {
            return Err(Reason::TooManyAgreements.into());
        }
        let agreement = Agreement {
            id: terms,
            display_name,
            viewing_required: draft.viewing_required,
            expiry: draft.expiry,
            reaccept_every_s: draft.reaccept_every_s,
            created: before.as_ref().map_or_else(|| runtime.now(), |before| before.created),
        };
        scope.terms().put(&agreement)?;
        let last = scope.terms().list_versions(terms)?.last().map_or(0, |version| version.version);
        if !draft.texts.is_empty() {
            let reaccept = draft.reaccept || last == 0;
            let version = TermsVersion { version: last + 1, reaccept, published: runtime.now() };
            scope.terms().publish(terms, version, &draft.texts)?;
        } else if last == 0 {
            return Err(DirectoryError::Text("the agreement's text"));
        }
        let kept = with_texts(scope, agreement)?;
        let operation = if before.is_some() { "Update terms of use" } else { "Create terms of use" };
        let done = event(&runtime, actor, operation)
            .detail("Agreement", terms.to_string())
            .detail("Name", kept.agreement.display_name.clone())
            .detail("Version", kept.newest().to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(kept, proof))
    })
    .await
}

/// Removes an agreement that no policy names, with what was answered to it.
///
/// # Errors
/// [`DirectoryError::Refused`] or [`DirectoryError::NotFound`].
pub async fn delete_terms(call: &Call, terms: TermsId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if scope.terms().find(terms)?.is_none() {
            return Err(DirectoryError::NotFound);
        }
        let policies = scope.access_policies().list()?;
        if policies.iter().any(|policy| policy.controls.contains(&AccessControl::Terms(terms))) {
            return Err(Reason::AgreementInUse.into());
        }
        scope.terms().delete(terms)?;
        let done = event(&runtime, actor, "Delete terms of use").detail("Agreement", terms.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Finds an agreement with the texts of its newest version.
///
/// # Errors
/// A storage error.
pub fn find_terms<M>(scope: &mut Scope<'_, M>, terms: TermsId) -> Result<Option<Terms>, StorageError> {
    match scope.terms().find(terms)? {
        Some(agreement) => with_texts(scope, agreement).map(Some),
        None => Ok(None),
    }
}

/// Keeps what a person answered to a version.
///
/// # Errors
/// A storage error.
pub fn answer_terms(
    scope: &mut Scope<'_, Writing>,
    terms: TermsId,
    answer: TermsAnswer,
) -> Result<(), StorageError> {
    scope.terms().answer(terms, answer)
}

/// Returns which of these agreements a person accepted so that it stood when their session began.
pub(crate) fn accepted_terms<M>(
    scope: &mut Scope<'_, M>,
    person: &User,
    asked: &BTreeSet<TermsId>,
    begun: Timestamp,
) -> Result<BTreeSet<TermsId>, StorageError> {
    let mut accepted = BTreeSet::new();
    for terms in asked {
        let Some(answer) = scope.terms().last_answer(*terms, person.id)? else { continue };
        let Some(agreement) = scope.terms().find(*terms)? else { continue };
        if terms_stand(&agreement, &scope.terms().list_versions(*terms)?, Some(&answer), begun) {
            accepted.insert(*terms);
        }
    }
    Ok(accepted)
}

fn with_texts<M>(scope: &mut Scope<'_, M>, agreement: Agreement) -> Result<Terms, StorageError> {
    let versions = scope.terms().list_versions(agreement.id)?;
    let newest = versions.last().map_or(1, |version| version.version);
    let texts = scope.terms().list_texts(agreement.id, newest)?;
    Ok(Terms { agreement, versions, texts })
}
