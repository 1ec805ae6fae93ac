//! Answer body: an answer's bytes on their way; the connection may break at any of them.

use axum::body::Body as ServerBody;
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use remote::{Body, TransportError};

use crate::model_cloud::RemoteFaults;
use crate::simulation::{Process, Signal};

/// What ends an answer early.
pub(crate) struct Connection {
    pub(crate) server: Process,
    pub(crate) faults: Signal<RemoteFaults>,
    /// Bytes after which it breaks.
    pub(crate) breaks_after: Option<usize>,
}

/// Wraps the server's body into what the client reads.
pub(crate) fn over(connection: Connection, body: ServerBody) -> Body {
    StreamBody::new(frames(connection, body)).boxed_unsync()
}

fn broken() -> TransportError {
    TransportError("the connection broke".into())
}

fn frames(
    connection: Connection,
    body: ServerBody,
) -> impl Stream<Item = Result<Frame<Bytes>, TransportError>> + Send {
    stream::unfold(Some((connection, body)), |state| async move {
        let (mut connection, mut body) = state?;
        let frame = tokio::select! {
            biased;
            () = connection.server.death() => Some(Err(broken())),
            () = cut(&connection.faults) => Some(Err(broken())),
            frame = body.frame() => frame.map(|frame| frame.map_err(|_| broken())),
        }?;
        let Ok(frame) = frame else { return Some((Err(broken()), None)) };
        let Ok(mut data) = frame.into_data() else { return Some((Ok(Frame::data(Bytes::new())), None)) };
        match connection.breaks_after {
            Some(left) if left < data.len() => {
                data.truncate(left);
                connection.breaks_after = Some(0);
                if data.is_empty() {
                    return Some((Err(broken()), None));
                }
            }
            Some(left) => connection.breaks_after = Some(left - data.len()),
            None => {}
        }
        Some((Ok(Frame::data(data)), Some((connection, body))))
    })
}

/// Completes when nothing gets through any more.
async fn cut(faults: &Signal<RemoteFaults>) {
    faults.wait_for(|faults| faults.partition).await;
}
