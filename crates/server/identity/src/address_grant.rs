//! Address grants: addresses that speak for a person without a header, as uploads and downloads of foreign clients need
//! (graph-surface.md 3.6, 3.8).
//!
//! An address says who it speaks for, what it is good for and until when, sealed so that nobody reads or makes one. It
//! opens nothing by itself: person, account at home and their right are judged on the stored truth at every use, as
//! with a token, so an address ends with the access it was made in.

use std::time::Duration;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use model::{Caller, FamilyId, HomeAccount, TenantId, UserId};
use runtime::Runtime;
use storage::Operator;
use uuid::Uuid;

use crate::authenticate::Subject;
use crate::keyed_hash::load_key;
use crate::{AuthenticationFault, Bearer, Identity, IdentityError};

/// Name of the key among the cloud's secrets.
const KEY_NAME: &str = "identity.address-grant";
const NONCE: usize = 24;
/// Bytes before what the address is about: five ids and two times.
const HEAD: usize = 5 * 16 + 2 * 8;
/// Longest text sealed in an address, in bytes.
const LONGEST: usize = 4_096;

/// What an address is good for. One kind is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressUse {
    /// Sending the bytes of one upload session.
    Upload,
    /// Reading the bytes of one file.
    Download,
}

impl AddressUse {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Upload => b"upload",
            Self::Download => b"download",
        }
    }
}

/// Seals and opens what leaves the server and comes back: addresses, and what a browser keeps on its way.
pub(crate) struct GrantSealer(XChaCha20Poly1305);

impl GrantSealer {
    /// Loads the cloud's key, making it when there is none.
    pub(crate) async fn load(operator: &Operator, runtime: &Runtime) -> Result<Self, IdentityError> {
        let key = load_key(operator, runtime, KEY_NAME).await?;
        Ok(Self(XChaCha20Poly1305::new(&key.into())))
    }

    /// Seals bytes for one purpose, with a nonce that is never used again.
    pub(crate) fn seal(&self, purpose: &[u8], plain: &[u8], nonce: [u8; NONCE]) -> Option<String> {
        let payload = Payload { msg: plain, aad: purpose };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload).ok()?;
        Some(BASE64URL_NOPAD.encode(&[nonce.as_slice(), &sealed].concat()))
    }

    /// Returns what was sealed for the same purpose; none for anything else.
    pub(crate) fn open(&self, purpose: &[u8], text: &str) -> Option<Vec<u8>> {
        if text.len() > 2 * LONGEST {
            return None;
        }
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        self.0.decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: purpose }).ok()
    }
}

impl Identity {
    /// Makes the part of an address that speaks for a person, as long as their client's line goes on. `subject` is what it is about, in its user's own form.
    /// None when the subject is longer than an address may be.
    #[must_use]
    pub fn seal_address(
        &self,
        (caller, line): (&Caller, Option<FamilyId>),
        good_for: AddressUse,
        subject: &str,
        lifetime: Duration,
    ) -> Option<String> {
        let now = self.runtime().now();
        let ends = now.checked_add(lifetime).ok()?;
        let line = line.map_or(Uuid::nil(), |line| line.uuid());
        let home = caller.home;
        let ids = [caller.tenant.uuid(), caller.user.uuid(), home.tenant.uuid(), home.user.uuid(), line];
        let mut plain = Vec::with_capacity(HEAD + subject.len());
        for id in ids {
            plain.extend_from_slice(id.as_bytes());
        }
        plain.extend_from_slice(&now.as_microsecond().to_be_bytes());
        plain.extend_from_slice(&ends.as_microsecond().to_be_bytes());
        plain.extend_from_slice(subject.as_bytes());
        let sealed = self.0.grants.seal(good_for.name(), &plain, self.runtime().random());
        sealed.filter(|_| subject.len() <= LONGEST)
    }

    /// Returns for whom an address speaks now, and what it is about.
    ///
    /// # Errors
    /// [`AuthenticationFault::Invalid`] when it is none of ours, for something else, or its person is no longer who they
    /// were; [`AuthenticationFault::Expired`].
    pub async fn open_address(
        &self,
        good_for: AddressUse,
        address: &str,
    ) -> Result<(Bearer, String), AuthenticationFault> {
        let (subject, ends, about) = self.unseal(good_for, address).ok_or(AuthenticationFault::Invalid)?;
        if self.runtime().now().as_microsecond() >= ends {
            return Err(AuthenticationFault::Expired);
        }
        Ok((self.admit(subject).await?, about))
    }

    fn unseal(&self, good_for: AddressUse, address: &str) -> Option<(Subject, i64, String)> {
        let plain = self.0.grants.open(good_for.name(), address)?;
        let (head, about) = plain.split_at_checked(HEAD)?;
        let id = |at: usize| Uuid::from_slice(head.get(at * 16..(at + 1) * 16)?).ok();
        let number = |at: usize| Some(i64::from_be_bytes(head.get(at..at + 8)?.try_into().ok()?));
        let subject = Subject {
            tenant: TenantId::from_uuid(id(0)?),
            user: UserId::from_uuid(id(1)?),
            home: HomeAccount { tenant: TenantId::from_uuid(id(2)?), user: UserId::from_uuid(id(3)?) },
            line: Some(id(4)?).filter(|line| !line.is_nil()).map(FamilyId::from_uuid),
            issued_us: number(80)?,
        };
        Some((subject, number(88)?, String::from_utf8(about.to_vec()).ok()?))
    }
}
