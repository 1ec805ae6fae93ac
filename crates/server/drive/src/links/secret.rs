//! Secrets of a tenant's links: derived from one key and the link's id, so that a link can be shown again and nothing
//! that opens it is kept.

use directory::Ticket;
use model::{LinkId, SecretHash, TenantId};
use runtime::Runtime;
use storage::{Scope, StorageError, Writing};

/// The key of a tenant's links. It has no `Debug` form.
#[derive(Clone)]
pub(crate) struct LinkSecrets {
    tenant: TenantId,
    key: [u8; 32],
}

impl LinkSecrets {
    /// Loads the tenant's key, making it when there is none.
    pub(crate) fn load(scope: &mut Scope<'_, Writing>, runtime: &Runtime) -> Result<Self, StorageError> {
        let key = scope.links().load_or_create_key(&runtime.random())?;
        Ok(Self { tenant: scope.tenant(), key })
    }

    /// Finds the tenant's key; none when it has no links.
    pub(crate) fn find<M>(scope: &mut Scope<'_, M>) -> Result<Option<Self>, StorageError> {
        let tenant = scope.tenant();
        Ok(scope.links().key()?.map(|key| Self { tenant, key }))
    }

    /// Returns the secret that a link's address carries.
    pub(crate) fn ticket(&self, link: LinkId) -> Ticket {
        let message = [b"link".as_slice(), self.tenant.uuid().as_bytes(), link.uuid().as_bytes()].concat();
        Ticket::of(self.tenant, blake3::keyed_hash(&self.key, &message).as_bytes())
    }

    /// Returns what is kept of a code that was mailed to an address for a link.
    pub(crate) fn code(&self, link: LinkId, address: &str, code: &str) -> SecretHash {
        let message =
            [b"code".as_slice(), link.uuid().as_bytes(), address.as_bytes(), b"\0", code.as_bytes()].concat();
        SecretHash(*blake3::keyed_hash(&self.key, &message).as_bytes())
    }
}

/// Compares two kept hashes in constant time.
pub(crate) fn same(one: SecretHash, other: SecretHash) -> bool {
    blake3::Hash::from_bytes(one.0) == blake3::Hash::from_bytes(other.0)
}

#[cfg(test)]
mod tests {
    use model::{LinkId, TenantId};

    use super::{LinkSecrets, same};

    #[test]
    fn every_link_tenant_key_and_code_has_its_own_secret() {
        let secrets =
            |tenant: u8, key: u8| LinkSecrets { tenant: TenantId::from_random([tenant; 16]), key: [key; 32] };
        let (one, two) = (LinkId::from_random([1; 16]), LinkId::from_random([2; 16]));
        let of = |tenant, key, link| secrets(tenant, key).ticket(link).as_str().to_owned();
        let all = [of(1, 1, one), of(1, 1, two), of(2, 1, one), of(1, 2, one)];
        for (at, text) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(text));
        }
        assert_eq!(of(1, 1, one), of(1, 1, one));
        let code = |link, address, code| secrets(1, 1).code(link, address, code);
        assert!(same(code(one, "a@x.example", "1"), code(one, "a@x.example", "1")));
        assert!(!same(code(one, "a@x.example", "1"), code(one, "a@x.example", "2")));
        assert!(!same(code(one, "a@x.example", "1"), code(two, "a@x.example", "1")));
        assert!(!same(code(one, "a@x.example", "1"), code(one, "b@x.example", "1")));
    }
}
