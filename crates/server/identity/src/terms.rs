//! Terms of use in a sign-in: what somebody is asked to accept, and their answer (C02).

use directory::{Terms, answer_terms, event, find_terms, record};
use model::{Actor, TenantId, TermsAnswer, TermsId};
use storage::Commit;

use crate::account::{check_home, person_there};
use crate::{Identity, IdentityError, Refusal, SignedIn};

/// What somebody says to terms of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermsReply {
    /// They accept.
    Accept,
    /// They do not.
    Decline,
}

impl Identity {
    /// Finds terms of an organization for one of its people.
    ///
    /// # Errors
    /// A refusal of their account there, or [`Refusal::Malformed`] when there are no such terms.
    pub async fn terms(
        &self,
        person: &SignedIn,
        place: TenantId,
        terms: TermsId,
    ) -> Result<Terms, IdentityError> {
        let (home, since) = (person.home, person.since);
        self.boundary(home.tenant, place)
            .read(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), home, since)?;
                person_there(&mut scope.resource(), &account)?;
                let found = find_terms(&mut scope.resource(), terms)?;
                Ok(found.ok_or(Refusal::Malformed("there are no such terms"))?)
            })
            .await
    }

    /// Keeps what a person answers to the version of terms that they were shown.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] when that version is not the newest any more.
    pub async fn answer_terms(
        &self,
        person: &SignedIn,
        place: TenantId,
        (terms, version): (TermsId, i64),
        reply: TermsReply,
    ) -> Result<(), IdentityError> {
        let (home, since, runtime) = (person.home, person.since, self.runtime().clone());
        self.boundary(home.tenant, place)
            .write(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), home, since)?;
                let mut there = scope.resource();
                let user = person_there(&mut there, &account)?;
                let found = find_terms(&mut there, terms)?.filter(|terms| terms.newest() == version);
                found.ok_or(Refusal::Malformed("the terms have changed; read them again"))?;
                let accepted = reply == TermsReply::Accept;
                let answer = TermsAnswer { user: user.id, version, accepted, at: runtime.now() };
                answer_terms(&mut there, terms, answer)?;
                let operation = if accepted { "Accept terms of use" } else { "Decline terms of use" };
                let done = event(&runtime, Actor::Person(user.id), operation)
                    .target(user.id)
                    .detail("Agreement", terms.to_string())
                    .detail("Version", version.to_string());
                let proof = record(&mut there, &runtime, &[done])?;
                Ok(Commit::new((), proof))
            })
            .await
    }
}
