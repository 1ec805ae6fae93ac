//! Second factors: giving one, adding and removing them, recovery codes (C01, X12). They are kept by the organization that
//! asks: a member's at home, a guest's on the guest object, so that each organization rules over what it relies on.

use directory::{event, record};
use model::{Actor, Factor, FactorId, Proofs, SignInLine, TenantId, Timestamp, User, WrongCodes};
use storage::{BoundaryScope, Commit, Scope, StorageError, Unaudited, Writing};

use crate::account::{check_home, person_there};
use crate::sign_in::later;
use crate::totp::{SECRET, app_address, from_text, spelled, step_of, to_text};
use crate::{Identity, IdentityError, Refusal, SignedIn, recovery};

/// Wrong codes that cost nothing.
const FREE: i64 = 5;
/// How long the first wait after them is, in seconds; each further wrong code doubles it.
const WAIT: i64 = 30;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 3_600;
/// Most factors of a person in one organization.
const MOST: usize = 10;
/// How long an offer to add an app is good, in seconds.
const OFFER: i64 = 1_800;

/// A second factor as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorView {
    /// Its id.
    pub id: FactorId,
    /// What the person calls it.
    pub name: String,
    /// When it was added.
    pub added: Timestamp,
}

/// What somebody has in one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factors {
    /// The factors, the oldest first.
    pub list: Vec<FactorView>,
    /// Recovery codes that were not used.
    pub recovery_codes: i64,
}

/// A secret for an authenticator app, before it is added. It has no `Debug` form.
#[derive(Clone, PartialEq, Eq)]
pub struct AppOffer {
    /// The secret as people type it.
    pub secret: String,
    /// The address an app reads from a picture.
    pub address: String,
    /// The offer as a form carries it, for this person alone.
    pub sealed: String,
}

