//! Download: packs of contents and chunks turned into streams in which every byte was checked against its name.

use bytes::Bytes;
use engine::{ChunkStream, ContentStream, FetchedContent, RemoteError};
use futures_util::StreamExt as _;
use futures_util::stream::try_unfold;
use transfer::{
    ChunkFrame, ChunkHash, ContentFrame, ContentId, ContentRequest, Frame, Manifest, ManifestChunk,
    OperationError,
};

use crate::packed_body::FrameReader;

/// Turns a pack into contents.
pub(crate) fn content_stream(reader: FrameReader, requests: Vec<ContentRequest>) -> ContentStream {
    let answered = vec![false; requests.len()];
    try_unfold((reader, requests, answered), |(mut reader, requests, mut answered)| async move {
        let Some(frame) = reader.next().await? else { return Ok(None) };
        let fetched = read_content(frame, &requests, &mut answered)?;
        Ok(Some((fetched, (reader, requests, answered))))
    })
    .boxed()
}

fn read_content(
    frame: Frame,
    requests: &[ContentRequest],
    answered: &mut [bool],
) -> Result<FetchedContent, RemoteError> {
    let broken = || RemoteError::Transport("a pack of files does not answer what was asked".to_owned());
    let header: ContentFrame = serde_json::from_slice(&frame.header).map_err(|_| broken())?;
    let index = usize::try_from(header.index).map_err(|_| broken())?;
    let request = requests.get(index).ok_or_else(broken)?;
    if std::mem::replace(answered.get_mut(index).ok_or_else(broken)?, true) {
        return Err(broken());
    }
    let bytes = match header.error {
        Some(error) => Err(error),
        None if single_chunk_content(&frame.body) == request.content => Ok(Bytes::from(frame.body)),
        None => {
            tracing::error!(item = %request.item, "the bytes received are not the content promised");
            Err(OperationError {
                status: 502,
                code: "contentDamaged".to_owned(),
                message:
                    "The bytes received are not the file's. Tell the owner; an older version may be whole."
                        .to_owned(),
                current: None,
            })
        }
    };
    Ok(FetchedContent { index, bytes })
}

/// Names the content of a small file, which is one chunk or none.
fn single_chunk_content(bytes: &[u8]) -> ContentId {
    let mut manifest = Manifest::default();
    if !bytes.is_empty() {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        manifest.chunks.push(ManifestChunk { hash: ChunkHash::of(bytes), length });
    }
    manifest.content_id()
}

/// Turns a pack into chunks, in the order asked for.
pub(crate) fn chunk_stream(reader: FrameReader, wanted: Vec<ChunkHash>) -> ChunkStream {
    try_unfold((reader, wanted.into_iter()), |(mut reader, mut wanted)| async move {
        let broken = |text: &str| RemoteError::Transport(text.to_owned());
        let (hash, frame) = match (wanted.next(), reader.next().await?) {
            (None, None) => return Ok(None),
            (Some(hash), Some(frame)) => (hash, frame),
            _ => return Err(broken("a pack of chunks does not hold what was asked for")),
        };
        let header: ChunkFrame =
            serde_json::from_slice(&frame.header).map_err(|_| broken("a pack of chunks cannot be read"))?;
        if header.hash != hash || ChunkHash::of(&frame.body) != hash {
            return Err(broken("a chunk's bytes are not what their name says"));
        }
        Ok(Some((Bytes::from(frame.body), (reader, wanted))))
    })
    .boxed()
}
