//! `serve`: runs the server until it is asked to stop.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use app::assemble::{
    Parts, assemble, check_content, make_governance_keeper, make_hashing, make_keeper, make_worker,
    open_store,
};
use app::config::WrittenConfig;
use runtime::Runtime;
use storage::DatabaseConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long a job that is being done may take to finish after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, settings: WrittenConfig) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, settings)?.resolve()?;
    app::logging::start(config.log)?;
    let runtime = Runtime::tokio();
    let store = open_store(&config, runtime.clone()).await?;
    match &config.database {
        // Nobody else uses an embedded database, so a new version may bring it up to date by itself.
        DatabaseConfig::Sqlite(_) => store.migrate().await?,
        DatabaseConfig::Postgres(_) => store.check_schema().await?,
    }
    let parts = Parts::of(&config)?;
    check_content(&config, &parts.content, &runtime).await?;
    let server = assemble(store, runtime.clone(), parts).await?;
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!("{} cannot be listened on; is another server running there?", config.listen)
    })?;
    tracing::info!(listen = %config.listen, origin = %config.origin, "serving");
    let stop = async {
        if let Err(error) = app::serve::asked_to_stop().await {
            tracing::error!(error = %error, "the server stops because it could not be asked to");
        }
    };
    let (stop_worker, worker_stops) = watch::channel(false);
    let keeping = runtime.spawn("keeper", make_keeper(&server, runtime.clone()).run(worker_stops.clone()));
    let hashing = runtime.spawn("hashes", make_hashing(&server, runtime.clone()).run(worker_stops.clone()));
    let sealing = runtime
        .spawn("governance", make_governance_keeper(&server, runtime.clone()).run(worker_stops.clone()));
    let worker = make_worker(&config, server.store, runtime.clone())?;
    let working = runtime.spawn("jobs", worker.run(worker_stops));
    let served = {
        let patience = app::serve::Patience::of_the_system();
        app::serve::serve(listener, server.router, runtime.clone(), patience, stop).await
    };
    stop_worker.send_replace(true);
    let ended = async {
        working.join().await;
        keeping.join().await;
        hashing.join().await;
        sealing.join().await;
    };
    if runtime.timeout(GRACE, ended).await.is_err() {
        tracing::warn!("a job was cut off; it comes back after the next start");
    }
    served?;
    tracing::info!("stopped");
    Ok(())
}