impl Identity {
    /// Lists what somebody has in an organization.
    ///
    /// # Errors
    /// A refusal of their account there.
    pub async fn factors(&self, person: &SignedIn, place: TenantId) -> Result<Factors, IdentityError> {
        let (home, since) = (person.home, person.since);
        self.boundary(home.tenant, place)
            .read(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), home, since)?;
                let mut there = scope.resource();
                let user = person_there(&mut there, &account)?;
                let list = there.factors().list_of(user.id)?;
                let view = |factor: Factor| FactorView {
                    id: factor.id,
                    name: factor.display_name,
                    added: factor.created,
                };
                Ok(Factors {
                    list: list.into_iter().map(view).collect(),
                    recovery_codes: there.factors().count_recovery_codes(user.id)?,
                })
            })
            .await
    }

    /// Takes a code of an app or a recovery code for an organization. It counts in this session from now on.
    ///
    /// # Errors
    /// [`Refusal::SecondFactorWrong`], also for a code that was used, or [`Refusal::SecondFactorLocked`].
    pub async fn give_second_factor(
        &self,
        person: &SignedIn,
        place: TenantId,
        code: &str,
    ) -> Result<(), IdentityError> {
        let (identity, code) = (self.clone(), code.to_owned());
        self.at_place(person, place, move |scope, user, session| {
            let mut there = scope.resource();
            let right = identity.check_code(&mut there, &user, &code)?;
            if right.is_ok() {
                session.note(scope, place)?;
            }
            Ok(Commit::unaudited(right, Unaudited::SignInPlumbing))
        })
        .await?
        .map_err(IdentityError::from)
    }

    /// Offers a fresh secret for an authenticator app. Nothing is kept until its first code is right.
    ///
    /// # Errors
    /// A refusal of the account there.
    pub async fn offer_app(&self, person: &SignedIn, place: TenantId) -> Result<AppOffer, IdentityError> {
        let organization = self.tenant(place).await?.display_name;
        let secret = self.runtime().random::<SECRET>();
        let ends = later(self.runtime().now(), OFFER).as_second();
        let plain = [secret.as_slice(), &ends.to_be_bytes()].concat();
        let sealed = self.0.factors.seal(self.runtime(), &plain, &purpose(person, place));
        Ok(AppOffer {
            secret: spelled(&secret),
            address: app_address(&secret, &organization, &person.principal_name),
            sealed: to_text(&sealed.ok_or(IdentityError::Key)?),
        })
    }

    /// Reads an offer again, to show it once more after a wrong code; none when it ended or is not this person's.
    pub async fn same_offer(&self, person: &SignedIn, place: TenantId, sealed: &str) -> Option<AppOffer> {
        let secret = self.offered(person, place, sealed)?;
        let organization = self.tenant(place).await.ok()?.display_name;
        let address = app_address(&secret, &organization, &person.principal_name);
        Some(AppOffer { secret: spelled(&secret), address, sealed: sealed.to_owned() })
    }

    /// Adds the app of an offer by its first code. Who has a factor already must have given it in this session. Returns the
    /// recovery codes, if these are the person's first.
    ///
    /// # Errors
    /// [`Refusal::SecondFactorWrong`], [`Refusal::SecondFactorFirst`], [`Refusal::SecondFactorLocked`], or
    /// [`Refusal::Malformed`] for an offer that ended.
    pub async fn add_app(
        &self,
        person: &SignedIn,
        place: TenantId,
        (offer, code, name): (&str, &str, &str),
    ) -> Result<Option<Vec<String>>, IdentityError> {
        let secret = self.offered(person, place, offer).ok_or(Refusal::Malformed("the offer has ended"))?;
        let display_name = named(name);
        let (identity, code, now) = (self.clone(), code.to_owned(), self.runtime().now());
        self.at_place(person, place, move |scope, user, session| {
            let mut there = scope.resource();
            let known = there.factors().list_of(user.id)?;
            session.require_if(!known.is_empty(), place)?;
            if known.len() >= MOST {
                return Err(Refusal::Malformed("there are too many factors; remove one first").into());
            }
            let attempt = identity.attempt(&mut there, &user, |_| Ok(step_of(secret, &code, now)))?;
            let step = match attempt {
                Ok(step) => step,
                Err(refusal) => return Ok(Commit::unaudited(Err(refusal), Unaudited::SignInPlumbing)),
            };
            let id = FactorId::from_random(identity.runtime().random());
            let sealed = identity.0.factors.seal(identity.runtime(), &secret, &id.to_string());
            let sealed = sealed.ok_or(IdentityError::Key)?;
            let factor = Factor { id, user: user.id, display_name, sealed, last_step: step, created: now };
            there.factors().create(&factor)?;
            let codes = match known.is_empty() {
                true => Some(identity.fresh_codes(&mut there, &user)?),
                false => None,
            };
            let done = event(identity.runtime(), Actor::Person(user.id), "User registered security info");
            let proof = record(&mut there, identity.runtime(), &[done.target(user.id)])?;
            session.note(scope, place)?;
            Ok(Commit::new(Ok(codes), proof))
        })
        .await?
        .map_err(IdentityError::from)
    }

    /// Removes a factor. With the last one the recovery codes go too.
    ///
    /// # Errors
    /// [`Refusal::SecondFactorFirst`] when none was given in this session, or [`Refusal::Malformed`] when it is gone.
    pub async fn remove_factor(
        &self,
        person: &SignedIn,
        place: TenantId,
        factor: FactorId,
    ) -> Result<(), IdentityError> {
        let runtime = self.runtime().clone();
        self.at_place(person, place, move |scope, user, session| {
            session.require_if(true, place)?;
            let mut there = scope.resource();
            if !there.factors().delete(user.id, factor)? {
                return Err(Refusal::Malformed("the factor is gone").into());
            }
            if !there.factors().has_any(user.id)? {
                there.factors().replace_recovery_codes(user.id, &[])?;
            }
            let done = event(&runtime, Actor::Person(user.id), "User deleted security info").target(user.id);
            let proof = record(&mut there, &runtime, &[done])?;
            Ok(Commit::new((), proof))
        })
        .await
    }

    /// Gives new recovery codes in place of the old ones.
    ///
    /// # Errors
    /// [`Refusal::SecondFactorFirst`] when no factor was given in this session.
    pub async fn renew_recovery_codes(
        &self,
        person: &SignedIn,
        place: TenantId,
    ) -> Result<Vec<String>, IdentityError> {
        let identity = self.clone();
        self.at_place(person, place, move |scope, user, session| {
            session.require_if(true, place)?;
            let mut there = scope.resource();
            let codes = identity.fresh_codes(&mut there, &user)?;
            let done =
                event(identity.runtime(), Actor::Person(user.id), "User changed default security info");
            let proof = record(&mut there, identity.runtime(), &[done.target(user.id)])?;
            Ok(Commit::new(codes, proof))
        })
        .await
    }

    /// Runs a change for somebody signed in and their object in an organization.
    async fn at_place<T: Send + 'static>(
        &self,
        person: &SignedIn,
        place: TenantId,
        work: impl FnOnce(&mut BoundaryScope<'_, Writing>, User, InSession) -> Result<Commit<T>, IdentityError>
        + Send
        + 'static,
    ) -> Result<T, IdentityError> {
        let (home, since) = (person.home, person.since);
        let session = InSession {
            line: person.line,
            until: person.until,
            proofs: person.proofs.clone(),
            now: self.runtime().now(),
        };
        self.boundary(home.tenant, place)
            .write(move |scope| {
                let account = check_home(&mut scope.home(), home, since)?;
                let user = person_there(&mut scope.resource(), &account)?;
                work(scope, user, session)
            })
            .await
    }

    fn check_code(
        &self,
        scope: &mut Scope<'_, Writing>,
        user: &User,
        code: &str,
    ) -> Result<Result<(), Refusal>, IdentityError> {
        let now = self.runtime().now();
        let done = self.attempt(scope, user, |scope| {
            for factor in scope.factors().list_of(user.id)? {
                let plain = self.0.factors.open(&factor.sealed, &factor.id.to_string());
                let secret: [u8; SECRET] =
                    plain.and_then(|plain| plain.try_into().ok()).ok_or(IdentityError::Key)?;
                if let Some(step) = step_of(secret, code, now)
                    && scope.factors().use_step(factor.id, step)?
                {
                    return Ok(Some(()));
                }
            }
            let hash = recovery::hash(&self.0.recovery_key, user.id, code);
            let spent = match hash {
                Some(hash) => scope.factors().spend_recovery_code(user.id, hash)?,
                None => false,
            };
            Ok(spent.then_some(()))
        })?;
        Ok(done)
    }

    /// Tries one code, unless there were too many wrong ones a moment ago. A wrong one is counted, so the answer is a value:
    /// it must be committed.
    fn attempt<T>(
        &self,
        scope: &mut Scope<'_, Writing>,
        user: &User,
        check: impl FnOnce(&mut Scope<'_, Writing>) -> Result<Option<T>, IdentityError>,
    ) -> Result<Result<T, Refusal>, IdentityError> {
        let now = self.runtime().now();
        let before = scope.factors().lock_wrong_codes(user.id, now)?;
        if now < free_again(before) {
            return Ok(Err(Refusal::SecondFactorLocked));
        }
        let found = check(scope)?;
        let count = if found.is_some() { 0 } else { before.count.saturating_add(1) };
        scope.factors().set_wrong_codes(user.id, WrongCodes { count, last: now })?;
        Ok(found.ok_or(Refusal::SecondFactorWrong))
    }

    fn fresh_codes(&self, scope: &mut Scope<'_, Writing>, user: &User) -> Result<Vec<String>, StorageError> {
        let codes = recovery::fresh(self.runtime());
        let key = &self.0.recovery_key;
        let hashes: Vec<_> = codes.iter().filter_map(|code| recovery::hash(key, user.id, code)).collect();
        scope.factors().replace_recovery_codes(user.id, &hashes)?;
        Ok(codes)
    }

    fn offered(&self, person: &SignedIn, place: TenantId, sealed: &str) -> Option<[u8; SECRET]> {
        let plain = self.0.factors.open(&from_text(sealed)?, &purpose(person, place))?;
        let (secret, ends) = plain.split_at_checked(SECRET)?;
        let ends = i64::from_be_bytes(ends.try_into().ok()?);
        (self.runtime().now().as_second() < ends).then(|| secret.try_into().ok()).flatten()
    }
}

