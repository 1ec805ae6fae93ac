//! Serving: listens, answers, and ends in order when asked to. Who connects has not signed in yet, so a connection may be
//! held only for as long as something arrives on it, and there are fewer of them than the system lets us open.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::{Extension, Router};
use http_api::PeerAddress;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use runtime::Runtime;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Layer as _;
use tower_http::timeout::RequestBodyTimeoutLayer;

/// How long open requests may take to finish after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);
/// The pause after the system would not give a connection.
const REFUSED: Duration = Duration::from_secs(1);
/// Files and sockets kept for everything but connections: database, objects, mails.
const OTHER_FILES: u64 = 256;
/// Most connections, whatever the system allows.
const MOST_CONNECTIONS: u64 = 65_536;

/// How long a connection may be held while nothing arrives on it, and how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the head of a request to arrive, and between two requests.
    pub head: Duration,
    /// Between two parts of a request's body.
    pub body: Duration,
    /// Most connections. Others wait until one ends.
    pub connections: usize,
}

impl Patience {
    /// What a server out in the world has, given how many files the system lets it open. That is raised first to what
    /// may be had.
    #[must_use]
    pub fn of_the_system() -> Self {
        let files = raise_files();
        let connections = files.saturating_sub(OTHER_FILES).clamp(64, MOST_CONNECTIONS);
        Self {
            head: Duration::from_secs(75),
            body: Duration::from_secs(60),
            connections: usize::try_from(connections).unwrap_or(64),
        }
    }
}

/// Serves until `stop` completes, then lets open requests finish for a while.
///
/// # Errors
/// When the listener cannot be used any more.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    runtime: Runtime,
    patience: Patience,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let open = GracefulShutdown::new();
    let turns = Arc::new(Semaphore::new(patience.connections));
    let service = RequestBodyTimeoutLayer::new(patience.body).layer(router);
    // HTTP/2 is what a proxy speaks with browsers. Here, telling the two apart would wait for a first byte for ever.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.head);
    let mut stop = pin!(stop);
    loop {
        let (stream, peer, turn) = tokio::select! {
            biased;
            () = &mut stop => break,
            next = next_connection(&listener, &turns, &runtime) => next?,
        };
        let service = TowerToHyperService::new(Extension(peer).layer(service.clone()));
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = open.watch(connection);
        let served = async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection ended early");
            }
            drop(turn);
        };
        runtime.spawn("connection", served).detach();
    }
    drop(listener);
    tracing::info!("stopping: open requests may finish");
    if runtime.timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::info!("stopping: requests still open after the grace time are ended");
    }
    Ok(())
}

/// Waits until there is room for a connection, and for one to come.
async fn next_connection(
    listener: &TcpListener,
    turns: &Arc<Semaphore>,
    runtime: &Runtime,
) -> anyhow::Result<(TcpStream, PeerAddress, OwnedSemaphorePermit)> {
    let turn = Arc::clone(turns).acquire_owned().await.context("serving is over")?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are whole messages; waiting for more to send with them only delays.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection cannot be told not to delay");
                }
                return Ok((stream, PeerAddress(peer.ip()), turn));
            }
            // Whoever asked is gone already, or the system has nothing left at this moment.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                runtime.sleep(REFUSED).await;
            }
        }
    }
}

/// Asks for as many open files as may be had without another right; returns how many there are.
fn raise_files() -> u64 {
    let now = getrlimit(Resource::Nofile);
    let wanted = now.maximum.unwrap_or(MOST_CONNECTIONS).min(MOST_CONNECTIONS + OTHER_FILES);
    if now.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit { current: Some(wanted), maximum: now.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::debug!(%error, "the limit of open files stays as it is");
        }
    }
    getrlimit(Resource::Nofile).current.unwrap_or(wanted)
}

/// Completes when the system asks the process to end.
///
/// # Errors
/// When signals cannot be received.
pub async fn asked_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be received")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be received")?;
    tokio::select! {
        biased;
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
