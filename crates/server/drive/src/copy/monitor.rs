//! The monitor of a copy: an address that tells how far it is. Whoever holds it needs no token, so it is a secret, it ends
//! after a day, and it answers only as long as the person who asked for the copy may still see what came of it.

use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use model::{CopyId, ItemCopy, SecretHash, TenantId};
use runtime::Runtime;
use sha2::{Digest, Sha256};
use storage::{Store, System};

use crate::{ItemError, Sight};

/// Length of each part.
const PART: usize = 16;

/// What opens a monitor: the organization, the copy, and a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MonitorKey {
    tenant: TenantId,
    copy: CopyId,
    secret: [u8; 2 * PART],
}

impl MonitorKey {
    /// Makes a fresh key.
    pub(super) fn fresh(runtime: &Runtime, tenant: TenantId, copy: CopyId) -> Self {
        let mut secret = [0; 2 * PART];
        runtime.fill(&mut secret);
        Self { tenant, copy, secret }
    }

    /// Returns what is stored of it.
    pub(super) fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.secret).into())
    }

    /// Returns the text that stands in the monitor's address.
    #[must_use]
    pub fn text(&self) -> String {
        let (tenant, copy) = (self.tenant.uuid(), self.copy.uuid());
        let parts = [tenant.as_bytes().as_slice(), copy.as_bytes(), &self.secret];
        BASE64URL_NOPAD.encode(&parts.concat())
    }
}

/// A text is no monitor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no monitor of a copy")]
pub struct InvalidMonitorKey;

impl FromStr for MonitorKey {
    type Err = InvalidMonitorKey;

    fn from_str(text: &str) -> Result<Self, InvalidMonitorKey> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| InvalidMonitorKey)?;
        let (ids, secret) = bytes.split_at_checked(2 * PART).ok_or(InvalidMonitorKey)?;
        let (tenant, copy) = ids.split_at(PART);
        let uuid = |bytes| uuid::Uuid::from_slice(bytes).map_err(|_| InvalidMonitorKey);
        let secret = secret.try_into().map_err(|_| InvalidMonitorKey)?;
        Ok(Self { tenant: TenantId::from_uuid(uuid(tenant)?), copy: CopyId::from_uuid(uuid(copy)?), secret })
    }
}

/// Tells how far a copy is.
///
/// # Errors
/// [`ItemError::NotFound`] when there is none, it ended, or its person may not see the copy any more.
pub async fn load_copy(store: &Store, key: MonitorKey) -> Result<ItemCopy, ItemError> {
    let now = store.runtime().now();
    System::new(store.clone(), key.tenant, "copy")
        .read(move |scope| {
            let copy = scope.copies().find_by_secret(key.copy, key.hash())?.ok_or(ItemError::NotFound)?;
            if copy.expires <= now {
                return Err(ItemError::NotFound);
            }
            let sight = Sight::open(scope, &copy.caller, now, copy.target_drive)?;
            sight.item_ever(scope, copy.target)?;
            Ok(copy)
        })
        .await
}
