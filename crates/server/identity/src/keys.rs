//! Signing keys: ES256, made once per cloud and kept; signatures are deterministic (RFC 6979), so runs replay.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use model::SigningKey;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::EncodePrivateKey;
use runtime::Runtime;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use storage::{Commit, Operator, StorageError, Unaudited};

use crate::IdentityError;

/// What a signed text is. It stands in the header, so that one kind is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenType {
    Access,
    Id,
    Statement,
    ClientAssertion,
    Seal,
}

impl TokenType {
    const fn name(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Id => "JWT",
            Self::Statement => "footbridge-report+jws",
            Self::ClientAssertion => "client-authentication+jwt",
            Self::Seal => "footbridge-seal+jws",
        }
    }
}

/// The cloud's keys, ready to sign and verify.
pub(crate) struct Keys {
    signing_id: String,
    signing: EncodingKey,
    verifying: BTreeMap<String, DecodingKey>,
    published: serde_json::Value,
}

impl Keys {
    /// Loads the cloud's keys, making the first one when there is none.
    pub(crate) async fn load(operator: &Operator, runtime: &Runtime) -> Result<Self, IdentityError> {
        let fresh = fresh_key(runtime)?;
        let stored = operator
            .write(move |cloud| -> Result<_, StorageError> {
                let keys = cloud.load_or_create_signing_keys(&fresh)?;
                Ok(Commit::unaudited(keys, Unaudited::SignInPlumbing))
            })
            .await?;
        let mut verifying = BTreeMap::new();
        let mut published = Vec::new();
        let mut signing = None;
        for key in stored {
            let secret = SecretKey::from_slice(&key.private).map_err(|_| IdentityError::Key)?;
            let point = secret.public_key().to_encoded_point(false);
            let (x, y) = point.x().zip(point.y()).ok_or(IdentityError::Key)?;
            let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
            let decoding = DecodingKey::from_ec_components(&x, &y).map_err(|_| IdentityError::Key)?;
            published.push(serde_json::json!({
                "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": key.id, "x": x, "y": y,
            }));
            verifying.insert(key.id.clone(), decoding);
            let document = secret.to_pkcs8_der().map_err(|_| IdentityError::Key)?;
            signing = Some((key.id, EncodingKey::from_ec_der(document.as_bytes())));
        }
        let (signing_id, signing) = signing.ok_or(IdentityError::Key)?;
        Ok(Self { signing_id, signing, verifying, published: serde_json::json!({ "keys": published }) })
    }

    /// Returns the public keys as a JWK set.
    pub(crate) fn published(&self) -> &serde_json::Value {
        &self.published
    }

    /// Signs claims into a compact JWS.
    pub(crate) fn sign<T: Serialize>(&self, kind: TokenType, claims: &T) -> Result<String, IdentityError> {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(kind.name().to_owned());
        header.kid = Some(self.signing_id.clone());
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(|_| IdentityError::Key)
    }

    /// Returns the claims of a text this cloud signed; none for any other. Times and audience are the caller's.
    pub(crate) fn verify<T: DeserializeOwned>(&self, kind: TokenType, token: &str) -> Option<T> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.alg != Algorithm::ES256 || header.typ.as_deref() != Some(kind.name()) {
            return None;
        }
        let key = self.verifying.get(header.kid.as_deref()?)?;
        let mut validation = Validation::new(Algorithm::ES256);
        // The clock comes from the runtime, and the audience is compared where the cloud's origin is known.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Some(jsonwebtoken::decode::<T>(token, key, &validation).ok()?.claims)
    }
}

fn fresh_key(runtime: &Runtime) -> Result<SigningKey, IdentityError> {
    // Nearly every 32 bytes are a valid scalar; a few tries make failure impossible in practice.
    let private = (0..8)
        .map(|_| runtime.random::<32>())
        .find(|bytes| SecretKey::from_slice(bytes).is_ok())
        .ok_or(IdentityError::Key)?;
    let public = SecretKey::from_slice(&private).map_err(|_| IdentityError::Key)?.public_key();
    let digest = Sha256::digest(public.to_encoded_point(true).as_bytes());
    Ok(SigningKey { id: BASE64URL_NOPAD.encode(&digest[..12]), private, created: runtime.now() })
}
