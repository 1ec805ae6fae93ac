//! Answers: reading what came back, streams without an end included, and the mails the cloud wants to send.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt as _;
use http::Response;
use http::header::CONTENT_TYPE;
use model::Job;
use runtime::Runtime;
use storage::{Operator, Store};

use super::Answer;

/// How long a stream without an end may take to say its first word.
const FIRST_WORDS: Duration = Duration::from_millis(150);

/// Reads an answer; of a stream without end what it says at once.
pub(super) async fn read(runtime: &Runtime, response: Response<Body>) -> Answer {
    let endless = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if !endless {
        return Answer::read(response).await;
    }
    let (parts, body) = response.into_parts();
    let mut stream = body.into_data_stream();
    let mut said = Vec::new();
    loop {
        tokio::select! {
            biased;
            piece = stream.next() => match piece {
                Some(Ok(piece)) => said.extend_from_slice(&piece),
                Some(Err(_)) | None => break,
            },
            () = runtime.sleep(FIRST_WORDS) => break,
        }
    }
    Answer { status: parts.status, headers: parts.headers, body: said }
}

/// Mails that wait to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Mails(pub(super) Store);

impl Mails {
    /// Returns the waiting mails as JSON texts.
    pub(crate) async fn waiting(&self) -> Vec<String> {
        let now = self.0.runtime().now();
        let due = Operator::new(self.0.clone()).read(move |cloud| cloud.list_due_jobs(now, 1_000)).await;
        due.expect("reads").into_iter().map(|job: Job| job.payload).collect()
    }
}
