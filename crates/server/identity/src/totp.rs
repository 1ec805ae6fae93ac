//! Codes of authenticator apps (RFC 6238) and their secrets, which are kept encrypted.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use model::Timestamp;
use runtime::Runtime;
use storage::Operator;
use totp_rs::{Builder, Secret as AppSecret};

use crate::IdentityError;
use crate::keyed_hash::load_key;

/// Name of the key among the cloud's secrets.
const KEY_NAME: &str = "identity.factor-secret";
const NONCE: usize = 24;
/// Bytes of a secret, as RFC 4226 recommends.
pub(crate) const SECRET: usize = 20;

/// Encrypts and decrypts secrets of authenticator apps. What it is for goes along, so that one person's is never taken for
/// another's.
pub(crate) struct FactorSealer(XChaCha20Poly1305);

impl FactorSealer {
    /// Loads the cloud's key, making it when there is none.
    pub(crate) async fn load(operator: &Operator, runtime: &Runtime) -> Result<Self, IdentityError> {
        let key = load_key(operator, runtime, KEY_NAME).await?;
        Ok(Self(XChaCha20Poly1305::new(&key.into())))
    }

    pub(crate) fn seal(&self, runtime: &Runtime, plain: &[u8], purpose: &str) -> Option<Vec<u8>> {
        let nonce = runtime.random::<NONCE>();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    pub(crate) fn open(&self, sealed: &[u8], purpose: &str) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: purpose.as_bytes() };
        self.0.decrypt(XNonce::from_slice(nonce), payload).ok()
    }
}

/// Returns the time step whose code this is; codes of the steps beside the present one count, because clocks differ.
pub(crate) fn step_of(secret: [u8; SECRET], typed: &str, now: Timestamp) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let totp = Builder::new().with_secret(AppSecret::new_stack(secret)).build().ok()?;
    let step = totp.check(&digits, u64::try_from(now.as_second()).ok()?)?;
    i64::try_from(step).ok()
}

/// Writes a secret as people type it, in groups of four.
pub(crate) fn spelled(secret: &[u8; SECRET]) -> String {
    let text = BASE32_NOPAD.encode(secret);
    let groups: Vec<String> =
        text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(" ")
}

/// Writes the address that an authenticator app reads from a picture.
pub(crate) fn app_address(secret: &[u8; SECRET], organization: &str, account: &str) -> String {
    let plain = |text: &str| {
        let text = text.replace(':', " ");
        url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let (issuer, account) = (plain(organization), plain(account));
    format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", BASE32_NOPAD.encode(secret))
}

/// Writes sealed bytes for a form's field.
pub(crate) fn to_text(sealed: &[u8]) -> String {
    BASE64URL_NOPAD.encode(sealed)
}

/// Reads sealed bytes of a form's field.
pub(crate) fn from_text(text: &str) -> Option<Vec<u8>> {
    if text.len() > 1_024 {
        return None;
    }
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::{app_address, spelled, step_of};

    /// The secret of RFC 6238's test vectors.
    const SECRET: [u8; 20] = *b"12345678901234567890";

    #[test]
    fn codes_agree_with_rfc_6238_and_one_step_of_difference_is_allowed() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        assert_eq!(step_of(SECRET, "287082", at(59)), Some(1));
        assert_eq!(step_of(SECRET, "081 804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(step_of(SECRET, "081804", at(1_111_111_139)), Some(37_037_036));
        assert_eq!(step_of(SECRET, "081804", at(1_111_111_180)), None);
        for bad in ["", "28708", "2870820", "28708x", "٢٨٧٠٨٢"] {
            assert_eq!(step_of(SECRET, bad, at(59)), None, "{bad}");
        }
    }

    #[test]
    fn a_secret_is_spelled_in_groups_and_written_into_an_address_that_no_name_can_break() {
        assert_eq!(spelled(&SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let address = app_address(&SECRET, "Contoso: & Co?", "ben@fabrikam.example");
        assert_eq!(
            address,
            "otpauth://totp/Contoso%20%20%26%20Co%3F:ben%40fabrikam.example\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Contoso%20%20%26%20Co%3F"
        );
    }
}
