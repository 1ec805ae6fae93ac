//! Bodies: read piece by piece under a limit, and packs written as they are produced.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::{HeaderValue, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use transfer::{Frame, PACK_MEDIA_TYPE, PackError, PackReader, frame_prefix};

use crate::ApiError;

/// Frames of a request's body as they arrive.
pub(super) struct FrameStream {
    body: axum::body::BodyDataStream,
    reader: PackReader,
    frames: usize,
    bytes: usize,
    most_frames: usize,
    most_bytes: usize,
}

impl FrameStream {
    /// Reads a pack of at most so many frames with so many bytes of bodies, each body limited too.
    pub(super) fn new(body: Body, most_frames: usize, most_bytes: usize, longest: usize) -> Self {
        let reader = PackReader::new(longest as u64);
        Self { body: body.into_data_stream(), reader, frames: 0, bytes: 0, most_frames, most_bytes }
    }

    /// Returns the next frame; none when the pack ended as it should.
    pub(super) async fn next(&mut self) -> Result<Option<Frame>, ApiError> {
        loop {
            if let Some(frame) = self.reader.next_frame().map_err(refused_pack)? {
                self.frames += 1;
                self.bytes += frame.body.len();
                if self.frames > self.most_frames {
                    return Err(ApiError::TooLarge(self.most_bytes));
                }
                if self.bytes > self.most_bytes {
                    return Err(ApiError::TooLarge(self.most_bytes));
                }
                return Ok(Some(frame));
            }
            match self.body.next().await {
                Some(Ok(bytes)) => self.reader.push(&bytes),
                Some(Err(_)) => return Err(ApiError::invalid("the body was cut off")),
                None => {
                    self.reader.finish().map_err(refused_pack)?;
                    return Ok(None);
                }
            }
        }
    }
}

fn refused_pack(error: PackError) -> ApiError {
    match error {
        PackError::BodyTooLong(length) => ApiError::TooLarge(usize::try_from(length).unwrap_or(usize::MAX)),
        other => ApiError::invalid(other.to_string()),
    }
}

/// Reads a header of a frame.
pub(super) fn read_header<T: DeserializeOwned>(frame: &Frame) -> Result<T, ApiError> {
    serde_json::from_slice(&frame.header)
        .map_err(|error| ApiError::invalid(format!("a frame's header cannot be read: {error}")))
}

/// Reads a JSON body of at most so many bytes.
pub(super) async fn read_json<T: DeserializeOwned>(body: Body, most: usize) -> Result<T, ApiError> {
    let mut stream = body.into_data_stream();
    let mut text = BytesMut::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| ApiError::invalid("the body was cut off"))?;
        if text.len() + piece.len() > most {
            return Err(ApiError::TooLarge(most));
        }
        text.extend_from_slice(&piece);
    }
    refuse_nul(&text)?;
    serde_json::from_slice(&text)
        .map_err(|error| ApiError::invalid(format!("the body is not the JSON expected here: {error}")))
}

/// Writes a frame before the next is made.
pub(super) fn write_frame(header: &impl Serialize, body: Bytes) -> Result<Bytes, ApiError> {
    let header = serde_json::to_vec(header).map_err(ApiError::internal)?;
    let prefix = frame_prefix(&header, body.len() as u64).map_err(ApiError::internal)?;
    let mut frame = BytesMut::with_capacity(prefix.len() + body.len());
    frame.extend_from_slice(&prefix);
    frame.extend_from_slice(&body);
    Ok(frame.freeze())
}

/// Answers with a pack. A failure in the middle cuts the answer off, which the receiver notices.
pub(super) fn packed(frames: impl Stream<Item = Result<Bytes, ApiError>> + Send + 'static) -> Response {
    let end = futures_util::stream::once(async { Ok(Bytes::from_static(&transfer::PACK_END)) });
    let mut failed = false;
    let frames = frames.chain(end).take_while(move |frame| {
        let go_on = !failed;
        failed |= frame.is_err();
        std::future::ready(go_on)
    });
    let frames = frames.inspect(|frame| {
        if let Err(error) = frame {
            tracing::error!(error = error as &dyn std::error::Error, "an answer was cut off");
        }
    });
    let mut response = Body::from_stream(frames).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PACK_MEDIA_TYPE));
    response
}

/// Refuses JSON with a NUL in a text, which PostgreSQL cannot keep.
fn refuse_nul(json: &[u8]) -> Result<(), ApiError> {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        rest = &rest[at + 1..];
        if rest.starts_with(b"u0000") {
            return Err(ApiError::invalid("a text must not contain the character U+0000"));
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse_nul;

    #[test]
    fn an_escaped_nul_is_found_and_an_escaped_backslash_is_none() {
        assert!(refuse_nul(br#"{"a":"x\\u0000"}"#).is_ok());
        assert!(refuse_nul(br#"{"a":"\\\u0000"}"#).is_err());
        assert!(refuse_nul(br#"{"a":"x\u0000"}"#).is_err());
        assert!(refuse_nul(br"\").is_ok());
    }
}
