//! Server host: the address behind which one life of the server process answers, or nobody.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, request};
use tower::ServiceExt as _;

use crate::simulation::Process;

#[derive(Debug, Clone)]
struct Life {
    process: Process,
    router: Router,
}

/// Where the server is. Clones are the same place.
#[derive(Debug, Clone, Default)]
pub struct ServerHost(Arc<Mutex<Option<Life>>>);

impl ServerHost {
    fn life(&self) -> MutexGuard<'_, Option<Life>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A life of the server begins to answer.
    pub fn open(&self, process: &Process, router: Router) {
        *self.life() = Some(Life { process: process.clone(), router });
    }

    /// Kills the server; open requests end without an answer.
    pub async fn crash(&self) {
        let life = self.life().take();
        if let Some(life) = life {
            life.process.crash().await;
        }
    }

    /// Returns the running process.
    #[must_use]
    pub fn process(&self) -> Option<Process> {
        self.life().as_ref().map(|life| life.process.clone())
    }

    /// Hands a request to the server as a task of its process and waits for the head of the answer; none when the
    /// server is not there or dies meanwhile. Dropping the wait ends the request, as closing a connection does.
    pub(crate) async fn ask(&self, head: request::Parts, body: Bytes) -> Option<(Process, Response<Body>)> {
        let Life { process, router } = self.life().clone()?;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let task = process.runtime().spawn("request", async move {
            let request = Request::from_parts(head, Body::from(body));
            let answer = match router.oneshot(request).await {
                Ok(answer) => answer,
                Err(never) => match never {},
            };
            let _client_gone = sender.send(answer);
        });
        let answer = receiver.await.ok();
        drop(task);
        answer.filter(|_| process.is_alive()).map(|answer| (process, answer))
    }
}
