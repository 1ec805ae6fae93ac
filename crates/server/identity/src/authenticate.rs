//! Bearer tokens: the signature says who it was, the database says whether they still are.

use model::{
    Actor, ApplicationId, Caller, ClientApp, FamilyId, GuestState, HomeAccount, Proofs, Road, SignInLine,
    TenantId, Timestamp, User, UserId, UserKind,
};
use storage::{Call, Scope, StorageError};

use crate::claims::{AccessClaims, ApplicationClaims, BearerClaims};
use crate::keys::TokenType;
use crate::{Identity, Refusal};

/// Seconds by which another server's clock may differ.
const SKEW: i64 = 60;

/// Who calls, and the context bound to their tenant.
#[derive(Clone)]
pub struct Bearer {
    /// The context.
    pub call: Call,
    /// The person.
    pub caller: Caller,
    /// The client's line of tokens; none in a browser.
    pub line: Option<FamilyId>,
}

/// Why a token is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationFault {
    /// It is no token of this cloud, or its person may no longer use it.
    #[error("the access token is not valid")]
    Invalid,
    /// It was valid once.
    #[error("the access token has expired")]
    Expired,
    /// Rules about who gets in refuse its person now.
    #[error("{}", .0.description())]
    Refused(Box<Refusal>),
    /// It could not be checked.
    #[error("the access token could not be checked")]
    Storage(#[from] StorageError),
}

/// Whose token it is.
#[derive(Clone)]
pub enum Authentication {
    /// A person's.
    Person(Bearer),
    /// An application's, with the context bound to its organization.
    Application(Call),
}

impl Identity {
    /// Returns who calls with a token: signature, audience and time first, then the stored truth at both ends.
    ///
    /// # Errors
    /// [`AuthenticationFault::Invalid`] or [`AuthenticationFault::Expired`].
    pub async fn authenticate(&self, token: &str) -> Result<Authentication, AuthenticationFault> {
        let claims = self.0.keys.verify(TokenType::Access, token).ok_or(AuthenticationFault::Invalid)?;
        match claims {
            BearerClaims::Person(claims) => {
                self.check_times(&claims.aud, claims.nbf, claims.exp)?;
                let subject = subject(&claims).ok_or(AuthenticationFault::Invalid)?;
                Ok(Authentication::Person(self.admit(subject).await?))
            }
            BearerClaims::Application(claims) => {
                self.check_times(&claims.aud, claims.nbf, claims.exp)?;
                Ok(Authentication::Application(self.admit_application(&claims).await?))
            }
        }
    }

    fn check_times(&self, audience: &str, from: i64, until: i64) -> Result<(), AuthenticationFault> {
        let now = self.runtime().now().as_second();
        if audience != self.origin() || from > now.saturating_add(SKEW) {
            return Err(AuthenticationFault::Invalid);
        }
        if now >= until { Err(AuthenticationFault::Expired) } else { Ok(()) }
    }

    async fn admit_application(&self, claims: &ApplicationClaims) -> Result<Call, AuthenticationFault> {
        let (tenant, application) = program(claims).ok_or(AuthenticationFault::Invalid)?;
        let call = Call::new(self.0.store.clone(), tenant, Actor::Application(application)).seen(self.1);
        let found = call
            .read(move |scope| -> Result<_, StorageError> { scope.applications().find(application) })
            .await?;
        found.map(|_| call).ok_or(AuthenticationFault::Invalid)
    }

    /// Returns who calls with what was given to a person at some time, if they and their account at home still are who
    /// they were then.
    ///
    /// # Errors
    /// [`AuthenticationFault::Invalid`].
    pub(crate) async fn admit(&self, subject: Subject) -> Result<Bearer, AuthenticationFault> {
        let Subject { tenant, user, home, line, issued_us: issued } = subject;
        let begun = Timestamp::from_microsecond(issued).map_err(|_| AuthenticationFault::Invalid)?;
        let door = self.door(ClientApp::MobileAndDesktop).begun(begun);
        let alive = move |user: &User| user.enabled && user.tokens_valid_from.as_microsecond() <= issued;
        let object = self
            .boundary(home.tenant, tenant)
            .read(move |scope| -> Result<_, AuthenticationFault> {
                let object = scope.resource().users().find(user)?.filter(alive);
                let object = object.ok_or(AuthenticationFault::Invalid)?;
                let door = door.leave(&mut scope.home(), home.user, tenant)?;
                let guarded = door.is_guarded(&mut scope.resource())?;
                let proofs = proven(&mut scope.home(), (home, line, issued), guarded)?;
                let proofs = proofs.ok_or(AuthenticationFault::Invalid)?;
                // A policy that tightens ends what runs: the next token says why.
                if let Some(refusal) = door.refusal(&mut scope.resource(), &object, &proofs)? {
                    return Err(AuthenticationFault::Refused(Box::new(refusal)));
                }
                if object.kind == UserKind::Member {
                    let own = HomeAccount { tenant: object.tenant, user: object.id };
                    return if own == home { Ok(object) } else { Err(AuthenticationFault::Invalid) };
                }
                // A guest stands and falls with the account at home.
                let bound = object.home == Some(home) && object.guest_state == Some(GuestState::Accepted);
                let account = scope.home().users().find(home.user)?.filter(alive);
                if bound && account.is_some() { Ok(object) } else { Err(AuthenticationFault::Invalid) }
            })
            .await?;
        let caller = Caller { tenant, user, kind: object.kind, home, road: Road::Program };
        let call = Call::new(self.0.store.clone(), tenant, Actor::Person(user)).seen(self.1);
        Ok(Bearer { call, caller, line })
    }
}

/// Returns what was proven in the line of a token; none when the line ended. What nobody asks about is not read.
fn proven<M>(
    scope: &mut Scope<'_, M>,
    (home, line, issued): (HomeAccount, Option<FamilyId>, i64),
    guarded: bool,
) -> Result<Option<Proofs>, StorageError> {
    let Some(line) = line else {
        return Ok(Timestamp::from_microsecond(issued).ok().map(Proofs::password_alone));
    };
    let found = scope.refresh_tokens().find_family(line)?;
    let Some(family) = found.filter(|family| family.revoked.is_none() && family.home == home) else {
        return Ok(None);
    };
    match guarded {
        true => scope.evidence().proofs(SignInLine::Client(line), family.created).map(Some),
        false => Ok(Some(Proofs::password_alone(family.created))),
    }
}

/// The person behind a token or an address that speaks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    pub(crate) home: HomeAccount,
    /// The client's line of tokens.
    pub(crate) line: Option<FamilyId>,
    /// When it was given, in microseconds: revocation is that fine.
    pub(crate) issued_us: i64,
}

fn subject(claims: &AccessClaims) -> Option<Subject> {
    Some(Subject {
        tenant: claims.tid.parse().ok()?,
        user: claims.oid.parse().ok()?,
        home: HomeAccount { tenant: claims.home_tid.parse().ok()?, user: claims.home_oid.parse().ok()? },
        line: claims.sid.as_deref().map(str::parse).transpose().ok()?,
        issued_us: claims.issued_us,
    })
}

fn program(claims: &ApplicationClaims) -> Option<(TenantId, ApplicationId)> {
    let (tenant, application) = (claims.tid.parse().ok()?, claims.oid.parse().ok()?);
    (claims.idtyp == "app").then_some((tenant, application))
}
