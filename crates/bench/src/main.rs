//! `make bench`: measures and prints a table; progress goes to standard error.

use std::process::ExitCode;

use bench::options::Options;
use bench::report::Report;
use clap::Parser;
use demo::process::Programs;

#[tokio::main]
async fn main() -> ExitCode {
    let ready = rustls::crypto::ring::default_provider().install_default();
    if ready.is_err() {
        eprintln!("bench: the TLS provider was installed twice");
        return ExitCode::FAILURE;
    }
    match measure().await {
        Ok(report) => report.exit_code(),
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> anyhow::Result<Report> {
    let programs = Programs::beside(&std::env::current_exe()?)?;
    bench::run::run(&Options::parse(), &programs).await
}
