//! One-time codes (A05, A12): whoever a link names by address alone proves by a mailed code that the address is theirs.
//! The session that follows opens links that name the address, in the browser, and nothing else. It never syncs.
//!
//! A code lives 15 minutes and dies after five wrong guesses; three are mailed per address and link in 15 minutes.
//! Whether an address is named is never told: the answer to asking for a code is always the same.

use std::time::Duration;

use directory::mail::{self, MailKind, MailRequest};
use directory::{Ticket, event, record};
use model::{Address, Link, LinkId, Passcode, PasscodeSession, WrongPasswords};
use storage::{Call, Commit, Scope, StorageError, Unaudited, Writing};

use super::create::about;
use super::judge::{LinkUse, LinkViewer, open};
use super::secret::same;
use super::{LinkAddress, LinkError, LinkSecrets};

/// How long a code works.
const CODE_LIFE: Duration = Duration::from_secs(15 * 60);
/// How long codes and wrong passwords are counted together.
const SPELL: Duration = Duration::from_secs(15 * 60);
/// Most codes mailed to one address for one link in a spell.
const MOST_SENT: i64 = 3;
/// Wrong guesses after which a code is dead.
const MOST_GUESSES: i64 = 5;
/// Wrong passwords after which a link rests until the spell is over.
const MOST_PASSWORDS: i64 = 10;
/// How long a browser stays in after a code (V-2).
const SESSION_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// Digits of a code.
const DIGITS: usize = 8;

/// Mails a code, if the link names the address and opens for it. The answer never says whether it did.
///
/// # Errors
/// A storage error.
pub async fn send_code(
    call: &Call,
    ticket: Ticket,
    address: Address,
    origin: String,
) -> Result<(), StorageError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    let done = call
        .write(move |scope| -> Result<_, LinkError> {
            let (now, key) = (runtime.now(), address.key());
            let used =
                LinkUse { ticket: ticket.clone(), viewer: LinkViewer::Address(key.clone()), password: None };
            let found = open(scope, now, &used)?;
            let link = &found.link;
            let before = scope.passcodes().find(link.id, &key)?;
            let spell = before.filter(|code| code.counted_since + SPELL > now);
            let (sent, since) = spell.map_or((0, now), |code| (code.sent, code.counted_since));
            if sent >= MOST_SENT {
                return Ok(Commit::unaudited((), Unaudited::NothingChanged));
            }
            let secrets = LinkSecrets::load(scope, &runtime)?;
            let code = digits(u64::from_be_bytes(runtime.random()));
            let kept = Passcode {
                code: Some(secrets.code(link.id, &key, &code)),
                expires: now + CODE_LIFE,
                attempts: 0,
                sent: sent + 1,
                counted_since: since,
            };
            scope.passcodes().put(link.id, &key, &kept)?;
            let request = letter(
                scope,
                link,
                address.to_string(),
                code,
                LinkAddress(ticket).url(&origin, found.item.kind),
            )?;
            mail::queue(scope, &runtime, &request)?;
            let done = about(event(&runtime, actor, "PasscodeSent"), link).detail("Recipient", key);
            let proof = record(scope, &runtime, &[done])?;
            Ok(Commit::new((), proof))
        })
        .await;
    match done {
        Ok(()) | Err(LinkError::NotFound | LinkError::Refused(_) | LinkError::Item(_)) => Ok(()),
        Err(LinkError::Storage(error)) => Err(error),
    }
}

