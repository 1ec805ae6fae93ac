//! quickXorHash: the checksum Graph clients compare. It is linear, so a content's is combined from its chunks' values.
//!
//! Not collision resistant: never a proof of anything against somebody who means harm.

use serde::{Deserialize, Serialize};

const BITS: usize = 160;
const BYTES: usize = BITS / 8;
const SHIFT: usize = 11;

/// The register over some bytes, before the length is mixed in. Registers of pieces combine by [`Self::append`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuickXor {
    register: [u8; BYTES],
    length: u64,
}

/// The finished hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuickXorHash(pub [u8; BYTES]);

impl QuickXor {
    /// Computes the register of one piece.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        // The position returns to 0 after 160 bytes, so blocks of 160 are summed first and placed once.
        let mut lanes = [0_u8; BITS];
        for block in bytes.chunks(BITS) {
            for (lane, byte) in lanes.iter_mut().zip(block) {
                *lane ^= byte;
            }
        }
        let mut register = [0_u8; BYTES];
        for (index, lane) in lanes.iter().enumerate() {
            let position = SHIFT * index % BITS;
            let [low, high] = (u16::from(*lane) << (position % 8)).to_le_bytes();
            register[position / 8] ^= low;
            register[(position / 8 + 1) % BYTES] ^= high;
        }
        Self { register, length: bytes.len() as u64 }
    }

    /// Takes a stored register up again.
    #[must_use]
    pub const fn from_parts(register: [u8; 20], length: u64) -> Self {
        Self { register, length }
    }

    /// Returns the register, for storing.
    #[must_use]
    pub const fn register(&self) -> [u8; 20] {
        self.register
    }

    /// Returns how many bytes were hashed.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Appends the piece that follows.
    pub fn append(&mut self, next: &Self) {
        let offset = (self.length % BITS as u64) as usize;
        let rotation = SHIFT * offset % BITS;
        for (index, byte) in next.register.iter().enumerate() {
            let position = (index * 8 + rotation) % BITS;
            let [low, high] = (u16::from(*byte) << (position % 8)).to_le_bytes();
            self.register[position / 8] ^= low;
            self.register[(position / 8 + 1) % BYTES] ^= high;
        }
        self.length += next.length;
    }

    /// Finishes: the length is mixed in.
    #[must_use]
    pub fn hash(&self) -> QuickXorHash {
        let mut bytes = self.register;
        for (byte, length) in bytes[BYTES - 8..].iter_mut().zip(self.length.to_le_bytes()) {
            *byte ^= length;
        }
        QuickXorHash(bytes)
    }
}

impl std::fmt::Display for QuickXorHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::BASE64.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;
    use proptest::prelude::*;

    use super::QuickXor;

    const VECTORS: &[(&str, &str)] = &[
        ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
        ("tbQ=", "taAFAAAAAAAAAAAAAgAAAAAAAAA="),
        ("0pZP", "0rDEEwAAAAAAAAAAAwAAAAAAAAA="),
        ("jRRDVA==", "jaDAEKgAAAAAAAAABAAAAAAAAAA="),
        ("/aNzzCFPS/A=", "/RjFHJgRgicsAR4ACAAAAAAAAAA="),
        ("2fuxhBJXtpWFe8dOfdGeHw==", "O9tHLAghgSvYohKFyMMxnNCHaHg="),
        ("T6LYJIfDh81JrAK309H2JMJTXis=", "zBTHrspn3mEcohlJdIUAbjGNaNg="),
        ("NbYXsp5/K6mR+NmHwExjvWeWDJFnXTKWVlzYHoesp2E=", "wjuAuWDiq04qDt1R8hHWDDcwVoQ="),
        (
            "Mb7EGva2rEE5fENDL85P+BsapHEEjv2/siVhKjvAQe02feExVOQSkfmuYzU/kTF1MaKjPmKF/w+cbvwfdWL8aQ==",
            "n1anP5NfvD4XDYWIeRPW3ZkPv1Y=",
        ),
    ];

    #[test]
    fn the_known_vectors_come_out() {
        for (input, hash) in VECTORS {
            let bytes = BASE64.decode(input.as_bytes()).expect("base64");
            assert_eq!(QuickXor::of(&bytes).hash().to_string(), *hash);
        }
        assert_eq!(QuickXor::of(b"hello world").hash().to_string(), "aCgDG9jwBhDc4Q1yawMZAAAAAAA=");
        assert_eq!(QuickXor::of(&vec![b'a'; 1_000_000]).hash().to_string(), "AAAAAAAAAAAAAAAAQEIPAAAAAAA=");
    }

    proptest! {
        #[test]
        fn pieces_combine_to_the_whole(
            bytes in prop::collection::vec(any::<u8>(), 0..2_000),
            cuts in prop::collection::vec(0..2_000usize, 0..5),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let (mut combined, mut start) = (QuickXor::default(), 0);
            for cut in cuts.into_iter().chain([bytes.len()]) {
                combined.append(&QuickXor::of(&bytes[start..cut]));
                start = cut;
            }
            prop_assert_eq!(combined, QuickXor::of(&bytes));
        }
    }
}
