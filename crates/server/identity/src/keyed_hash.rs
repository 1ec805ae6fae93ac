//! Keyed hashes: HMAC-SHA-256, and the cloud's keys for it. One key for one purpose.

use runtime::Runtime;
use sha2::{Digest, Sha256};
use storage::{Commit, Operator, StorageError, Unaudited};

use crate::IdentityError;

/// SHA-256's block, in bytes.
const BLOCK: usize = 64;

/// Loads the key of this name, making it when there is none.
pub(crate) async fn load_key(
    operator: &Operator,
    runtime: &Runtime,
    name: &'static str,
) -> Result<[u8; 32], IdentityError> {
    let fresh = runtime.random::<32>();
    let stored = operator
        .write(move |cloud| -> Result<_, StorageError> {
            let key = cloud.load_or_create_secret(name, &fresh)?;
            Ok(Commit::unaudited(key, Unaudited::SignInPlumbing))
        })
        .await?;
    stored.try_into().map_err(|_| IdentityError::Key)
}

/// HMAC-SHA-256 (RFC 2104) with a 32-byte key.
pub(crate) fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut inner = [0x36; BLOCK];
    let mut outer = [0x5c; BLOCK];
    for (position, byte) in key.iter().enumerate() {
        inner[position] ^= byte;
        outer[position] ^= byte;
    }
    let digest = Sha256::new().chain_update(inner).chain_update(message).finalize();
    Sha256::new().chain_update(outer).chain_update(digest).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::hmac;

    #[test]
    fn hmac_agrees_with_rfc_4231() {
        // Test case 2's key is shorter than 32 bytes; HMAC pads keys with zeros, so this is the same key.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let code = hmac(&key, b"what do ya want for nothing?");
        assert_eq!(data_encoding::HEXLOWER.encode(&code), expected);
    }
}
