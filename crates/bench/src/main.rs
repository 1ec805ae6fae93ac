//! `make bench`: measures and prints a table; progress goes to standard error.

use std::process::ExitCode;

use bench::options::Options;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let ready = rustls::crypto::ring::default_provider().install_default();
    if ready.is_err() {
        eprintln!("bench: the TLS provider was installed twice");
        return ExitCode::FAILURE;
    }
    match bench::run::run(&Options::parse()).await {
        Ok(report) => report.exit_code(),
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
