//! Serving: listens, answers, and ends in order when asked to.

use std::future::Future;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use runtime::Runtime;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long open requests may take to finish after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` completes, then lets open requests finish for a while.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    runtime: Runtime,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let signal = async move {
        stop.await;
        tracing::info!("stopping: open requests may finish");
        stopping.send_replace(true);
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(signal);
    let deadline = {
        let runtime = runtime.clone();
        let mut stopped = stopped;
        async move {
            // The sender lives in the serving future, so an error means that serving is over.
            let _seen = stopped.wait_for(|stopping| *stopping).await;
            runtime.sleep(GRACE).await;
        }
    };
    tokio::select! {
        biased;
        ended = serving.into_future() => ended.context("serving failed")?,
        () = deadline => tracing::info!("stopping: requests still open after the grace time are ended"),
    }
    Ok(())
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
