//! Packed bodies: frames written for sending, and frames read from an answer as they arrive.

use bytes::{BufMut as _, Bytes, BytesMut};
use engine::RemoteError;
use futures_util::StreamExt as _;
use runtime::Runtime;
use serde::Serialize;
use transfer::{Frame, PACK_END, PackReader, frame_prefix};

use crate::Body;
use crate::api_client::ApiFailure;
use crate::http_exchange::ANSWER_LIMIT;
use crate::transport::DataStream;

/// Writes frames into one body.
pub(crate) fn pack<'a, H: Serialize + 'a>(
    frames: impl IntoIterator<Item = (H, &'a Bytes)>,
) -> Result<Bytes, ApiFailure> {
    let mut packed = BytesMut::new();
    for (header, body) in frames {
        let header = serde_json::to_vec(&header).map_err(|error| ApiFailure::Broken(error.to_string()))?;
        let prefix = frame_prefix(&header, body.len() as u64)
            .map_err(|error| ApiFailure::Broken(error.to_string()))?;
        packed.reserve(prefix.len() + body.len() + PACK_END.len());
        packed.put_slice(&prefix);
        packed.put_slice(body);
    }
    packed.put_slice(&PACK_END);
    Ok(packed.freeze())
}

/// Reads frames from an answer. Holds one frame and one piece of the network at a time.
pub(crate) struct FrameReader {
    runtime: Runtime,
    data: DataStream,
    reader: PackReader,
}

impl FrameReader {
    pub(crate) fn new(runtime: Runtime, body: Body, max_body: u64) -> Self {
        Self { runtime, data: DataStream::new(body), reader: PackReader::new(max_body) }
    }

    /// Returns the next frame; none after the end frame. A pack cut short is an error.
    pub(crate) async fn next(&mut self) -> Result<Option<Frame>, RemoteError> {
        let broken = |text: String| RemoteError::Transport(text);
        loop {
            if let Some(frame) = self.reader.next_frame().map_err(|error| broken(error.to_string()))? {
                return Ok(Some(frame));
            }
            let next = self.runtime.timeout(ANSWER_LIMIT, self.data.next()).await;
            match next.map_err(|elapsed| broken(elapsed.to_string()))? {
                Some(Ok(bytes)) => self.reader.push(&bytes),
                Some(Err(error)) => return Err(broken(error.0)),
                None => {
                    self.reader.finish().map_err(|error| broken(error.to_string()))?;
                    return Ok(None);
                }
            }
        }
    }
}
