//! `footbridge agent`: runs the agent in the foreground until it is told to end.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use agent::{Agent, InstanceLock, Places, SocketError, serve};
use remote::ReqwestTransport;
use runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::failure::CliError;

/// How long open work may take to end in order; losing it costs nothing but a repetition.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Runs the command.
pub async fn run(places: Places) -> Result<ExitCode, CliError> {
    let failed = |error: &dyn std::error::Error| CliError::Computer(error.to_string());
    start_log();
    let lock = InstanceLock::take(&places.lock()).map_err(|error| failed(&error))?;
    let Some(lock) = lock else { return Err(CliError::AlreadyRunning) };
    let runtime = Runtime::tokio();
    let transport = Arc::new(ReqwestTransport::new().map_err(|error| failed(&error))?);
    let agent = Agent::start(runtime.clone(), places, transport).await.map_err(|error| failed(&error))?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the agent runs");
    let served = tokio::select! {
        biased;
        told = told_to_end() => told.map_err(SocketError::Io),
        served = serve(&agent) => served,
    };
    let _late = runtime.timeout(STOP_LIMIT, agent.stop()).await;
    tracing::info!("the agent has ended");
    drop(lock);
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Waits for a signal that asks for the end. A closed terminal is none: the agent serves the whole session.
async fn told_to_end() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    loop {
        tokio::select! {
            biased;
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            _ = hang_up.recv() => {}
        }
    }
}

/// Logs to standard error. `FOOTBRIDGE_LOG` chooses how much.
fn start_log() {
    let filter = EnvFilter::try_from_env("FOOTBRIDGE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().init();
}
