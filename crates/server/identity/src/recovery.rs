//! Recovery codes: shown once, good once, kept as keyed hashes.

use model::{SecretHash, UserId};
use runtime::Runtime;

use crate::keyed_hash::hmac;

/// Name of the key among the cloud's secrets.
pub(crate) const KEY_NAME: &str = "identity.recovery-code";
/// How many a person gets.
const MANY: usize = 10;
/// Letters: no vowels, so that none spells a word, and none that are mistaken for one another.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Letters of a code: 20^12 possibilities.
const LENGTH: usize = 12;

/// Makes fresh codes.
pub(crate) fn fresh(runtime: &Runtime) -> Vec<String> {
    (0..MANY).map(|_| spelled(&letters(runtime))).collect()
}

/// Hashes a code as it is typed: in any case, with or without hyphens. None when it cannot be one.
pub(crate) fn hash(key: &[u8; 32], user: UserId, typed: &str) -> Option<SecretHash> {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).take(LENGTH + 1).collect();
    let plain = plain.to_ascii_uppercase();
    (plain.len() == LENGTH).then(|| SecretHash(hmac(key, format!("{user} {plain}").as_bytes())))
}

fn letters(runtime: &Runtime) -> String {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let [byte] = runtime.random::<1>();
        // 240 is the largest multiple of 20 in a byte; bytes above would favour the first letters.
        if byte < 240 {
            code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
        }
    }
    code
}

fn spelled(code: &str) -> String {
    let groups: Vec<String> =
        code.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join("-")
}
