//! Keys of an issuer: a JWK set, of which only keys that can verify a signature of the list are kept.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use crate::ProviderFault;

/// Most keys kept of one issuer.
const MOST: usize = 64;
/// Bytes of an RSA modulus: 2048 bits at least, and no longer than what can be computed quickly.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1_024;

/// The keys of an issuer at one time.
pub(crate) struct ProviderKeys(Vec<ProviderKey>);

struct ProviderKey {
    id: Option<String>,
    algorithms: &'static [Algorithm],
    named: Option<String>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Written {
    keys: Vec<Value>,
}

impl ProviderKeys {
    /// Reads a JWK set. Keys of other kinds are left out.
    pub(crate) fn read(document: &[u8]) -> Result<Self, ProviderFault> {
        let written: Written = serde_json::from_slice(document)
            .map_err(|_| ProviderFault::Document("its keys are no JWK set"))?;
        let keys: Vec<_> = written.keys.into_iter().filter_map(one).take(MOST).collect();
        if keys.is_empty() {
            return Err(ProviderFault::Document("it has no key that can be used"));
        }
        Ok(Self(keys))
    }

    /// Finds the key that a token of an algorithm names. A token may name none where there is only one that fits.
    pub(crate) fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&DecodingKey> {
        let name = format!("{algorithm:?}");
        let mut fitting = self.0.iter().filter(|key| {
            key.algorithms.contains(&algorithm)
                && key.named.as_ref().is_none_or(|named| *named == name)
                && id.is_none_or(|id| key.id.as_deref() == Some(id))
        });
        let found = fitting.next()?;
        (id.is_some() || fitting.next().is_none()).then_some(&found.key)
    }
}

fn one(value: Value) -> Option<ProviderKey> {
    let named = value.get("alg").and_then(Value::as_str).map(str::to_owned);
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let for_signatures =
        jwk.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let algorithms: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(rsa) => {
            let modulus = BASE64URL_NOPAD.decode(rsa.n.as_bytes()).ok()?;
            let length = modulus.iter().skip_while(|byte| **byte == 0).count();
            if !MODULUS.contains(&length) {
                return None;
            }
            use Algorithm::{PS256, PS384, PS512, RS256, RS384, RS512};
            &[RS256, RS384, RS512, PS256, PS384, PS512]
        }
        AlgorithmParameters::EllipticCurve(curve) => match curve.curve {
            EllipticCurve::P256 => &[Algorithm::ES256],
            EllipticCurve::P384 => &[Algorithm::ES384],
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            &[Algorithm::EdDSA]
        }
        // A shared secret is nobody's signature.
        _ => return None,
    };
    let key = DecodingKey::from_jwk(&jwk).ok().filter(|_| for_signatures)?;
    Some(ProviderKey { id: jwk.common.key_id, algorithms, named, key })
}
