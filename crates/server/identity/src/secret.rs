//! Secrets handed out — session cookies, codes, refresh tokens. Each names its home tenant, so that whoever presents
//! one is looked for in that tenant alone; only its hash is kept.

use data_encoding::BASE64URL_NOPAD;
use model::{SecretHash, TenantId};
use runtime::Runtime;
use sha2::{Digest, Sha256};

use crate::keyed_hash::hmac;

/// Bytes of the tenant's id in front.
const TENANT: usize = 16;
/// Random bytes behind it.
const RANDOM: usize = 32;

/// A secret as it is handed out. It has no `Debug` form.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    text: String,
    tenant: TenantId,
}

impl Secret {
    /// Makes a fresh secret of a tenant.
    pub(crate) fn fresh(runtime: &Runtime, tenant: TenantId) -> Self {
        let mut bytes = [0; TENANT + RANDOM];
        bytes[..TENANT].copy_from_slice(tenant.uuid().as_bytes());
        runtime.fill(&mut bytes[TENANT..]);
        Self { text: BASE64URL_NOPAD.encode(&bytes), tenant }
    }

    /// Makes a secret that only who holds the older one *and* the cloud's key can make: the same for the same seed.
    pub(crate) fn successor(&self, key: &[u8; 32], seed: &[u8; 16]) -> Self {
        let mut message = seed.to_vec();
        message.extend_from_slice(self.text.as_bytes());
        let mut bytes = [0; TENANT + RANDOM];
        bytes[..TENANT].copy_from_slice(self.tenant.uuid().as_bytes());
        bytes[TENANT..].copy_from_slice(&hmac(key, &message));
        Self { text: BASE64URL_NOPAD.encode(&bytes), tenant: self.tenant }
    }

    /// Reads what somebody presents; none when it cannot be a secret of this cloud.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        if bytes.len() != TENANT + RANDOM {
            return None;
        }
        let tenant = TenantId::from_uuid(uuid::Uuid::from_slice(&bytes[..TENANT]).ok()?);
        Some(Self { text: text.to_owned(), tenant })
    }

    /// Returns the text to hand out.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the tenant it names.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Returns what is stored of it.
    #[must_use]
    pub(crate) fn hash(&self) -> SecretHash {
        hash(&self.text)
    }
}

/// Returns what is stored of a secret text.
pub(crate) fn hash(text: &str) -> SecretHash {
    SecretHash(Sha256::digest(text.as_bytes()).into())
}
