//! Ticket: the secret that an invitation's or a sharing link's address carries. It names its tenant, so that it is looked
//! for there alone.

use data_encoding::BASE64URL_NOPAD;
use model::{SecretHash, TenantId};
use runtime::Runtime;
use sha2::{Digest, Sha256};

/// Bytes of the tenant's id in front.
const TENANT: usize = 16;
/// Random bytes behind it.
const RANDOM: usize = 32;

/// A ticket as it is mailed. It has no `Debug` form; only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    text: String,
    tenant: TenantId,
}

impl Ticket {
    /// Makes a fresh ticket of a tenant.
    #[must_use]
    pub fn fresh(runtime: &Runtime, tenant: TenantId) -> Self {
        Self::of(tenant, &runtime.random())
    }

    /// Makes the ticket of a tenant and a secret that nobody can guess.
    #[must_use]
    pub fn of(tenant: TenantId, secret: &[u8; RANDOM]) -> Self {
        let mut bytes = [0; TENANT + RANDOM];
        bytes[..TENANT].copy_from_slice(tenant.uuid().as_bytes());
        bytes[TENANT..].copy_from_slice(secret);
        Self { text: BASE64URL_NOPAD.encode(&bytes), tenant }
    }

    /// Reads a ticket; none when it cannot be one of this cloud.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (tenant, random) = bytes.split_first_chunk::<TENANT>()?;
        let uuid = format!("{:032x}", u128::from_be_bytes(*tenant));
        let dashed = [&uuid[..8], &uuid[8..12], &uuid[12..16], &uuid[16..20], &uuid[20..]].join("-");
        let tenant = dashed.parse().ok()?;
        (random.len() == RANDOM).then(|| Self { text: text.to_owned(), tenant })
    }

    /// Returns its tenant.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Returns the text that a link carries.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns what is stored of it.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.text.as_bytes()).into())
    }

    /// Returns the link that an invited person opens.
    #[must_use]
    pub fn redeem_url(&self, origin: &str) -> String {
        format!("{origin}/redeem/{}", self.text)
    }
}

#[cfg(test)]
mod tests {
    use model::TenantId;
    use runtime::Runtime;

    use super::Ticket;

    #[tokio::test]
    async fn a_ticket_names_its_tenant_and_reads_back() {
        let tenant = TenantId::from_random([7; 16]);
        let ticket = Ticket::fresh(&Runtime::tokio(), tenant);
        let read = Ticket::parse(ticket.as_str()).expect("reads");
        assert_eq!((read.tenant(), read.hash()), (tenant, ticket.hash()));
        assert!(Ticket::parse("").is_none() && Ticket::parse(&ticket.as_str()[2..]).is_none());
    }
}