/// Checks a code and begins a session; none when it is wrong, old, used, or was guessed at too often.
///
/// # Errors
/// [`LinkError::NotFound`] or [`LinkError::Refused`] when the link does not open for the address any more.
pub async fn check_code(
    call: &Call,
    ticket: Ticket,
    address: Address,
    code: String,
) -> Result<Option<Ticket>, LinkError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        let (now, key) = (runtime.now(), address.key());
        let used = LinkUse { ticket, viewer: LinkViewer::Address(key.clone()), password: None };
        // Who is not named must not learn it here either: their code is as wrong as any.
        let link = match open(scope, now, &used) {
            Ok(found) => found.link,
            Err(LinkError::NotFound) => return Ok(Commit::unaudited(None, Unaudited::NothingChanged)),
            Err(error) => return Err(error),
        };
        let kept = scope.passcodes().find(link.id, &key)?;
        let alive = kept.filter(|kept| kept.expires > now && kept.attempts < MOST_GUESSES);
        let Some((kept, expected)) = alive.and_then(|kept| kept.code.map(|code| (kept, code))) else {
            return Ok(Commit::unaudited(None, Unaudited::NothingChanged));
        };
        let secrets = LinkSecrets::load(scope, &runtime)?;
        let typed: String = code.chars().filter(char::is_ascii_digit).collect();
        if !same(secrets.code(link.id, &key, &typed), expected) {
            let guessed = Passcode { attempts: kept.attempts + 1, ..kept };
            scope.passcodes().put(link.id, &key, &guessed)?;
            return Ok(Commit::unaudited(None, Unaudited::SignInPlumbing));
        }
        scope.passcodes().put(link.id, &key, &Passcode { code: None, ..kept })?;
        let session = Ticket::fresh(&runtime, scope.tenant());
        let begun = PasscodeSession {
            token: session.hash(),
            tenant: scope.tenant(),
            address: key.clone(),
            expires: now + SESSION_LIFE,
        };
        scope.passcodes().create_session(&begun)?;
        let done = about(event(&runtime, actor, "PasscodeAccepted"), &link).detail("Recipient", key);
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(Some(session), proof))
    })
    .await
}

/// Returns the address that was proven in a session which has not ended.
///
/// # Errors
/// A storage error.
pub async fn session_address(call: &Call, session: Ticket) -> Result<Option<String>, StorageError> {
    let now = call.store().runtime().now();
    if session.tenant() != call.tenant() {
        return Ok(None);
    }
    let found = call.read(move |scope| scope.passcodes().find_session(session.hash())).await?;
    Ok(found.filter(|found| found.expires > now).map(|found| found.address))
}

/// Counts a password that is about to be checked, as a wrong one until [`forgive_passwords`] is told otherwise: so many
/// typed at one moment are no more than so many typed one after another. Returns false, counting nothing, when the link
/// rests because too many were wrong.
///
/// # Errors
/// A storage error.
pub async fn count_password(call: &Call, link: LinkId) -> Result<bool, StorageError> {
    let now = call.store().runtime().now();
    call.write(move |scope| {
        let before = scope.links().wrong_passwords(link)?.filter(|wrong| wrong.since + SPELL > now);
        let before = before.unwrap_or(WrongPasswords { count: 0, since: now });
        if before.count >= MOST_PASSWORDS {
            return Ok(Commit::unaudited(false, Unaudited::NothingChanged));
        }
        let after = WrongPasswords { count: before.count + 1, ..before };
        scope.links().set_wrong_passwords(link, Some(after))?;
        Ok(Commit::unaudited(true, Unaudited::SignInPlumbing))
    })
    .await
}

/// Forgets what was counted, because the right password was typed.
///
/// # Errors
/// A storage error.
pub async fn forgive_passwords(call: &Call, link: LinkId) -> Result<(), StorageError> {
    call.write(move |scope| {
        scope.links().set_wrong_passwords(link, None)?;
        Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
    })
    .await
}

fn digits(random: u64) -> String {
    format!("{:0width$}", random % 10_u64.pow(DIGITS as u32), width = DIGITS)
}

fn letter(
    scope: &mut Scope<'_, Writing>,
    link: &Link,
    recipient: String,
    code: String,
    address: String,
) -> Result<MailRequest, StorageError> {
    let organization = scope.tenants().load()?.display_name;
    let sharer = match link.created_by {
        Some(user) => scope.users().find(user)?,
        None => None,
    };
    Ok(MailRequest {
        kind: MailKind::Code,
        recipient,
        recipient_name: None,
        sharer_name: sharer.map_or_else(|| organization.clone(), |user| user.display_name),
        sharer_address: None,
        organization,
        item: None,
        message: Some(code),
        link: address,
    })
}
