//! Access report: the signed statement on whether a root is open, verified before anybody believes it (flow 5).
//!
//! The nonce proves that it is younger than the question. Its own time is checked only roughly, because the clock of
//! this computer may be wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::FromEncodedPoint as _;
use p256::{EncodedPoint, FieldBytes, PublicKey};
use serde::Deserialize;
use transfer::AccessReport;

/// Largest difference accepted between the report's time and this computer's.
const CLOCK_TOLERANCE_SECONDS: i64 = 24 * 3600;

/// The cloud's public keys.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug, Clone, Deserialize)]
struct Key {
    kid: Option<String>,
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
}

/// What a report must speak of.
pub(crate) struct Question<'a> {
    pub drive: &'a str,
    pub item: &'a str,
    pub person: &'a str,
    pub nonce: &'a str,
    pub now: i64,
}

/// Why a report is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReportError {
    #[error("the access report cannot be read")]
    Malformed,
    #[error("the access report is signed with a key that the cloud does not publish")]
    UnknownKey,
    #[error("the access report's signature is wrong")]
    Signature,
    #[error("the access report answers another question")]
    OtherQuestion,
    #[error("the access report's time is far from this computer's")]
    Time,
}

impl KeySet {
    /// Verifies a compact JWS and what it says.
    pub(crate) fn verify(&self, jws: &str, question: &Question<'_>) -> Result<AccessReport, ReportError> {
        let mut parts = jws.trim().split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ReportError::Malformed);
        };
        let head: Header = serde_json::from_slice(&decode(header)?).map_err(|_| ReportError::Malformed)?;
        if head.alg != "ES256" {
            return Err(ReportError::Signature);
        }
        let signature = Signature::from_slice(&decode(signature)?).map_err(|_| ReportError::Signature)?;
        let signed = format!("{header}.{payload}");
        let key = self.find(head.kid.as_deref()).ok_or(ReportError::UnknownKey)?;
        key.verify(signed.as_bytes(), &signature).map_err(|_| ReportError::Signature)?;
        let report: AccessReport =
            serde_json::from_slice(&decode(payload)?).map_err(|_| ReportError::Malformed)?;
        check(&report, question)?;
        Ok(report)
    }

    fn find(&self, kid: Option<&str>) -> Option<VerifyingKey> {
        let fits =
            |key: &&Key| key.kid.as_deref() == kid && key.kty == "EC" && key.crv.as_deref() == Some("P-256");
        self.keys.iter().find(fits).and_then(Key::verifying_key)
    }
}

impl Key {
    fn verifying_key(&self) -> Option<VerifyingKey> {
        let coordinate = |text: &Option<String>| -> Option<FieldBytes> {
            let bytes: [u8; 32] = decode(text.as_deref()?).ok()?.try_into().ok()?;
            Some(bytes.into())
        };
        let point =
            EncodedPoint::from_affine_coordinates(&coordinate(&self.x)?, &coordinate(&self.y)?, false);
        let key: Option<PublicKey> = PublicKey::from_encoded_point(&point).into();
        key.map(VerifyingKey::from)
    }
}

fn check(report: &AccessReport, question: &Question<'_>) -> Result<(), ReportError> {
    let same = report.drive == question.drive
        && report.item == question.item
        && report.person == question.person
        && report.nonce == question.nonce;
    if !same {
        return Err(ReportError::OtherQuestion);
    }
    if report.iat.abs_diff(question.now) > CLOCK_TOLERANCE_SECONDS.unsigned_abs() {
        return Err(ReportError::Time);
    }
    Ok(())
}

fn decode(part: &str) -> Result<Vec<u8>, ReportError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| ReportError::Malformed)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use p256::ecdsa::signature::Signer as _;
    use p256::ecdsa::{Signature, SigningKey};
    use serde_json::json;

    use super::{KeySet, Question, ReportError};

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    fn published(key: &SigningKey) -> KeySet {
        let point = key.verifying_key().to_encoded_point(false);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        serde_json::from_value(json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "k1", "alg": "ES256",
            "x": text(point.x().unwrap()), "y": text(point.y().unwrap())}]}))
        .unwrap()
    }

    fn signed(key: &SigningKey, change: impl Fn(&mut serde_json::Value)) -> String {
        let mut report = json!({"drive": "d", "item": "i", "person": "h.u", "nonce": "n", "iat": 1000,
            "state": "revoked", "reason": "permissionRemoved", "message": "m", "remedy": "r"});
        change(&mut report);
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&json!({"alg": "ES256", "kid": "k1"})), part(&report));
        let signature: Signature = key.sign(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    #[test]
    fn r_d09_only_a_report_signed_by_the_cloud_for_this_question_is_believed() {
        let keys = published(&key(7));
        let question = Question { drive: "d", item: "i", person: "h.u", nonce: "n", now: 1500 };
        assert!(keys.verify(&signed(&key(7), |_| {}), &question).is_ok());
        for (field, value) in [("drive", "x"), ("item", "x"), ("person", "x"), ("nonce", "x")] {
            let report = signed(&key(7), |report| report[field] = json!(value));
            assert_eq!(keys.verify(&report, &question), Err(ReportError::OtherQuestion), "{field}");
        }
        let old = signed(&key(7), |report| report["iat"] = json!(-200_000));
        assert_eq!(keys.verify(&old, &question), Err(ReportError::Time));
        assert_eq!(keys.verify(&signed(&key(8), |_| {}), &question), Err(ReportError::Signature));
        let unsigned = format!("{}.e30.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
        assert_eq!(keys.verify(&unsigned, &question), Err(ReportError::Signature));
        assert_eq!(keys.verify("nonsense", &question), Err(ReportError::Malformed));
    }
}
