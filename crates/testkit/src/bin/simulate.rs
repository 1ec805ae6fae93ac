//! simulate: runs seeds, each a whole day of a cloud and its clients, and says which broke a promise.
//!
//! `cargo xtask simulate --seeds 200` is the usual way in; `--seed 17 --verbose` tells one day line by line.
#![expect(clippy::disallowed_methods, reason = "a program measures real time and uses real threads")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Parser;
use testkit::real_cloud::Template;
use testkit::run::{Options, Outcome, Telling, run_seed};

#[derive(Debug, Clone, Parser)]
#[command(about = "Runs simulated clouds with clients, faults and crashes, each from one seed")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 1)]
    first_seed: u64,
    /// Runs this seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// Runs the clients against the model cloud instead of the real server: faster.
    #[arg(long)]
    model: bool,
    /// Tells everything that happens.
    #[arg(long)]
    verbose: bool,
    /// Runs every seed twice and compares, instead of every tenth.
    #[arg(long)]
    replay_all: bool,
    /// How many at the same time; as many as there are processors.
    #[arg(long)]
    jobs: Option<usize>,
}

/// No seed takes longer, unless it runs in circles.
const LIMIT: Duration = Duration::from_secs(300);

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::parse();
    if let Some(seed) = arguments.seed {
        (arguments.first_seed, arguments.seeds) = (seed, 1);
    }
    let started = Instant::now();
    let server = if arguments.model { None } else { Some(Arc::new(make_template()?)) };
    let results = start_workers(&arguments, &server)?;
    let mut failed = Vec::new();
    let mut waiting = arguments.seeds;
    let (mut events, mut virtual_time) = (0, Duration::ZERO);
    while waiting > 0 {
        let Ok(result) = results.recv_timeout(LIMIT) else {
            eprintln!("a seed has not ended after {} s; the running ones are above", LIMIT.as_secs());
            return Ok(ExitCode::FAILURE);
        };
        let (outcome, replay) = result?;
        waiting -= 1;
        events += outcome.events;
        virtual_time += outcome.took;
        if let Some(sentence) = replay.or_else(|| outcome.broken.first().cloned()) {
            let more = outcome.broken.len().saturating_sub(1);
            println!("seed {} failed: {sentence} (and {more} more)", outcome.seed);
            println!("    replay: cargo xtask simulate --seed {} --verbose", outcome.seed);
            failed.push(outcome.seed);
        }
    }
    let took = started.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let each = took * 1000.0 / arguments.seeds.max(1) as f64;
    println!(
        "{events} events in {} virtual hours; {took:.1} s, {each:.0} ms a seed",
        virtual_time.as_secs() / 3600
    );
    println!("{} passed, {} failed", arguments.seeds - failed.len() as u64, failed.len());
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the database that every run copies.
fn make_template() -> anyhow::Result<Template> {
    let folder = tempfile::tempdir()?;
    Ok(Template::make(folder.path())?)
}

/// A seed's outcome, and what is wrong with its replay.
type Told = anyhow::Result<(Outcome, Option<String>)>;

/// Starts threads that take one seed after the other.
fn start_workers(
    arguments: &Arguments,
    server: &Option<Arc<Template>>,
) -> anyhow::Result<mpsc::Receiver<Told>> {
    let (sender, receiver) = mpsc::channel();
    let next = Arc::new(AtomicU64::new(0));
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    for _ in 0..arguments.jobs.unwrap_or(processors).max(1) {
        let (sender, next, arguments) = (sender.clone(), Arc::clone(&next), arguments.clone());
        let server = server.clone();
        let work = move || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= arguments.seeds
                    || sender.send(run(arguments.first_seed + number, &arguments, &server)).is_err()
                {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("seeds".into()).spawn(work).context("cannot start a thread")?;
    }
    Ok(receiver)
}

fn run(seed: u64, arguments: &Arguments, server: &Option<Arc<Template>>) -> Told {
    let telling = if arguments.verbose { Telling::Print } else { Telling::Hash };
    let options = |telling| Options { seed, telling, server: server.clone() };
    let outcome = run_seed(options(telling))?;
    let again = !arguments.verbose && (arguments.replay_all || seed.is_multiple_of(10));
    if !again {
        return Ok((outcome, None));
    }
    let second = run_seed(options(telling))?;
    if second.hash == outcome.hash {
        return Ok((outcome, None));
    }
    let difference = first_difference(&options(Telling::Keep))?;
    Ok((outcome, Some(difference)))
}

/// Runs a seed twice with its log kept and returns where the two part.
fn first_difference(options: &Options) -> anyhow::Result<String> {
    let (one, other) = (run_seed(options.clone())?.lines, run_seed(options.clone())?.lines);
    let pairs: BTreeMap<usize, (&String, &String)> = one.iter().zip(&other).enumerate().collect();
    let parted = pairs.into_iter().find(|(_, (left, right))| left != right);
    Ok(match parted {
        Some((line, (left, right))) => {
            format!("it does not replay: line {}: {} | {}", line + 1, left.trim(), right.trim())
        }
        None => "it does not replay: one log is longer, or it differs only now and then".into(),
    })
}