/// The browser's session in which something is done.
struct InSession {
    line: SignInLine,
    until: Timestamp,
    proofs: Proofs,
    now: Timestamp,
}

impl InSession {
    fn note(&self, scope: &mut BoundaryScope<'_, Writing>, place: TenantId) -> Result<(), StorageError> {
        scope.home().evidence().note_second_factor(self.line, place, self.now, Some(self.until))
    }

    /// Whoever has a factor changes them with it, so that a stolen password adds or removes none.
    fn require_if(&self, needed: bool, place: TenantId) -> Result<(), Refusal> {
        let given = self.proofs.second_factor.contains_key(&place);
        if needed && !given { Err(Refusal::SecondFactorFirst) } else { Ok(()) }
    }
}

/// Returns when the next code may be tried.
fn free_again(wrong: WrongCodes) -> Timestamp {
    if wrong.count < FREE {
        return Timestamp::MIN;
    }
    let doublings = u32::try_from(wrong.count - FREE).unwrap_or(u32::MAX).min(16);
    later(wrong.last, WAIT.saturating_mul(1_i64 << doublings).min(LONGEST_WAIT))
}

fn named(name: &str) -> String {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
    if name.is_empty() { "Authenticator app".to_owned() } else { name }
}

fn purpose(person: &SignedIn, place: TenantId) -> String {
    format!("offer {place} {} {}", person.home.tenant, person.home.user)
}
