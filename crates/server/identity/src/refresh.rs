//! Refresh: one line of tokens for each sign-in, that never forks (design/0003).
//!
//! A token that was replaced may be exchanged again as long as its successor was not used: the answer with the
//! successor was lost. The successor then loses its place. What only a copy can do — show a token whose successor was
//! used, or one that lost its place — ends the whole family.

use model::{FamilyId, Predecessor, RefreshFamily, RefreshToken, SecretHash, SignInLine, Timestamp};
use storage::{Commit, Scope, StorageError, Unaudited, Writing};

use crate::account::{check_home, check_resource};
use crate::door::Door;
use crate::secret::Secret;
use crate::sign_in::later;
use crate::tokens::Issue;
use crate::{Authority, Client, Identity, IdentityError, Refusal};

/// Name of the key among the cloud's secrets.
pub(crate) const KEY_NAME: &str = "identity.refresh-token";
/// How long a refresh token lasts without being used, in seconds.
const LIFETIME: i64 = 90 * 24 * 3_600;
/// How long a replaced token is answered with the line's newest one, in seconds: two processes of one client refresh at
/// once, or an answer was lost and the client asks again.
const GRACE: i64 = 60;

/// What presenting a token means for its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The line goes on from here.
    Next,
    /// It went on a moment ago; the same answer again.
    Newest,
    /// It went on, but nobody used the successor: another takes its place.
    Instead,
    /// Two hold the line.
    Copied,
}

impl Identity {
    /// Exchanges a refresh token for the line's next one. Who is refused keeps the one they have: it is still good for
    /// other organizations.
    pub(crate) async fn refresh(
        &self,
        authority: Authority,
        client: Client,
        presented: &str,
        (scope, door): (Option<String>, Door),
    ) -> Result<Issue, IdentityError> {
        let secret = Secret::parse(presented).ok_or(Refusal::InvalidGrant)?;
        let home = secret.tenant();
        let resource = match authority {
            Authority::Tenant(tenant) => tenant,
            Authority::Home => home,
        };
        let (now, seed, key) = (self.runtime().now(), self.runtime().random::<16>(), self.0.refresh_key);
        self.boundary(home, resource)
            .write(move |tenants| -> Result<_, IdentityError> {
                let mut at_home = tenants.home();
                let Some(place) = present(&mut at_home, secret, client, now)? else {
                    return Ok(Commit::unaudited(Err(Refusal::SignInRevoked), Unaudited::SignInPlumbing));
                };
                let (line, created) = (place.family.id, place.family.created);
                let account = check_home(&mut at_home, place.family.home, created)?;
                let proofs = at_home.evidence().proofs(SignInLine::Client(line), created)?;
                let door = door.leave(&mut at_home, place.family.home.user, resource)?;
                let user = check_resource(&mut tenants.resource(), &account, &door, &proofs)?;
                let granted = place.family.scope.clone();
                let next = place.hand_out(&mut tenants.home(), (&key, seed), now)?;
                let scope = scope.filter(|scope| !scope.trim().is_empty()).unwrap_or(granted);
                let issue = Issue { home: account, user, scope, nonce: None, line, refresh: Some(next) };
                Ok(Commit::unaudited(Ok(issue), Unaudited::SignInPlumbing))
            })
            .await?
            .map_err(IdentityError::from)
    }
}

/// Where in its line a token stands that was presented.
pub(crate) struct Place {
    pub(crate) family: RefreshFamily,
    secret: Secret,
    token: RefreshToken,
    successor: Option<RefreshToken>,
    step: Step,
}

/// Finds where a client's token stands, and keeps others from the line until the transaction ends. None when two hold the
/// line: it was ended, which is to be committed.
pub(crate) fn present(
    scope: &mut Scope<'_, Writing>,
    secret: Secret,
    client: Client,
    now: Timestamp,
) -> Result<Option<Place>, IdentityError> {
    let (token, family) = locked(scope, secret.hash(), client)?;
    let successor = scope.refresh_tokens().find_successor(token.token)?;
    let step = judge(&token, successor.as_ref(), now);
    if step == Step::Copied {
        scope.refresh_tokens().revoke_family(family.id, now)?;
        return Ok(None);
    }
    if now >= token.expires {
        return Err(Refusal::RefreshExpired.into());
    }
    Ok(Some(Place { family, secret, token, successor, step }))
}

impl Place {
    /// Returns the token with which the line goes on.
    pub(crate) fn hand_out(
        self,
        scope: &mut Scope<'_, Writing>,
        (key, seed): (&[u8; 32], [u8; 16]),
        now: Timestamp,
    ) -> Result<Secret, StorageError> {
        let Self { secret, token, successor, step, .. } = self;
        match step {
            Step::Newest => newest(scope, secret, key),
            _ => issue_next(scope, (&secret, &token), successor, (key, seed), now),
        }
    }
}

/// Returns a token of the client with its family, which nobody else changes until the transaction ends.
fn locked(
    scope: &mut Scope<'_, Writing>,
    token: SecretHash,
    client: Client,
) -> Result<(RefreshToken, RefreshFamily), IdentityError> {
    let (_, family) = scope.refresh_tokens().find(token)?.ok_or(Refusal::InvalidGrant)?;
    if family.client != client.id {
        return Err(Refusal::InvalidGrant.into());
    }
    scope.refresh_tokens().lock_family(family.id)?;
    let (token, family) = scope.refresh_tokens().find(token)?.ok_or(Refusal::InvalidGrant)?;
    if family.revoked.is_some() {
        return Err(Refusal::SignInRevoked.into());
    }
    Ok((token, family))
}

fn judge(token: &RefreshToken, successor: Option<&RefreshToken>, now: Timestamp) -> Step {
    if token.superseded.is_some() {
        return Step::Copied;
    }
    match (token.replaced, successor) {
        (None, _) => Step::Next,
        (Some(replaced), Some(_)) if now <= later(replaced, GRACE) => Step::Newest,
        (Some(_), Some(successor)) if successor.replaced.is_none() => Step::Instead,
        // Without a successor it was replaced by a version of this server that did not keep which.
        (Some(_), _) => Step::Copied,
    }
}

/// Follows the line to its end. Its steps are those of the last minute.
fn newest(
    scope: &mut Scope<'_, Writing>,
    mut secret: Secret,
    key: &[u8; 32],
) -> Result<Secret, StorageError> {
    while let Some(next) = scope.refresh_tokens().find_successor(secret.hash())? {
        let Some(predecessor) = next.predecessor else { break };
        secret = secret.successor(key, &predecessor.seed);
    }
    Ok(secret)
}

fn issue_next(
    scope: &mut Scope<'_, Writing>,
    (secret, token): (&Secret, &RefreshToken),
    unused: Option<RefreshToken>,
    (key, seed): (&[u8; 32], [u8; 16]),
    now: Timestamp,
) -> Result<Secret, StorageError> {
    let next = secret.successor(key, &seed);
    if let Some(unused) = unused {
        scope.refresh_tokens().supersede(unused.token, now)?;
    }
    scope.refresh_tokens().replace(token.token, now)?;
    let predecessor = Some(Predecessor { token: token.token, seed });
    scope.refresh_tokens().create(&fresh_token(&next, token.family, predecessor, now))?;
    Ok(next)
}

/// Describes a token that was just made.
pub(crate) fn fresh_token(
    secret: &Secret,
    family: FamilyId,
    predecessor: Option<Predecessor>,
    now: Timestamp,
) -> RefreshToken {
    let (token, expires) = (secret.hash(), later(now, LIFETIME));
    RefreshToken { token, family, issued: now, expires, replaced: None, predecessor, superseded: None }
}
