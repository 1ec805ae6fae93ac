//! Run: the wanted scenarios, group by group, each group with a cloud and an `rsync` daemon of its own.

use std::path::{Path, PathBuf};

use anyhow::Context;
use demo::process::Programs;
use runtime::Runtime;

use crate::content::Noise;
use crate::decisions;
use crate::options::{Options, Scenario};
use crate::report::{Report, Row, tell};
use crate::rsync::Rsync;
use crate::scenario::{Stage, measure};
use crate::world::{Guest, World};

/// Name of the file that says that a folder is ours to empty.
const MARK: &str = "made-by-footbridge-bench";

/// Measures what the options ask for, prints the table and writes the JSON.
///
/// # Errors
/// When anything could not be measured; then nothing is printed.
pub async fn run(options: &Options, programs: &Programs) -> anyhow::Result<Report> {
    let runtime = Runtime::tokio();
    let folder = empty_folder(&options.dir)?;
    tell(&format!("load before: {}", load()?), "");
    let mut rows = Vec::new();
    for (number, group) in Scenario::GROUPS.iter().enumerate() {
        let wanted = options.wanted_of(group);
        if !wanted.is_empty() {
            let place = folder.join(format!("group-{number}"));
            rows.extend(run_group(&wanted, options, programs, &place, &runtime).await?);
        }
    }
    let decided = if options.wants_decisions() { decisions::measure(options).await? } else { Vec::new() };
    let report = Report::new(rows, decided);
    if let Some(parent) = options.json.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&options.json, format!("{:#}\n", report.json()))
        .with_context(|| format!("{} cannot be written", options.json.display()))?;
    print!("{}", report.table());
    tell(&format!("load after: {}", load()?), "");
    if !options.keep {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(report)
}

async fn run_group(
    wanted: &[Scenario],
    options: &Options,
    programs: &Programs,
    folder: &Path,
    runtime: &Runtime,
) -> anyhow::Result<Vec<Row>> {
    let guest = if wanted.contains(&Scenario::StartUnchanged) { Guest::None } else { Guest::Syncs };
    let copies = folder.join("rsync");
    std::fs::create_dir_all(&copies)?;
    let rsync = Rsync::start(&copies, runtime.clone()).await?;
    let world = World::begin(programs, folder, guest, runtime.clone()).await?;
    let mut stage = Stage { world, rsync, options: options.clone(), noise: Noise::new(options.seed) };
    let mut rows = Vec::new();
    for scenario in wanted {
        let row = measure(*scenario, &mut stage).await.with_context(|| format!("measuring {scenario:?}"))?;
        tell(&format!("{} took {:.2} s, rsync {:.2} s", row.what, row.seconds, row.rsync.seconds), "");
        rows.push(row);
    }
    stage.world.end().await?;
    if !options.keep {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(rows)
}

/// Empties the bench's own folder; refuses one that something else made.
fn empty_folder(folder: &Path) -> anyhow::Result<PathBuf> {
    if folder.exists() {
        let empty = std::fs::read_dir(folder)?.next().is_none();
        anyhow::ensure!(
            empty || folder.join(MARK).exists(),
            "{} is not empty and not the bench's; choose another --dir",
            folder.display()
        );
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(MARK), "`make bench` empties this folder when it starts.\n")?;
    Ok(folder.canonicalize()?)
}

/// What else the computer does; numbers of a busy one are worth less.
fn load() -> anyhow::Result<String> {
    let load = std::fs::read_to_string("/proc/loadavg").context("/proc/loadavg cannot be read")?;
    let cores = std::thread::available_parallelism()?;
    Ok(format!("{} on {cores} cores", load.split_whitespace().take(3).collect::<Vec<_>>().join(" ")))
}
