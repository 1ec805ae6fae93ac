//! Pack: many small things in one body. A frame is a header (JSON) and a body (bytes); an end frame closes the pack, so
//! that a body cut short is never mistaken for a short one.
//!
//! ```text
//! frame = header length (u32 LE, 1 to 65536) header | body length (u64 LE) body
//! end   = header length 0
//! ```

use serde::{Deserialize, Serialize};

use crate::{ChunkHash, OperationError};

/// Media type of a pack.
pub const PACK_MEDIA_TYPE: &str = "application/vnd.footbridge.pack";

/// Header of a frame that carries one chunk: an upload's, or one that was asked for by a [`ChunkList`](crate::ChunkList).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChunkFrame {
    /// Hash of the plain bytes in the body.
    pub hash: ChunkHash,
}

/// Header of a frame that answers one [`ContentRequest`](crate::ContentRequest). The body is the content, or empty
/// when `error` is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentFrame {
    /// Position of the request answered.
    pub index: u32,
    /// Why there are no bytes.
    pub error: Option<OperationError>,
}

/// One frame, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// JSON.
    pub header: Vec<u8>,
    /// Bytes.
    pub body: Vec<u8>,
}

/// Why bytes are not a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// A header is longer than allowed.
    #[error("a frame's header of {0} bytes is too long")]
    HeaderTooLong(u32),
    /// A body is longer than the reader allows.
    #[error("a frame's body of {0} bytes is too long")]
    BodyTooLong(u64),
    /// The pack ended before its end frame.
    #[error("the pack is cut short")]
    Truncated,
    /// Bytes follow the end frame.
    #[error("bytes follow the end of the pack")]
    Trailing,
}

/// Longest header.
pub const MAX_PACK_HEADER: u32 = 64 * 1024;

/// Closes a pack.
pub const PACK_END: [u8; 4] = [0; 4];

/// Returns what goes before a body of `body_length` bytes.
///
/// # Errors
/// [`PackError::HeaderTooLong`] when the header's JSON is longer than [`MAX_PACK_HEADER`].
pub fn frame_prefix(header_json: &[u8], body_length: u64) -> Result<Vec<u8>, PackError> {
    let length = u32::try_from(header_json.len()).unwrap_or(u32::MAX);
    if length == 0 || length > MAX_PACK_HEADER {
        return Err(PackError::HeaderTooLong(length));
    }
    let mut prefix = Vec::with_capacity(12 + header_json.len());
    prefix.extend_from_slice(&length.to_le_bytes());
    prefix.extend_from_slice(header_json);
    prefix.extend_from_slice(&body_length.to_le_bytes());
    Ok(prefix)
}

/// Reads a pack piece by piece. Holds at most one frame and the piece pushed last.
#[derive(Debug)]
pub struct PackReader {
    max_body: u64,
    buffer: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl PackReader {
    /// Makes a reader that refuses bodies longer than `max_body` before it buffers them.
    #[must_use]
    pub fn new(max_body: u64) -> Self {
        Self { max_body, buffer: Vec::new(), taken: 0, ended: false }
    }

    /// Adds bytes as they arrive.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next frame when it is complete; none when more bytes are needed or the pack has ended.
    ///
    /// # Errors
    /// [`PackError`]; the reader must then be dropped.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, PackError> {
        let rest = &self.buffer[self.taken..];
        if self.ended {
            return if rest.is_empty() { Ok(None) } else { Err(PackError::Trailing) };
        }
        let Some((length, rest)) = rest.split_first_chunk::<4>() else { return Ok(None) };
        let header_length = u32::from_le_bytes(*length);
        if header_length == 0 {
            self.taken += 4;
            self.ended = true;
            return self.next_frame();
        }
        if header_length > MAX_PACK_HEADER {
            return Err(PackError::HeaderTooLong(header_length));
        }
        let Some((header, rest)) = rest.split_at_checked(header_length as usize) else { return Ok(None) };
        let Some((length, rest)) = rest.split_first_chunk::<8>() else { return Ok(None) };
        let body_length = u64::from_le_bytes(*length);
        if body_length > self.max_body {
            return Err(PackError::BodyTooLong(body_length));
        }
        let body_length = usize::try_from(body_length).map_err(|_| PackError::BodyTooLong(body_length))?;
        let Some(body) = rest.get(..body_length) else { return Ok(None) };
        let frame = Frame { header: header.to_vec(), body: body.to_vec() };
        self.taken += 12 + frame.header.len() + frame.body.len();
        Ok(Some(frame))
    }

    /// Checks, when no more bytes come, that the pack was complete.
    ///
    /// # Errors
    /// [`PackError::Truncated`] when the end frame is missing.
    pub fn finish(&self) -> Result<(), PackError> {
        if self.ended { Ok(()) } else { Err(PackError::Truncated) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::{Frame, PACK_END, PackError, PackReader, frame_prefix};

    fn write(frames: &[Frame]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for frame in frames {
            bytes.extend(frame_prefix(&frame.header, frame.body.len() as u64).unwrap());
            bytes.extend(&frame.body);
        }
        bytes.extend(PACK_END);
        bytes
    }

    fn read(pieces: &[&[u8]]) -> Result<Vec<Frame>, PackError> {
        let mut reader = PackReader::new(1024);
        let mut frames = Vec::new();
        for piece in pieces {
            reader.push(piece);
            while let Some(frame) = reader.next_frame()? {
                frames.push(frame);
            }
        }
        reader.finish()?;
        Ok(frames)
    }

    proptest! {
        #[test]
        fn a_pack_survives_any_cut_into_pieces(
            contents in prop::collection::vec((prop::collection::vec(any::<u8>(), 1..50), prop::collection::vec(any::<u8>(), 0..200)), 0..8),
            size in 1usize..64,
        ) {
            let frames: Vec<Frame> = contents.into_iter().map(|(header, body)| Frame { header, body }).collect();
            let bytes = write(&frames);
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            assert_eq!(read(&pieces), Ok(frames));
        }

        #[test]
        fn foreign_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _any = read(&[&bytes]);
        }
    }

    #[test]
    fn a_pack_cut_short_or_too_large_is_refused() {
        let whole = write(&[Frame { header: b"{}".to_vec(), body: b"abc".to_vec() }]);
        for end in 0..whole.len() {
            assert_eq!(read(&[&whole[..end]]), Err(PackError::Truncated), "{end}");
        }
        let mut longer = whole.clone();
        longer.push(1);
        assert_eq!(read(&[&longer]), Err(PackError::Trailing));
        let large = frame_prefix(b"{}", 1025).unwrap();
        assert_eq!(read(&[&large]), Err(PackError::BodyTooLong(1025)));
        assert_eq!(read(&[&[255, 255, 255, 255]]), Err(PackError::HeaderTooLong(u32::MAX)));
    }
}
