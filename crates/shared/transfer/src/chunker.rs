//! Chunker: cuts a stream of bytes where its content says so, so that an edit moves only the cuts near it.
//!
//! FastCDC 2020 with 256 KiB / 1 MiB / 4 MiB and normalisation level 2. The cuts depend on the bytes alone, never on
//! how they were fed, so client and server cut alike.

use fastcdc::v2020::{Normalization, cut, select_masks};

/// Cuts a stream into chunks; holds at most one longest chunk.
///
/// ```
/// let mut chunker = transfer::Chunker::new();
/// let mut chunks = Vec::new();
/// for mut piece in [&b"some "[..], &b"bytes"[..]] {
///     while let Some(chunk) = chunker.feed(&mut piece) {
///         chunks.push(chunk);
///     }
/// }
/// while let Some(chunk) = chunker.finish() {
///     chunks.push(chunk);
/// }
/// assert_eq!(chunks, [b"some bytes"]);
/// ```
#[derive(Debug)]
pub struct Chunker {
    pending: Vec<u8>,
    masks: (u64, u64),
}

impl Default for Chunker {
    fn default() -> Self {
        Self::new()
    }
}

impl Chunker {
    /// Shortest chunk but for the last of a content; a content up to this length is one chunk.
    pub const MIN: usize = 256 * 1024;
    /// Usual length of a chunk.
    pub const AVERAGE: usize = 1024 * 1024;
    /// Longest chunk.
    pub const MAX: usize = 4 * 1024 * 1024;

    /// Starts a content.
    #[must_use]
    pub fn new() -> Self {
        Self { pending: Vec::new(), masks: select_masks(Self::AVERAGE, Normalization::Level2) }
    }

    /// Takes bytes from the front of `bytes` until a chunk is complete; none when all were taken before.
    pub fn feed(&mut self, bytes: &mut &[u8]) -> Option<Vec<u8>> {
        let take = bytes.len().min(Self::MAX - self.pending.len());
        let (taken, rest) = bytes.split_at(take);
        self.pending.extend_from_slice(taken);
        *bytes = rest;
        // A shorter buffer could be cut otherwise than the whole content would be.
        if self.pending.len() == Self::MAX { self.cut() } else { None }
    }

    /// Returns the chunks left after the last byte was fed, one at each call; none at the end.
    pub fn finish(&mut self) -> Option<Vec<u8>> {
        if self.pending.is_empty() { None } else { self.cut() }
    }

    /// Returns the bytes that were fed and not cut yet: fewer than [`Self::MAX`]. Feeding them to a fresh chunker takes
    /// the stream up again where this one stands.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        &self.pending
    }

    fn cut(&mut self) -> Option<Vec<u8>> {
        let (strict, loose) = self.masks;
        let (_, length) =
            cut(&self.pending, Self::MIN, Self::AVERAGE, Self::MAX, strict, loose, strict << 1, loose << 1);
        let rest = self.pending.split_off(length);
        Some(std::mem::replace(&mut self.pending, rest))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Chunker;

    /// Bytes without structure, the same for the same seed.
    fn noise(seed: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes());
        hasher.finalize_xof().fill(&mut bytes);
        bytes
    }

    fn chunks(content: &[u8], pieces: impl Iterator<Item = usize>) -> Vec<Vec<u8>> {
        let (mut chunker, mut chunks, mut rest) = (Chunker::new(), Vec::new(), content);
        for piece in pieces {
            let (mut piece, after) = rest.split_at(piece.min(rest.len()));
            while let Some(chunk) = chunker.feed(&mut piece) {
                chunks.push(chunk);
            }
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        while let Some(chunk) = chunker.finish() {
            chunks.push(chunk);
        }
        chunks
    }

    #[test]
    fn a_content_up_to_the_shortest_chunk_is_one_chunk_and_an_empty_one_none() {
        for length in [0, 1, Chunker::MIN] {
            let content = noise(1, length);
            let expected: Vec<Vec<u8>> = if length == 0 { vec![] } else { vec![content.clone()] };
            assert_eq!(chunks(&content, std::iter::repeat(1000)), expected);
        }
    }

    #[test]
    fn cuts_are_what_they_always_were() {
        let content = noise(7, 12 * 1024 * 1024);
        let lengths: Vec<usize> = chunks(&content, std::iter::repeat(65_536)).iter().map(Vec::len).collect();
        assert_eq!(lengths.iter().sum::<usize>(), content.len());
        assert_eq!(lengths, CUTS_OF_SEED_7);
    }

    /// Pinned: other cuts would give every long content another id.
    const CUTS_OF_SEED_7: &[usize] = &[
        1_153_302, 885_785, 1_375_035, 1_461_547, 1_212_549, 1_340_724, 1_689_508, 1_260_830, 1_669_312,
        534_320,
    ];

    #[test]
    fn r_x05_an_inserted_byte_changes_few_chunks() {
        let content = noise(3, 24 * 1024 * 1024);
        let mut edited = content.clone();
        edited.insert(11 * 1024 * 1024, 42);
        let before = chunks(&content, std::iter::repeat(1 << 20));
        let after = chunks(&edited, std::iter::repeat(1 << 20));
        let new = after.iter().filter(|chunk| !before.contains(chunk)).count();
        assert!((1..=2).contains(&new), "{new} of {} chunks changed", after.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn cuts_do_not_depend_on_the_pieces(
            seed in 0..4u64,
            length in 0..10_000_000usize,
            pieces in prop::collection::vec(1..3_000_000usize, 1..20),
        ) {
            let content = noise(seed, length);
            let whole = chunks(&content, std::iter::repeat(usize::MAX));
            prop_assert_eq!(&whole.concat(), &content);
            prop_assert!(whole.iter().all(|chunk| chunk.len() <= Chunker::MAX));
            prop_assert!(whole.iter().rev().skip(1).all(|chunk| chunk.len() >= Chunker::MIN));
            prop_assert_eq!(whole, chunks(&content, pieces.into_iter().cycle()));
        }
    }
}
